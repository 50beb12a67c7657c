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
            .map { "-d \($0["name"]?.stringValue ?? "")=\(Self.plain($0["example"] ?? .null))" }
        let nextLine = " \\\n  "
        var call = "curl -s "
        if !query.isEmpty { call += "-G " }
        if operation.method == "post", body == nil { call += "-X POST " }
        call += server + operation.path
        if let credentials { call += nextLine + credentials }
        if !query.isEmpty { call += nextLine + query.joined(separator: " ") }
        if let body {
            call += credentials == nil ? " " : nextLine
            call += "-d '\(body.replacing("'", with: "'\\''"))'"
        }
        return call
    }

    private var server: String { document["servers"]?.values.first?["x-demo"]?.stringValue ?? "" }

    /// The options that carry the credentials of the call's first security scheme.
    private var credentials: String? {
        guard let scheme = operation.value["security"]?.values.first?.members.first?.name else { return nil }
        return document["components"]?["securitySchemes"]?[scheme]?["x-curl"]?.stringValue
    }

    /// The first example of the body.
    private var body: String? {
        let content = operation.value["requestBody"]?["content"]?.members.first?.value
        return content?["examples"]?.members.first.map {
            (OpenAPIDocument.resolved($0.value)["value"] ?? .null).pretty()
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text }
    }
}
