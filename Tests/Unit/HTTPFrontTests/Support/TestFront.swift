import Authentication
import Charges
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

@testable import HTTPFront

/// The operators' front with fakes behind it, called in process.
struct TestFront {
    static let base = "/crmapi/rest/v2"
    static let acceptPath = base + "/netflix/charges/accept"
    static let loginPath = base + "/authentication/token"
    /// What the front takes for the time of day.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let decisions: FakeDecisions
    let log = RecordedLog()
    private let responder: FrontResponder

    /// Two threads for the whole run, as in a node; nothing ends them.
    private static let hasher = PasswordHasher()

    /// - Parameter configure: Changes the settings. As it comes, no limit of time is ever reached.
    init(
        decisions: FakeDecisions = FakeDecisions(), accounts: FakeAccounts = FakeAccounts(),
        isReady: Bool = true, internalSide: Bool = false, provider: FakeProvider = FakeProvider(),
        configure: (inout FrontConfiguration) -> Void = { _ in }
    ) {
        self.decisions = decisions
        var configuration = FrontConfiguration()
        configuration.callTimeoutMilliseconds = 3_600_000
        configuration.bodyTimeoutMilliseconds = 3_600_000
        configure(&configuration)
        let keys = TokenKeys(repository: accounts)
        let dependencies = FrontDependencies(
            decisions: decisions,
            login: LoginService(
                users: accounts, hasher: Self.hasher, tokens: TokenIssuer(keys: keys, now: { Self.now })),
            tokens: TokenVerifier(keys: keys, operators: accounts, now: { Self.now }),
            readiness: FixedReadiness(answer: isReady))
        let log = log
        responder = FrontResponder(
            routes: internalSide
                ? .internals(
                    dependencies,
                    ProviderDependencies(repository: provider, keys: ProviderKeyVerifier(keys: provider)))
                : .operators(dependencies),
            configuration: configuration, logger: Logger(label: "test") { _ in log.handler() })
    }

    /// Sends one request, and reads its answer.
    func send(
        _ method: HTTPRequest.Method = .post, _ path: String, headers: HTTPFields = [:],
        body: RequestBody = RequestBody(buffer: ByteBuffer()), address: String = "192.0.2.1"
    ) async throws -> Answer {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        let response = await responder.respond(
            to: Request(head: head, body: body), context: FrontContext(address: address))
        return try await Answer(response)
    }

    /// Sends a call that accepts, with a good token in the header unless other headers are given.
    func accept(_ body: String, query: String = "", headers: HTTPFields? = nil) async throws -> Answer {
        var all = headers ?? [:]
        if headers == nil { all[.authorization] = "Bearer \(try await FakeAccounts.token())" }
        return try await send(
            .post, Self.acceptPath + query, headers: all, body: RequestBody(buffer: ByteBuffer(string: body)))
    }

    /// Sends a login.
    func login(_ body: String, address: String = "192.0.2.1") async throws -> Answer {
        try await send(
            .post, Self.loginPath, body: RequestBody(buffer: ByteBuffer(string: body)), address: address)
    }
}

private struct FixedReadiness: Readiness {
    let answer: Bool

    func isReady() async -> Bool { answer }
}
