import Charges

/// What two calls that are decided at the same time may not share: they would wait for each other.
/// Told apart by their hashes, which is quick: two that share one are not decided at the same time, and nothing is lost.
struct BatchKey: Hashable, Sendable {
    private let hash: Int

    init(charge: ExactText, of operatorIdentifier: OperatorIdentifier) {
        self.init(charge, operatorIdentifier, isReference: false)
    }

    init(reference: ExactText, of operatorIdentifier: OperatorIdentifier) {
        self.init(reference, operatorIdentifier, isReference: true)
    }

    private init(_ text: ExactText, _ operatorIdentifier: OperatorIdentifier, isReference: Bool) {
        var hasher = Hasher()
        hasher.combine(operatorIdentifier.value)
        hasher.combine(isReference)
        hasher.combine(text)
        hash = hasher.finalize()
    }
}
