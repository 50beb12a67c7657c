import Charges
import LibPQ

/// The part of an operator's charges that a search walks through. It decides the indexes, so each has a statement.
///
/// A scope is one walk through an index or several, of which a page merges the charges. What no index has, the decision
/// above all, is read from the charges. So a page looks at no more than `Statement.searchWalkLength` of them, an equal
/// share in each walk.
enum ChargeSearchScope: String, CaseIterable {
    case pending
    case processed
    case processedOfStatus = "processed_of_status"
    case unacknowledged
    case acknowledged
    case acknowledgedOfStatus = "acknowledged_of_status"
    case everProcessed = "ever_processed"
    case everProcessedOfStatus = "ever_processed_of_status"
    case all
    case unacknowledgedOfCustomer = "unacknowledged_of_customer"
    case acknowledgedOfCustomer = "acknowledged_of_customer"
    case ofCustomer = "of_customer"

    /// The scope of a filter; `nil` if the filter lets no charge pass: a pending one is not acknowledged.
    init?(_ filter: ChargeSearchFilter) {
        if filter.status == .status(.pending) && filter.isAcknowledged == true { return nil }
        let isOfCustomer = filter.customer != nil
        self =
            switch (filter.status, filter.isAcknowledged) {
            case (_, false?) where isOfCustomer: .unacknowledgedOfCustomer
            case (_, true?) where isOfCustomer: .acknowledgedOfCustomer
            case (_, nil) where isOfCustomer: .ofCustomer
            case (.status(.pending)?, _): .pending
            case (nil, false?): .unacknowledged
            case (nil, nil): .all
            case (.processed?, false?): .processed
            case (.processed?, nil): .everProcessed
            case (nil, true?), (.processed?, true?): .acknowledged
            case (.status?, false?): .processedOfStatus
            case (.status?, true?): .acknowledgedOfStatus
            case (.status?, nil): .everProcessedOfStatus
            }
    }

    /// The conditions of the scope's charges, one for each walk.
    fileprivate var walks: [SQL<ChargeSearch>] {
        let pending: SQL<ChargeSearch> = "charge.acknowledged_on IS NULL AND charge.charge_status = 'PENDING'"
        let processed: SQL<ChargeSearch> =
            "charge.acknowledged_on IS NULL AND charge.charge_status <> 'PENDING'"
        let ofStatus: SQL<ChargeSearch> = "charge.charge_status = \(\.singleStatus)"
        let unacknowledgedOfCustomer: SQL<ChargeSearch> =
            "charge.acknowledged_on IS NULL AND charge.billing_system_customer_identifier = \(\.filter.customer)"
        let acknowledgedOfCustomer: SQL<ChargeSearch> =
            "charge.acknowledged_on IS NOT NULL AND charge.billing_system_customer_identifier = \(\.filter.customer)"
        let acknowledgedOfStatus: SQL<ChargeSearch> = "charge.acknowledged_on IS NOT NULL AND \(ofStatus)"
        // The index has the status before the time: each status is a walk.
        let acknowledged = ChargeStatus.allCases.filter { $0 != .pending }.map {
            status -> SQL<ChargeSearch> in
            "charge.acknowledged_on IS NOT NULL AND charge.charge_status = '\(raw: status.rawValue)'"
        }
        return switch self {
        case .pending: [pending]
        case .processed: [processed]
        case .processedOfStatus: ["\(processed) AND \(ofStatus)"]
        case .unacknowledged: [pending, processed]
        case .acknowledged: acknowledged
        case .acknowledgedOfStatus: [acknowledgedOfStatus]
        case .everProcessed: [processed] + acknowledged
        case .everProcessedOfStatus: ["\(processed) AND \(ofStatus)", acknowledgedOfStatus]
        case .all: [pending, processed] + acknowledged
        case .unacknowledgedOfCustomer: [unacknowledgedOfCustomer]
        case .acknowledgedOfCustomer: [acknowledgedOfCustomer]
        case .ofCustomer: [unacknowledgedOfCustomer, acknowledgedOfCustomer]
        }
    }

