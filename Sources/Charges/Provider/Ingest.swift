/// A whole call in which the provider sends charges, each of which succeeds or fails alone.
package struct IngestCall: Sendable {
    package var charges: [ProvidedCharge]
    /// The time by which the call must be answered. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    package init(charges: [ProvidedCharge], deadline: ContinuousClock.Instant) {
        self.charges = charges
        self.deadline = deadline
    }
}

/// A charge that exists after an ingest call.
package struct IngestedCharge: Equatable, Sendable {
    package let number: ExactText
    /// Whether this call created the charge. Otherwise it existed with the same content.
    package let wasCreated: Bool

    package init(number: ExactText, wasCreated: Bool) {
        self.number = number
        self.wasCreated = wasCreated
    }
}

/// A charge as the provider sent it. The identifier is well-formed; only the database knows the operator.
package struct ProvidedCharge: Equatable, Sendable {
    /// The maximum length of `providerChargeIdentifier`, in Unicode scalars.
    package static let maximumIdentifierScalars = 128

    package var operatorCode: ExactText
    /// The provider's own name for the charge.
    package var providerChargeIdentifier: ExactText
    /// The operator's currency as it was sent. It is compared with the operator's own before the date is checked, so it
    /// is needed even without terms.
    package var localCurrency: String
    /// The terms, or the first fault in them.
    package var terms: Result<ChargeTerms, ProviderFailureCode>

    package init(
        operatorCode: ExactText, providerChargeIdentifier: ExactText, localCurrency: String,
        terms: Result<ChargeTerms, ProviderFailureCode>
    ) {
        self.operatorCode = operatorCode
        self.providerChargeIdentifier = providerChargeIdentifier
        self.localCurrency = localCurrency
        self.terms = terms
    }
}

extension ExactText {
    /// Whether the text can be a name: not empty, at most this number of Unicode scalars, and no control characters.
    package func isName(maximumScalars: Int) -> Bool {
        var count = 0
        for scalar in string.unicodeScalars {
            count += 1
            if count > maximumScalars || scalar.properties.generalCategory == .control { return false }
        }
        return count > 0
    }
}
