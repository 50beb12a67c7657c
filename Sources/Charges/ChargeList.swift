/// A query for one page of an operator's unacknowledged charges.
package struct ChargeListQuery: Equatable, Sendable {
    /// The maximum number of charges in one page.
    package static let maximumCount = 50
    /// The largest offset. Everything before it is read and thrown away, so that a page far back is for a cursor.
    package static let maximumOffset = 100_000

    package var operatorIdentifier: OperatorIdentifier
    package var filter: ChargeListFilter
    package var start: Start
    /// The maximum number of charges, 1 to 50.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    /// The start of the page.
    package enum Start: Equatable, Sendable {
        /// The place after this number of charges of the list as it is now.
        case offset(Int)
        /// The place after this one; `nil` is the beginning of the list.
        case after(ChargePlace?)
    }

    package init(
        operatorIdentifier: OperatorIdentifier, filter: ChargeListFilter, start: Start, count: Int,
        deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.filter = filter
        self.start = start
        self.count = count
        self.deadline = deadline
    }
}

/// The filter of a list.
package struct ChargeListFilter: Hashable, Sendable {
    package var isProcessed: Bool
    /// The filter of current decisions; `nil` means any.
    package var decision: DecisionFilter?
    /// The customer whose charges are listed; `nil` means all. It need not be one that can exist.
    package var customer: ExactText?

    package init(isProcessed: Bool, decision: DecisionFilter? = nil, customer: ExactText? = nil) {
        self.isProcessed = isProcessed
        self.decision = decision
        self.customer = customer
    }
}

/// The filter of a list that selects charges by their current decision. Its raw values are those of the API.
package enum DecisionFilter: RawRepresentable, Hashable, Sendable, CaseIterable {
    case undecided
    case decided(Decision)

    package static let allCases: [DecisionFilter] = [.undecided] + Decision.allCases.map(Self.decided)

    package var rawValue: String {
        switch self {
        case .undecided: "NONE"
        case .decided(let decision): decision.rawValue
        }
    }

    package init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }
}

/// A charge's place in its operator's list. It never changes, so a pass from place to place returns every charge that
/// is listable throughout it.
package struct ChargePlace: Hashable, Sendable {
    package var receivedOn: Timestamp
    package var number: ExactText

    package init(receivedOn: Timestamp, number: ExactText) {
        self.receivedOn = receivedOn
        self.number = number
    }
}

/// A place in a list as a client holds it: an opaque text. Only the list that it came from, of the same operator and with
/// the same filter, takes it.
package struct ChargeCursor: Equatable, Sendable {
    package let text: String

    package init(_ place: ChargePlace, operatorCode: String, filter: ChargeListFilter) {
        text = place.text(in: Self.list(operatorCode: operatorCode, filter: filter))
    }

    private static func list(operatorCode: String, filter: ChargeListFilter) -> String {
        "1 \(operatorCode.utf8.count) \(operatorCode) \(filter.isProcessed) "
            + (filter.decision?.rawValue ?? "ANY") + (filter.customer.map { " \($0.string)" } ?? "")
    }

    /// Reads a cursor back.
    ///
    /// - Returns: `nil` if the text is not a cursor of this list, or names a place that no list can have.
    package static func place(in text: String, operatorCode: String, filter: ChargeListFilter) -> ChargePlace?
    {
        ChargePlace(text, in: list(operatorCode: operatorCode, filter: filter))
    }
}

extension ChargePlace {
    /// The text of the place in a list of this name, as a client holds it.
    func text(in list: String) -> String {
        CursorText.text(
            CursorText.bigEndian(UInt64(bitPattern: receivedOn.microsecondsSince2000)) + number.string.utf8,
            of: list)
    }

    /// Reads a place back; `nil` if the text is not of a list of this name, or names a place that no list can have.
    init?(_ text: String, in list: String) {
        guard (34...2 * (16 + DecisionItem.maximumScalars)).contains(text.utf8.count),
            let bytes = CursorText.bytes(of: text, in: list)
        else { return nil }
        let microseconds = bytes[..<8].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        self.init(
            receivedOn: Timestamp(microsecondsSince2000: Int64(bitPattern: microseconds)),
            number: ExactText(String(decoding: bytes[8...], as: UTF8.self)))
        guard receivedOn.isStorable, !number.containsNul,
            self.text(in: list).utf8.elementsEqual(text.utf8)
        else { return nil }
    }
}

/// One page of a list.
package struct ChargePage: Equatable, Sendable {
    package var charges: [ListedCharge]
    /// The place before the next page; `nil` at the end of the list. A page may hold fewer charges than requested, or
    /// none, before the end: the number of charges that a filtered list examines for one page is bounded.
    package var next: ChargePlace?

    package init(charges: [ListedCharge], next: ChargePlace?) {
        self.charges = charges
        self.next = next
    }
}

/// A charge as a list shows it: with its current decision alone.
package struct ListedCharge: Equatable, Sendable {
    package var number: ExactText
    package var terms: ChargeTerms
    package var status: ChargeStatus
    package var receivedOn: Timestamp
    /// The time when the charge got its status; `nil` for a pending one.
    package var processedOn: Timestamp?
    package var decision: Decision?
    package var decidedOn: Timestamp?
    package var decisionReferenceNumber: ExactText?
    /// The time when the operator's policy would decide the charge; `nil` if it is decided, or the policy is to hold.
    package var decideBy: Timestamp?

    package init(
        number: ExactText, terms: ChargeTerms, status: ChargeStatus, receivedOn: Timestamp,
        processedOn: Timestamp?, decision: Decision?, decidedOn: Timestamp?,
        decisionReferenceNumber: ExactText?, decideBy: Timestamp? = nil
    ) {
        self.number = number
        self.terms = terms
        self.status = status
        self.receivedOn = receivedOn
        self.processedOn = processedOn
        self.decision = decision
        self.decidedOn = decidedOn
        self.decisionReferenceNumber = decisionReferenceNumber
        self.decideBy = decideBy
    }
}
