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

/// A charge as the provider sent it. The values are present, and the identifier is well-formed. Nothing else has been
/// checked.
package struct ProvidedCharge: Equatable, Sendable {
    package var operatorCode: ExactText
    /// The provider's own name for the charge.
    package var providerChargeIdentifier: ExactText
    package var billingSystemCustomerIdentifier: ExactText
    /// The digits as they were sent.
    package var amount: String
    package var currency: String
    package var localCurrencyAmount: String
    package var localCurrency: String
    package var paidThroughDate: String

    package init(
        operatorCode: ExactText, providerChargeIdentifier: ExactText,
        billingSystemCustomerIdentifier: ExactText, amount: String, currency: String,
        localCurrencyAmount: String, localCurrency: String, paidThroughDate: String
    ) {
        self.operatorCode = operatorCode
        self.providerChargeIdentifier = providerChargeIdentifier
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.paidThroughDate = paidThroughDate
    }

    /// The maximum length of `providerChargeIdentifier`, in Unicode scalars.
    package static let maximumIdentifierScalars = 128

    /// The first fault in the charge's own values, whatever the database holds.
    package var problem: ProviderFailureCode? {
        if !billingSystemCustomerIdentifier.isName(maximumScalars: DecisionItem.maximumScalars) {
            return .invalidCustomer
        }
        if Money(amount) == nil || Money(localCurrencyAmount) == nil { return .invalidAmount }
        if !CurrencyCode.isValid(currency) || !CurrencyCode.isValid(localCurrency) { return .invalidCurrency }
        return Timestamp(paidThroughDate) == nil ? .invalidDate : nil
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
