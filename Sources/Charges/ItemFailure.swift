/// One item's failure: its code, and what the sentence for a person names.
package struct ItemFailure: Equatable, Sendable {
    package let code: ItemFailureCode
    /// The status, decision, reference number or charge that stands in the way, all of them the caller's own.
    package let standing: Standing

    /// What stands in the way of an item.
    package struct Standing: Equatable, Sendable {
        /// The charge's status, for a processed one.
        package var status: String?
        /// The reference number of the standing decision, if it has one.
        package var referenceNumber: String?
        /// The charge that the item's reference number names already.
        package var otherNumber: String?

        package init(status: String? = nil, referenceNumber: String? = nil, otherNumber: String? = nil) {
            self.status = status
            self.referenceNumber = referenceNumber
            self.otherNumber = otherNumber
        }
    }

    package init(_ code: ItemFailureCode, standing: Standing = Standing()) {
        self.code = code
        self.standing = standing
    }
}
