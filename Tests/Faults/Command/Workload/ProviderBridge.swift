import FaultJournal
import Foundation
import StrictJSON

/// The provider's side: it sends charges in, reads the feed, takes decisions and tells their outcomes.
struct ProviderBridge {
    let name: String
    let state: RunState
    let caller: Caller
    private var generator: SeededGenerator
    private var count = 0
    /// Charges whose ingest has no known outcome, or that are sent once more for no reason.
    private var again: [[CallItem]] = []
    /// Decisions that the feed has brought.
    private var decided: [FeedRow] = []
    private var taken: [FeedRow] = []

    init(name: String, state: RunState, caller: Caller, seed: UInt64) {
        self.name = name
        self.state = state
        self.caller = caller
        generator = SeededGenerator(seed: seed, purpose: name)
    }

    private mutating func target() -> Target {
        generator.chance(0.8) ? .balancer : .node(generator.pick(Cluster.nodes))
    }

    private func call(
        _ kind: CallKind, _ path: String, body: String = "", items: [CallItem] = [], query: String? = nil,
        after: Int? = nil, method: String = "POST", at target: Target
    ) throws -> (answer: Answer, envelope: JSONValue?) {
        let call = Call(kind, client: name, target: target.name, query: query, after: after, items: items)
        return try caller.make(
            call,
            Caller.Request(
                method: method, path: "/provider/v1/\(path)\(query.map { "?\($0)" } ?? "")",
                bearer: state.providerKey,
                body: body),
            to: target)
    }

    // MARK: Charges

    /// Sends some charges in.
    mutating func ingest(_ number: Int? = nil) throws {
        var items: [CallItem]
        if !again.isEmpty, generator.chance(0.5) {
            items = again.removeFirst()
        } else {
            items = (0..<(number ?? Int.random(in: 1...6, using: &generator))).map { _ in newCharge() }
        }
        // The same id with another content is refused.
        if generator.chance(0.02) { items[0].value = "1.11" }
        let body = JSONValue.object(["charges": .array(items.map(Self.charge))]).text
        let (answer, _) = try call(.ingest, "charges", body: body, items: items, at: target())
        guard case .results(let results) = answer.data else {
            if again.count < 50 { again.append(items) }
            return
        }
        let customers = Dictionary(items.map { ($0.number, $0.customer ?? "") }) { $1 }
        state.add(
            results.compactMap { result in
                guard result.code == "CREATED", let number = result.value else { return nil }
                return RunState.KnownCharge(
                    operatorCode: result.operatorCode ?? "", number: number,
                    customer: customers[result.number] ?? "")
            })
        if generator.chance(0.05), again.count < 50 { again.append(items) }
    }

    private mutating func newCharge() -> CallItem {
        count += 1
        let code = generator.pick(state.operators).code
        return CallItem(
            "\(code)-\(name)-\(count)", operatorCode: code, customer: "c\(generator.next() % 1000)",
            value: "\(generator.next() % 100).\(10 + generator.next() % 90)")
    }

    private static func charge(_ item: CallItem) -> JSONValue {
        .object([
            "provider_charge_id": .string(item.number), "operator": .text(item.operatorCode),
            "billing_system_customer_identifier": .text(item.customer), "amount": .number(item.value ?? "1"),
            "currency": .string("USD"), "local_currency_amount": .number("9.10"),
            "local_currency": .string("EUR"),
            "paid_through_date": .string("2099-12-31"),
        ])
    }

    // MARK: The feed

    /// Reads a page of the feed.
    ///
    /// - Returns: How many rows it has; `nil` if there was no page.
    @discardableResult
    mutating func readFeed(at place: Target? = nil) throws -> Int? {
        let (cursor, position) = state.feed
        let limit = generator.pick([1, 7, 100, 1000])
        // After a failover that lost what was read the reader begins again.
        let query = cursor.map { "after=\($0)&limit=\(limit)" } ?? "since=\(state.startedOn)&limit=1000"
        let (answer, envelope) = try call(
            .feed, "charges/decisions", query: query, after: cursor == nil ? nil : position, method: "GET",
            at: place ?? target())
        if answer.code == "CURSOR_EXPIRED" { state.feed = (nil, 0) }
        guard answer.meaning == .ok, let data = envelope?["data"] else { return nil }
        let rows = AnswerReader.feedRows(data)
        state.feed = (data["next"]?.string ?? cursor, rows.last?.position ?? position)
        return rows.count
    }

    // MARK: Outcomes

    /// Takes charges, releases some, and tells outcomes.
    mutating func process() throws {
        let codes = state.operators.map(\.code)
        guard let charge = state.charge(of: generator.pick(codes), now: caller.meter.now, &generator) else {
            return
        }
        switch generator.next() % 10 {
        case 0..<4: try take(charge)
        case 4..<5: try release()
        default: try tellOutcome(charge)
        }
    }

    /// Decisions as the process clients see them: by guess of the revision, so that stale ones occur too.
    private mutating func take(_ charge: RunState.KnownCharge) throws {
        let row = FeedRow(0, charge.operatorCode, charge.number, "", Int.random(in: 1...3, using: &generator))
        let item = CallItem(row.number, operatorCode: row.operatorCode, revision: row.revision)
        let (answer, _) = try call(
            .take, "charges/take", body: Self.body([item]), items: [item], at: target())
        if answer.meaning != .notApplied, taken.count < 200 { taken.append(row) }
    }

    private mutating func release() throws {
        guard !taken.isEmpty else { return }
        let row = generator.pick(taken)
        let item = CallItem(row.number, operatorCode: row.operatorCode, revision: row.revision)
        _ = try call(.release, "charges/release", body: Self.body([item]), items: [item], at: target())
    }

    private mutating func tellOutcome(_ charge: RunState.KnownCharge) throws {
        var items: [CallItem] = []
        if !taken.isEmpty, generator.chance(0.6) {
            let row = taken.remove(at: Int.random(in: 0..<taken.count, using: &generator))
            items.append(
                CallItem(
                    row.number, operatorCode: row.operatorCode,
                    revision: generator.chance(0.5) ? row.revision : nil,
                    value: generator.pick(["APPROVED", "APPROVED", "DECLINED"])))
        } else {
            items.append(
                CallItem(
                    charge.number, operatorCode: charge.operatorCode,
                    value: generator.pick([
                        "APPROVED", "APPROVED", "DECLINED", "DECLINED", "BAD_REQUEST", "REJECTED",
                    ])))
        }
        let body = JSONValue.object([
            "outcomes": .array(
                items.map { item in
                    .object([
                        "operator": .text(item.operatorCode), "number": .string(item.number),
                        "outcome": .text(item.value), "revision": .number(item.revision),
                    ])
                })
        ]).text
        let (answer, _) = try call(.outcomes, "charges/outcomes", body: body, items: items, at: target())
        guard case .failures(let failures) = answer.data else { return }
        let failed = Set(failures.map(\.number))
        state.addProcessed(
            items.filter { !failed.contains($0.number) }.compactMap { item in
                state.charges(of: item.operatorCode ?? "").first { $0.number == item.number }
            })
    }

    private static func body(_ items: [CallItem]) -> String {
        JSONValue.object([
            "charges": .array(
                items.map { item in
                    .object([
                        "operator": .text(item.operatorCode), "number": .string(item.number),
                        "revision": .number(item.revision),
                    ])
                })
        ]).text
    }
}
