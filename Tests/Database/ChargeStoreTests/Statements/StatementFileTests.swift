import ChargeStore
import Charges
import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// Tests of the canonical file: another implementation, made from docs/statements.md alone, computes the same digest.
@Suite struct StatementFileTests {
    /// What CSV, other implementations and spreadsheets stumble over.
    private static let oddTexts = [
        "plain", "a,b", "\"", "\"\"", "a\"b", "line\nfeed", "carriage\rreturn", "\r\n", " padded ", "=1+1",
        "é", "e\u{301}",
        "山", "🇬🇷", "\u{2028}", "\u{85}", "\u{1F}", "ﬁ", "İ", "'", ";", "\t", "\u{FEFF}x",
    ]
    private static let amounts = [
        "0", "9.90", "9.9", "0.0001", "123456789012345.6789", "999999999999999", "1.5",
    ]

    private static func event(_ number: Int64, _ random: inout SeededGenerator) -> StatementEvent {
        func text(_ random: inout SeededGenerator) -> ExactText {
            ExactText((0...2).map { _ in oddTexts.randomElement(using: &random)! }.joined())
        }
        return StatementEvent(
            eventNumber: number, kind: EventKind.allCases.randomElement(using: &random)!,
            number: ExactText("I\(number),\""),
            providerChargeIdentifier: Bool.random(using: &random) ? text(&random) : nil,
            customerIdentifier: text(&random),
            referenceNumber: Bool.random(using: &random) ? text(&random) : nil,
            amount: Money(amounts.randomElement(using: &random)!)!,
            currency: ["USD", "EUR"].randomElement(using: &random)!,
            localCurrencyAmount: Money(amounts.randomElement(using: &random)!)!, localCurrency: "EUR",
            revision: Int.random(in: 0...9, using: &random), madeBy: "operator",
            madeOn: Timestamp(
                microsecondsSince2000: Int64.random(in: 0...1_000_000_000_000_000, using: &random)))
    }

    /// The digests that the other implementation finds: of the lines, and in the last line.
    private func otherDigests(_ file: [UInt8], after predecessor: [UInt8]?) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "statement-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "statement.csv")
        try Data(file).write(to: path)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "statement_digest.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [script.path, path.path] + (predecessor.map { [Hexadecimal.text($0)] } ?? [])
        let output = Pipe()
        process.standardOutput = output
        try ChildProcess.starting { try process.run() }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    @Test("Another implementation computes the same digest over 10,000 random events")
    func anotherImplementationAgrees() throws {
        var random = SeededGenerator(seed: 19)
        var predecessor: [UInt8]?
        var number: Int64 = 1
        for count in [0, 1, 9_999] {
            let events = (0..<count).map { Self.event(number + Int64($0), &random) }
            number += Int64(count)
            var file = StatementFile()
            var bytes = file.header()
            for start in stride(from: 0, to: events.count, by: 1000) {
                bytes += file.append(Array(events[start..<min(start + 1000, events.count)]))
            }
            let (end, digest) = file.finish(after: [predecessor].compactMap(\.self))
            bytes += end
            let text = Hexadecimal.text(digest)
            #expect(try otherDigests(bytes, after: predecessor) == [text, text])
            predecessor = digest
        }
    }

    @Test("The totals are exact, with the decimals of the amount that has most")
    func totalsAreExact() {
        var random = SeededGenerator(seed: 1)
        var totals = StatementTotals()
        for (amount, local) in [("9.90", "999999999999999.9999"), ("1.5", "0.0001"), ("0", "1")] {
            var event = Self.event(1, &random)
            event.kind = .acknowledged
            event.currency = "USD"
            event.amount = Money(amount)!
            event.localCurrencyAmount = Money(local)!
            totals.add(event)
        }
        let all = totals.all
        #expect(all.count == 1)
        #expect(all.first?.amount == "11.40")
        #expect(all.first?.localCurrencyAmount == "1000000000000001.0000")
        #expect(all.first?.events == 3)
    }
}
