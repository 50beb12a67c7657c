/// An operator's word that it has seen a processed charge's final state: once for each charge, and for ever.
package struct Acknowledgement: Equatable, Sendable {
    package var madeOn: Timestamp
    /// A user of the operator, or `key:NAME`.
    package var username: String?
    package var referenceNumber: ExactText?

    package init(madeOn: Timestamp, username: String?, referenceNumber: ExactText?) {
        self.madeOn = madeOn
        self.username = username
        self.referenceNumber = referenceNumber
    }
}
