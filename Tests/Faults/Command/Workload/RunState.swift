import FaultJournal
import Synchronization

/// What the clients of a run know together.
final class RunState: Sendable {
    /// An operator of the run.
    struct OperatorAccount: Sendable {
        let settings: OperatorSettings
        /// Whether a client suspends and resumes it.
        let isSuspendedAtTimes: Bool
        var code: String { settings.code }
    }

    /// A charge that the service has named.
    struct KnownCharge: Sendable {
        let operatorCode: String
        let number: String
        let customer: String
    }

    /// A call whose outcome is unknown, to be repeated under its key.
    struct UnknownCall: Sendable {
        let call: Call
        let body: String
    }

    private struct State {
        var charges: [String: [KnownCharge]] = [:]
        var processed: [String: [KnownCharge]] = [:]
        var contestedReferences: [String: [String]] = [:]
        var unknown: [UnknownCall] = []
        var feedCursor: String?
        var feedPosition = 0
        var isEnding = false
    }

    let operators: [OperatorAccount]
    let providerKey: String
    /// A moment before the run's first decision, by the database's clock, as the feed takes it.
    let startedOn: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - cursor: The end of the feed before the run.
    ///   - position: The position of that end.
    init(operators: [OperatorAccount], providerKey: String, startedOn: String, cursor: String, position: Int)
    {
        self.operators = operators
        self.providerKey = providerKey
        self.startedOn = startedOn
        state = Mutex(State(feedCursor: cursor, feedPosition: position))
    }

    /// Whether the clients shall end.
    var isEnding: Bool {
        get { state.withLock { $0.isEnding } }
        set { state.withLock { $0.isEnding = newValue } }
    }

    func add(_ charges: [KnownCharge]) {
        state.withLock { state in
            for charge in charges { state.charges[charge.operatorCode, default: []].append(charge) }
        }
    }
    func addProcessed(_ charges: [KnownCharge]) {
        state.withLock { state in
            for charge in charges { state.processed[charge.operatorCode, default: []].append(charge) }
        }
    }
    func charges(of operatorCode: String) -> [KnownCharge] {
        state.withLock { $0.charges[operatorCode] ?? [] }
    }
    var chargeCount: Int { state.withLock { $0.charges.values.reduce(0) { $0 + $1.count } } }

    /// A charge for a client: mostly one of the last, so that clients meet, and at times the one that all clients of the
    /// operator choose at this moment.
    ///
    /// - Parameter now: The time in the run, in seconds.
    func charge(of operatorCode: String, now: Double, _ generator: inout SeededGenerator) -> KnownCharge? {
        state.withLock { state in
            let charges = state.charges[operatorCode] ?? []
            guard !charges.isEmpty, generator.chance(0.2) else { return Self.recent(charges, 80, &generator) }
            // Neighbours in time are far from one another in the list.
            return charges[Self.moment(now) &* 7919 % charges.count]
        }
    }
    /// A reference that all clients of an operator choose at this moment.
    static func referenceOfTheMoment(_ operatorCode: String, now: Double) -> String {
        "\(operatorCode)-at-\(moment(now))"
    }
    /// A sixth of a second.
    private static func moment(_ now: Double) -> Int { Int(now * 6) }
    func processedCharge(of operatorCode: String, _ generator: inout SeededGenerator) -> KnownCharge? {
        state.withLock { Self.recent($0.processed[operatorCode] ?? [], 30, &generator) }
    }
    private static func recent(
        _ charges: [KnownCharge], _ window: Int, _ generator: inout SeededGenerator
    ) -> KnownCharge? {
        guard !charges.isEmpty else { return nil }
        let first = generator.chance(0.1) ? 0 : max(0, charges.count - window)
        return charges[Int.random(in: first..<charges.count, using: &generator)]
    }

    /// A reference that another client has used, or may want at the same time.
    func contestedReference(of operatorCode: String, _ generator: inout SeededGenerator) -> String? {
        state.withLock { state in
            let references = state.contestedReferences[operatorCode] ?? []
            return references.isEmpty ? nil : generator.pick(references)
        }
    }
    func addReference(_ reference: String, of operatorCode: String) {
        state.withLock { state in
            var references = state.contestedReferences[operatorCode] ?? []
            if references.count >= 40 { references.removeFirst() }
            references.append(reference)
            state.contestedReferences[operatorCode] = references
        }
    }

    func addUnknown(_ call: UnknownCall) { state.withLock { $0.unknown.append(call) } }
    func takeUnknown() -> [UnknownCall] {
        state.withLock { state in
            defer { state.unknown = [] }
            return state.unknown
        }
    }

    /// Where the reader of the feed is. The cursor is `nil` after one that has expired.
    var feed: (cursor: String?, position: Int) {
        get { state.withLock { ($0.feedCursor, $0.feedPosition) } }
        set {
            state.withLock {
                $0.feedCursor = newValue.cursor
                $0.feedPosition = newValue.position
            }
        }
    }
}
