import HTTPFront
import StrictJSON

/// A call with `curl` that runs as pasted on `countersign dev`, made from an operation's examples. It has no parameter
/// without an example.
struct DemoCall {
    let operation: DocumentOperation
    let document: JSONValue

    var html: String { HTML.command(text) }

    var text: String {
        let query = (operation.value["parameters"]?.values ?? []).map(OpenAPIDocument.resolved)
            .filter { $0["in"]?.stringValue == "query" && $0["example"] != nil }
            .map { "\($0["name"]?.stringValue ?? "")=\(Self.plain($0["example"] ?? .null))" }
        let isPost = operation.method == "post"
        let nextLine = " \\\n  "
        let address = server + operation.path
        var call = "curl -s "
        if !isPost, !query.isEmpty { call += "-G " }
        if isPost, body == nil { call += "-X POST " }
        call += isPost && !query.isEmpty ? "\"\(address)?\(query.joined(separator: "&"))\"" : address
        if let credentials { call += nextLine + credentials }
        if !isPost, !query.isEmpty { call += nextLine + query.map { "-d " + $0 }.joined(separator: " ") }
        if let body {
            call += credentials == nil ? " " : nextLine
            call += "\(body.isFile ? "--data-binary" : "-d") '\(body.text.replacing("'", with: "'\\''"))'"
        }
        return call
    }

    private var server: String { document["servers"]?.values.first?["x-demo"]?.stringValue ?? "" }

    /// The options that carry the credentials of the call's first security scheme.
    private var credentials: String? {
        guard let scheme = operation.value["security"]?.values.first?.members.first?.name else { return nil }
        return document["components"]?["securitySchemes"]?[scheme]?["x-curl"]?.stringValue
    }

    /// The first example of the body: JSON, or the text of a file.
    private var body: (text: String, isFile: Bool)? {
        let content = operation.value["requestBody"]?["content"]?.members.first?.value
        guard let example = content?["examples"]?.members.first else { return nil }
        let value = OpenAPIDocument.resolved(example.value)["value"] ?? .null
        if case .string(let text) = value { return (text, true) }
        return (value.pretty(), false)
    }

    private static func plain(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text }
    }
}
