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
                isUpload ? nil : try await request.form()
            } answer: { (visit) throws(RequestFailure) in
                let form = try await form(of: visit, page)
                guard FormToken.isEqual(try form.value(FormToken.field) ?? "", visit.session.formToken)
                else { throw .foreignForm }
                return renderer.response(try await page.submit(visit, form), visit)
            }
        }
        return [reading, sending]
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

    /// The session of a request.
    ///
    /// - Throws: `serviceUnavailable`.
    func session(of request: SiteRequest) async throws(RequestFailure) -> SessionState<Visitor> {
        guard let token = SessionCookie.value(area.sessionCookie, in: request.headers) else {
            return .none(reason: nil)
        }
        do throws(RequestFailure) {
            return try await sessions.visit(request, token: token)
        } catch {
            switch error.code {
            case .tokenExpired, .invalidToken:
                return .none(reason: "Your session has ended. Sign in to go on where you were.")
            default: throw error
            }
        }
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
        return response
    }

    /// The page of signing in, in the place of another page. It keeps what a form has sent.
    func signInFirst(_ request: SiteRequest, form: FormFields?, reason: String?) -> SiteResponse {
        let kept = (form?.all ?? []).filter { $0.name != FormToken.field }
        return renderer.signIn(
            SignInView(area, request: request, destination: request.target, kept: kept, notice: reason),
            visitor: SessionCookie.value(area.visitorCookie, in: request.headers), request)
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
