/// A search in all of an operator's charges, acknowledged ones too, for one page of what it finds.
package struct ChargeSearch: Equatable, Sendable {
    /// The maximum number of charges in one page.
    package static let maximumCount = ChargeListQuery.maximumCount

    package var operatorIdentifier: OperatorIdentifier
    package var filter: ChargeSearchFilter
    package var order: ChargeSearchOrder
    /// The place after which the page starts, in the search's order; `nil` is the beginning.
    package var place: ChargePlace?
    /// The maximum number of charges, 1 to 50.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, filter: ChargeSearchFilter, order: ChargeSearchOrder,
        after place: ChargePlace? = nil, count: Int = maximumCount, deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.filter = filter
        self.order = order
        self.place = place
        self.count = count
        self.deadline = deadline
    }
}

/// The order of what a search finds: by the time of receipt, then by number. The raw values are those of forms.
package enum ChargeSearchOrder: String, CaseIterable, Sendable {
    case newestFirst = "newest"
    case oldestFirst = "oldest"
}

/// The filter of a search. An unset property lets every charge pass; of those that are set all must hold.
package struct ChargeSearchFilter: Hashable, Sendable {
    package var status: ChargeStatusFilter?
    package var isAcknowledged: Bool?
    package var decision: DecisionFilter?
    /// The customer, which need not be one that can exist. So need not the number and the reference number.
    package var customer: ExactText?
    package var number: ExactText?
    /// Any reference number that the charge ever took.
    package var referenceNumber: ExactText?
    /// The first moment of receipt.
    package var receivedFrom: Timestamp?
    /// The first moment of receipt after the period.
    package var receivedBefore: Timestamp?

    package init() {}
}

/// The filter of a search that selects charges by their status. Its raw values are those of forms.
package enum ChargeStatusFilter: RawRepresentable, Hashable, Sendable, CaseIterable {
    /// Every final status.
    case processed
    case status(ChargeStatus)

    package static let allCases: [ChargeStatusFilter] =
        [.processed] + ChargeStatus.allCases.map(Self.status)

    package var rawValue: String {
        switch self {
        case .processed: "PROCESSED"
        case .status(let status): status.rawValue
        }
    }

    package init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// The statuses that the filter lets pass.
    package var statuses: [ChargeStatus] {
        switch self {
        case .processed: ChargeStatus.allCases.filter { $0 != .pending }
        case .status(let status): [status]
        }
    }
}

/// One page of a search.
package struct ChargeSearchPage: Sendable {
    /// The charges, with the time when the operator's policy decides them.
    package var charges: [ChargeRecord]
    /// The place after which the next page starts; `nil` at the end.
    package var next: ChargePlace?
    /// Whether the page ends early: the number of charges that are looked at for one page is bounded, and few of these
    /// passed the filter. `next` then tells how far the search has come.
    package var endsEarly: Bool

    package init(charges: [ChargeRecord], next: ChargePlace?, endsEarly: Bool) {
        self.charges = charges
        self.next = next
        self.endsEarly = endsEarly
    }
}

/// The store of charges, as operators search it.
package protocol ChargeSearchRepository: Sendable {
    /// One page of what a search finds. A pass from page to page returns every charge that the filter lets pass
    /// throughout it, once.
    ///
    /// - Throws: `RequestFailure`: `serviceUnavailable` if the database did not answer before the deadline,
    ///   `rateLimited` if the operator is beyond its share of the queue.
    func page(_ search: ChargeSearch) async throws(RequestFailure) -> ChargeSearchPage
}

/// A place in a search as a client holds it: an opaque text. Only the same search of the same operator takes it.
package struct ChargeSearchCursor: Equatable, Sendable {
    package let text: String

    package init(
        _ place: ChargePlace, operatorCode: String, filter: ChargeSearchFilter, order: ChargeSearchOrder
    ) {
        text = place.text(in: Self.search(operatorCode, filter, order))
    }

    /// Reads a cursor back.
    ///
    /// - Returns: `nil` if the text is not a cursor of this search, or names a place that no search can have.
    package static func place(
        in text: String, operatorCode: String, filter: ChargeSearchFilter, order: ChargeSearchOrder
    ) -> ChargePlace? {
        ChargePlace(text, in: search(operatorCode, filter, order))
    }

    /// The name of a search. Each part is preceded by its length, so that no two searches have one name.
    private static func search(
        _ operatorCode: String, _ filter: ChargeSearchFilter, _ order: ChargeSearchOrder
    ) -> String {
        let parts: [String?] = [
            operatorCode, order.rawValue, filter.status?.rawValue, filter.isAcknowledged.map(String.init),
            filter.decision?.rawValue, filter.customer?.string, filter.number?.string,
            filter.referenceNumber?.string,
            filter.receivedFrom.map { String($0.microsecondsSince2000) },
            filter.receivedBefore.map { String($0.microsecondsSince2000) },
        ]
        return parts.reduce("search 1") { name, part in
            name + (part.map { " \($0.utf8.count) \($0)" } ?? " -")
        }
    }
}
