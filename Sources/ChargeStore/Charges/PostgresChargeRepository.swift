package import Charges
import LibPQ
import Scheduling

/// The charge repository on PostgreSQL.
package struct PostgresChargeRepository: ChargeRepository {
    let reader: QueryRunner

    package func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage {
        guard query.filter.customer.map(DecisionItem.isWellFormed) ?? true else {
            return ChargePage(charges: [], next: nil)
        }
        let rows = try await reader.operatorRows(
            .chargeList(query), query, deadline: query.deadline,
            share: .operator(query.operatorIdentifier.value))
        var page: [ListedCharge] = []
        page.reserveCapacity(rows.count)
        for row in rows where row.isAskedFor {
            // The charge beyond those asked for says that there is a next page.
            guard page.count < query.count else { return ChargePage(charges: page, next: page.last?.place) }
            page.append(row.charge)
        }
        let last = rows.last.flatMap { $0.endsWalk ? $0.charge.place : nil }
        return ChargePage(charges: page, next: last)
    }

    package func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge? {
        let rows: [ChargeRow]
        let share = QueueShare.operator(operatorIdentifier.value)
        switch name {
        case .number(let text), .referenceNumber(let text):
            guard !text.containsNul else { return nil }
            let key = ChargeKey(operatorIdentifier: operatorIdentifier, name: text)
            if case .number = name {
                rows = try await reader.operatorRows(.chargeByNumber, key, deadline: deadline, share: share)
            } else {
                rows = try await reader.operatorRows(
                    .chargeByReference, key, deadline: deadline, share: share)
            }
        }
        return ChargeRow.charge(rows)
    }

    package func records(
        numbered numbers: [ExactText], of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [ChargeRecord] {
        let numbers = numbers.filter(DecisionItem.isWellFormed)
        guard !numbers.isEmpty else { return [] }
        return try await reader.operatorRows(
            .chargesByNumbers, ChargeNumbers(operatorIdentifier: operatorIdentifier, numbers: numbers),
            deadline: deadline, share: .operator(operatorIdentifier.value))
    }
}

extension ListedCharge {
    fileprivate var place: ChargePlace { ChargePlace(receivedOn: receivedOn, number: number) }
}

/// The name of a charge of an operator: its number, or one of its reference numbers.
struct ChargeKey: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let name: ExactText
}

/// Charges of an operator by their numbers.
struct ChargeNumbers: OperatorRead {
    let operatorIdentifier: OperatorIdentifier
    let numbers: [ExactText]
}

/// A charge with one entry of its history. One statement returns a row for each entry, so that a charge and its
/// decisions are of one snapshot.
struct ChargeRow: Sendable {
    let charge: Charge
    let entry: HistoryEntry?

    /// An entry of a charge's history.
    enum HistoryEntry: Sendable {
        case decision(RecordedDecision)
        case acknowledgement(Acknowledgement)
    }

    /// Builds the charge from its rows; `nil` if there are none.
    static func charge(_ rows: [ChargeRow]) -> Charge? {
        guard var charge = rows.first?.charge else { return nil }
        for row in rows {
            switch row.entry {
            case .decision(let decision): charge.decisions.append(decision)
            case .acknowledgement(let acknowledgement): charge.acknowledgement = acknowledgement
            case nil: break
            }
        }
        return charge
    }
}

extension Statement where Input == ChargeKey, Row == ChargeRow {
    static let chargeByNumber = charge("charge_by_number", number: "\(\.name)")
    static let chargeByReference = charge(
        "charge_by_reference",
        number: """
            (SELECT owner.number FROM countersign.charge_history AS owner
            WHERE owner.operator_id = \(\.operatorIdentifier) AND owner.reference_number = \(\.name)
                AND owner.takes_reference)
            """)

    private static func charge(_ name: String, number: SQL<ChargeKey>) -> Statement {
        Statement(
            name,
            """
            SELECT \(raw: ChargeRecord.columns),
                (SELECT countersign.decide_by(charge, operator) FROM countersign.operator
                WHERE operator.operator_id = charge.operator_id),
                EXISTS (
                    SELECT FROM countersign.charge_outcome AS given
                    WHERE given.operator_id = charge.operator_id AND given.number = charge.number),
                history.revision, history.kind, history.made_by, history.username, history.made_on,
                history.reference_number
            FROM countersign.charge
            LEFT JOIN countersign.charge_history AS history
                ON history.operator_id = charge.operator_id AND history.number = charge.number
            WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.number = \(number)
            ORDER BY history.revision
            """,
            decode: { row throws(PostgresError) in
                var record = try row.nextChargeRecord()
                record.listed.decideBy = try row.next()
                let charge = Charge(record, wasProcessedHere: try row.next())
                return ChargeRow(charge: charge, entry: try row.nextHistoryEntry())
            })
    }
}

extension Statement where Input == ChargeNumbers, Row == ChargeRecord {
    static let chargesByNumbers = Statement(
        "charges_by_numbers",
        """
        SELECT \(raw: ChargeRecord.columns)
        FROM countersign.charge
        WHERE charge.operator_id = \(\.operatorIdentifier) AND charge.number = ANY (\(\.numbers))
        """,
        decode: { row throws(PostgresError) in try row.nextChargeRecord() })
}

extension RowReader {
    fileprivate mutating func nextHistoryEntry() throws(PostgresError) -> ChargeRow.HistoryEntry? {
        guard let revision = try next(Int?.self) else { return nil }
        let action = try next(ChargeAction.self)
        let byPolicy = try next(String.self) == "policy"
        let username = try next(String?.self)
        let madeOn = try next(Timestamp.self)
        let reference = try next(ExactText?.self)
        guard let decision = action.decision else {
            return .acknowledgement(
                Acknowledgement(madeOn: madeOn, username: username, referenceNumber: reference))
        }
        return .decision(
            RecordedDecision(
                revision: revision, decision: decision, maker: byPolicy ? .policy : .user(username),
                madeOn: madeOn, referenceNumber: reference))
    }
}
