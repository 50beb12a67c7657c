import Authentication
import Benchmark
import ChargeStore
import Charges
import Foundation

/// The seeding of a database with operators and charges for a benchmark.
struct BenchmarkSeeding {
    let session: AdministrationSession
    let operatorCount: Int
    /// The number of charges of all operators together.
    let chargeCount: Int
    /// The number of charges with a history, which belong to one more operator that makes no calls.
    let historyCount: Int
    let tag: String
    let firstReceivedOn: Timestamp
    /// The maximum number of charges of the bystander.
    private static let bystanderCharges = 20_000
    /// The number of charges for failing items. It exceeds the calls in flight, so that failing calls do not collide.
    private static let failingCharges = 10_000
    private static let chunkLength = 20_000
    private static let currency = "EUR"

    init(session: AdministrationSession, operatorCount: Int, chargeCount: Int, historyCount: Int) {
        self.session = session
        self.operatorCount = operatorCount
        self.chargeCount = chargeCount
        self.historyCount = historyCount
        tag = BenchmarkNames.randomTag()
        let secondsAgo = Double(chargeCount + 86_400)
        firstReceivedOn = Timestamp(Date().addingTimeInterval(-secondsAgo.rounded()))
    }

    func run() throws -> ([BenchmarkOperator], [OperatorIdentifier], [APIKey]) {
        var operators: [BenchmarkOperator] = []
        for index in 0...operatorCount {
            let isBystander = index == operatorCount
            let count = isBystander ? min(chargeCount, Self.bystanderCharges) : chargeCount / operatorCount
            operators.append(
                BenchmarkOperator(
                    code: "BENCH-\(tag)-\(index + 1)", keySequence: KeySequence(chargeCount: count),
                    failingCharges: max(1000, Self.failingCharges / operatorCount)))
        }
        let keys = operators.map { _ in APIKey() }
        var bar = ProgressBar("seeding", total: operators.reduce(historyCount) { $0 + $1.chargeCount })
        defer { bar.finish() }
        var done = 0
        for (one, key) in zip(operators, keys) {
            try addOperator(one.code)
            try session.addKey(operatorCode: one.code, name: "bench", hash: key.hash)
            try inChunks(one.chargeCount, &done, &bar) { chunk in
                try session.addBenchmarkCharges(
                    chunk, operatorCode: one.code, currency: Self.currency, firstReceivedOn: firstReceivedOn)
            }
            try session.takeBenchmarkReferences(
                one.referenceHolders, operatorCode: one.code, tag: tag,
                firstReference: BenchmarkNames.heldReference(ofCharge: one.referenceHolders.lowerBound))
        }
        if historyCount > 0 {
            let code = BenchmarkNames.historyOperatorCode(tag: tag)
            try addOperator(code)
            try inChunks(historyCount, &done, &bar) { chunk in
                try session.addBenchmarkHistory(
                    chunk, of: historyCount, operatorCode: code, currency: Self.currency)
            }
        }
        bar.update(done: done, note: "vacuuming")
        try session.vacuumBenchmarkTables()
        let identifiers = try operators.map { one in
            try session.benchmarkOperatorIdentifier(code: one.code)
        }
        return (operators, identifiers, keys)
    }

    private func addOperator(_ code: String) throws {
        try session.addOperator(
            code: code, currency: Self.currency, undecidedPolicy: .hold, undecidedWindowSeconds: 72 * 3600)
    }

    private func inChunks(
        _ count: Int, _ done: inout Int, _ bar: inout ProgressBar, _ body: (ClosedRange<Int>) throws -> Void
    ) throws {
        for first in stride(from: 1, through: count, by: Self.chunkLength) {
            let chunk = first...min(count, first + Self.chunkLength - 1)
            try Interruption.check()
            try body(chunk)
            done += chunk.count
            bar.update(done: done, note: "\(Decimals.text(Double(done), 0)) charges")
        }
    }
}
