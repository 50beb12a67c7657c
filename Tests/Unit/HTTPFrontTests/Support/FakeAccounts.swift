import Authentication
import Charges
import Synchronization

/// Users, operators and signing keys that are always there.
struct FakeAccounts: UserRepository, OperatorRepository, SigningKeyRepository {
    static let password = "right password"
    static let acme = OperatorAccount(identifier: OperatorIdentifier(1), code: "acme", isSuspended: false)
    static let halted = OperatorAccount(identifier: OperatorIdentifier(2), code: "halted", isSuspended: true)
    /// One that wants 200 whatever happens, and one that wants the statuses that fit.
    static let lenient = OperatorAccount(
        identifier: OperatorIdentifier(3), code: "lenient", isSuspended: false, errorStatusPolicy: .always200)
    static let strict = OperatorAccount(
        identifier: OperatorIdentifier(4), code: "strict", isSuspended: false, errorStatusPolicy: .standard)
    static let lenientHalted = OperatorAccount(
        identifier: OperatorIdentifier(5), code: "lenient-halted", isSuspended: true,
        errorStatusPolicy: .always200)
    static let key = SigningKey(identifier: "key-1", secret: Array(repeating: 7, count: 32))

    /// scrypt of `password` with N = 1024, a sixteenth of the real cost.
    private static let passwordHash =
        "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$oR2xsmueIUVgeV1T/2hTpas7unvkX35dLOH5Gwt1SbQ="

    private static let users = [
        UserAccount(
            operatorAccount: acme, username: "alice", passwordHash: passwordHash, role: .decider,
            isSuspended: false),
        UserAccount(
            operatorAccount: acme, username: "bob", passwordHash: passwordHash, role: .decider,
            isSuspended: true),
        UserAccount(
            operatorAccount: halted, username: "alice", passwordHash: passwordHash, role: .decider,
            isSuspended: false),
        UserAccount(
            operatorAccount: lenientHalted, username: "alice", passwordHash: passwordHash, role: .decider,
            isSuspended: false),
    ]

    /// What every look-up fails with, if it does.
    var failure: RequestFailure?
    /// What has been changed since the start.
    var changes = FakeAccountChanges()

    func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
    {
        if let failure { throw failure }
        return Self.users.first {
            ExactText($0.username) == username && ExactText($0.operatorAccount.code) == operatorCode
        }
    }

    func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        if let failure { throw failure }
        let changes = changes.value
        if changes.operatorsFail { throw .serviceUnavailable }
        let accounts = [Self.acme, Self.halted, Self.lenient, Self.strict, Self.lenientHalted]
        guard let account = accounts.first(where: { ExactText($0.code) == code }) else { return nil }
        guard changes.suspendedCodes.contains(account.code) else { return account }
        return OperatorAccount(identifier: account.identifier, code: account.code, isSuspended: true)
    }

    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
    {
        if let failure { throw failure }
        return [Self.key]
    }

    /// A token as the service makes them.
    ///
    /// - Parameters:
    ///   - issued: When, by the database's clock. It is valid two hours from then on.
    static func token(
        of account: OperatorAccount = acme, username: String = "alice", role: Role = .decider,
        signedWith key: SigningKey = key,
        audience: TokenAudience = .api, issued: Timestamp = TestServerFixture.now
    ) async throws -> String {
        struct FakeSigningKeys: SigningKeyRepository {
            let key: SigningKey
            func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
                async throws(RequestFailure) -> [SigningKey]
            {
                [key]
            }
        }
        let issuer = TokenIssuer(
            keys: TokenKeys(repository: FakeSigningKeys(key: key), clock: { TestServerFixture.instant }),
            audience: audience, now: { issued })
        return try await issuer.issue(
            username: username, role: role, account: account, unit: nil,
            generation: TokenGeneration(ofOperator: 1, ofLogin: 1))
    }
}

/// Changes of accounts that a test makes while a server runs.
final class FakeAccountChanges: Sendable {
    struct Value {
        /// The codes of operators that have been suspended.
        var suspendedCodes: Set<String> = []
        var revocations: [TokenRevocation] = []
        /// Whether the look-up of an operator fails.
        var operatorsFail = false
    }

    private let state = Mutex(Value())

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}
