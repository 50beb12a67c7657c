import Charges

/// The ends of tokens that a node knows and that can still matter. A value without a clock.
///
/// Its size is bounded: a repository keeps so many ended tokens of an operator within their validity, and a login or
/// an operator has one entry however often it ended.
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

    /// A list that is looked at once and at once.
    init(_ revocations: [TokenRevocation]) {
        for revocation in revocations { learn(revocation, until: .now) }
    }

    /// How many entries there are.
    var count: Int { tokens.count + logins.count + operators.count }

    /// - Parameter until: From when on no token can be good any more that this ends.
    mutating func learn(_ end: TokenRevocation, until: ContinuousClock.Instant) {
        let operatorIdentifier = end.operatorIdentifier
        switch end.extent {
        case .token(let name):
            tokens[Name(operatorIdentifier: operatorIdentifier, name: name)] = until
        case .login(let name, let generation):
            Self.raise(
                &logins[Name(operatorIdentifier: operatorIdentifier, name: name)], generation, until: until)
        case .everything(let generation):
            Self.raise(&operators[operatorIdentifier], generation, until: until)
        }
    }

    /// Whether an end is known.
    func contain(_ end: TokenRevocation) -> Bool {
        let operatorIdentifier = end.operatorIdentifier
        switch end.extent {
        case .token(let name):
            return tokens[Name(operatorIdentifier: operatorIdentifier, name: name)] != nil
        case .login(let name, let generation):
            let known = logins[Name(operatorIdentifier: operatorIdentifier, name: name)]
            return known.map { generation <= $0.last } ?? false
        case .everything(let generation):
            return operators[operatorIdentifier].map { generation <= $0.last } ?? false
        }
    }

    /// Whether a token has been ended.
    func contain(
        token identifier: String, of login: String, _ operatorIdentifier: OperatorIdentifier,
        generation: TokenGeneration
    ) -> Bool {
        if let ended = operators[operatorIdentifier], generation.ofOperator <= ended.last { return true }
        let login = Name(operatorIdentifier: operatorIdentifier, name: ExactText(login))
        if let ended = logins[login], generation.ofLogin <= ended.last { return true }
        return tokens[Name(operatorIdentifier: operatorIdentifier, name: ExactText(identifier))] != nil
    }

    /// Forgets what does not matter any more.
    mutating func forget(now: ContinuousClock.Instant) {
        tokens = tokens.filter { $0.value > now }
        logins = logins.filter { $0.value.until > now }
        operators = operators.filter { $0.value.until > now }
    }

    private static func raise(
        _ ended: inout Generation?, _ generation: Int, until: ContinuousClock.Instant
    ) {
        ended = Generation(
            last: max(ended?.last ?? 0, generation), until: max(ended?.until ?? until, until))
    }
}
