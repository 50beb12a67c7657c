import Authentication
import Charges
import HTTPFront
import HTTPTypes
import Mustache

/// The renderer of pages, from the templates that are built in. Mustache escapes every value.
struct Renderer: Sendable {
    let area: SiteArea
    private let library: MustacheLibrary

    /// - Throws: An error of Mustache if a template cannot be read.
    init(_ area: SiteArea) throws {
        self.area = area
        var templates: [String: MustacheTemplate] = [:]
        for template in Template.allCases {
            templates[template.rawValue] = try MustacheTemplate(
                string: String(decoding: template.bytes, as: UTF8.self))
        }
        library = MustacheLibrary(templates: templates)
    }

    /// The response with a page of a person's session.
    func response(_ view: View, _ visit: any SessionVisit) -> SiteResponse {
        switch view.content {
        case .seeOther(let path): return secured(SiteResponse(seeOther: area.path + path))
        case .page(let template, let values):
            let layout = Layout(
                area, title: view.title,
                content: render(template, PageValues(page: values, base: area.path, visit: visit)),
                visit: visit)
            var response = SiteResponse(status: view.status, html: render(.layout, layout))
            response.items = view.items
            response.headers[.refresh] = view.reloadSeconds.map(String.init)
            return secured(response)
        }
    }

    /// The page that tells a person of a failure; the layout has its links.
    func response(to failure: RequestFailure, _ visit: any SessionVisit) -> SiteResponse {
        var view = View(.message, title: Message.title(of: failure), Message(failure))
        view.status = Message.status(of: failure)
        var response = response(view, visit)
        response.failure = failure
        return response
    }

    /// The page that tells a person of a failure, where no session is known.
    func response(to failure: RequestFailure, requestIdentifier: String) -> SiteResponse {
        let message = Message(failure, requestIdentifier: requestIdentifier)
        let layout = Layout(
            area, title: Message.title(of: failure),
            content: render(.message, PageValues(page: message, base: area.path, visit: nil)), visit: nil)
        var response = SiteResponse(status: Message.status(of: failure), html: render(.layout, layout))
        response.failure = failure
        return secured(response)
    }

    /// The page of signing in.
    ///
    /// - Parameter visitors: The texts of the cookies of which the form must carry one; none for a new one.
    func signIn(_ view: SignInView, visitors: [String], _ request: SiteRequest) -> SiteResponse {
        var view = view
        let known = visitors.first(where: RandomText.isWellFormed)
        view.formToken = known ?? RandomText.new
        let layout = Layout(
            area, title: "Sign in",
            content: render(.signIn, PageValues(page: view, base: area.path, visit: nil)), visit: nil)
        var response = SiteResponse(
            status: view.error == nil ? .ok : .unprocessableContent, html: render(.layout, layout))
        if known == nil {
            response.headers[.setCookie] = SessionCookie.setting(
                area.visitorCookie, to: view.formToken, in: area, for: request)
        }
        return secured(response)
    }

    private func render(_ template: Template, _ values: Any) -> String {
        library.render(values, withTemplate: template.rawValue) ?? ""
    }

    /// The response with the headers that keep a page to itself: it loads nothing from elsewhere, stands in no frame,
    /// and is stored nowhere.
    func secured(_ response: SiteResponse) -> SiteResponse {
        var response = response
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
            + "base-uri 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "no-store"
        // Chromium sends no origin with a form of a page that names no referrer at all.
        response.headers[.referrerPolicy] = "same-origin"
        return response
    }
}

/// The values of a page's template, beside those that each page has.
private struct PageValues {
    let page: any Sendable
    /// The path of the site.
    let base: String
    /// The text that each form carries.
    let formToken: String
    let mayDecide: Bool

    init(page: any Sendable, base: String, visit: (any SessionVisit)?) {
        self.page = page
        self.base = base
        formToken = visit?.session.formToken ?? ""
        mayDecide = visit?.mayDecide ?? false
    }
}

/// The values of the layout.
private struct Layout {
    let title: String
    /// The page's own part, as HTML.
    let content: String
    let base: String
    let siteName: String
    let hasDocumentation: Bool
    let isSignedIn: Bool
    let person: String
    let formToken: String
    let links: [Link]

