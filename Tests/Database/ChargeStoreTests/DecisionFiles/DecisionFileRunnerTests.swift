import Charges
import ChargeStore
import TestSupport
import Testing

/// Tests of the work on decision files where something comes between: a node that is killed, a login that ends, a file
/// that is cancelled, another node.
@Suite struct DecisionFileRunnerTests {
    private let database = TestDatabase.current!

    @Test(
        "A file whose node is killed between a call and its outcome is taken over, and nothing is doubled",
        .database)
    func takeover() async throws {
        try await database.addLogins()
        try await database.addCharges(260, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(260))
            await store.losingRunner(call: 3).run()
            let lost = try await store.readFile(number)
            #expect(lost.file.decidedRows == 100 && lost.counts.results.open == 160)
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 150)
            // Its node may only be slow.
            try await database.session.execute(
                "UPDATE countersign.decision_file SET heartbeat_on = heartbeat_on + interval '1 day'")
            await store.workOnFiles()
            #expect(try await store.readFile(number).file.decidedRows == 100)
            try await database.silenceWorkers()
            await store.workOnFiles()
            let done = try await store.readFile(number)
            #expect(done.file.state == .done && done.counts.results.succeeded == 260)
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 260)
            #expect(try await database.untrueRows(of: number) == [])
        }
    }

    @Test("A node that was only slow stores nothing once its file is another's", .database)
    func slowNodes() async throws {
        try await database.addLogins()
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(1))
            await store.losingRunner(call: 1).run()
            let worker = try await database.session.texts(
                "SELECT worker::text FROM countersign.decision_file")
            try await database.silenceWorkers()
            await store.workOnFiles()
            let stored = try await database.session.texts(
                """
                SELECT countersign.end_decision_file_call(1, 1, '\(worker[0] ?? "")', false, '{1}',
                    '{CHARGE_NOT_FOUND}', '{x}', '{NULL}', '{NULL}')::text
                """)
            #expect(stored == ["false"])
            #expect(try await store.fileResults(number) == ["OK"])
        }
    }

    @Test("Two nodes at once carry out each row of several files once", .database)
    func twoNodes() async throws {
        try await database.addLogins()
        for prefix in ["A", "B", "C"] { try await database.addCharges(1500, prefix: prefix) }
        try await database.withStore { (store: Store) async throws in
            try await database.withStore { (other: Store) async throws in
                for prefix in ["A", "B", "C"] {
                    try await store.uploadFile(Store.file(1500, prefix: prefix))
                }
                async let checking: Void = store.workOnFiles()
                await other.workOnFiles()
                await checking
                for number in 1...3 {
                    _ = try await store.decisionFiles.start(
                        number: number, login: .of("anna"), deadline: .now + .patience)
                }
                async let running: Void = store.workOnFiles()
                await other.workOnFiles()
                await running
                for number in 1...3 {
                    let done = try await store.readFile(number)
                    #expect(done.file.state == .done && done.counts.results.succeeded == 1500)
                    #expect(try await database.untrueRows(of: number) == [])
                }
                #expect(
                    try await database.session.count("SELECT count(*) FROM countersign.charge_history")
                        == 4500)
            }
        }
    }

    /// What ends a login, the reason, and the login that may resume afterwards.
    static let ends: [(change: String, reason: DecisionFile.PauseReason, login: DecisionFileLogin)] = [
        (
            "UPDATE countersign.operator_user SET password_hash = 'y' WHERE username = 'anna'", .loginEnded,
            .of("anna", generation: 2)
        ),
        (
            "UPDATE countersign.operator_user SET suspended_on = now() WHERE username = 'anna'", .loginEnded,
            .of("boss")
        ),
        (
            "UPDATE countersign.operator_user SET role = 'viewer' WHERE username = 'anna'", .loginEnded,
            .of("boss")
        ),
        (
            "UPDATE countersign.operator_user SET role = 'administrator' WHERE username = 'anna'",
            .loginEnded,
            .of("anna", generation: 2)
        ),
        (
            "UPDATE countersign.operator SET suspended_on = now() WHERE operator_id = 1", .operatorSuspended,
            .of("anna", operatorGeneration: 2)
        ),
    ]

    @Test(
        "A file is paused once its login has ended, and goes on when it is resumed", .database,
        arguments: 0..<5)
    func pauses(_ index: Int) async throws {
        let end = Self.ends[index]
        try await database.addLogins()
        try await database.addCharges(120, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(120))
            await store.losingRunner(call: 2).run()
            try await database.session.execute(end.change)
            try await database.silenceWorkers()
            await store.workOnFiles()
            let paused = try await store.readFile(number)
            #expect(paused.file.state == .paused && paused.file.pauseReason == end.reason)
            // The call that was lost was made while the login could.
            #expect(paused.counts.results.succeeded == 100 && paused.counts.results.open == 20)
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 100)
            #expect(try await database.untrueRows(of: number) == [])
            await #expect(throws: DecisionFileFailure.notPermitted(end.reason)) {
                try await store.decisionFiles.resume(
                    number: number, login: .of("anna"), deadline: .now + .patience)
            }
            try await database.session.execute(
                "UPDATE countersign.operator SET suspended_on = NULL WHERE operator_id = 1")
            await store.workOnFiles()
            #expect(try await store.readFile(number).file.state == .paused)
            _ = try await store.decisionFiles.resume(
                number: number, login: end.login, deadline: .now + .patience)
            await store.workOnFiles()
            let done = try await store.readFile(number)
            #expect(done.file.state == .done && done.counts.results.succeeded == 120)
            #expect(done.file.username == end.login.username)
            #expect(try await database.untrueRows(of: number) == [])
        }
    }

    @Test("A revoked key's file is paused, and an administrator resumes it", .database)
    func revokedKeys() async throws {
        try await database.addLogins()
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(1), login: .of("key:erp"))
            try await database.session.execute("UPDATE countersign.api_key SET revoked_on = now()")
            await store.workOnFiles()
            #expect(try await store.readFile(number).file.pauseReason == .loginEnded)
            await #expect(throws: DecisionFileFailure.notPermitted(.notPermitted)) {
                try await store.decisionFiles.resume(
                    number: number, login: .of("anna"), deadline: .now + .patience)
            }
            _ = try await store.decisionFiles.resume(
                number: number, login: .of("boss"), deadline: .now + .patience)
            await store.workOnFiles()
            #expect(try await store.readFile(number).file.state == .done)
        }
    }

    @Test(
        "A file that is cancelled during a call has the true outcome of each row of it, and decides no more",
        .database)
    func cancelling() async throws {
        try await database.addLogins()
        try await database.addCharges(120, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(120).replacing("N60,", with: "missing,"))
            await store.losingRunner(call: 2).run()
            let cancelled = try await store.decisionFiles.cancel(
                number: number, login: .of("boss"), deadline: .now + .patience)
            #expect(cancelled.state == .running && cancelled.cancelledBy == "boss")
            await #expect(throws: DecisionFileFailure.wrongState) {
                try await store.decisionFiles.resume(
                    number: number, login: .of("anna"), deadline: .now + .patience)
            }
            try await database.silenceWorkers()
            await store.workOnFiles()
            let ended = try await store.readFile(number)
            #expect(ended.file.state == .cancelled)
            #expect(ended.counts.results.succeeded == 99 && ended.counts.results.open == 21)
            #expect(try await database.untrueRows(of: number) == [])
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 99)
            let before = try await store.uploadFile(Store.file(1)).number
            let other = try await store.decisionFiles.cancel(
                number: before, login: .of("anna"), deadline: .now + .patience)
            #expect(other.state == .cancelled)
        }
    }

    @Test("A charge that a later decision has changed is not decided again by a repeated call", .database)
    func supersededDecisions() async throws {
        try await database.addLogins()
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(2))
            await store.losingRunner(call: 1).run()
            _ = try await store.decisions.decide(
                .accepting([.charge("N1", reference: "other")], decision: .declined))
            try await database.silenceWorkers()
            await store.workOnFiles()
            #expect(
                try await store.fileResults(number) == ["DECISION_SUPERSEDED", "OK"])
            #expect(
                try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 3)
        }
    }

    @Test("A row whose charge stays locked fails, and the others of its call are decided", .database)
    func lockedCharges() async throws {
        try await database.addLogins()
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let number = try await store.startFile(Store.file(3))
            try await database.holding(.update) { _ in await store.workOnFiles() }
            #expect(
                try await store.fileResults(number) == ["CHARGE_LOCKED", "OK", "OK"])
            #expect(try await database.untrueRows(of: number) == [])
        }
    }
}
