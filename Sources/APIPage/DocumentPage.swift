import HTTPFront
import StrictJSON

/// The OpenAPI document as one self-contained HTML page.
struct DocumentPage {
    private let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    var html: String {
        let info = document["info"] ?? .null
        let title = HTML.escaped(info["title"]?.stringValue ?? "")
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
            <p class="lead">\(HTML.line(info["summary"]?.stringValue ?? ""))</p>
            \(HTML.paragraphs(info["description"]?.stringValue ?? ""))
            <p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI \(HTML.escaped(document["openapi"]?.stringValue ?? ""))).</p>
            </header>
            <nav id="contents" aria-label="Contents"><h2><a href="#authentication">Authentication</a></h2>\(tags.map(contents).joined())<h2><a href="#errors">Request-level errors</a></h2></nav>
            <main>
            \(authentication)\(tags.map(section).joined())\(errors)
            </main>
            <a class="back" href="#contents">Contents</a>
            </body>
            </html>

            """
    }

    private var tags: [JSONValue] { document["tags"]?.values ?? [] }

    /// The operations of a tag, in the document's order.
    private func operations(_ tag: JSONValue) -> [DocumentOperation] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { DocumentOperation.methods.contains($0.name) }.map {
                DocumentOperation(path: path.name, method: $0.name, value: $0.value, document: document)
            }
        }
        .filter { $0.value["tags"]?.values.contains(tag["name"] ?? .null) == true }
    }

    private func contents(_ tag: JSONValue) -> String {
        let links = operations(tag).map {
            "<li><a href=\"#\($0.anchor)\">\(HTML.escaped($0.summary))</a></li>"
        }
        return "<h2>\(HTML.escaped(tag["name"]?.stringValue ?? ""))</h2><ul>\(links.joined())</ul>\n"
    }

    private func section(_ tag: JSONValue) -> String {
        let name = tag["name"]?.stringValue ?? ""
        return """
            <section>
            <h2>\(HTML.escaped(name))</h2>
            \(HTML.paragraphs(tag["description"]?.stringValue ?? ""))
            \(operations(tag).map(\.html).joined())</section>

            """
    }

    /// The security schemes, and how to get credentials on the demo.
    private var authentication: String {
        let schemes = (document["components"]?["securitySchemes"]?.members ?? []).map {
            "<h3>HTTP \(HTML.escaped($0.value["scheme"]?.stringValue ?? ""))</h3>"
                + HTML.paragraphs($0.value["description"]?.stringValue ?? "")
                + ($0.value["x-demo"].map { HTML.command($0.stringValue) } ?? "")
        }
        return """
            <section>
            <h2 id="authentication">Authentication</h2>
            <p>The commands of this page run as they are on <code>countersign dev</code>, in the folder where it was \
            started, in the order of the page.</p>
            \(schemes.joined())</section>

            """
    }

    /// The table of the request-level errors.
    private var errors: String {
        let examples = document["components"]?["examples"]?.members ?? []
        let rows = examples.map {
            ["<code>\(HTML.escaped($0.name))</code>", HTML.line($0.value["summary"]?.stringValue ?? "")]
        }
        return """
            <section>
            <h2 id="errors">Request-level errors</h2>
            \(HTML.table(["Code", "When"], rows))\
            </section>
            """
    }
}

extension DocumentPage {
    /// The style sheet: light or dark like the reader's system. The contents stay beside the text where there is room, and a link to them
    /// stays in sight where there is none.
    static let style = """
        :root{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d8dee4;--tint:#f4f6f8;--accent:#0b5cad}
        @media (prefers-color-scheme:dark){:root{--ink:#e3e7eb;--soft:#9aa4ae;--paper:#14181c;--line:#333b43;\
        --tint:#1d2328;--accent:#79b8ff}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem}
        body{margin:0 auto;max-width:76rem;padding:1.5rem;color:var(--ink);background:var(--paper);\
        font:16px/1.55 system-ui,sans-serif}
        a{color:var(--accent)}
        h1{font-size:2rem;margin:.5rem 0}
        h2{font-size:1.4rem;margin:2.5rem 0 .5rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
        h3{font-size:1.15rem;margin:0}
        h4{font-size:.8rem;margin:1.2rem 0 .4rem;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
        .lead{font-size:1.15rem;color:var(--soft);margin-top:0}
        code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        code{background:var(--tint);padding:.1em .3em;border-radius:4px;overflow-wrap:anywhere}
        pre{background:var(--tint);padding:.8rem;border-radius:6px;overflow-x:auto;margin:.4rem 0}
        article{margin:1.5rem 0;padding:1.2rem;border:1px solid var(--line);border-radius:8px}
        .call b{color:var(--accent)}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-top:1px solid var(--line)}
        th{color:var(--soft);font-weight:600;border-top:0}
        td p,td ul{margin:0}
        td ul{padding-left:1.2rem}
        td:first-child code{overflow-wrap:normal}
        td:first-child code:not(.path){white-space:nowrap}
        summary{cursor:pointer;margin:.4rem 0}
        nav ul{list-style:none;padding:0;margin:0}
        nav h2{font-size:1rem;border:0;margin:1rem 0 .2rem;padding:0}
        @media (max-width:45rem){thead{display:none}tr,td{display:block}\
        td:not(:first-child)::before{content:attr(data-label)": ";color:var(--soft)}td p:first-child{display:inline}\
        tr{padding:.5rem 0;border-top:1px solid var(--line)}td{padding:.1rem 0;border:0}td:empty{display:none}\
        td:first-child code:not(.path){white-space:normal}}
        .back{position:fixed;right:1rem;bottom:1rem;padding:.4rem .8rem;background:var(--paper);\
        border:1px solid var(--line);border-radius:6px}
        @media (min-width:60rem){.back{display:none}body{display:grid;grid-template-columns:14rem minmax(0,1fr);column-gap:2.5rem}\
        header{grid-column:1/-1}nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;\
        font-size:.92rem}}
        """
}
