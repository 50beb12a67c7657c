import FaultJournal
import Foundation
import Testing

/// The file of a journal.
struct JournalTests {
    private let records: [JournalRecord] = [
        .run(scenario: "kill-node", seed: .max),
        .operator(OperatorSettings("acme", repeatsSucceed: true, hasPolicy: false)),
        .charge(operatorCode: "acme", number: "I00000001", customer: "c1"),
        .call(
            1, at: 1_234_567_890,
            Call(
                .accept, client: "a", target: "balancer", operatorCode: "acme", credential: "t1",
                idempotencyKey: "key\twith\\all\nof it \\N",
                items: [
                    CallItem("I00000001", customer: "c1", reference: "é\t"), CallItem("I2", customer: ""),
                ])),
        .resent(1, at: 2_000_000_000),
        .answer(1, at: 2_000_000_005, .ok(.failures([ItemResult("I2", "CHARGE_LOCKED", reference: nil)]))),
        .call(2, at: 3, Call(.feed, client: "b", target: "node1", query: "after=", after: 0)),
        .answer(2, at: 4, .ok(.feed([FeedRow(1, "acme", "I00000001", "ACCEPTED", 1)]))),
        .answer(3, at: 5, Answer(.broken)), .answer(4, at: 6, Answer(.timedOut)),
        .answer(5, at: 7, Answer(.refused)), .answer(6, at: 8, Answer(.exit(1))),
        .answer(7, at: 9, .ok(.token("t2"))),
        .answer(
            8, at: 10, .ok(.charges([ChargeRow("acme", "I1", status: "PENDING", isAcknowledged: false)]))),
        .answer(
            9, at: 11,
            .ok(
                .charge(
                    ChargeRow(
                        "acme", "I1", status: "PENDING", decision: "ACCEPTED", reference: "R", revision: 1),
                    history: [HistoryRow(1, "ACCEPTED", reference: "R", madeBy: "policy")],
                    references: ["R", "S"]))),
        .answer(10, at: 12, .ok(.results([ItemResult("p", "CREATED", operatorCode: "acme", value: "I9")]))),
        .fault(
            Fault(
                "freeze", target: "node2", .begins, isServiceable: true, isFailover: false,
                delaysEffects: true),
            at: 13),
        .finalCharge(
            ChargeRow("acme", "I1", customer: "c1", status: "PENDING", isAcknowledged: true),
            history: [
                FinalHistoryRow(
                    HistoryRow(0, "ACKNOWLEDGED", reference: "R", idempotencyKey: "k"), takesReference: true)
            ]),
        .finalFeed(FeedRow(1, "acme", "I1", "ACCEPTED", 1)),
        .finalEvent(EventRow("acme", statement: 1, 1, "DECISION_ACCEPTED", "I1", 1)),
        .finalEnd(at: 14),
    ]

    private func read(_ text: String) throws -> [JournalRecord] {
        var records: [JournalRecord] = []
        try JournalReader.read(text: text) { record, line in
            records.append(record)
            #expect(line == records.count)
        }
        return records
    }

    @Test("Each record is one line, and is read as it was written")
    func roundTrip() throws {
        #expect(try read(records.map { $0.text + "\n" }.joined()) == records)
        #expect(!records.contains { $0.text.contains("\n") })
    }

    @Test("A line is for people, too")
    func readable() {
        #expect(records[4].text == "resent\t1\t2.000000000")
        #expect(
            records[5].text
                == "answer\t1\t2.000000005\t200\tOK\tfailures\t1\t\\N\tI2\t\\N\tCHARGE_LOCKED\t\\N\t\\N")
    }

    @Test(
        "A last line that was cut off is left out, and a line that is none of ours is an error that names it")
    func damaged() throws {
        #expect(try read("resent\t1\t2.000000000\nresent\t1\t2.0000").count == 1)
        for line in ["nonsense", "resent\t1", "resent\t1\tx", "resent\t1\t2\t3", "call\t1\t2\ta\tb\tfly"] {
            let error = #expect(throws: JournalError.self) { try read("resent\t1\t2.000000000\n\(line)\n") }
            #expect(error?.description.hasPrefix("line 2 of the journal: ") == true)
        }
    }

    @Test("Many tasks write one journal, whose lines are whole, numbered and in the order of their times")
    func concurrentWriters() async throws {
        let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try JournalWriter(path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 1...8 {
                group.addTask {
                    for _ in 1...200 {
                        let id = try writer.sending(Call(.list, client: "c\(client)", target: "n"))
                        try writer.answered(id, .ok())
                    }
                }
            }
            try await group.waitForAll()
        }
        try writer.finalEnd()
        var calls: [CallID] = []
        var answers: Set<CallID> = []
        var last: Nanoseconds = 0
        try JournalReader.read(path: path) { record, _ in
            switch record {
            case .call(let id, let time, _):
                calls.append(id)
                #expect(time >= last)
                last = time
            case .answer(let id, let time, _):
                answers.insert(id)
                #expect(time >= last)
                last = time
            default: break
            }
        }
        #expect(calls == Array(1...1600))
        #expect(answers.count == 1600)
    }
}
