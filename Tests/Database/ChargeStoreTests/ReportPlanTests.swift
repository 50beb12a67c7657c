import ChargeStore
import TestSupport
import Testing

/// Tests of the planner's estimates for the reports on a hundred thousand charges. The bounds are in the reports' files.
/// Above the ceiling a report has lost its plan. Below the floor the data are missing, and the ceiling says nothing.
@Suite struct ReportPlanTests {
    @Test("Each report's estimated cost is between its floor and its ceiling", .database)
    func theyStayBetweenFloorAndCeiling() async throws {
        let session = TestDatabase.current.session
        try await session.execute(ReportFixture.script(charges: 100_000))
        // The tests' server lacks the extension that this report needs.
        for report in Report.all where report.name != "database-statements" {
            let range = try #require(report.cost, "\(report.name)")
            let plan = try await session.texts("EXPLAIN " + report.script.defaultStatement)
            let first = plan.first.flatMap { $0 } ?? ""
            let cost = first.firstMatch(of: #/\.\.([0-9.]+) rows/#).flatMap { Double($0.output.1) } ?? 0
            #expect(range.contains(cost), "\(report.name): \(cost), \(first)")
        }
    }

    /// Most charges are processed, as in a database that has run for some time.
    @Test("A report of what waits reads it by the index of the list", .database)
    func whatWaitsIsReadByTheIndex() async throws {
        let session = TestDatabase.current.session
        try await session.execute(ReportFixture.script(charges: 100_000))
        try await session.execute(
            """
            UPDATE countersign.charge
            SET charge_status = 'REJECTED', set_as_rejected_request_on = now(), taken_on = NULL,
                acknowledged_on = now()
            WHERE received_on < now() - interval '2 days' AND charge_status = 'PENDING';
            UPDATE countersign.charge
            SET acknowledged_on = now()
            WHERE received_on < now() - interval '2 days' AND acknowledged_on IS NULL;
            """)
        try await session.execute("VACUUM ANALYZE countersign.charge")
        for (name, index) in [
            ("undecided-charges", "charge_pending_idx"), ("accepted-not-processed", "charge_pending_idx"),
            ("taken-without-outcome", "charge_pending_idx"),
            ("processed-not-acknowledged", "charge_processed_idx"),
        ] {
            let report = try #require(Report.named(name))
            for given in [[:], ["operator": "ACME"]] {
                let statement = report.script.statement(given) { "'\($0)'" }
                let plan = try await session.texts("EXPLAIN " + statement).compactMap(\.self)
                #expect(plan.contains { $0.contains(index) }, "\(name): \(plan)")
                #expect(!plan.contains { $0.contains("Seq Scan on charge") }, "\(name): \(plan)")
            }
        }
    }

    @Test("The report of gaps orders the references of its period alone", .database)
    func gapsAreOfThePeriod() async throws {
        let session = TestDatabase.current.session
        try await session.execute(ReportFixture.script(charges: 100_000))
        let report = try #require(Report.named("reference-gaps"))
        let days = try await session.texts(
            "SELECT to_char(now() - make_interval(days => days), 'YYYY-MM-DD') FROM unnest(ARRAY[3, 2]) AS days"
        )
        let statement = report.script.statement(["from": days[0] ?? "", "to": days[1] ?? ""]) { "'\($0)'" }
        let text = try await session.texts("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
        // A day has one charge in ninety, and eight in ten have a reference.
        let plan = try Plan(text.compactMap(\.self).joined(separator: "\n"))
        #expect((500...1500).contains(plan.orderedRows), "\(plan.orderedRows)")
    }
}
