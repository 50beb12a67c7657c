package import Charges

/// Who makes a call, as its token says.
package struct Caller: Sendable {
    package let operatorAccount: OperatorAccount
    package let username: String
    /// The token's own name, which may be logged; the token may not.
    package let tokenIdentifier: String
}