    init(_ area: SiteArea, title: String, content: String, visit: (any SessionVisit)?) {
        base = area.path
        siteName = area.name
        hasDocumentation = area.hasDocumentation
        self.title = title
        self.content = content
        isSignedIn = visit != nil
        person = visit?.person ?? ""
        formToken = visit?.session.formToken ?? ""
        let path = visit?.request.path ?? ""
        let role = visit?.role ?? .viewer
        links = area.links.filter { $0.minimumRole <= role }.map { link in
            Link(
                link.text, link.path, in: area,
                isCurrent: path == area.path + link.path
                    || link.parts.contains { path.hasPrefix(area.path + $0) })
        }
    }
}

/// The values of the page that tells of a failure.
struct Message: Sendable {
    let text: String
    let code: String
    var requestIdentifier: String?

    init(_ failure: RequestFailure, requestIdentifier: String? = nil) {
        text = failure.pageText
        code = failure.code.rawValue
        self.requestIdentifier = requestIdentifier
    }

    static func title(of failure: RequestFailure) -> String {
        switch failure.code {
        case .notFound: "Not found"
        case .notPermitted, .operatorSuspended: "Not permitted"
        case .serviceUnavailable, .rateLimited: "Not available now"
        case .outcomeUnknown: "Outcome unknown"
        case .internalError: "The service failed"
        default: "This cannot be shown"
        }
    }

    static func status(of failure: RequestFailure) -> HTTPResponse.Status {
        switch failure.code {
        case .notFound: .notFound
        case .notPermitted, .operatorSuspended: .forbidden
        case .methodNotAllowed: .methodNotAllowed
        case .requestTooLarge: .contentTooLarge
        case .requestTimeout: .requestTimeout
        case .rateLimited: .tooManyRequests
        case .serviceUnavailable, .outcomeUnknown: .serviceUnavailable
        case .internalError: .internalServerError
        default: .badRequest
        }
    }
}

extension RequestFailure {
    /// The failure as a page says it to a person, who makes no calls and knows no keys.
    var pageText: String {
        switch code {
        case .outcomeUnknown, .internalError:
            "The service failed, and it is not known whether this was done. Look at what the page shows now before you "
                + "repeat it."
        case .idempotencyKeyReused:
            "This form was sent before, with another file or other values. Open the page again and fill it in there."
        case .operatorSuspended:
            "You are suspended, or your operator is. An administrator of your operator can end the one, and the "
                + "administrators of the service the other."
        case .serviceUnavailable where description == RequestFailure.serviceUnavailable.description:
            "The service cannot do this now. Nothing was changed; try again in a moment."
        case .rateLimited: retryText.map { "\(description) \($0)" } ?? description
        default: description
        }
    }

    /// When to try again.
    private var retryText: String? {
        guard let seconds = retryAfterSeconds, seconds > 1 else { return nil }
        return seconds < 120
            ? "Try again in \(seconds) seconds." : "Try again in \((seconds + 59) / 60) minutes."
    }
}

extension Template {
    /// The template's text, which is built in.
    fileprivate var bytes: [UInt8] {
        switch self {
        case .layout: PackageResources.layout_mustache
        case .message: PackageResources.message_mustache
        case .state: PackageResources.state_mustache
        case .amount: PackageResources.amount_mustache
        case .formToken: PackageResources.form_token_mustache
        case .signIn: PackageResources.sign_in_mustache
        case .table: PackageResources.table_mustache
        case .overview: PackageResources.overview_mustache
        case .accounts: PackageResources.accounts_mustache
        case .form: PackageResources.form_mustache
        case .rows: PackageResources.rows_mustache
        case .sections: PackageResources.sections_mustache
        case .details: PackageResources.details_mustache
        case .file: PackageResources.file_mustache
        case .charges: PackageResources.charges_mustache
        case .charge: PackageResources.charge_mustache
        case .decision: PackageResources.decision_mustache
        case .reconciliation: PackageResources.reconciliation_mustache
        case .differences: PackageResources.differences_mustache
        }
    }
}

extension HTTPField.Name {
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    /// The seconds after which a browser loads the page again (HTML, 2.4.9). It is honoured without script.
    static let refresh = HTTPField.Name("Refresh")!
}
