/// The terms of a charge: the customer, the amount in the provider's and in the operator's currency, and the date up to
/// which the customer has then paid. They never change.
package struct ChargeTerms: Equatable, Sendable {
    package var billingSystemCustomerIdentifier: ExactText
    package var amount: Money
    package var currency: String
    package var localCurrencyAmount: Money
    package var localCurrency: String
    /// A calendar value as the API writes it, never shifted.
    package var paidThroughDate: Timestamp

    package init(
        billingSystemCustomerIdentifier: ExactText, amount: Money, currency: String,
        localCurrencyAmount: Money,
        localCurrency: String, paidThroughDate: Timestamp
    ) {
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.paidThroughDate = paidThroughDate
    }

    /// Reads terms as the provider sends them.
    ///
    /// - Returns: The terms, or the first fault in them, whatever the database holds.
    package static func read(
        billingSystemCustomerIdentifier: ExactText, amount: String, currency: String,
        localCurrencyAmount: String, localCurrency: String, paidThroughDate: String
    ) -> Result<ChargeTerms, ProviderFailureCode> {
        guard billingSystemCustomerIdentifier.isName(maximumScalars: DecisionItem.maximumScalars) else {
            return .failure(.invalidCustomer)
        }
        guard let amount = Money(amount), let localCurrencyAmount = Money(localCurrencyAmount) else {
            return .failure(.invalidAmount)
        }
        guard CurrencyCode.isValid(currency), CurrencyCode.isValid(localCurrency) else {
            return .failure(.invalidCurrency)
        }
        guard let paidThroughDate = Timestamp(paidThroughDate) else { return .failure(.invalidDate) }
        return .success(
            ChargeTerms(
                billingSystemCustomerIdentifier: billingSystemCustomerIdentifier, amount: amount,
                currency: currency, localCurrencyAmount: localCurrencyAmount, localCurrency: localCurrency,
                paidThroughDate: paidThroughDate))
    }
}
