@testable import Authentication
import Charges
import Synchronization

/// The service as its administrators see it: its changes are recorded and all succeed, but for names that begin with
/// `refused-` and a refusal's code. Every text has markup in it.
final class FakeService: ServiceAdministration, AdministratorSessions, ReportCatalog, ReportRunner {
    /// The name of the only administrator, and its password.
    static let administrator = "olga"
    static let password = "a right password"
    /// The token of its session.
    static let token = "token-of-olga"
    /// A text that a page must escape.
    static let markup = "<b>\"&'</b>"

    private let received = Mutex<[String]>([])
    private let missing = Mutex<String?>(nil)

    /// The changes so far, each as a line.
    var changes: [String] { received.withLock { $0 } }

    /// The setting that the node lacks.
    var missingSetting: String? {
        get { missing.withLock { $0 } }
        set { missing.withLock { $0 = newValue } }
    }

    private func change(_ line: String, _ name: String = "", by acting: ActingAdministrator)
        throws(ServiceAdministrationFailure)
    {
        if name.hasPrefix("refused-"),
            let refusal = ServiceAdministrationRefusal(rawValue: String(name.dropFirst(8)))
        {
            throw .refused(refusal)
        }
        received.withLock { $0.append("\(line) by \(acting.name) of \(acting.tokenGeneration)") }
    }

    private func read() throws(ServiceAdministrationFailure) {
        if let missingSetting { throw .notConfigured(setting: missingSetting) }
    }

    private static let settings = OperatorSettings(
        currency: "EUR", undecidedPolicy: .accept, undecidedWindowSeconds: 5400, zone: markup,
        errorStatusPolicy: .always200, repeatedDecisionsSucceed: true)

    private static func one(_ code: String) -> ServiceOperator {
        ServiceOperator(
            code: code, settings: settings, createdOn: TestServerFixture.now, suspendedOn: nil,
            activeUserCount: 3, activeAdministratorCount: 1, activeKeyCount: 2,
            undecidedCount: .exactly(1234), oldestUndecidedOn: TestServerFixture.now)
    }

