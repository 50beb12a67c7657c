import Foundation
import Synchronization

extension Injection {
    /// Work beside that of the clients.
    static let pressure: [Injection] = [
        Injection("snapshot-held", [.sessions], lasts: 5...15) { context in
            let cluster = context.cluster
            let session = HeldSession(
                ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM countersign.charge"],
                on: try cluster.primary(), of: cluster)
            return Active { session.release() }
        },
        Injection("repeatable-readers", [.sessions], lasts: 5...10) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            let sessions = (0..<4).map { _ in
                HeldSession(
                    ["BEGIN ISOLATION LEVEL REPEATABLE READ"],
                    again:
                        "SELECT count(*), max(made_on) FROM countersign.charge_history JOIN countersign.charge "
                        + "USING (operator_id, number)", on: primary, of: cluster)
            }
            return Active { for session in sessions { session.release() } }
        },
        Injection("idle-connections", [.sessions], lasts: 3...8) { context in
            let cluster = context.cluster
            let crowd = Crowd(300, on: try cluster.primary(), of: cluster)
            return Active("300") { crowd.release() }
        },
        Injection("operator-flood", [.load], lasts: 3...6) { context in
            let ended = SharedFlag()
            let code = context.workload.state.operators[1].code
            context.workload.addImpatient(40, operatorCode: code) { ended.isSet }
            return Active(code) { ended.set() }
        },
        Injection("impatient-clients", [.nodes, .load], lasts: 3...5, stopsService: true) { context in
            let cluster = context.cluster
            let ended = SharedFlag()
            for node in Cluster.nodes { cluster.killOne(node) }
            context.workload.addImpatient(200) { ended.isSet }
            pause(seconds: 2)
            for node in Cluster.nodes { try cluster.startOne(node) }
            return Active("200 clients after an outage") { ended.set() }
        },
        Injection("import", [.load], lasts: 0...1) { context in
            // Of an operator that the run does not look at.
            let code = "F\(context.run)-imports"
            let number = Int(context.generator.next() % 1_000_000)
            _ = try? context.cluster.admin("operator", "add", code, "--currency", "EUR")
            let file = try context.cluster.script(
                program: "scripts/load", "charges", code, "EUR", "X\(number)-", "1", "20000")
            let path = "\(context.cluster.directory)-suite/import.csv"
            try file.write(toFile: path, atomically: true, encoding: .utf8)
            try context.cluster.admin("charges", "import", path)
            return Active("20,000 charges")
        },
        Injection("reports", [.load], lasts: 4...8) { context in
            let names = [
                "charges-by-day", "undecided-charges", "money", "throughput", "customers", "failed-items",
            ]
            let next = Mutex(0)
            let repeated = try Repeated(every: 0, context) { cluster, _ in
                let turn = next.withLock { next in
                    next += 1
                    return next
                }
                try cluster.admin("report", names[turn % names.count])
            }
            return Active("one after another") { repeated.end() }
        },
    ]
}

/// A word that one thread says to others.
final class SharedFlag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
