import Authentication
import Charges
import HTTPFront
import HTTPTypes

/// The pages of signing in and out.
struct SignInPages<Sessions: SessionService>: Sendable {
    private let admission: Admission<Sessions>
    /// The pages whose forms a person may find again.
    private let formPages: [any Page<Sessions.Visitor>]

    private var area: SiteArea { admission.area }
    private var renderer: Renderer { admission.renderer }

    init(admission: Admission<Sessions>, formPages: [any Page<Sessions.Visitor>]) {
        self.admission = admission
        self.formPages = formPages
    }

    var pages: [SitePage] {
        [
            SitePage(path: area.signInPath, method: .get) { request throws(RequestFailure) in
                renderer.signIn(
                    SignInView(area, request: request, destination: area.path),
                    visitors: SessionCookie.values(area.visitorCookie, of: request), request)
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
        let visitors = SessionCookie.values(area.visitorCookie, of: request)
        let view = SignInView(area, request: request, form: form, admission.destinations)
        let proof = try form.value(FormToken.field) ?? ""
        guard let visitor = visitors.first(where: { FormToken.isEqual(proof, $0) }) else {
            return renderer.signIn(
                view.with(notice: "The form was too old. Type your password again."), visitors: [], request)
        }
        guard request.isConfidential else { return renderer.signIn(view, visitors: [visitor], request) }
        guard !view.organisation.isEmpty || !area.asksOrganisation, !view.username.isEmpty,
            let password = try form.text("password")
        else {
            return renderer.signIn(
                view.with(error: "Fill in every field."),
                visitors: [visitor], request)
        }
        let credentials = Credentials(
            organisation: view.organisation, username: view.username, password: password)
        // What is recorded is what happened: nothing that can fail comes between a record and its response.
        do throws(RequestFailure) {
            switch try await admission.sessions.signIn(credentials, request) {
            case .suspended(let account):
                await admission.sessions.record(credentials, request, succeeded: false)
                var response = refused(view, .operatorSuspended, visitor, request)
                response.operatorAccount = account
                return response
            case .success(let token):
                let response = try await returned(request, view, token: token)
                await admission.sessions.record(credentials, request, succeeded: true)
                return response
            }
        } catch {
            if error.code == .invalidCredentials {
                await admission.sessions.record(credentials, request, succeeded: false)
            }
            return refused(view, error, visitor, request)
        }
    }

    /// The form once more, with the reason why nobody was signed in.
    private func refused(
        _ view: SignInView, _ failure: RequestFailure, _ visitor: String, _ request: SiteRequest
    ) -> SiteResponse {
        var response = renderer.signIn(view.with(error: failure.pageText), visitors: [visitor], request)
        response.failure = failure
        // A wrong password is a form that was filled in wrongly; the rest is not the person's.
        if failure.code != .invalidCredentials { response.status = Message.status(of: failure) }
        return response
    }

    /// The page to which the person wanted to go, with what its form had.
    ///
    /// - Throws: `serviceUnavailable`. The token is then worth nothing, since nobody has it.
    private func returned(_ request: SiteRequest, _ view: SignInView, token: String)
        async throws(RequestFailure) -> SiteResponse
    {
        let cookies = [
            SessionCookie.setting(area.sessionCookie, to: token, in: area, for: request),
            SessionCookie.removing(area.visitorCookie, in: area, for: request),
        ]
        var response = SiteResponse(seeOther: view.destination)
        let page = formPages.first { area.path + $0.path == view.destinationPath }
        if !view.kept.isEmpty, let page,
            case .visit(let visit) = try await admission.sessions.visit(request, token: token),
            visit.role >= page.formRole ?? page.minimumRole
        {
            let form = view.keptForm.form
            do throws(RequestFailure) {
                response = try await resumed(page, visit, form)
            } catch {
                response = renderer.response(to: error, visit)
            }
            response.operatorAccount = visit.operatorAccount
        }
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return renderer.secured(response)
    }

    private func resumed(
        _ page: any Page<Sessions.Visitor>, _ visit: Sessions.Visitor, _ form: FormFields
    ) async throws(RequestFailure) -> SiteResponse {
        renderer.response(try await page.resume(visit, form), visit)
    }

    private func signOut(_ request: SiteRequest) async throws(RequestFailure) -> SiteResponse {
        guard request.isOfThisSite else { throw .foreignForm }
        let form = try await request.form()
        let proof = try form.value(FormToken.field) ?? ""
        let visits = try await admission.sessions(of: request).visits
        guard visits.isEmpty || visits.contains(where: { FormToken.isEqual(proof, $0.session.formToken) })
        else { throw .foreignForm }
        // The tokens of a session share their name, so one that is renewed at this moment is revoked as well.
        for visit in visits {
            try await admission.sessions.end(visit)
        }
        var response = SiteResponse(seeOther: area.signInPath)
        response.headers[.setCookie] = SessionCookie.removing(area.sessionCookie, in: area, for: request)
        return renderer.secured(response)
    }
}

/// What a form had whose person must sign in first, until then. It is bounded, since anybody can send it.
struct KeptForm: Sendable {
    struct Field: Sendable {
        let name: String
        let value: String
    }

    /// The fields, under names of their own; none if there are too many, or they are too long.
    let fields: [Field]

    /// Fifty charges with their references and customers, as long as they may be, have less.
    static let maximumBytes = 64 * 1024
    private static let maximumFields = 256
    /// The beginning of the names in the form of signing in.
    private static let prefix = "kept."

    /// - Parameter fields: The form's fields. What was secret is typed again.
    init(_ fields: [(name: String, value: String)]) {
        self.init(
            bounded: fields.filter { !$0.name.contains("password") }.map {
                Field(name: Self.prefix + $0.name, value: $0.value)
            })
    }

    /// - Parameter form: The form of signing in, with what it kept.
    init(in form: FormFields) {
        self.init(
            bounded: form.all.filter { $0.name.hasPrefix(Self.prefix) }.map {
                Field(name: $0.name, value: $0.value)
            })
    }

    private init(bounded fields: [Field]) {
        let bytes = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        self.fields = fields.count <= Self.maximumFields && bytes <= Self.maximumBytes ? fields : []
    }

    /// The form as it was.
    var form: FormFields {
        FormFields(fields.map { (String($0.name.dropFirst(Self.prefix.count)), $0.value) })
    }
}

/// The form of signing in.
struct SignInView: Sendable {
    let asksOrganisation: Bool
    var organisation = ""
    var username = ""
    /// The path and the query of the page after signing in.
    let destination: String
    let kept: [KeptForm.Field]
    /// What the page says first.
    var notice: String?
    var error: String?
    /// Whether signing in is refused, since anybody on the way could read the password.
    let isRefused: Bool
    var formToken = ""
    /// What the form before it had.
    fileprivate let keptForm: KeptForm

    /// - Parameter destination: A page of the site.
    init(_ area: SiteArea, request: SiteRequest, destination: String, kept: KeptForm = KeptForm([])) {
        asksOrganisation = area.asksOrganisation
        self.destination = destination
        keptForm = kept
        self.kept = kept.fields
        isRefused = !request.isConfidential
    }

    init(_ area: SiteArea, request: SiteRequest, form: FormFields, _ destinations: Destinations) {
        self.init(
            area, request: request,
            destination: destinations.destination(form.values("destination").first ?? ""),
            kept: KeptForm(in: form))
        organisation = form.values("organisation").first ?? ""
        username = form.values("username").first ?? ""
    }

    func with(notice: String? = nil, error: String? = nil) -> SignInView {
        var view = self
        view.notice = notice
        view.error = error
        return view
    }

    /// The destination without its query.
    var destinationPath: String { String(destination.prefix { $0 != "?" }) }
}
