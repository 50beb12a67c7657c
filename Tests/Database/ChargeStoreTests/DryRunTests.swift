import Authentication
import Charges
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of dry runs: their results, and that they change nothing, lock nothing and wait for nobody.
@Suite struct DryRunTests {
    private let database = TestDatabase.current!

    @Test(
        "Of items with the same reference number, the first that is otherwise good is to have it", .database)
    func referencesWithinACall() async throws {
        try await database.addCharges(5, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N5", reference: "taken")]))
            let mismatch = DecisionItem(
                number: "N1", billingSystemCustomerIdentifier: "someone", referenceNumber: "R")
            let outcomes = try await store.decisions.dryRun(
                .accepting([
                    mismatch, .charge("N9", reference: "R"), .charge("N2", reference: "R"),
                    .charge("N3", reference: "R"), .charge("N4", reference: "taken"),
                ]))
            #expect(
                outcomes == [
                    .failed(ItemFailure(.customerMismatch, conflict: .init(status: "PENDING"))),
                    .failed(ItemFailure(.chargeNotFound)), .decidable(revision: 1),
                    .failed(
                        ItemFailure(
                            .referenceNumberInUse, conflict: .init(status: "PENDING", otherNumber: "N2"))),
                    .failed(
                        ItemFailure(
                            .referenceNumberInUse, conflict: .init(status: "PENDING", otherNumber: "N5"))),
                ])
        }
    }

    @Test("A dry run gives the revision that the decision would get; an acknowledgement has none", .database)
    func revisions() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()
            WHERE number = 'N2'
            """)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1")]))
            #expect(
                try await store.decisions.dryRun(.accepting([.charge("N1")], decision: .declined))
                    == [.decidable(revision: 2)])
            #expect(
                try await store.decisions.dryRun(.call(.acknowledge, [.charge("N2")]))
                    == [.decidable(revision: nil)])
        }
    }

    @Test("A dry run of a repeat gives the decision that is in force, as the repeated call does", .database)
    func repeats() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let call = DecisionCall.accepting([.charge("N1", reference: "R")], idempotencyKey: "key")
            guard case .decided(let made) = try await store.decisions.decide(call).first else {
                Issue.record("the charge was not accepted")
                return
            }
            #expect(try await store.decisions.dryRun(call) == [.repeated(made)])
            var other = call
            other.idempotencyKey = nil
            #expect(try await store.decisions.dryRun(other).map(\.text) == ["CHARGE_ALREADY_ACCEPTED"])
            other.repeatsSucceed = true
            #expect(try await store.decisions.dryRun(other) == [.repeated(made)])
            _ = try await store.decisions.decide(.accepting([.charge("N1")], decision: .declined))
            #expect(try await store.decisions.dryRun(call).map(\.text) == ["DECISION_SUPERSEDED"])
        }
    }

    @Test("A dry run changes no row, locks none, and counts no failed item", .database)
    func nothingChanges() async throws {
        try await database.addCharges(3, prefix: "N")
        let contents = try await DatabaseContents(of: database)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "R")]))
            let before = try await contents.read()
            for action in ChargeAction.allCases {
                for key: ExactText? in [nil, "key"] {
                    _ = try await store.decisions.dryRun(
                        .call(
                            action,
                            [.charge("N1"), .charge("N2", reference: "R"), .charge("N3", reference: "S")],
                            idempotencyKey: key))
                }
            }
            await store.storeFailedItems(deadline: .now + .patience)
            #expect(try await contents.read() == before)
            // The digest does tell.
            _ = try await store.decisions.decide(.accepting([.charge("N2")]))
            #expect(try await contents.read() != before)
        }
    }

    @Test(
        "A dry run judges what another session holds as it is committed, without waiting", .database,
        arguments: HeldLock.allCases)
    func lockedCharges(_ lock: HeldLock) async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            try await database.holding(lock) { (_: LockHolder) async throws in
                // The lock is held until the answer is there.
                #expect(
                    try await store.decisions.dryRun(
                        .accepting([.charge("N1", reference: "R"), .charge("N2", reference: "R")])
                    ).map(\.text) == ["OK", "REFERENCE_NUMBER_IN_USE"])
            }
        }
    }

    /// The charges are seen in read-only transactions alone.
    @Test("A dry run is a read-only transaction", .database)
    func readOnly() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            """
            ALTER TABLE countersign.charge RENAME TO charge_itself;
            CREATE VIEW countersign.charge AS
                SELECT * FROM countersign.charge_itself WHERE current_setting('transaction_read_only') = 'on';
            GRANT SELECT ON countersign.charge TO countersign_application, countersign_reader
            """)
        try await database.withStore { (store: Store) async throws in
            let call = DecisionCall.accepting([.charge("N1")])
            #expect(try await store.decisions.dryRun(call).map(\.text) == ["OK"])
            // The sessions take writes again.
            try await database.session.execute(
                """
                DROP VIEW countersign.charge;
                ALTER TABLE countersign.charge_itself RENAME TO charge
                """)
            #expect(try await store.decisions.decide(call).map(\.text) == ["OK"])
        }
    }
}
