/// The API's description as one HTML page, which needs nothing else.
struct DocumentPage {
    private let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    var html: String {
        let info = document["info"] ?? .null
        let title = HTML.escaped(info["title"]?.words ?? "")
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title): the API</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            <p class="lead">\(HTML.line(info["summary"]?.words ?? ""))</p>
            \(HTML.paragraphs(info["description"]?.words ?? ""))
            <p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI \(HTML.escaped(document["openapi"]?.words ?? ""))).</p>
            </header>
            <nav aria-label="Contents">\(tags.map(contents).joined())<h2><a href="#errors">Errors of a whole call</a></h2></nav>
            <main>
            \(tags.map(section).joined())\(errors)
            </main>
            </body>
            </html>

            """
    }

    private var tags: [JSONValue] { document["tags"]?.values ?? [] }

    /// The calls under a tag, in the document's order.
    private func operations(_ tag: JSONValue) -> [DocumentOperation] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { DocumentOperation.methods.contains($0.name) }.map {
                DocumentOperation(path: path.name, method: $0.name, value: $0.value)
            }
        }
        .filter { $0.value["tags"]?.values.contains(tag["name"] ?? .null) == true }
    }

    private func contents(_ tag: JSONValue) -> String {
        let links = operations(tag).map {
            "<li><a href=\"#\($0.anchor)\">\(HTML.escaped($0.summary))</a></li>"
        }
        return "<h2>\(HTML.escaped(tag["name"]?.words ?? ""))</h2><ul>\(links.joined())</ul>\n"
    }

    private func section(_ tag: JSONValue) -> String {
        let name = tag["name"]?.words ?? ""
        return """
            <section>
            <h2>\(HTML.escaped(name))</h2>
            \(HTML.paragraphs(tag["description"]?.words ?? ""))
            \(operations(tag).map(\.html).joined())</section>

            """
    }

    /// Every error of a whole call.
    private var errors: String {
        let examples = document["components"]?["examples"]?.members ?? []
        let rows = examples.map {
            "<tr><td><code>\(HTML.escaped($0.name))</code></td>"
                + "<td>\(HTML.line($0.value["summary"]?.words ?? ""))</td></tr>"
        }
        return """
            <section>
            <h2 id="errors">Errors of a whole call</h2>
            <div class="wide"><table><thead><tr><th>Code</th><th>When</th></tr></thead><tbody>\(rows.joined())</tbody></table></div>
            </section>
            """
    }
}
