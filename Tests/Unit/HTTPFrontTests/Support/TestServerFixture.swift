import Authentication
import Charges
import Console
import HTTPTypes
import Logging
import Telemetry
import NIOCore

@testable import HTTPFront

/// The operators' server with fakes behind it, called in process.
struct TestServerFixture {
    static let base = "/crmapi/rest/v2"
    static let acceptPath = base + "/netflix/charges/accept"
    static let loginPath = base + "/authentication/token"
    /// The database's time.
    static let now = Timestamp(secondsSince1970: 1_800_000_000)
    /// The monotonic clock, which stands still as well, so that a busy machine makes no snapshot old.
    static let instant = ContinuousClock.now

    let decisions: FakeDecisions
    let charges: FakeCharges
    let transfers: TransferTurns
    let log = FakeLog()
    let metrics = MetricsRecorder()
    let administration = FakeAdministration()
    let decisionFiles: FakeDecisionFiles
    let activity = FakeActivity()
    let service = FakeService()
    let routes: Routes
    let dependencies: HTTPDependencies
    private let responder: RequestHandler

    /// Two threads for the whole run, as in a node; nothing ends them.
    private static let hasher = PasswordHasher()

    /// - Parameters:
    ///   - instant: The monotonic clock, by which what is known of accounts becomes old.
    ///   - configure: Changes the settings. As it comes, no limit of time is ever reached.
    init(
        decisions: FakeDecisions = FakeDecisions(), charges: FakeCharges = FakeCharges(),
        statements: FakeStatements = FakeStatements(),
        reconciliations: FakeReconciliations = FakeReconciliations(),
        transfers: TransferTurns = TransferTurns(),
        accounts: FakeAccounts = FakeAccounts(), decisionFiles: FakeDecisionFiles = FakeDecisionFiles(),
        isReady: Bool = true, warning: String? = nil,
        internalSide: Bool = false, administrationSide: Bool = false,
        provider: FakeProvider = FakeProvider(), time: ManualTime = ManualTime(),
        gauges: GaugeSources = GaugeSources(),
        instant: ManualInstant = ManualInstant(Self.instant),
        configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) {
        self.decisions = decisions
        self.charges = charges
        self.decisionFiles = decisionFiles
        self.transfers = transfers
        var configuration = HTTPConfiguration.patient
        configure(&configuration)
        let clock: @Sendable () -> ContinuousClock.Instant = { instant.now }
        let keys = TokenKeys(repository: accounts, clock: clock)
        let revocations = TokenRevocations(repository: accounts, clock: clock)
        let issuer = TokenIssuer(keys: keys, now: { time.now })
        dependencies = HTTPDependencies(
            decisions: decisions, charges: charges, provider: provider, statements: statements,
            reconciliations: reconciliations,
            operators: accounts, transfers: transfers,
            login: LoginService(users: accounts, hasher: Self.hasher, tokens: issuer),
            keyLogin: APIKeyLogin(keys: accounts, tokens: issuer),
            tokens: TokenVerifier(
                keys: keys, revocations: revocations, operators: accounts, now: { time.now }),
            providerKeys: ProviderKeyVerifier(keys: provider),
            tokenRevocations: revocations, readiness: FakeReadiness(answer: isReady, warning: warning),
            metrics: metrics,
            gauges: gauges)
        let log = log
        // The templates are built in, so they can be read.
        let console = try! Console(
            ConsoleDependencies(
                decisions: decisions, charges: charges, search: FakeChargeSearch(charges: charges),
                overview: FakeOverview(), statements: statements,
                reconciliations: reconciliations, decisionFiles: decisionFiles, accounts: administration,
                activity: activity,
                hasher: Self.hasher, login: dependencies.login,
                issuer: TokenIssuer(keys: keys, audience: .console, now: { time.now }),
                verifier: TokenVerifier(
                    keys: keys, revocations: revocations, operators: accounts, audience: .console,
                    now: { time.now }, clock: clock),
                revocations: revocations,
                files: SiteFiles(
                    statements: statements, reconciliations: reconciliations, transfers: transfers),
                now: { time.now }))
        let administrationSite = try! AdministrationSite(
            AdministrationSiteDependencies(
                sessions: service, administration: service, catalog: service, reports: service,
                hasher: Self.hasher, now: { time.now }))
        if administrationSide {
            routes = .administration(dependencies, site: administrationSite)
        } else {
            routes =
                internalSide ? .internalListener(dependencies) : .operators(dependencies, site: console)
        }
        responder = RequestHandler(
            routes: routes, configuration: configuration, authenticator: dependencies.authenticator,
            logger: Logger(label: "test") { _ in log.handler() }, metrics: metrics,
            now: { Self.instant })
    }

    /// Sends one request, and reads its answer.
    func send(
        _ method: HTTPRequest.Method = .post, _ path: String, headers: HTTPFields = [:],
        body: IncomingBody = .whole(ByteBuffer()), address: String = "192.0.2.1",
        unread: Duration = .zero, authority: String = "localhost"
    ) async throws -> Answer {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: authority, path: path, headerFields: headers)
        let request = IncomingRequest(head: head, body: body, arrived: Self.instant - unread)
        return await Answer(await responder.respond(to: request, peer: .address(address)))
    }

    /// Sends a call that accepts, with a good token in the header unless other headers are given.
    func accept(_ body: String, query: String = "", headers: HTTPFields? = nil) async throws -> Answer {
        var all = headers ?? [:]
        if headers == nil { all[.authorization] = "Bearer \(try await FakeAccounts.token())" }
        return try await send(
            .post, Self.acceptPath + query, headers: all, body: .whole(ByteBuffer(string: body)))
    }

    /// Sends a login.
    func login(_ body: String, address: String = "192.0.2.1") async throws -> Answer {
        try await send(
            .post, Self.loginPath, body: .whole(ByteBuffer(string: body)), address: address)
    }
}

private struct FakeReadiness: Readiness {
    let answer: Bool
    let warning: String?

    func isReady() async -> Bool { answer }
}
