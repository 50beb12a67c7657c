package import Charges
package import HTTPTypes

/// A site of pages for people, which a port serves beside its calls. Any thread may call it.
package protocol Site: Sendable {
    /// The path of the site, which begins the paths of all its pages: `/console`.
    var base: String { get }
    /// The path to which `/` leads.
    var home: String { get }
    var pages: [SitePage] { get }

    /// The page that tells a person of a failure.
    ///
    /// - Parameter requestIdentifier: The name of the call in the log.
    func page(of failure: RequestFailure, requestIdentifier: String) -> SiteResponse
}

/// A page of a site, at one path and for one method.
package struct SitePage: Sendable {
    package let path: String
    /// `GET` or `POST`.
    package let method: HTTPRequest.Method
    /// Whether a file comes with the request, which may be larger and slower than a form.
    package let isUpload: Bool
    package let respond: @Sendable (SiteRequest) async throws(RequestFailure) -> SiteResponse

    package init(
        path: String, method: HTTPRequest.Method, isUpload: Bool = false,
        respond: @escaping @Sendable (SiteRequest) async throws(RequestFailure) -> SiteResponse
    ) {
        self.path = path
        self.method = method
        self.isUpload = isUpload
        self.respond = respond
    }
}

/// The controller of a site's page.
struct SiteController: Controller {
    let page: SitePage

    var fileTransfer: FileTransfer { page.isUpload ? .upload : .none }

    /// The routes of a site, and `/`, which leads to it.
    static func routes(_ site: any Site) -> [String: [HTTPRequest.Method: any Controller]] {
        var routes: [String: [HTTPRequest.Method: any Controller]] = [
            "/": [.get: RedirectController(location: site.home)]
        ]
        for page in site.pages { routes[page.path, default: [:]][page.method] = SiteController(page: page) }
        return routes
    }

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        try await page.respond(SiteRequest(context: request)).response
    }
}
