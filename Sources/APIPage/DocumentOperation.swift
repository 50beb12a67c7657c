import HTTPFront
import StrictJSON

/// One operation of the OpenAPI document, rendered as HTML.
struct DocumentOperation {
    static let methods: Set = ["get", "put", "post", "delete", "patch", "head", "options", "trace"]

    let path: String
    let method: String
    let value: JSONValue
    /// The document of the operation.
    let document: JSONValue

    var summary: String { value["summary"]?.stringValue ?? path }

    /// The operation as a command that runs on the demo.
    var call: DemoCall { DemoCall(operation: self, document: document) }

    var anchor: String { HTML.escaped(value["operationId"]?.stringValue ?? "") }

    var html: String {
        """
        <article id="\(anchor)">
        <h3>\(HTML.escaped(summary))</h3>
        <p class="call"><b>\(method.uppercased())</b> <code>\(HTML.escaped(path))</code></p>
        \(HTML.paragraphs(value["description"]?.stringValue ?? ""))
        \(call.html)\(parameters)\(requestBody)\(responses)</article>

        """
    }

    private var parameters: String {
        let rows = (value["parameters"]?.values ?? []).map(OpenAPIDocument.resolved).map { parameter in
            [
                "<code>\(HTML.escaped(parameter["name"]?.stringValue ?? ""))</code>",
                HTML.escaped(parameter["in"]?.stringValue ?? "")
                    + (parameter["required"] == .boolean(true) ? ", mandatory" : ""),
                HTML.escaped(DocumentSchema(parameter["schema"] ?? .null).type),
                HTML.line(parameter["description"]?.stringValue ?? ""),
            ]
        }
        return titled("Parameters", ["Name", "Where", "Type", "Meaning"], rows)
    }

    private var requestBody: String {
        guard let content = value["requestBody"]?["content"]?.members.first?.value else { return "" }
        return fields("Body", content["schema"] ?? .null) + examples(content)
    }

    private var responses: String {
        let all = (value["responses"]?.members ?? []).map { ($0.name, OpenAPIDocument.resolved($0.value)) }
        let rows = all.map { status, response in
            [
                "<code>\(HTML.escaped(status))</code>", HTML.line(response["description"]?.stringValue ?? ""),
                (response["headers"]?.members ?? []).map { "<code>\(HTML.escaped($0.name))</code>" }
                    .joined(separator: ", "),
            ]
        }
        let content = all.first?.1["content"]?.members.first?.value ?? .null
        // The page describes the envelope once, at the top; only its data differ from call to call.
        let answer = DocumentSchema(content["schema"] ?? .null).first
        let data = answer["properties"]?["data"].map { fields("Response: data", $0) } ?? ""
        return data + examples(content) + titled("Responses", ["HTTP", "Meaning", "Headers"], rows)
    }

    private func fields(_ title: String, _ schema: JSONValue) -> String {
        let rows = DocumentSchema(schema).fields.map { field in
            [
                "<code class=\"path\">\(HTML.escaped(field.name).replacing(".", with: ".<wbr>"))</code>",
                HTML.escaped(field.type) + (field.isRequired ? ", mandatory" : ""),
                HTML.paragraphs(field.description),
            ]
        }
        return titled(title, ["Field", "Type", "Meaning"], rows)
    }

    private func examples(_ content: JSONValue) -> String {
        (content["examples"]?.members ?? []).map { example in
            let example = OpenAPIDocument.resolved(example.value)
            return
                "<details><summary>Example: \(HTML.escaped(example["summary"]?.stringValue ?? ""))</summary>"
                + "<pre>\(HTML.escaped((example["value"] ?? .null).pretty()))</pre></details>\n"
        }
        .joined()
    }

    private func titled(_ title: String, _ columns: [String], _ rows: [[String]]) -> String {
        rows.isEmpty ? "" : "<h4>\(title)</h4>\(HTML.table(columns, rows))"
    }
}