    func operators(after code: String?, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperatorPage
    {
        try read()
        return ServiceOperatorPage(operators: [Self.one(Self.markup)], next: code == nil ? Self.markup : nil)
    }

    func serviceOperator(code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperator?
    {
        try read()
        return code == "missing" ? nil : Self.one(code)
    }

    func addOperator(
        _ new: NewOperatorAccount, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change(
            "add operator \(new.code) \(new.currency) \(new.undecidedPolicy) \(new.undecidedWindowSeconds)",
            new.code, by: acting)
    }

    func change(
        operator code: String, _ change: OperatorChange, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let status = change.errorStatusPolicy.map { $0?.rawValue ?? "node's" } ?? "same"
        try self.change(
            "settings of \(code) \(change.currency ?? "") \(change.undecidedPolicy?.rawValue ?? "") "
                + "\(change.undecidedWindowSeconds ?? 0) \(change.zone ?? "") \(status) "
                + "\(change.repeatedDecisionsSucceed ?? false)", change.zone ?? "", by: acting)
    }

    func setSuspension(
        ofOperator code: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("suspension of \(code) \(isSuspended)", code, by: acting)
    }

    func logins(ofOperator code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> OperatorLogins
    {
        let login = OperatorLogins.Login(
            name: Self.markup, role: .viewer, createdOn: TestServerFixture.now, endedOn: nil)
        return OperatorLogins(users: [login], keys: [login])
    }

    @discardableResult
    func addUser(
        _ username: String, ofOperator code: String, passwordHash: String, role: Role?,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Role {
        try change(
            "add user \(username) of \(code) \(role?.rawValue ?? "by default") \(passwordHash.hasPrefix("$scrypt$"))",
            username, by: acting)
        return role ?? .administrator
    }

    func setPassword(
        ofUser username: String, ofOperator code: String, toHash passwordHash: String,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("password of \(username) of \(code)", username, by: acting)
    }

    func setSuspension(
        ofUser username: String, ofOperator code: String, to isSuspended: Bool,
        by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("suspension of \(username) of \(code) \(isSuspended)", username, by: acting)
    }

    func setRole(
        ofUser username: String, ofOperator code: String, to role: Role, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("role of \(username) of \(code) \(role)", username, by: acting)
    }

    func revokeKey(
        _ name: String, ofOperator code: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("revoke key \(name) of \(code)", name, by: acting)
    }

    func providerKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [ProviderKeySummary]
    {
        try read()
        return [ProviderKeySummary(name: Self.markup, createdOn: TestServerFixture.now, revokedOn: nil)]
    }

    func addProviderKey(
        _ name: String, hash: [UInt8], by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("add provider key \(name) \(hash.count)", name, by: acting)
    }

    func revokeProviderKey(
        _ name: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("revoke provider key \(name)", name, by: acting)
    }

    func signingKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [SigningKeySummary]
    {
        try read()
        return SigningKeySummary.State.allCases.map {
            SigningKeySummary(
                identifier: Self.markup, state: $0, createdOn: TestServerFixture.now,
                signsFrom: TestServerFixture.now)
        }
    }

    func addSigningKey(
        dropsOthers: Bool, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Timestamp {
        try change("add signing key \(dropsOthers)", by: acting)
        return TestServerFixture.now
    }

    func dropSigningKey(
        _ identifier: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("drop signing key \(identifier)", identifier, by: acting)
    }

    func administrators(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [AdministratorSummary]
    {
        try read()
        return [Self.administrator, Self.markup].map {
            AdministratorSummary(name: $0, createdOn: TestServerFixture.now, suspendedOn: nil)
        }
    }

    func addAdministrator(
        _ name: String, passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("add administrator \(name) \(passwordHash.hasPrefix("$scrypt$"))", name, by: acting)
    }

    func setSuspension(
        ofAdministrator name: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("suspension of administrator \(name) \(isSuspended)", name, by: acting)
    }

    func setPassword(
        ofAdministrator name: String, toHash passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("password of administrator \(name)", name, by: acting)
    }

    func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        try change("own password after \(verifiedHash)", by: acting)
    }

    func nodes(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure) -> [NodeStatus] {
        try read()
        return [true, false].map {
            NodeStatus(
                name: Self.markup, version: Self.markup, buildNumber: 7, databaseRole: .primary,
                openConnectionCount: 8, busyConnectionCount: 3, maximumConnectionCount: 20,
                waitingForConnectionCount: 0, queuedCallCount: 12, unknownOutcomeCount: 0,
                startedOn: TestServerFixture.now, lastSeenOn: TestServerFixture.now, isFresh: $0)
        }
    }

    func feed(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure) -> FeedStatus {
        FeedStatus(
            epoch: Self.markup, lastPosition: 1_234_567, lastPublishedOn: nil, unpublishedDecisionCount: 3,
            lagMilliseconds: 12)
    }

    func activity(_ query: ServiceActivityQuery) async throws(ServiceAdministrationFailure)
        -> ServiceActivityPage
    {
        try read()
        let activity = Activity(
            number: 9, madeOn: TestServerFixture.now, kind: .userRoleChanged, channel: .admin,
            actor: Self.markup, subject: Self.markup, address: Self.markup, oldValue: "viewer",
            newValue: Self.markup, count: 1)
        if query.scope == .operatorCode("missing") { throw .refused(.noSuchOperator) }
        return ServiceActivityPage(
            rows: [Self.markup, nil].map { .init(operatorCode: $0, activity: activity) },
            next: query.before == nil ? 9 : nil)
    }

    // MARK: Sessions

    func signIn(name: String, password: String, address: String, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> String
    {
        guard name == Self.administrator, password == Self.password else {
            throw RequestFailure(.invalidCredentials, "The name or the password is wrong.")
        }
        return Self.token
    }

    func principal(of token: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> AdministratorPrincipal
    {
        let issued = Int(TestServerFixture.now.secondsSince1970)
        let session = Session(
            TokenClaims(
                usr: Self.administrator, org: "", oun: "", rol: "", aud: "admin", iat: issued,
                exp: issued + 60, jti: "1", authTime: issued, csrf: "form-token-of-olga"))
        guard token == Self.token, let session else {
            throw RequestFailure(.invalidToken, "The token was not issued by this service.")
        }
        return AdministratorPrincipal(
            name: Self.administrator, tokenIdentifier: "1", tokenGeneration: 4, session: session)
    }

    func renew(_ principal: AdministratorPrincipal) async throws(RequestFailure) -> String { Self.token }

    func signOut(_ principal: AdministratorPrincipal, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        received.withLock { $0.append("sign out") }
    }

    func verified(
        _ principal: AdministratorPrincipal, password: String, address: String,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> AdministratorAccount {
        _ = try await signIn(name: principal.name, password: password, address: address, deadline: deadline)
        return AdministratorAccount(
            name: principal.name, passwordHash: "the old hash", isSuspended: false, tokenGeneration: 4)
    }

    // MARK: Reports

    let reports = [
        ReportDescription(
            name: "charges-by-day", title: markup, description: markup,
            parameters: [
                ReportParameter(name: "from", kind: .day, meaning: markup, defaultMeaning: markup)
            ],
            columns: [ReportColumn(name: markup, meaning: markup)], requiredExtension: markup)
    ]

    func run(
        _ name: String, _ values: [String: String], maximumRows: Int, deadline: ContinuousClock.Instant
    ) async throws(ReportFailure) -> ReportRows {
        switch values["from"] {
        case "tomorrow": throw .invalidParameter(name: "from", reason: "from must be a date \(Self.markup).")
        case "slow": throw .timedOut
        case "unset": throw .notConfigured(setting: "reporting-database")
        default: break
        }
        return ReportRows(
            result: ReportResult(
                columns: [.init(name: Self.markup, kind: .text), .init(name: "charges", kind: .number)],
                rows: [[Self.markup, "17"], ["=1+1", nil]]), hasMore: false)
    }
}
