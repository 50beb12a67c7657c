import Authentication
import Charges
import HTTPFront
import HTTPTypes

/// The pages of signing in and out.
struct SignInPages<Sessions: SessionService>: Sendable {
    private let admission: Admission<Sessions>
    /// The pages to which a person may return.
    private let destinations: [any Page<Sessions.Visitor>]

    private var area: SiteArea { admission.area }
    private var renderer: Renderer { admission.renderer }

    init(admission: Admission<Sessions>, destinations: [any Page<Sessions.Visitor>]) {
        self.admission = admission
        self.destinations = destinations
    }

    var pages: [SitePage] {
        [
            SitePage(path: area.signInPath, method: .get) { request throws(RequestFailure) in
                renderer.signIn(
                    SignInView(area, request: request, destination: area.path, kept: [], notice: nil),
                    visitor: SessionCookie.value(area.visitorCookie, in: request.headers), request)
            },
            SitePage(path: area.signInPath, method: .post) { request throws(RequestFailure) in
                try await signIn(request)
            },
            SitePage(path: area.signOutPath, method: .post) { request throws(RequestFailure) in
                try await signOut(request)
            },
        ]
    }

    private func signIn(_ request: SiteRequest) async throws(RequestFailure) -> SiteResponse {
        guard request.isOfThisSite else { throw .foreignForm }
        let form = try await request.form()
        let visitor = SessionCookie.value(area.visitorCookie, in: request.headers)
        let view = SignInView(area, request: request, form: form)
        guard let visitor, FormToken.isEqual(try form.value(FormToken.field) ?? "", visitor) else {
            return renderer.signIn(
                view.with(notice: "The form was too old. Type your password again."), visitor: nil, request)
        }
        guard request.isConfidential else { return renderer.signIn(view, visitor: visitor, request) }
        guard !view.organisation.isEmpty || !area.asksOrganisation, !view.username.isEmpty,
            let password = try form.text("password")
        else {
            return renderer.signIn(view.with(error: "Fill in every field."), visitor: visitor, request)
        }
        let credentials = Credentials(
            organisation: view.organisation, username: view.username, password: password)
        let result: AuthenticationResult<String>
        do throws(RequestFailure) {
            result = try await admission.sessions.signIn(credentials, request)
        } catch {
            var response = renderer.signIn(
                view.with(error: error.description), visitor: visitor, request)
            response.failure = error
            return response
        }
        switch result {
        case .suspended(let account):
            var response = renderer.signIn(
                view.with(error: RequestFailure.operatorSuspended.description), visitor: visitor, request)
            response.failure = .operatorSuspended
            response.operatorAccount = account
            return response
        case .success(let token):
            return try await returned(request, view, token: token)
        }
    }

    /// The page to which the person wanted to go, with what its form had.
    private func returned(_ request: SiteRequest, _ view: SignInView, token: String)
        async throws(RequestFailure) -> SiteResponse
    {
        let cookies = [
            SessionCookie.setting(area.sessionCookie, to: token, in: area, for: request),
            SessionCookie.removing(area.visitorCookie, in: area, for: request),
        ]
        var response = SiteResponse(seeOther: view.destination)
        let page = destinations.first { area.path + $0.path == view.destinationPath }
        if !view.kept.isEmpty, let page,
            case .visit(let visit) = try await admission.sessions.visit(request, token: token),
            visit.role >= page.formRole ?? page.minimumRole
        {
            let form = FormFields(view.fields)
            do throws(RequestFailure) {
                response = try await resumed(page, visit, form)
            } catch {
                response = renderer.response(to: error, visit)
            }
            response.operatorAccount = visit.operatorAccount
        }
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }

    private func resumed(
        _ page: any Page<Sessions.Visitor>, _ visit: Sessions.Visitor, _ form: FormFields
    ) async throws(RequestFailure) -> SiteResponse {
        renderer.response(try await page.resume(visit, form), visit)
    }

    private func signOut(_ request: SiteRequest) async throws(RequestFailure) -> SiteResponse {
        guard request.isOfThisSite else { throw .foreignForm }
        let form = try await request.form()
        if case .visit(let visit) = try await admission.session(of: request) {
            guard FormToken.isEqual(try form.value(FormToken.field) ?? "", visit.session.formToken)
            else { throw .foreignForm }
            try await admission.sessions.end(visit)
        }
        var response = SiteResponse(seeOther: area.signInPath)
        response.headers[.setCookie] = SessionCookie.removing(area.sessionCookie, in: area, for: request)
        return response
    }
}

/// The form of signing in.
struct SignInView: Sendable {
    /// A field of the form that was sent before.
    struct KeptField: Sendable {
        let name: String
        let value: String
    }

    let asksOrganisation: Bool
    var organisation = ""
    var username = ""
    /// The path and the query of the page after signing in.
    var destination: String
    var kept: [KeptField]
    /// What the page says first.
    var notice: String?
    var error: String?
    /// Whether signing in is refused, since anybody on the way could read the password.
    let isRefused: Bool
    var formToken = ""

    /// The longest destination that is kept, in bytes.
    private static let maximumDestinationBytes = 2000
    /// The names of the form's own fields; the others are those of the form before it.
    private static let keptPrefix = "kept."

    init(
        _ area: SiteArea, request: SiteRequest, destination: String, kept: [(name: String, value: String)],
        notice: String?
    ) {
        asksOrganisation = area.asksOrganisation
        self.destination = Self.safe(destination, in: area)
        // What was secret is typed again.
        self.kept = kept.filter { !$0.name.contains("password") }
            .map { KeptField(name: Self.keptPrefix + $0.name, value: $0.value) }
        self.notice = notice
        isRefused = !request.isConfidential
    }

    init(_ area: SiteArea, request: SiteRequest, form: FormFields) {
        asksOrganisation = area.asksOrganisation
        organisation = form.values("organisation").first ?? ""
        username = form.values("username").first ?? ""
        destination = Self.safe(form.values("destination").first ?? "", in: area)
        kept = form.all.filter { $0.name.hasPrefix(Self.keptPrefix) }
            .map { KeptField(name: $0.name, value: $0.value) }
        isRefused = !request.isConfidential
    }

    func with(notice: String? = nil, error: String? = nil) -> SignInView {
        var view = self
        view.notice = notice
        view.error = error
        return view
    }

    /// The fields under their own names.
    var fields: [(name: String, value: String)] {
        kept.map { (String($0.name.dropFirst(Self.keptPrefix.count)), $0.value) }
    }

    /// The destination without its query.
    var destinationPath: String { String(destination.prefix { $0 != "?" }) }

    /// A destination within the site, so that no link to the form leads elsewhere.
    private static func safe(_ destination: String, in area: SiteArea) -> String {
        let isWithin =
            destination == area.path || destination.hasPrefix(area.path + "/")
            || destination.hasPrefix(area.path + "?")
        let isPlain =
            destination.utf8.count <= maximumDestinationBytes
            && destination.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        let isOther =
            destination.hasPrefix(area.signInPath) || destination.hasPrefix(area.signOutPath)
        return isWithin && isPlain && !isOther ? destination : area.path
    }
}