    /// Whether the indexes have no status.
    fileprivate var isOfCustomer: Bool {
        [.unacknowledgedOfCustomer, .acknowledgedOfCustomer, .ofCustomer].contains(self)
    }
}

/// A charge that a search looked at for a page.
struct ChargeSearchRow: Sendable {
    let charge: ChargeRecord
    /// Whether the charge belongs on the page. One that does not says how far its walk has come.
    let isAskedFor: Bool
    /// Whether it is the last charge that its walk may look at for this page.
    let endsWalk: Bool
}

extension Statement where Input == ChargeSearch, Row == ChargeSearchRow {
    /// The most charges that are looked at for one page of a search.
    static let searchWalkLength = 20_000

    /// The statement for a page of a search, and one charge more, which says whether there is a next page.
    static func chargeSearch(_ scope: ChargeSearchScope, _ order: ChargeSearchOrder) -> Statement {
        let (direction, isAfter, isWithin): (String, String, String) =
            switch order {
            case .oldestFirst: ("", ">", "<")
            case .newestFirst: (" DESC", "<", ">=")
            }
        let asked: SQL<ChargeSearch> = scope.isOfCustomer ? "\(decision) AND \(status)" : decision
        let place = "received_on\(direction), number\(direction)"
        let conditions = scope.walks
        let walkLength = searchWalkLength / conditions.count
        // Each walk gives a page at most, and its last charge, beyond which it says nothing. The planner would read and
        // sort all charges of several walks that it could not end one by one.
        let walks = conditions.map { condition -> SQL<ChargeSearch> in
            """
            (SELECT walk.number, walk.received_on, walk.is_asked, walk.place = \(raw: walkLength) AS ends_walk
                FROM (
                    SELECT charge.number, charge.received_on, \(asked) AS is_asked,
                        row_number() OVER (ORDER BY \(raw: place)) AS place
                    FROM countersign.charge
                    WHERE charge.operator_id = \(\.operatorIdentifier) AND \(condition)
                        AND (charge.received_on, charge.number)
                            \(raw: isAfter) (\(\.start.receivedOn), \(\.start.number))
                        AND charge.received_on \(raw: isWithin) \(\.end)
                    ORDER BY \(raw: place)
                    LIMIT \(raw: walkLength)
                ) AS walk
                WHERE walk.is_asked OR walk.place = \(raw: walkLength)
                ORDER BY \(raw: place)
                LIMIT \(\.rowCount))
            """
        }
        let walked = walks.dropFirst().reduce(walks[0]) { "\($0) UNION ALL \($1)" }
        return Statement(
            "charge_search_\(scope.rawValue)_\(order.rawValue)",
            """
            SELECT \(raw: ChargeRecord.columns), charge.decide_by, walked.is_asked, walked.ends_walk
            FROM (SELECT * FROM (\(walked)) AS walked ORDER BY \(raw: place) LIMIT \(\.rowCount)) AS walked
            CROSS JOIN \(ownOperator)
            CROSS JOIN LATERAL (
                SELECT charge.*, countersign.decide_by(charge, own.operator) AS decide_by
                FROM countersign.charge
                WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.number = walked.number
                -- It stays a look-up of each row of the page.
                LIMIT 1
            ) AS charge
            ORDER BY walked.received_on\(raw: direction), walked.number\(raw: direction)
            """, decode: decodeRow)
    }

    /// The one charge of a number.
    static let chargeSearchByNumber = byName(
        "number",
        """
        charge.number = \(\.filter.number)
            AND (\(\.filter.referenceNumber)::text IS NULL OR EXISTS (
                SELECT FROM countersign.charge_history AS owner
                WHERE owner.operator_id = \(\.operatorIdentifier)
                    AND owner.reference_number = \(\.filter.referenceNumber) AND owner.takes_reference
                    AND owner.number = charge.number))
        """)
    /// The one charge that a reference number names.
    static let chargeSearchByReference = byName(
        "reference",
        """
        charge.number = (
                SELECT owner.number FROM countersign.charge_history AS owner
                WHERE owner.operator_id = \(\.operatorIdentifier)
                    AND owner.reference_number = \(\.filter.referenceNumber) AND owner.takes_reference)
        """)

