/// What a benchmark needs to know of an answer.
package struct Response: Equatable, Sendable {
    /// How the service's contract reads it.
    package enum Kind: Sendable {
        /// What is not listed as failed is durable.
        case answered
        /// Nothing of the call was applied.
        case refused
        /// Nobody knows.
        case unknown
    }

    package let status: Int
    /// The envelope's code; `HTTP` and the status if there is no envelope.
    package let code: String
    /// The codes of the failed items.
    package var failures: [String] = []
    /// How many charges it lists.
    package var listedCharges = 0

    package init(status: Int, code: String) {
        self.status = status
        self.code = code
    }

    package var kind: Kind {
        switch code {
        case "OK": .answered
        case "SERVICE_UNAVAILABLE", "RATE_LIMITED": .refused
        default: (400..<500).contains(status) && !code.hasPrefix("HTTP") ? .refused : .unknown
        }
    }
}
