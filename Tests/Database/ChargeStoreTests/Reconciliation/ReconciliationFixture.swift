import Authentication
import ChargeStore
import Charges
import TestSupport

/// A reconciliation that has been read back.
struct ReadReconciliation: Sendable {
    let reconciliation: Reconciliation
    let totals: [ReconciliationTotal]
    let differences: [ReconciliationDifference]

    /// The classes of the differences with their lines, `AMOUNT_DIFFERS 3`, in the order of the lines. A charge that no
    /// row pairs with comes first, with its number.
    var summary: [String] {
        differences.sorted { ($0.line ?? 0, $0.identifier) < ($1.line ?? 0, $1.identifier) }.map {
            "\($0.reconciliationClass.rawValue) \($0.line.map(String.init) ?? $0.here?.number ?? "")"
        }
    }

    /// The numbers of rows, as `CLASS SIDE ROWS`.
    var counts: [String] {
        totals.map { "\($0.reconciliationClass.rawValue) \($0.side.rawValue) \($0.rows)" }
    }
}

extension Store {
    /// Uploads a file in small pieces.
    func upload(
        _ file: String, _ parameters: ReconciliationParameters = .october, key: ExactText? = nil,
        operatorIdentifier: OperatorIdentifier = TestDatabase.acme.identifier
    ) async throws -> Reconciliation {
        let upload = try await reconciliations.create(
            parameters, operatorIdentifier: operatorIdentifier, username: "tester", idempotencyKey: key)
        var rest = Array(file.utf8)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1000)
            try await upload.take(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return try await upload.finish()
    }

    /// Uploads a file and compares it.
    func reconcile(_ file: String, _ parameters: ReconciliationParameters = .october) async throws
        -> ReadReconciliation
    {
        let uploaded = try await upload(file, parameters)
        await reconciliationComparer.run()
        return try await readReconciliation(uploaded.number)
    }

    func readReconciliation(_ number: Int) async throws -> ReadReconciliation {
        let identifier = TestDatabase.acme.identifier
        guard
            let shown = try await reconciliations.show(
                operatorIdentifier: identifier, number: number, deadline: .now + .patience)
        else { throw ReconciliationFailure.noSuchReconciliation }
        return ReadReconciliation(
            reconciliation: shown.reconciliation, totals: shown.totals,
            differences: try await reconciliations.differences(
                operatorIdentifier: identifier, number: number, after: 0, reconciliationClass: nil,
                count: 1000,
                deadline: .now + .patience))
    }
}

extension ReconciliationParameters {
    /// The accepted charges of October 2020.
    static let october = ReconciliationParameters(
        format: .csv, from: Timestamp("2020-10-01")!, to: Timestamp("2020-11-01")!)

    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}

extension TestDatabase {
    /// Adds charges `N1`, `N2`, … that were accepted in October 2020 with the references `R1`, `R2`, ….
    func addAccepted(_ count: Int) async throws {
        try await addCharges(count, prefix: "N")
        try await withoutTriggers(
            """
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = '2020-10-05Z', decision_made_by = 'operator',
                decision_reference_number = 'R' || substr(number, 2);
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT operator_id, number, 1, 'ACCEPTED', 'operator', decided_on, decision_reference_number, true,
                gen_random_uuid()
            FROM countersign.charge
            """)
    }

    func withoutTriggers(_ sql: String) async throws {
        try await session.execute(
            "SET session_replication_role = replica; \(sql); RESET session_replication_role")
    }
}