    private static func byName(_ name: String, _ named: SQL<ChargeSearch>) -> Statement {
        Statement(
            "charge_search_by_\(name)",
            """
            SELECT \(raw: ChargeRecord.columns), countersign.decide_by(charge, own.operator), true, false
            FROM countersign.charge
            CROSS JOIN \(ownOperator)
            WHERE charge.operator_id = \(\.operatorIdentifier) AND \(named)
                AND charge.billing_system_customer_identifier
                    = coalesce(\(\.filter.customer), charge.billing_system_customer_identifier)
                AND (\(\.filter.isAcknowledged)::boolean IS NULL
                    OR (charge.acknowledged_on IS NOT NULL) = \(\.filter.isAcknowledged))
                AND \(status) AND \(decision)
                AND (charge.received_on, charge.number) > (\(\.start.receivedOn), \(\.start.number))
                AND charge.received_on < \(\.end)
            """, decode: decodeRow)
    }

    private static let ownOperator: SQL<ChargeSearch> = .ownOperator("\(\.operatorIdentifier)")
    private static let decision: SQL<ChargeSearch> =
        "coalesce(charge.decision, 'NONE') = coalesce(\(\.filter.decision), charge.decision, 'NONE')"
    private static let status: SQL<ChargeSearch> =
        "charge.charge_status = ANY (\(\.statuses))"

    @Sendable private static func decodeRow(_ row: inout RowReader) throws(PostgresError) -> ChargeSearchRow {
        var charge = try row.nextChargeRecord()
        charge.listed.decideBy = try row.next()
        return ChargeSearchRow(charge: charge, isAskedFor: try row.next(), endsWalk: try row.next())
    }
}

extension ChargeSearch: OperatorRead {
    /// The number of rows to read: the page, and one charge more.
    fileprivate var rowCount: Int { count + 1 }

    /// The statuses that the filter lets pass.
    fileprivate var statuses: [ChargeStatus] { filter.status?.statuses ?? ChargeStatus.allCases }

    /// The status of a scope that has one.
    fileprivate var singleStatus: ChargeStatus? { statuses.first }

    /// The place after which the page starts. It has the period's limit in it: an index is entered at one of the two,
    /// whichever the server takes, and would be read from there to the other.
    fileprivate var start: ChargePlace {
        switch order {
        // Numbers are never empty, so no charge of the limit's moment is left out, or taken in.
        case .oldestFirst:
            let limit = ChargePlace(receivedOn: filter.receivedFrom ?? .beforeAll, number: "")
            return place.map { $0.precedes(limit) ? limit : $0 } ?? limit
        case .newestFirst:
            let limit = ChargePlace(receivedOn: filter.receivedBefore ?? .afterAll, number: "")
            return place.map { limit.precedes($0) ? limit : $0 } ?? limit
        }
    }

    /// The period's limit at the other end.
    fileprivate var end: Timestamp {
        switch order {
        case .oldestFirst: filter.receivedBefore ?? .afterAll
        case .newestFirst: filter.receivedFrom ?? .beforeAll
        }
    }
}

extension ChargePlace {
    fileprivate func precedes(_ other: ChargePlace) -> Bool {
        receivedOn == other.receivedOn
            ? number.string.utf8.lexicographicallyPrecedes(other.number.string.utf8)
            : receivedOn < other.receivedOn
    }
}

extension Timestamp {
    fileprivate static let beforeAll = Timestamp(microsecondsSince2000: .min)
    fileprivate static let afterAll = Timestamp(microsecondsSince2000: .max)
}
