import Charges
import HTTPTypes

/// `GET /openapi.json` and `GET /docs`: the API's description, for programs and for people.
struct DocumentController: Controller {
    let page: Page

    static let description = DocumentController(
        page: Page(type: "application/json; charset=utf-8", text: OpenAPIDocument.text))

    /// The page loads nothing, and a browser is told to hold it to that.
    static let page = DocumentController(
        page: Page(
            type: "text/html; charset=utf-8", text: DocumentPage(OpenAPIDocument.value).html,
            headers: [
                HTTPField.Name("Content-Security-Policy")!:
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
                .xContentTypeOptions: "nosniff",
            ]))

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        call.page = page
        return .object([])
    }
}
