/// A whole call with which the provider sends charges, each of which comes in or fails alone.
package struct IngestCall: Sendable {
    package var charges: [ProvidedCharge]
    /// When the caller must have its answer. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    package init(charges: [ProvidedCharge], deadline: ContinuousClock.Instant) {
        self.charges = charges
        self.deadline = deadline
    }
}

/// A charge that is in.
package struct IngestedCharge: Equatable, Sendable {
    package let number: ExactText
    /// Whether this call brought it; otherwise it was there with the same content.
    package let wasCreated: Bool

    package init(number: ExactText, wasCreated: Bool) {
        self.number = number
        self.wasCreated = wasCreated
    }
}
