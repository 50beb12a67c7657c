import Authentication
import Benchmark
import ChargeStore
import Charges
import Foundation

/// Fills a database with operators and charges for a benchmark.
struct BenchmarkSeeding {
    let session: AdministrationSession
    let operatorCount: Int
    /// Of all operators together.
    let chargeCount: Int
    let tag: String
    let firstReceivedOn: Timestamp

    /// How many charges the operator that stands by has at most.
    private static let bystanderCharges = 20_000
    /// More than can be named at a time, so that calls that fail do not meet each other.
    private static let failingCharges = 10_000
    private static let chunkLength = 20_000
    private static let currency = "EUR"

    init(session: AdministrationSession, operatorCount: Int, chargeCount: Int) {
        self.session = session
        self.operatorCount = operatorCount
        self.chargeCount = chargeCount
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
                    code: "BENCH-\(tag)-\(index + 1)", walk: ChargeWalk(chargeCount: count),
                    failingCharges: max(1000, Self.failingCharges / operatorCount)))
        }
        let keys = operators.map { _ in APIKey() }
        let total = operators.reduce(0) { $0 + $1.chargeCount }
        var bar = ProgressBar("seeding", total: total)
        defer { bar.finish() }
        var done = 0
        for (one, key) in zip(operators, keys) {
            try session.addOperator(
                code: one.code, currency: Self.currency, undecidedPolicy: .hold,
                undecidedWindowSeconds: 72 * 3600)
            try session.addKey(operatorCode: one.code, name: "bench", hash: key.hash)
            for first in stride(from: 1, through: one.chargeCount, by: Self.chunkLength) {
                let chunk = first...min(one.chargeCount, first + Self.chunkLength - 1)
                try session.addBenchmarkCharges(
                    chunk, operatorCode: one.code, currency: Self.currency, firstReceivedOn: firstReceivedOn)
                done += chunk.count
                bar.update(done: done, note: "\(done) of \(total) charges")
            }
            try session.takeBenchmarkReferences(
                one.referenceHolders, operatorCode: one.code, tag: tag,
                firstReference: BenchmarkNames.heldReference(ofCharge: one.referenceHolders.lowerBound))
        }
        bar.update(done: total, note: "vacuuming")
        try session.settleBenchmarkTables()
        let identifiers = try operators.map { one in
            try session.benchmarkOperatorIdentifier(code: one.code)
        }
        return (operators, identifiers, keys)
    }
}
