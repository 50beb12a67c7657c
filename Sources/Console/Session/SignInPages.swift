import Authentication
import Charges
import HTTPFront
import HTTPTypes

/// The pages of signing in and out.
struct SignInPages: Sendable {
    let dependencies: ConsoleDependencies
    let admission: Admission
    let renderer: Renderer
    /// The pages to which a person may return.
    private let destinations: [any Page]

    init(dependencies: ConsoleDependencies, admission: Admission, renderer: Renderer, pages: [any Page]) {
        self.dependencies = dependencies
        self.admission = admission
        self.renderer = renderer
        destinations = pages
    }

    static let path = Console.path + "/sign-in"
    static let signOutPath = Console.path + "/sign-out"

    var pages: [SitePage] {
        [
            SitePage(path: Self.path, method: .get) { request throws(RequestFailure) in
                admission.renderer.signIn(
                    SignInView(request: request, destination: Console.path, kept: [], notice: nil),
                    visitor: SessionCookie.value(SessionCookie.visitor, in: request.headers), request)
            },
            SitePage(path: Self.path, method: .post) { request throws(RequestFailure) in
                try await signIn(request)
            },
            SitePage(path: Self.signOutPath, method: .post) { request throws(RequestFailure) in
                try await signOut(request)
            },
        ]
    }

    private func signIn(_ request: SiteRequest) async throws(RequestFailure) -> SiteResponse {
        guard request.isOfThisSite else { throw Admission.foreignForm }
        let form = try await request.form()
        let visitor = SessionCookie.value(SessionCookie.visitor, in: request.headers)
        let view = SignInView(request: request, form: form)
        guard let visitor, Admission.isEqual(try form.value(Admission.formToken) ?? "", visitor) else {
            return renderer.signIn(
                view.with(notice: "The form was too old. Type your password again."), visitor: nil, request)
        }
        guard request.isConfidential else { return renderer.signIn(view, visitor: visitor, request) }
        guard !view.organisation.isEmpty, !view.username.isEmpty,
            let password = try form.text("password")
        else {
            return renderer.signIn(
                view.with(error: "Type your operator's code, your name and your password."),
                visitor: visitor, request)
        }
        let result: AuthenticationResult<String>
        do throws(RequestFailure) {
            result = try await dependencies.login.login(
                organisation: view.organisation, username: view.username, password: password, unit: nil,
                address: request.address, tokens: dependencies.issuer, deadline: request.deadline)
        } catch {
            if error.code == .invalidCredentials { await record(view, request, succeeded: false) }
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
            await record(view, request, succeeded: true)
            return try await returned(request, view, token: token)
        }
    }

    /// Records a sign-in in the activity. A person who may come in does so even if that fails; the log says so then.
    private func record(_ view: SignInView, _ request: SiteRequest, succeeded: Bool) async {
        try? await dependencies.activity.record(
            SignIn(
                operatorCode: view.organisation, username: view.username, address: request.address,
                succeeded: succeeded), deadline: request.deadline)
    }

    /// The page to which the person wanted to go, with what its form had.
    private func returned(_ request: SiteRequest, _ view: SignInView, token: String)
        async throws(RequestFailure) -> SiteResponse
    {
        let cookies = [
            SessionCookie.setting(SessionCookie.session, to: token, for: request),
            SessionCookie.removing(SessionCookie.visitor, for: request),
        ]
        var response = SiteResponse(seeOther: view.destination)
        let page = destinations.first { Console.path + $0.path == view.destinationPath }
        if !view.kept.isEmpty, let page,
            case .success(let principal) = try await dependencies.verifier.verify(
                token, deadline: request.deadline),
            let session = principal.session, let now = dependencies.now(),
            principal.role >= page.formRole ?? page.minimumRole
        {
            let visit = Visit(request: request, principal: principal, session: session, now: now)
            let form = FormFields(view.fields)
            do throws(RequestFailure) {
                response = renderer.response(try await page.resume(visit, form), visit)
            } catch {
                response = renderer.response(to: error, visit)
            }
            response.operatorAccount = visit.account
        }
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }

    private func signOut(_ request: SiteRequest) async throws(RequestFailure) -> SiteResponse {
        guard request.isOfThisSite else { throw Admission.foreignForm }
        let form = try await request.form()
        if case .visit(let visit) = try await admission.session(of: request) {
            guard Admission.isEqual(try form.value(Admission.formToken) ?? "", visit.session.formToken)
            else { throw Admission.foreignForm }
            try await dependencies.revocations.revoke(visit.principal, deadline: visit.deadline)
        }
        var response = SiteResponse(seeOther: Self.path)
        response.headers[.setCookie] = SessionCookie.removing(SessionCookie.session, for: request)
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
        request: SiteRequest, destination: String, kept: [(name: String, value: String)], notice: String?
    ) {
        self.destination = Self.safe(destination)
        // What was secret is typed again.
        self.kept = kept.filter { !$0.name.contains("password") }
            .map { KeptField(name: Self.keptPrefix + $0.name, value: $0.value) }
        self.notice = notice
        isRefused = !request.isConfidential
    }

    init(request: SiteRequest, form: FormFields) {
        organisation = form.values("organisation").first ?? ""
        username = form.values("username").first ?? ""
        destination = Self.safe(form.values("destination").first ?? "")
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

    /// A destination within the console, so that no link to the form leads elsewhere.
    private static func safe(_ destination: String) -> String {
        let isWithin =
            destination == Console.path || destination.hasPrefix(Console.path + "/")
            || destination.hasPrefix(Console.path + "?")
        let isPlain =
            destination.utf8.count <= maximumDestinationBytes
            && destination.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        let isOther =
            destination.hasPrefix(SignInPages.path) || destination.hasPrefix(SignInPages.signOutPath)
        return isWithin && isPlain && !isOther ? destination : Console.path
    }
}
