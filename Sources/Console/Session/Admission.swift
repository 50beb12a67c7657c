import Authentication
import Charges
import Crypto
import Foundation
import HTTPFront
import HTTPTypes

/// The step before every page: it finds the session, renews it, checks that a form came from the site, and that the role
/// permits the page.
struct Admission<Sessions: SessionService>: Sendable {
    typealias Visitor = Sessions.Visitor

    let area: SiteArea
    let sessions: Sessions
    let renderer: Renderer
    /// The pages to which signing in leads back.
    let destinations: Destinations
    /// Reads the form of a page to which a file belongs.
    var upload: @Sendable (Visitor, _ maximumBytes: Int) async throws(RequestFailure) -> FormFields = {
        (_, _) throws(RequestFailure) in throw .internalError
    }

    /// The routes of a page.
    func pages(_ page: any Page<Visitor>) -> [SitePage] {
        let path = area.path + page.path
        let reading = SitePage(path: path, method: .get) { request throws(RequestFailure) in
            try await admit(request, role: page.minimumRole) { (visit) throws(RequestFailure) in
                renderer.response(try await page.show(visit), visit)
            }
        }
        guard let role = page.formRole else { return [reading] }
        let isUpload = page.maximumUploadBytes != nil
        let sending = SitePage(path: path, method: .post, isUpload: isUpload) {
            request throws(RequestFailure) in
            guard request.isOfThisSite else { throw .foreignForm }
            return try await admit(request, role: role) { () throws(RequestFailure) in
                // A file is read for those alone who may send it.
                isUpload ? nil : try await keptForm(request)
            } answer: { (visit) throws(RequestFailure) in
                if let page = page as? any StreamingPage<Visitor> {
                    let view = try await page.receive(visit) { (form) throws(RequestFailure) in
                        try Self.check(form, visit)
                    }
                    return renderer.response(view, visit)
                }
                let form = try await form(of: visit, page)
                try Self.check(form, visit)
                return renderer.response(try await page.submit(visit, form), visit)
            }
        }
        return [reading, sending]
    }

    /// Checks that a form was made for the visit's session.
    ///
    /// - Throws: `notPermitted`.
    private static func check(_ form: FormFields, _ visit: Visitor) throws(RequestFailure) {
        guard FormToken.isEqual(try form.value(FormToken.field) ?? "", visit.session.formToken) else {
            throw .foreignForm
        }
    }

    /// The form of a request without a session, if it can be kept until its person has signed in. A longer one is not
    /// read: the request of anybody at all would cost as much as a person's.
    private func keptForm(_ request: SiteRequest) async throws(RequestFailure) -> FormFields? {
        guard let bytes = request.declaredBytes, bytes <= KeptForm.maximumBytes else { return nil }
        return try await request.form()
    }

    private func form(of visit: Visitor, _ page: any Page<Visitor>) async throws(RequestFailure)
        -> FormFields
    {
        guard let maximumBytes = page.maximumUploadBytes else { return try await visit.request.form() }
        return try await upload(visit, maximumBytes)
    }

    /// The route of a download.
    func download(
        _ path: String,
        respond: @escaping @Sendable (Visitor) async throws(RequestFailure) -> SiteResponse
    ) -> SitePage {
        SitePage(path: area.path + path, method: .get) { request throws(RequestFailure) in
            try await admit(request, role: .viewer, answer: respond)
        }
    }

    /// The session of a request. If a browser sends several, the one that was begun last counts: who signs in is in the
    /// session that this made, whatever else the browser has.
    ///
    /// - Throws: `serviceUnavailable`.
    func session(of request: SiteRequest) async throws(RequestFailure) -> SessionState<Visitor> {
        let (visits, reason) = try await sessions(of: request)
        let newest = visits.max {
            ($0.session.signedInOn.microsecondsSince2000, $0.session.issuedOn.microsecondsSince2000)
                < ($1.session.signedInOn.microsecondsSince2000, $1.session.issuedOn.microsecondsSince2000)
        }
        return newest.map { .visit($0) } ?? .none(reason: reason)
    }

