import Charges
import LibPQ

/// A charge that a walk through a list looked at for a page.
struct ChargeListRow: Sendable {
    let charge: ListedCharge
    /// Whether the charge belongs on the page. One that does not says how far the walk has come.
    let isAskedFor: Bool
    /// Whether it is the last charge that may be looked at for this page.
    let endsWalk: Bool
}

extension Statement where Input == ChargeListQuery, Row == ChargeListRow {
    /// The most charges that are looked at for one page of a list that is filtered by what no index has.
    ///
    /// No index may name the decision, so the walk finds these charges by going through the list. The bound keeps every
    /// page cheap: a walk that finds few ends early and says where to continue.
    static let filteredWalkLength = 1000

    /// The statement for a page of an operator's list, and one charge more, which says whether there is a next page.
    static func chargeList(_ query: ChargeListQuery) -> Statement {
        let isFiltered = query.filter.decision != nil
        let isOfCustomer = query.filter.customer != nil
        switch query.start {
        case .offset:
            if isOfCustomer { return customerByOffset }
            return query.filter.isProcessed ? processedByOffset : pendingByOffset
        case .after:
            if isOfCustomer { return customerByPlace }
            if query.filter.isProcessed { return isFiltered ? processedFilteredByPlace : processedByPlace }
            return isFiltered ? pendingFilteredByPlace : pendingByPlace
        }
    }

    /// The pending charges after a place. The status is in the statement's text, so that the partial index of its list
    /// serves it. So are the limits of the walks, so that one plan is good for all: with a parameter, PostgreSQL would
    /// assume a tenth of the list.
    static let pendingByPlace = byPlace("pending", of: pending, walk: maximumRows)
    static let processedByPlace = byPlace("processed", of: processed, walk: maximumRows)
    static let pendingFilteredByPlace = byPlace("pending_filtered", of: pending, walk: filteredWalkLength)
    static let processedFilteredByPlace = byPlace(
        "processed_filtered", of: processed, walk: filteredWalkLength)
    static let pendingByOffset = byOffset("pending", of: pending)
    static let processedByOffset = byOffset("processed", of: processed)

    /// A customer's charges after a place. Its index has no status either, so the walk passes over the other charges. The
    /// status is a parameter: the planner cannot conclude that the index of a whole list would do.
    static let customerByPlace = byPlace(
        "customer", of: customer, asked: "\(decision) AND \(status)", walk: filteredWalkLength)
    static let customerByOffset = byOffset("customer", of: customer, asked: "\(decision) AND \(status)")

    private static let maximumRows = ChargeListQuery.maximumCount + 1

    private static let ownOperator: SQL<ChargeListQuery> = .ownOperator("\(\.operatorIdentifier)")

    // The lists, and the filters of their charges.
    private static let pending: SQL<ChargeListQuery> = "charge.charge_status = 'PENDING'"
    private static let processed: SQL<ChargeListQuery> = "charge.charge_status <> 'PENDING'"
    private static let customer: SQL<ChargeListQuery> =
        "charge.billing_system_customer_identifier = \(\.filter.customer)"
    private static let decision: SQL<ChargeListQuery> =
        "coalesce(charge.decision, 'NONE') = coalesce(\(\.filter.decision), charge.decision, 'NONE')"
    private static let status: SQL<ChargeListQuery> =
        "(charge.charge_status <> 'PENDING') = \(\.filter.isProcessed)"

    private static func byPlace(
        _ name: String, of list: SQL<ChargeListQuery>, asked: SQL<ChargeListQuery> = decision, walk: Int
    ) -> Statement {
        Statement(
            "charge_list_\(name)_by_place",
            """
            SELECT \(raw: ListedCharge.columns), charge.decide_by, \(asked), charge.place = \(raw: walk)
            FROM (
                SELECT charge.*, countersign.decide_by(charge, own.operator) AS decide_by,
                    row_number() OVER (ORDER BY charge.received_on, charge.number) AS place
                FROM countersign.charge
                CROSS JOIN \(ownOperator)
                WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.acknowledged_on IS NULL
                    AND \(list)
                    AND (charge.received_on, charge.number) > (\(\.place.receivedOn), \(\.place.number))
                ORDER BY charge.received_on, charge.number
                LIMIT \(raw: walk)
            ) AS charge
            WHERE \(asked) OR charge.place = \(raw: walk)
            ORDER BY charge.received_on, charge.number
            LIMIT \(\.rowCount)
            """, decode: decodeRow)
    }

    private static func byOffset(
        _ name: String, of list: SQL<ChargeListQuery>, asked: SQL<ChargeListQuery> = decision
    ) -> Statement {
        Statement(
            "charge_list_\(name)_by_offset",
            """
            SELECT \(raw: ListedCharge.columns), charge.decide_by, true, false
            FROM (
                SELECT charge.*, countersign.decide_by(charge, own.operator) AS decide_by
                FROM countersign.charge
                CROSS JOIN \(ownOperator)
                WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.acknowledged_on IS NULL
                    AND \(list) AND \(asked)
                ORDER BY charge.received_on, charge.number
                LIMIT \(\.rowCount) OFFSET \(\.offset)
            ) AS charge
            """, decode: decodeRow)
    }

    @Sendable private static func decodeRow(_ row: inout RowReader) throws(PostgresError) -> ChargeListRow {
        var charge = try row.nextListedCharge()
        charge.decideBy = try row.next()
        return ChargeListRow(charge: charge, isAskedFor: try row.next(), endsWalk: try row.next())
    }
}

extension ChargeListQuery: OperatorRead {
    /// The number of rows to read: the page, and one charge more.
    fileprivate var rowCount: Int { count + 1 }

    /// The place after which the page starts.
    fileprivate var place: ChargePlace {
        if case .after(let place?) = start { return place }
        // The place before every charge: numbers are never empty.
        return ChargePlace(receivedOn: Timestamp(microsecondsSince2000: .min), number: "")
    }

    /// The number of charges before the page.
    fileprivate var offset: Int {
        if case .offset(let offset) = start { offset } else { 0 }
    }
}
