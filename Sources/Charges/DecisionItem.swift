/// One charge of a call, as the operator named it. Nothing about it has been checked but that the mandatory
/// fields are there.
package struct DecisionItem: Hashable, Sendable {
    package var number: ExactText
    package var billingSystemCustomerIdentifier: ExactText
    package var referenceNumber: ExactText?

    package init(
        number: ExactText, billingSystemCustomerIdentifier: ExactText, referenceNumber: ExactText? = nil
    ) {
        self.number = number
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.referenceNumber = referenceNumber
    }

    /// The longest number or customer that can exist, in Unicode scalars.
    package static let maximumScalars = 64

    /// Whether this can be a charge's number or a customer's identifier at all. A number that cannot is simply not
    /// found, a customer that cannot a mismatch.
    package static func canExist(_ text: ExactText) -> Bool {
        text.hasScalars(upTo: maximumScalars) && !text.containsNul
    }
}
