import Authentication
import Charges
import HTTPFront

/// How the people of a site sign in, and what the tokens of their sessions say. Any thread may call it.
protocol SessionService: Sendable {
    associatedtype Visitor: SessionVisit

    /// The visit of a request whose session has a token.
    ///
    /// - Throws: `serviceUnavailable`.
    func visit(_ request: SiteRequest, token: String) async throws(RequestFailure) -> SessionState<Visitor>

    /// Signs in.
    ///
    /// - Returns: The token of a new session.
    /// - Throws: `invalidCredentials`, `rateLimited`, `serviceUnavailable`.
    func signIn(_ credentials: Credentials, _ request: SiteRequest) async throws(RequestFailure)
        -> AuthenticationResult<String>

    /// Records a sign-in in the activity, once it is known what its person gets. A failure to record it does not keep the
    /// person out; the log says so then.
    func record(_ credentials: Credentials, _ request: SiteRequest, succeeded: Bool) async

    /// The next token of a session.
    ///
    /// - Throws: `serviceUnavailable`.
    func renew(_ visit: Visitor) async throws(RequestFailure) -> String

    /// Ends a session.
    ///
    /// - Throws: `serviceUnavailable`, `outcomeUnknown`.
    func end(_ visit: Visitor) async throws(RequestFailure)
}

/// What is known of a request's session.
enum SessionState<Visitor: SessionVisit>: Sendable {
    case visit(Visitor)
    /// - Parameter reason: Why there is no session, for the person; `nil` if nothing needs to be said.
    case none(reason: String?)
}

/// What a person types to sign in.
struct Credentials: Sendable {
    /// The operator's code; empty where there is none.
    let organisation: String
    let username: String
    let password: String
}

/// The sessions of the console.
struct ConsoleSessions: SessionService {
    let dependencies: ConsoleDependencies

    func visit(_ request: SiteRequest, token: String) async throws(RequestFailure) -> SessionState<Visit> {
        switch try await dependencies.verifier.verify(token, deadline: request.deadline) {
        case .suspended: return .none(reason: RequestFailure.operatorSuspended.pageText)
        case .success(let principal):
            guard let session = principal.session, let now = dependencies.now() else {
                throw .serviceUnavailable
            }
            return .visit(Visit(request: request, principal: principal, session: session, now: now))
        }
    }

    func signIn(_ credentials: Credentials, _ request: SiteRequest) async throws(RequestFailure)
        -> AuthenticationResult<String>
    {
        try await dependencies.login.login(
            organisation: credentials.organisation, username: credentials.username,
            password: credentials.password, unit: nil, address: request.address,
            tokens: dependencies.issuer, deadline: request.deadline)
    }

    func record(_ credentials: Credentials, _ request: SiteRequest, succeeded: Bool) async {
        try? await dependencies.activity.record(
            SignIn(
                operatorCode: credentials.organisation, username: credentials.username,
                address: request.address, succeeded: succeeded), deadline: request.deadline)
    }

    func renew(_ visit: Visit) async throws(RequestFailure) -> String {
        try await dependencies.issuer.renew(visit.principal, visit.session)
    }

    func end(_ visit: Visit) async throws(RequestFailure) {
        try await dependencies.revocations.revoke(visit.principal, deadline: visit.deadline)
    }
}
