import StrictJSON
import HTTPTypes
import Testing

@testable import APIPage
@testable import HTTPFront

/// Tests of `/openapi.json` and `/docs`.
@Suite struct DocumentPageTests {
    /// The document of a port. It is no argument of the tests, whose reports would have all of it.
    private static func document(internalSide: Bool) -> OpenAPIDocument {
        internalSide ? .provider : .operators
    }

    @Test("Each port serves the OpenAPI document of its calls", arguments: [false, true])
    func theDescriptionIsServed(internalSide: Bool) async throws {
        let answer = try await TestServerFixture(internalSide: internalSide).send(.get, "/openapi.json")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.headers[.requestIdentifier] != nil)
        let isDocument = try answer.json == Self.document(internalSide: internalSide).value
        #expect(isDocument)
        #expect(try answer.json["openapi"]?.string?.hasPrefix("3.1.") == true)
    }

    @Test("The page is self-contained, and the one of its document", arguments: [false, true])
    func thePageIsServedAndNeedsNothingElse(internalSide: Bool) async throws {
        let document = Self.document(internalSide: internalSide)
        let answer = try await TestServerFixture(internalSide: internalSide).send(.get, "/docs")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        #expect(
            answer.headers[HTTPField.Name("Content-Security-Policy")!]?.contains("default-src 'none'") == true
        )
        for loader in [
            "<script", "<link", "<img", "<iframe", "src=", "@import", "url(", "javascript:", "href=\"http",
        ] {
            #expect(!answer.body.contains(loader), "\(loader)")
        }
        #expect(answer.body.contains("prefers-color-scheme:dark"))
        for path in document.value["paths"]?.members ?? [] {
            #expect(answer.body.contains("<code>\(path.name)</code>"))
        }
        let isCurrent = answer.body == DocumentPage(document.value).html
        #expect(isCurrent, "run scripts/api-page")
    }

    @Test("The root of each port leads to its page", arguments: [false, true])
    func theRootLeadsToThePage(internalSide: Bool) async throws {
        let answer = try await TestServerFixture(internalSide: internalSide).send(.get, "/")
        #expect(answer.status == 303)
        #expect(answer.headers[.location] == (internalSide ? "/docs" : "/console"))
        #expect(answer.body.isEmpty)
    }

    @Test("The page escapes every text")
    func everythingIsEscaped() throws {
        let hostile = #"<script>alert('1' & "2")</script>"#
        let text = JSONValue.string(hostile)
        let named = JSONValue.object([
            .init(hostile, .object([.init("summary", text), .init("value", text)]))
        ])
        let media = JSONValue.object([
            .init(
                "schema",
                .object([.init("type", text), .init("properties", .object([.init(hostile, .null)]))])),
            .init("examples", named),
        ])
        let operation = JSONValue.object([
            .init("operationId", text), .init("summary", text), .init("description", text),
            .init("tags", .array([text])),
            .init("parameters", .array([.object([.init("name", text), .init("description", text)])])),
            .init("requestBody", .object([.init("content", .object([.init("a/b", media)]))])),
            .init("responses", .object([.init(hostile, .object([.init("description", text)]))])),
        ])
        let page = DocumentPage(
            .object([
                .init("openapi", text),
                .init("info", .object([.init("title", text), .init("summary", text)])),
                .init("tags", .array([.object([.init("name", text), .init("description", text)])])),
                .init("paths", .object([.init(hostile, .object([.init("get", operation)]))])),
                .init("components", .object([.init("examples", named)])),
            ])
        ).html
        #expect(!page.contains("<script"))
        #expect(!page.contains("'1'") && !page.contains("\"2\""))
        #expect(page.contains("&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;"))
    }
}
