import ChargeStore
import Charges
import LibPQ
import TestSupport
import Testing

/// Tests of what the command line's list reads: which charges, in which order, and of one snapshot that it lets go.
@Suite struct ChargeSelectionTests {
    private let database = TestDatabase.current!

    /// The numbers of the selected charges; the body runs with each of their parts.
    private func numbers(
        of operatorCode: String = "ACME", _ selection: ChargeSelection = ChargeSelection(),
        each body: @escaping @Sendable ([String]) throws -> Void = { _ in }
    ) async throws -> [String] {
        try await onThread { [connection = database.administrationConnectionString] in
            let session = try AdministrationSession(database: connection)
            defer { session.close() }
            var numbers: [String] = []
            try session.charges(of: operatorCode, selection) { charges in
                let part = charges.map(\.listed.number.string)
                try body(part)
                numbers += part
            }
            return numbers
        }
    }

    @Test("Charges are selected by customer, status and time of receipt, the oldest first", .database)
    func chargesAreSelected() async throws {
        try await database.addCharges(6, prefix: "N")
        try await database.addCharges(1, prefix: "X", operatorIdentifier: 2)
        try await database.session.execute(
            """
            UPDATE countersign.charge SET received_on = timestamptz '2026-10-07Z' - substr(number, 2)::int * interval '1 day';
            UPDATE countersign.charge SET billing_system_customer_identifier = 'anna' WHERE number IN ('N2', 'N5');
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                acknowledged_on = CASE number WHEN 'N5' THEN now() END
            WHERE number IN ('N4', 'N5')
            """)
        func expect(_ numbers: [String], _ change: (inout ChargeSelection) -> Void) async throws {
            var selection = ChargeSelection()
            change(&selection)
            #expect(try await self.numbers(selection) == numbers, "\(selection)")
        }
        try await expect(["N6", "N5", "N4", "N3", "N2", "N1"]) { _ in }
        try await expect(["N5", "N2"]) { $0.customer = "anna" }
        try await expect([]) { $0.customer = "nobody" }
        try await expect(["N5", "N4"]) { $0.statuses = [.rejected, .approved] }
        try await expect(["N3", "N2", "N1"]) { $0.from = Timestamp("2026-10-04") }
        try await expect(["N6", "N5", "N4"]) { $0.to = Timestamp("2026-10-04") }
        try await expect(["N5"]) {
            $0.customer = "anna"
            $0.statuses = [.rejected]
            $0.from = Timestamp("2026-10-01T00:00:00")
            $0.to = Timestamp("2026-10-03T00:00:00")
        }
        #expect(try await numbers(of: "GLOBEX") == ["X1"])
        await #expect(throws: AdministrationFailure.self) { try await numbers(of: "NOBODY") }
    }

    /// A reader may take hours, and an old snapshot keeps vacuum from removing dead rows.
    @Test("Many charges come in parts, of one snapshot that is let go before the first part", .database)
    func theSnapshotIsLetGo() async throws {
        try await database.addCharges(3500, prefix: "N")
        let holders: Statement<Void, String> = Statement(
            "",
            """
            SELECT count(*) FILTER (WHERE backend_xmin IS NOT NULL OR xact_start IS NOT NULL) || ' of ' || count(*)
            FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'countersign'
            """)
        let parameters = try ConnectionParameters(parsing: database.administrationConnectionString)
        let numbers = try await numbers { part in
            guard !part.isEmpty else { return }
            let connection = try Connection(parameters, deadline: .now + .seconds(60))
            defer { connection.close() }
            #expect(try connection.run(holders, (), deadline: .now + .seconds(60)) == ["0 of 1"])
            #expect(part.count <= 1000)
        }
        #expect(numbers.count == 3500)
        #expect(Set(numbers).count == 3500)
    }
}
