import Authentication
import Charges
import HTTPFront

/// A request for a page of `/admin`, by an administrator of the service.
struct AdministratorVisit: SessionVisit {
    let request: SiteRequest
    let principal: AdministratorPrincipal
    let now: Timestamp

    var session: Session { principal.session }
    var role: Role { .administrator }
    var person: String { principal.name }
    var operatorAccount: OperatorAccount? { nil }
    var acting: ActingAdministrator { ActingAdministrator(principal, address: request.address) }
}

/// The sessions of `/admin`.
struct ServiceSessions: SessionService {
    let sessions: any AdministratorSessions
    let now: @Sendable () -> Timestamp?

    func visit(_ request: SiteRequest, token: String) async throws(RequestFailure)
        -> SessionState<AdministratorVisit>
    {
        let principal = try await sessions.principal(of: token, deadline: request.deadline)
        guard let now = now() else { throw .serviceUnavailable }
        return .visit(AdministratorVisit(request: request, principal: principal, now: now))
    }

    func signIn(_ credentials: Credentials, _ request: SiteRequest) async throws(RequestFailure)
        -> AuthenticationResult<String>
    {
        .success(
            try await sessions.signIn(
                name: credentials.username, password: credentials.password, address: request.address,
                deadline: request.deadline))
    }

    /// Does nothing: `signIn` has recorded it.
    func record(_ credentials: Credentials, _ request: SiteRequest, succeeded: Bool) async {}

    func renew(_ visit: AdministratorVisit) async throws(RequestFailure) -> String {
        try await sessions.renew(visit.principal)
    }

    func end(_ visit: AdministratorVisit) async throws(RequestFailure) {
        try await sessions.signOut(visit.principal, deadline: visit.deadline)
    }
}

extension ServiceAdministrationFailure {
    /// The refusal, which a page tells.
    ///
    /// - Throws: The failure, if it is none of the person's.
    var refusal: ServiceAdministrationRefusal {
        get throws(RequestFailure) {
            switch self {
            case .refused(let refusal): return refusal
            case .notConfigured(let setting): throw .missingSetting(setting)
            case .request(let failure): throw failure
            }
        }
    }

    /// The failure, for a page that can show nothing without what was asked for.
    var requestFailure: RequestFailure {
        switch self {
        case .refused(.noSuchOperator): RequestFailure(.notFound, "There is no operator of this code.")
        case .refused(let refusal): RequestFailure(.notPermitted, refusal.description)
        case .notConfigured(let setting): .missingSetting(setting)
        case .request(let failure): failure
        }
    }
}

extension RequestFailure {
    /// The failure of a page that needs a setting of the node.
    static func missingSetting(_ name: String) -> RequestFailure {
        RequestFailure(
            .serviceUnavailable,
            "This page needs the setting \(name), which this node does not have. Set it, and restart the node."
        )
    }
}

extension Page where Visitor == AdministratorVisit {
    /// What a read of the service gives.
    ///
    /// - Throws: The failure as one of the request.
    func reading<Value>(_ read: () async throws(ServiceAdministrationFailure) -> Value)
        async throws(RequestFailure) -> Value
    {
        do throws(ServiceAdministrationFailure) {
            return try await read()
        } catch {
            throw error.requestFailure
        }
    }

    /// Makes a change of the service.
    ///
    /// - Returns: Why it was refused; `nil` if it was made.
    func refusal(of change: () async throws(ServiceAdministrationFailure) -> Void)
        async throws(RequestFailure) -> String?
    {
        do throws(ServiceAdministrationFailure) {
            try await change()
            return nil
        } catch {
            return try error.refusal.description
        }
    }
}