    /// The valid sessions of a request, and why the last of the others is none.
    ///
    /// - Throws: `serviceUnavailable`.
    func sessions(of request: SiteRequest) async throws(RequestFailure) -> (
        visits: [Visitor], reason: String?
    ) {
        var visits: [Visitor] = []
        var reason: String?
        for token in SessionCookie.values(area.sessionCookie, of: request) {
            do throws(RequestFailure) {
                switch try await sessions.visit(request, token: token) {
                case .visit(let visit): visits.append(visit)
                case .none(let found): reason = found
                }
            } catch {
                guard [.tokenExpired, .invalidToken].contains(error.code) else { throw error }
                reason = "Your session has ended. Sign in to go on where you were."
            }
        }
        return (visits, reason)
    }

    /// Answers a request of a session whose role is high enough, and renews the session. Others are led to signing in.
    ///
    /// - Parameters:
    ///   - kept: Reads the form that is kept until its person has signed in; `nil` if there is none.
    ///   - answer: The response to the visit. Its failure becomes a page.
    private func admit(
        _ request: SiteRequest, role: Role,
        kept: () async throws(RequestFailure) -> FormFields? = { () throws(RequestFailure) in nil },
        answer: (Visitor) async throws(RequestFailure) -> SiteResponse
    ) async throws(RequestFailure) -> SiteResponse {
        let visit: Visitor
        switch try await session(of: request) {
        case .none(let reason): return signInFirst(request, form: try await kept(), reason: reason)
        case .visit(let found): visit = found
        }
        var response: SiteResponse
        do throws(RequestFailure) {
            guard visit.role >= role else {
                throw RequestFailure(
                    .notPermitted,
                    "Your role, \(visit.role.rawValue), does not permit this page; "
                        + "an administrator of your operator can change it.")
            }
            response = try await answer(visit)
        } catch {
            response = renderer.response(to: error, visit)
        }
        response.operatorAccount = visit.operatorAccount
        await renew(visit, &response)
        return renderer.secured(response)
    }

    /// The page of signing in, in the place of another page. It keeps what a form has sent.
    func signInFirst(_ request: SiteRequest, form: FormFields?, reason: String?) -> SiteResponse {
        let kept = (form?.all ?? []).filter { $0.name != FormToken.field }
        var view = SignInView(
            area, request: request, destination: destinations.destination(request.target),
            kept: KeptForm(kept))
        view.notice = reason
        if request.method == .post, view.kept.isEmpty {
            view.notice = [reason, "The form that you sent was not kept; fill it in again."].compactMap(
                \.self
            )
            .joined(separator: " ")
        }
        return renderer.signIn(
            view, visitors: SessionCookie.values(area.visitorCookie, of: request), request)
    }

    /// Sets the session's next token, if this one is no longer new.
    private func renew(_ visit: Visitor, _ response: inout SiteResponse) async {
        let age = visit.now.secondsSince1970 - visit.session.issuedOn.secondsSince1970
        guard age >= Session.renewalSeconds else { return }
        // A page that is there is worth more than a longer session.
        guard let token = try? await sessions.renew(visit) else { return }
        response.headers[.setCookie] = SessionCookie.setting(
            area.sessionCookie, to: token, in: area, for: visit.request)
    }
}

/// The text that each form carries, which other sites do not know.
enum FormToken {
    /// The name of the field.
    static let field = "form_token"

    /// Whether two texts are equal; the time reveals nothing about where they differ.
    static func isEqual(_ one: String, _ other: String) -> Bool {
        let key = SymmetricKey(size: .bits256)
        let code = HMAC<SHA256>.authenticationCode(for: Data(one.utf8), using: key)
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(other.utf8), using: key)
    }
}

extension RequestFailure {
    static let foreignForm = RequestFailure(
        .notPermitted, "The form was not made by this page. Nothing was changed; open the page again.")
}
