import Authentication
import Charges
import ChargeStore
import Telemetry
import TestSupport
import Testing

/// Tests of decision files: what they may be, who may do what with them, and what becomes of their rows.
@Suite struct DecisionFileTests {
    private let database = TestDatabase.current!

    @Test("The dry run agrees with the run that follows, and the counts add up", .database)
    func resultsOfRows() async throws {
        try await database.addLogins()
        try await database.addCharges(120, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(
                .accepting([.charge("N1", reference: "X1"), .charge("N2", reference: "RN2"), .charge("N3")]))
            try await database.process("N1")
            let file =
                Store.file(110) + "N111,RN1\nN1,R9\n,R8\nmissing,R7\nN112,X1\nN113,\" \"\nN114,\n"
            let uploaded = try await store.uploadFile(file)
            #expect(uploaded.state == .received && uploaded.rows == 117 && uploaded.role == "decider")
            await store.workOnFiles()
            let checked = try await store.readFile(uploaded.number)
            #expect(checked.file.state == .checked && checked.file.checkedRows == 117)
            #expect(checked.counts.faults == 4 && checked.counts.rows == 117)
            #expect(checked.counts.results.open == 113 && checked.counts.expected.succeeded == 108)
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 3,
                "a dry run changes nothing")
            let started = try await store.decisionFiles.start(
                number: uploaded.number, login: .of("anna"), deadline: .now + .patience)
            #expect(started.state == .running)
            await store.workOnFiles()
            let done = try await store.readFile(uploaded.number)
            #expect(done.file.state == .done && done.file.decidedRows == 117)
            #expect(done.counts.expected == done.counts.results)
            #expect(
                done.counts.results.failed == [
                    .chargeAlreadyProcessed: 1, .chargeAlreadyAccepted: 1,
                    .chargeAcceptedUnderOtherReference: 1, .chargeNotFound: 1, .referenceNumberInUse: 1,
                ])
            let rows = try await store.fileRows(uploaded.number)
            let surprises = rows.filter { $0.expected != $0.result }.map(\.line)
            #expect(surprises == [])
            #expect(rows.count { $0.decidedOn != nil && $0.revision == 1 } == 108)
            #expect(try await store.fileRows(uploaded.number, .failed).count == 9)
            #expect(try await database.untrueRows(of: uploaded.number) == [])
            let makers = try await database.session.texts(
                """
                SELECT DISTINCT username || ' ' || idempotency_key FROM countersign.charge_history
                WHERE idempotency_key IS NOT NULL ORDER BY 1
                """)
            #expect(makers == ["anna file 1 1", "anna file 1 2", "anna file 1 3"])
        }
    }

    @Test("A checked file says its sums, what it takes back, and what lacks a reference", .database)
    func sumsOfRows() async throws {
        try await database.addLogins()
        try await database.addCharges(4, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let declining = try await store.startFile("number\nN1\nN2\n", .decline)
            await store.workOnFiles()
            #expect(try await store.fileResults(declining) == ["OK", "OK"])
            let sum = { (changes: Int) in
                DecisionFileSum(
                    localCurrency: "EUR", charges: 4, localCurrencyAmount: "36.40", changes: changes,
                    withoutReference: 1)
            }
            let accepting = try await store.uploadFile(
                "number,reference_number\nN1,R1\nN2,R2\nN3,\nN4,R4\nmissing,R5\n"
            ).number
            await store.workOnFiles()
            #expect(try await store.fileSums(accepting) == [sum(2)])
            _ = try await store.decisionFiles.start(
                number: accepting, login: .of("anna"), deadline: .now + .patience)
            await store.workOnFiles()
            #expect(try await store.fileSums(accepting) == [sum(0)])
        }
    }

    @Test("A file declines, and another one acknowledges", .database)
    func otherActions() async throws {
        try await database.addLogins()
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let declining = try await store.startFile(
                "number;billing_system_customer_identifier\nN1;cN1\nN2;cN1\n", .decline, login: .of("key:erp")
            )
            await store.workOnFiles()
            #expect(
                try await store.fileResults(declining) == ["OK", "CUSTOMER_MISMATCH"])
            let accepting = try await store.startFile("number\nN2\n")
            await store.workOnFiles()
            #expect(try await store.fileResults(accepting) == ["OK"])
            try await database.process("N2")
            let acknowledging = try await store.startFile("number\nN1\nN2\n", .acknowledge)
            await store.workOnFiles()
            let rows = try await store.fileRows(acknowledging)
            #expect(try await store.fileResults(acknowledging) == ["CHARGE_NOT_PROCESSED", "OK"])
            #expect(rows[1].revision == nil && rows[1].decidedOn != nil)
        }
    }

    @Test("A file of 10,000 rows is carried out, each row once", .database)
    func aLargeFile() async throws {
        try await database.addLogins()
        try await database.addCharges(10_000, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(10_000))
            await store.workOnFiles()
            let done = try await store.readFile(number)
            #expect(done.file.state == .done && done.counts.results.succeeded == 10_000)
            #expect(done.counts.expected.succeeded == 10_000)
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 10_000)
            #expect(try await database.untrueRows(of: number) == [])
            var (csv, after): ([UInt8], Int?) = ([], 0)
            var parts = 0
            while let place = after {
                let part = try await store.decisionFiles.results(
                    operatorIdentifier: TestDatabase.acme.identifier, number: number, after: place,
                    forSpreadsheets: false, deadline: .now + .patience)
                csv += part.csv
                after = part.next
                parts += 1
            }
            let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 10_001 && parts == 11)
            #expect(
                lines[0]
                    == "line,number,billing_system_customer_identifier,reference_number,result,description,decided_on,revision,check_result,check_description"
            )
            #expect(lines[1].hasPrefix("2,N1,,RN1,OK,,20") && lines[1].hasSuffix(",1,OK,"))
        }
    }

    @Test("A file that cannot be read is kept as failed, and frees its key", .database)
    func unreadableFiles() async throws {
        try await database.addLogins()
        try await database.withStore { (store: Store) async throws in
            let failed = try await store.uploadFile("number,x\nN1\n", key: "k")
            #expect(failed.state == .failed && failed.failure?.line == 2 && failed.rows == 0)
            let good = try await store.uploadFile(Store.file(1), key: "k")
            #expect(good.number == 2)
            #expect(try await store.uploadFile(Store.file(1), key: "k").number == 2)
            await #expect(throws: DecisionFileFailure.idempotencyKeyReused) {
                try await store.uploadFile(Store.file(2), key: "k")
            }
            await #expect(throws: DecisionFileFailure.idempotencyKeyReused) {
                try await store.uploadFile(Store.file(1), .decline, key: "k")
            }
            await #expect(throws: DecisionFileFailure.wrongState) {
                try await store.decisionFiles.start(
                    number: 1, login: .of("anna"), deadline: .now + .patience)
            }
            let page = try await store.decisionFiles.list(
                operatorIdentifier: TestDatabase.acme.identifier, before: 2, count: 10,
                deadline: .now + .patience)
            #expect(page.map(\.number) == [1])
        }
    }

    @Test("Only the login that uploaded a file, and administrators, may start or cancel it", .database)
    func whoMayDoWhat() async throws {
        try await database.addLogins()
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            await #expect(throws: DecisionFileFailure.notPermitted(.notPermitted)) {
                try await store.uploadFile(Store.file(1), login: .of("vera"))
            }
            await #expect(throws: DecisionFileFailure.notPermitted(.loginEnded)) {
                try await store.uploadFile(Store.file(1), login: .of("anna", generation: 2))
            }
            let number = try await store.uploadFile(Store.file(1)).number
            let files = store.decisionFiles
            await #expect(throws: DecisionFileFailure.wrongState) {
                try await files.start(number: number, login: .of("anna"), deadline: .now + .patience)
            }
            await store.workOnFiles()
            for login in [DecisionFileLogin.of("bert"), .of("vera"), .of("key:erp")] {
                await #expect(throws: DecisionFileFailure.notPermitted(.notPermitted)) {
                    try await files.start(number: number, login: login, deadline: .now + .patience)
                }
                await #expect(throws: DecisionFileFailure.notPermitted(.notPermitted)) {
                    try await files.cancel(number: number, login: login, deadline: .now + .patience)
                }
            }
            let started = try await files.start(
                number: number, login: .of("boss"), deadline: .now + .patience)
            #expect(started.username == "boss" && started.uploadedBy == "anna")
            await store.workOnFiles()
            let username = try await database.session.texts("SELECT username FROM countersign.charge_history")
            #expect(username == ["boss"])
            await #expect(throws: DecisionFileFailure.wrongState) {
                try await files.cancel(number: number, login: .of("anna"), deadline: .now + .patience)
            }
        }
    }

    @Test("Another operator sees nothing of a file, and numbers its own from 1", .database)
    func otherOperators() async throws {
        try await database.addLogins()
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.uploadFile(Store.file(1), key: "k").number
            await store.workOnFiles()
            let (files, globex) = (store.decisionFiles, TestDatabase.globex)
            #expect(
                try await files.list(
                    operatorIdentifier: globex.identifier, before: nil, count: 10, deadline: .now + .patience
                ).isEmpty)
            #expect(
                try await files.show(
                    operatorIdentifier: globex.identifier, number: number, deadline: .now + .patience) == nil)
            #expect(
                try await files.rows(
                    operatorIdentifier: globex.identifier, number: number, after: 0, filter: .all, count: 10,
                    deadline: .now + .patience
                ).isEmpty)
            for order in [files.start, files.resume, files.cancel] {
                await #expect(throws: DecisionFileFailure.noSuchFile) {
                    try await order(number, .of("boss", globex), .now + .patience)
                }
            }
            let own = try await store.uploadFile(Store.file(1), login: .of("anna", globex), key: "k")
            #expect(own.number == 1)
        }
    }

    @Test("An operator has 20 unfinished files at most; a file that is refused is counted", .database)
    func bounds() async throws {
        try await database.addLogins()
        let metrics = MetricsRecorder()
        try await database.withStore(metrics: metrics) { (store: Store) async throws in
            for _ in 1...20 { try await store.uploadFile(Store.file(1)) }
            await #expect(throws: DecisionFileFailure.tooManyUnfinished) {
                try await store.uploadFile(Store.file(1))
            }
            try await store.uploadFile(Store.file(1), login: .of("anna", TestDatabase.globex))
            _ = try await store.decisionFiles.cancel(
                number: 3, login: .of("anna"), deadline: .now + .patience)
            #expect(try await store.uploadFile(Store.file(1)).number == 21)
            try await database.session.execute(
                """
                UPDATE countersign.decision_file
                SET state = 'DONE', finished_on = now() WHERE state = 'RECEIVED'
                """)
            for _ in 22...100 {
                try await store.uploadFile("broken")
            }
            await #expect(throws: DecisionFileFailure.tooManyKept) {
                try await store.uploadFile(Store.file(1))
            }
            let page = metrics.page([])
            for bound in ["operator_unfinished_decision_files", "operator_kept_decision_files"] {
                #expect(
                    page.contains(
                        "countersign_bounds_met_total{side=\"operators\",bound=\"\(bound)\"} 1"), "\(bound)")
            }
        }
    }

    @Test("A file is deleted after seven days, unless it runs, and its number is not used again", .database)
    func purge() async throws {
        try await database.addLogins()
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for _ in 1...3 { try await store.uploadFile(Store.file(1)) }
            await store.workOnFiles()
            _ = try await store.decisionFiles.start(
                number: 2, login: .of("anna"), deadline: .now + .patience)
            try await database.session.execute(
                """
                UPDATE countersign.decision_file SET uploaded_on = now() - interval '7 days' WHERE number < 3;
                UPDATE countersign.decision_file SET uploaded_on = now() - interval '7 days' + interval '1 hour'
                WHERE number = 3
                """)
            await store.decisionFileRunner.purge()
            let left = try await store.decisionFiles.list(
                operatorIdentifier: TestDatabase.acme.identifier, before: nil, count: 10,
                deadline: .now + .patience)
            #expect(left.map(\.number) == [3, 2])
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.decision_file_row") == 2)
            await store.workOnFiles()
            try await database.session.execute(
                "UPDATE countersign.decision_file SET uploaded_on = now() - interval '7 days'")
            await store.decisionFileRunner.purge()
            #expect(try await database.session.count("SELECT count(*) FROM countersign.decision_file") == 0)
            #expect(try await store.uploadFile(Store.file(1)).number == 4)
        }
    }
}
