import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of uploads: their keys, their ends, and what others do with those of nodes that are gone.
@Suite struct ReconciliationUploadTests {
    private var database: TestDatabase { TestDatabase.current }
    private static let file = "number,amount\nN1,9.90\n"

    @Test(
        "The same file under the same key is the same reconciliation, and another one is refused", .database)
    func keys() async throws {
        try await database.addAccepted(1)
        try await database.withStore { (store: Store) async throws in
            let first = try await store.upload(Self.file, key: "k")
            #expect(first.state == .waiting && first.rows == 1 && first.number == 1)
            #expect(try await store.upload(Self.file, key: "k").number == 1)
            await store.reconciliationComparer.run()
            let again = try await store.upload(Self.file, key: "k")
            #expect(again.number == 1 && again.state == .done)
            await #expect(throws: ReconciliationFailure.idempotencyKeyReused) {
                try await store.upload(Self.file + "N2,9.90\n", key: "k")
            }
            await #expect(throws: ReconciliationFailure.idempotencyKeyReused) {
                try await store.upload(Self.file, .october.with { $0.decision = .any }, key: "k")
            }
            #expect(try await store.upload(Self.file).number == 2)
            #expect(
                try await store.upload(
                    Self.file, key: "k", operatorIdentifier: TestDatabase.globex.identifier
                ).number == 1)
        }
    }

    @Test("A statement's own period counts, in the operator's zone", .database)
    func aStatementsPeriod() async throws {
        try await database.session.execute("UPDATE countersign.operator SET zone = 'America/St_Johns'")
        let statement = try await database.closeStatement()
        try await database.withStore { (store: Store) async throws in
            let ofStatement = ReconciliationParameters.october.with { $0.statement = statement.number }
            let found = try await store.upload(Self.file, ofStatement)
            #expect(found.beginsOn == statement.beginsOn && found.endsOn == statement.endsOn)
            await #expect(throws: ReconciliationFailure.noSuchStatement) {
                try await store.upload(Self.file, .october.with { $0.statement = statement.number + 1 })
            }
            await #expect(throws: ReconciliationFailure.noSuchStatement) {
                try await store.upload(
                    Self.file, ofStatement, operatorIdentifier: TestDatabase.globex.identifier)
            }
        }
    }

    @Test("A failed reconciliation has its line and reason, and frees its key", .database)
    func failuresFreeTheirKeys() async throws {
        try await database.addAccepted(1)
        try await database.withStore { (store: Store) async throws in
            let failed = try await store.upload("number,amount\nN1,9.90\nN2\n", key: "k")
            #expect(failed.state == .failed && failed.failure?.line == 3)
            let other = try await store.upload(Self.file, key: "k")
            #expect(other.number == 2 && other.state == .waiting)
            await store.reconciliationComparer.run()
            await store.reconciliationComparer.run()
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.reconciliation_row") == 0)
        }
    }

    @Test("A file that comes in holds its key; one that is abandoned does not", .database)
    func uploadsUnderWay() async throws {
        try await database.withStore { (store: Store) async throws in
            let acme = TestDatabase.acme.identifier
            let open = try await store.reconciliations.create(
                .october, operatorIdentifier: acme, username: nil, idempotencyKey: "k")
            try await open.take(Array(Self.file.utf8))
            await #expect(throws: ReconciliationFailure.stillReceiving) {
                try await store.upload(Self.file, key: "k")
            }
            await open.abandon()
            let shown = try await store.readReconciliation(open.number)
            #expect(
                shown.reconciliation.failure?.reason == "the upload was interrupted; upload the file again")
            #expect(try await store.upload(Self.file, key: "k").number == 2)
            for _ in 3...9 { _ = try await store.upload(Self.file) }
            await #expect(throws: ReconciliationFailure.tooMany) { try await store.upload(Self.file) }
            await #expect(throws: ReconciliationFailure.emptyPeriod) {
                try await store.upload(Self.file, .october.with { $0.to = $0.from })
            }
        }
    }

    @Test("Rows that a crash has emptied make the reconciliation fail", .database)
    func lostRows() async throws {
        try await database.addAccepted(1)
        try await database.withStore { (store: Store) async throws in
            let uploaded = try await store.upload(Self.file)
            // An unlogged table is empty after a crash.
            try await database.session.execute("TRUNCATE countersign.reconciliation_row")
            await store.reconciliationComparer.run()
            let found = try await store.readReconciliation(uploaded.number)
            #expect(found.reconciliation.state == .failed)
            #expect(
                found.reconciliation.failure?.reason
                    == "the rows were lost when the database restarted; upload the file again")
            // In the middle of a comparison as well.
            let other = try await store.upload(Self.file)
            try await database.session.execute(
                """
                UPDATE countersign.reconciliation SET state = 'COMPARING', stage = 'CHARGES' WHERE state = 'WAITING';
                TRUNCATE countersign.reconciliation_row;
                SELECT countersign.compare_reconciliation_slice(1, \(other.number), worker, 10, 10)
                FROM countersign.reconciliation WHERE number = \(other.number)
                """)
            #expect(try await store.readReconciliation(other.number).reconciliation.state == .failed)
        }
    }

    @Test("Another node finishes the comparison of one that is gone, and fails its half upload", .database)
    func takeover() async throws {
        try await database.addAccepted(3)
        try await database.withStore { (gone: Store) async throws in
            let waiting = try await gone.upload(Self.file)
            let half = try await gone.reconciliations.create(
                .october, operatorIdentifier: TestDatabase.acme.identifier, username: nil, idempotencyKey: nil
            )
            try await half.take(Array(Self.file.utf8))
            try await database.session.execute(
                """
                UPDATE countersign.reconciliation SET state = 'COMPARING' WHERE state = 'WAITING';
                SELECT countersign.compare_reconciliation_slice(1, \(waiting.number), worker, 1, 10)
                FROM countersign.reconciliation WHERE number = \(waiting.number)
                """)
            try await database.withStore { (other: Store) async throws in
                await other.reconciliationComparer.run()
                #expect(try await other.readReconciliation(waiting.number).reconciliation.state == .comparing)
                try await database.session.execute(
                    "UPDATE countersign.reconciliation SET heartbeat_on = heartbeat_on - interval '46 seconds'"
                )
                await other.reconciliationComparer.run()
                let found = try await other.readReconciliation(waiting.number)
                #expect(found.reconciliation.state == .done && found.counts.last == "ONLY_HERE HERE 2")
                #expect(try await other.readReconciliation(half.number).reconciliation.state == .failed)
            }
            // The node was not gone after all: its upload has ended, and its part of the comparison changes nothing.
            let late = try await half.finishOrFailure()
            #expect(late != nil)
        }
    }

    @Test("Differences are closed once, all of a call or none", .database)
    func closing() async throws {
        try await database.addAccepted(3)
        try await database.withStore { (store: Store) async throws in
            let acme = TestDatabase.acme.identifier
            let found = try await store.reconcile(Self.file)
            #expect(found.summary == ["ONLY_HERE N2", "ONLY_HERE N3"])
            func close(_ closings: [(difference: Int64, reason: String)], number: Int = 1) async throws
                -> [ReconciliationClosing]
            {
                try await store.reconciliations.close(
                    closings, operatorIdentifier: acme, number: number, username: "anna",
                    deadline: .now + .patience)
            }
            await #expect(throws: ReconciliationFailure.noSuchDifference(3)) {
                try await close([(difference: 1, reason: "a"), (difference: 3, reason: "b")])
            }
            await #expect(throws: ReconciliationFailure.noSuchReconciliation) {
                try await close([(difference: 1, reason: "a")], number: 2)
            }
            #expect(try await close([(difference: 1, reason: "a")]).map(\.reason) == ["a"])
            let both = try await close([(difference: 1, reason: "other"), (difference: 2, reason: "b")])
            #expect(both.map(\.reason) == ["a", "b"] && both.map(\.username) == ["anna", "anna"])
            let again = try await store.readReconciliation(1)
            #expect(again.reconciliation.closedDifferences == 2)
            #expect(again.differences.map { $0.closing?.reason } == ["a", "b"])
            let page = try await store.reconciliations.differences(
                operatorIdentifier: acme, number: 1, after: 1, reconciliationClass: .onlyHere, count: 10,
                deadline: .now + .patience)
            #expect(page.map(\.identifier) == [2])
        }
    }
}

extension ReconciliationUpload {
    /// The failure of the upload's end; `nil` if it ended well.
    fileprivate func finishOrFailure() async throws -> ReconciliationFailure? {
        do throws(ReconciliationFailure) {
            _ = try await finish()
            return nil
        } catch {
            return error
        }
    }
}
