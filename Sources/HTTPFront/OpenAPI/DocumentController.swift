import Charges
import HTTPTypes
import StrictJSON

/// `GET /openapi.json` and `GET /docs`: the OpenAPI document of a port, for programs and for people.
struct DocumentController: Controller {
    let page: RawResponse

    /// The routes of a document and of its page, which scripts/api-page makes from it.
    static func routes(_ document: OpenAPIDocument, page: [UInt8]) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        [
            "/openapi.json": [.get: description(document)], "/docs": [.get: self.page(page)],
            "/": [.get: RedirectController(location: "/docs")],
        ]
    }

    private static func description(_ document: OpenAPIDocument) -> DocumentController {
        DocumentController(
            page: RawResponse(type: "application/json; charset=utf-8", text: document.value.text))
    }

    /// The controller of the page. Its Content-Security-Policy forbids the page to load anything.
    private static func page(_ page: [UInt8]) -> DocumentController {
        DocumentController(
            page: RawResponse(
                type: "text/html; charset=utf-8",
                text: String(decoding: page, as: UTF8.self),
                headers: [
                    HTTPField.Name("Content-Security-Policy")!:
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
                    .xContentTypeOptions: "nosniff",
                ]))
    }

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response { Response(page) }
}

/// `GET /`: leads people to the page that the port has for them.
struct RedirectController: Controller {
    let location: String

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        var response = Response(
            RawResponse(type: "text/plain; charset=utf-8", text: "", headers: [.location: location]))
        response.ownStatus = .seeOther
        return response
    }
}
