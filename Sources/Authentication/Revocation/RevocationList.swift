import Charges

/// The revocations that a node knows and that can still matter. It is a value without a clock.
///
/// Its size is bounded: a repository keeps a limited number of an operator's revoked tokens within their validity, and
/// a login or an operator has one entry however often its tokens were revoked.
struct RevocationList: Sendable {
    private struct Name: Hashable {
        let operatorIdentifier: OperatorIdentifier
        let name: ExactText
    }

    private struct Generation {
        var last: Int
        var until: ContinuousClock.Instant
    }

    private var tokens: [Name: ContinuousClock.Instant] = [:]
    private var logins: [Name: Generation] = [:]
    private var operators: [OperatorIdentifier: Generation] = [:]

    init() {}

    /// A list for a single immediate look-up.
    init(_ revocations: [TokenRevocation]) {
        for revocation in revocations { learn(revocation, until: .now) }
    }

    /// The number of entries.
    var count: Int { tokens.count + logins.count + operators.count }

    /// Adds a revocation.
    ///
    /// - Parameter until: The time when all tokens that it revokes have expired.
    mutating func learn(_ revocation: TokenRevocation, until: ContinuousClock.Instant) {
        let operatorIdentifier = revocation.operatorIdentifier
        switch revocation.extent {
        case .token(let name):
            tokens[Name(operatorIdentifier: operatorIdentifier, name: name)] = until
        case .login(let name, let generation):
            Self.raise(
                &logins[Name(operatorIdentifier: operatorIdentifier, name: name)], generation, until: until)
        case .everything(let generation):
            Self.raise(&operators[operatorIdentifier], generation, until: until)
        }
    }

    /// Whether the list has a revocation.
    func contain(_ revocation: TokenRevocation) -> Bool {
        let operatorIdentifier = revocation.operatorIdentifier
        switch revocation.extent {
        case .token(let name):
            return tokens[Name(operatorIdentifier: operatorIdentifier, name: name)] != nil
        case .login(let name, let generation):
            let known = logins[Name(operatorIdentifier: operatorIdentifier, name: name)]
            return known.map { generation <= $0.last } ?? false
        case .everything(let generation):
            return operators[operatorIdentifier].map { generation <= $0.last } ?? false
        }
    }

    /// Whether a token has been revoked.
    func contain(
        token identifier: String, of login: String, _ operatorIdentifier: OperatorIdentifier,
        generation: TokenGeneration
    ) -> Bool {
        if let revoked = operators[operatorIdentifier], generation.ofOperator <= revoked.last { return true }
        let login = Name(operatorIdentifier: operatorIdentifier, name: ExactText(login))
        if let revoked = logins[login], generation.ofLogin <= revoked.last { return true }
        return tokens[Name(operatorIdentifier: operatorIdentifier, name: ExactText(identifier))] != nil
    }

    /// Removes the entries that have expired.
    mutating func forget(now: ContinuousClock.Instant) {
        tokens = tokens.filter { $0.value > now }
        logins = logins.filter { $0.value.until > now }
        operators = operators.filter { $0.value.until > now }
    }

    private static func raise(
        _ revoked: inout Generation?, _ generation: Int, until: ContinuousClock.Instant
    ) {
        revoked = Generation(
            last: max(revoked?.last ?? 0, generation), until: max(revoked?.until ?? until, until))
    }
}
