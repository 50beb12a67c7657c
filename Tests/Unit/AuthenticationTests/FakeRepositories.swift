import Authentication
import Charges
import Synchronization

/// What a database would answer, and whether it answers at all.
final class FakeRepositories: UserRepository, OperatorRepository, SigningKeyRepository,
    TokenRevocationRepository
{
    struct State {
        var users: [UserAccount] = []
        var operators: [OperatorAccount] = []
        /// The one that signs first.
        var keys: [SigningKey] = []
        var ends: [TokenRevocation] = []
        /// For how many more seconds an end matters.
        var endSecondsLeft = 3 * 3600
        var isDown = false
        /// Whether no standby is there, so that nothing that is read can be replicated.
        var isAlone = false
        /// How often each was asked.
        var userReads = 0
        var operatorReads = 0
        var keyReads = 0
        var endReads = 0
        var replicatedKeyReads = 0
        var replicatedEndReads = 0
        var forgettings = 0
    }

    private let state: Mutex<State>

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    var now: State { state.withLock { $0 } }

    func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
    {
        try read(\.userReads).users.first {
            ExactText($0.username) == username && ExactText($0.operatorAccount.code) == operatorCode
        }
    }

    func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        try read(\.operatorReads).operators.first { ExactText($0.code) == code }
    }

    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
    {
        try read(replicated ? \.replicatedKeyReads : \.keyReads).keys
    }

    /// The position counts the revocations that were returned.
    func revocations(
        after position: TokenRevocationPosition?, replicated: Bool, deadline: ContinuousClock.Instant
    )
        async throws(RequestFailure) -> TokenRevocationChanges
    {
        let state = try read(replicated ? \.replicatedEndReads : \.endReads)
        let told = Int(position?.oldestTransaction ?? 0)
        return TokenRevocationChanges(
            revocations: state.ends.dropFirst(told).map { ($0, state.endSecondsLeft) },
            position: TokenRevocationPosition(
                serverStartedOn: Timestamp(microsecondsSince2000: 0),
                oldestTransaction: Int64(state.ends.count)))
    }

    func revoke(
        token identifier: ExactText, of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        guard !now.isDown else { throw .serviceUnavailable }
        change { $0.ends.append(TokenRevocation(operatorIdentifier, .token(identifier))) }
    }

    func purgeExpired(deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        _ = try read(\.forgettings)
    }

    private func read(_ count: WritableKeyPath<State, Int>) throws(RequestFailure) -> State {
        let state = state.withLock { state in
            state[keyPath: count] += 1
            return state
        }
        guard !state.isDown else { throw .serviceUnavailable }
        if state.isAlone, [\.replicatedKeyReads, \.replicatedEndReads].contains(count) {
            throw .serviceUnavailable
        }
        return state
    }
}

extension OperatorAccount {
    static let acme = OperatorAccount(identifier: OperatorIdentifier(1), code: "ACME", isSuspended: false)
    static let globex = OperatorAccount(identifier: OperatorIdentifier(2), code: "GLOBEX", isSuspended: false)

    var suspended: OperatorAccount {
        OperatorAccount(identifier: identifier, code: code, isSuspended: true)
    }
}

extension SigningKey {
    /// A key whose secret is a byte over and over.
    init(_ identifier: String, _ byte: UInt8, maySign: Bool = true) {
        self.init(identifier: identifier, secret: Array(repeating: byte, count: 32), maySign: maySign)
    }
}

extension ContinuousClock.Instant {
    /// A deadline that no test comes to.
    static var farAway: ContinuousClock.Instant { .now + .seconds(3600) }
}
