import Authentication
import Charges
import HTTPFront
import HTTPTypes
import Mustache

/// The renderer of pages, from the templates that are built in. Mustache escapes every value.
struct Renderer: Sendable {
    private let library: MustacheLibrary

    /// - Throws: An error of Mustache if a template cannot be read.
    init() throws {
        var templates: [String: MustacheTemplate] = [:]
        for template in Template.allCases {
            templates[template.rawValue] = try MustacheTemplate(
                string: String(decoding: template.bytes, as: UTF8.self))
        }
        library = MustacheLibrary(templates: templates)
    }

    /// The response with a page of a person's session.
    func response(_ view: View, _ visit: Visit) -> SiteResponse {
        switch view.content {
        case .seeOther(let path): return secured(SiteResponse(seeOther: path))
        case .page(let template, let values):
            let layout = Layout(
                title: view.title, content: render(template, PageValues(page: values, visit: visit)),
                visit: visit)
            var response = SiteResponse(status: view.status, html: render(.layout, layout))
            response.items = view.items
            response.headers[.refresh] = view.reloadSeconds.map(String.init)
            return secured(response)
        }
    }

    /// The page that tells a person of a failure; the layout has its links.
    func response(to failure: RequestFailure, _ visit: Visit) -> SiteResponse {
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
            title: Message.title(of: failure),
            content: render(.message, PageValues(page: message, visit: nil)), visit: nil)
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
            title: "Sign in", content: render(.signIn, PageValues(page: view, visit: nil)), visit: nil)
        var response = SiteResponse(
            status: view.error == nil ? .ok : .unprocessableContent, html: render(.layout, layout))
        if known == nil {
            response.headers[.setCookie] = SessionCookie.setting(
                SessionCookie.visitor, to: view.formToken, for: request)
        }
        return secured(response)
    }

    private func render(_ template: Template, _ values: Any) -> String {
        library.render(values, withTemplate: template.rawValue) ?? ""
    }

    /// The response with the headers that keep a page to itself: it loads nothing from elsewhere, stands in no frame,
    /// and is stored nowhere.
    private func secured(_ response: SiteResponse) -> SiteResponse {
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
    /// The text that each form carries.
    let formToken: String
    let mayDecide: Bool

    init(page: any Sendable, visit: Visit?) {
        self.page = page
        formToken = visit?.session.formToken ?? ""
        mayDecide = visit?.mayDecide ?? false
    }
}

/// The values of the layout.
private struct Layout {
    let title: String
    /// The page's own part, as HTML.
    let content: String
    let isSignedIn: Bool
    let operatorCode: String
    let username: String
    let role: String
    let formToken: String
    let links: [Link]

    /// The links of every page: the text, the path and its query, and how the paths of its pages begin.
    private static let pages: [(String, String, KeyValuePairs<String, String?>, [String])] = [
        ("Overview", "", [:], []),
        ("Charges", "/charges", [:], ["/charge", "/decision"]),
        ("Decide by file", "/files", [:], ["/file"]),
        ("Statements", "/statements", [:], ["/statements"]),
        ("Reconciliations", "/reconciliations", [:], ["/reconciliation"]),
        ("Activity", "/activity", [:], []),
        ("Users and keys", "/accounts", [:], []),
        ("Settings", "/settings", [:], []),
    ]

    init(title: String, content: String, visit: Visit?) {
        self.title = title
        self.content = content
        isSignedIn = visit != nil
        operatorCode = visit?.account.code ?? ""
        username = visit?.principal.username ?? ""
        role = visit?.principal.role.rawValue ?? ""
        formToken = visit?.session.formToken ?? ""
        let path = visit?.request.path ?? ""
        links = Self.pages.filter { $0.1 != "/accounts" || visit?.principal.role == .administrator }.map {
            text, target, query, parts in
            Link(
                text, target, query,
                isCurrent: path == Console.path + target
                    || parts.contains { path.hasPrefix(Console.path + $0) })
        }
    }
}

/// The values of the page that tells of a failure.
private struct Message: Sendable {
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
        case .serviceUnavailable:
            "The service cannot do this now. Nothing was changed; try again in a moment."
        default: description
        }
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
