/// The provider's side of a charge: pending until the provider has processed it, then one of the others for
/// ever.
package enum ChargeStatus: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case approved = "APPROVED"
    case declined = "DECLINED"
    case badRequest = "BAD_REQUEST"
    case rejected = "REJECTED"
}
