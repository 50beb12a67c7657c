import FaultJournal
import StrictJSON

/// A client of one operator: it decides charges, some of them as nobody should, and reads.
struct OperatorClient {
    let name: String
    let account: RunState.OperatorAccount
    let state: RunState
    let caller: Caller
    let session: OperatorSession
    private var generator: SeededGenerator
    private var count = 0
    /// Calls that may be made once more, under their keys.
    private var repeatable: [(call: Call, body: String)] = []

    init(name: String, account: RunState.OperatorAccount, state: RunState, caller: Caller, seed: UInt64) {
        self.name = name
        self.account = account
        self.state = state
        self.caller = caller
        generator = SeededGenerator(seed: seed, purpose: name)
        session = OperatorSession(client: name, operatorCode: account.code, caller: caller)
    }

    /// Makes one call.
    mutating func step() throws {
        guard try session.logIn(at: target()) else { return }
        switch generator.next() % 100 {
        case 0..<8: try list()
        case 8..<20: try show()
        case 20..<27 where !repeatable.isEmpty:
            let earlier = generator.pick(repeatable)
            try decide(earlier.call, earlier.body, keepsTrying: false)
        default: try decideSomething()
        }
    }

    /// Repeats every call whose outcome is unknown under its key until an answer says it.
    static func settle(_ unknown: RunState.UnknownCall, _ session: OperatorSession, _ caller: Caller) throws {
        for _ in 0..<20 {
            guard try session.logIn(at: .balancer) else { continue }
            var call = unknown.call
            call.client = session.client
            call.credential = session.label
            let (answer, _) = try caller.make(call, request(call, unknown.body, session), to: .balancer)
            if answer.meaning == .ok { return }
            session.look(at: answer)
        }
    }

    private mutating func target() -> Target {
        generator.chance(0.6) ? .balancer : .node(generator.pick(Cluster.nodes))
    }

    // MARK: Decisions

    private mutating func decideSomething() throws {
        let kind: CallKind =
            switch generator.next() % 20 {
            case 0..<11: .accept
            case 11..<17: .decline
            default: .acknowledge
            }
        let items = items(of: kind)
        guard !items.isEmpty else { return }
        count += 1
        var call = Call(kind, client: name, target: "", operatorCode: account.code, items: items)
        if generator.chance(0.6) { call.idempotencyKey = "\(account.code)-\(name)-\(count)" }
        if generator.chance(0.5) { call.query = "results=all" }
        try decide(call, Self.body(kind, items), keepsTrying: generator.chance(0.7))
    }

    private mutating func items(of kind: CallKind) -> [CallItem] {
        let wanted = generator.chance(0.6) ? 1 : Int.random(in: 2...8, using: &generator)
        var items: [CallItem] = []
        for _ in 0..<wanted {
            let isProcessed = kind == .acknowledge && generator.chance(0.8)
            guard
                let charge = isProcessed
                    ? state.processedCharge(of: account.code, &generator)
                    : state.charge(of: account.code, now: caller.meter.now, &generator)
            else { continue }
            // Twice in a call is a mistake that some clients make, but not most.
            if items.contains(where: { $0.number == charge.number }), !generator.chance(0.1) { continue }
            items.append(
                CallItem(
                    generator.chance(0.01) ? "I99999999" : charge.number,
                    customer: generator.chance(0.03) ? "nobody" : charge.customer,
                    reference: generator.chance(0.05) ? items.last?.reference : reference()))
        }
        return items
    }

    private mutating func reference() -> String? {
        switch generator.next() % 100 {
        case 0..<25: return nil
        case 25..<45: return state.contestedReference(of: account.code, &generator)
        case 45..<46: return " "
        case 46..<58: return RunState.referenceOfTheMoment(account.code, now: caller.meter.now)
        default:
            let reference = "\(name)-\(generator.next() % 1_000_000_000)"
            // Some references are known to others before they are used.
            if generator.chance(0.3) { state.addReference(reference, of: account.code) }
            return reference
        }
    }

    private mutating func decide(_ planned: Call, _ body: String, keepsTrying: Bool) throws {
        var call = planned
        for _ in 0..<4 {
            let target = target()
            call.target = target.name
            call.credential = session.label
            let (answer, _) = try caller.make(call, Self.request(call, body, session), to: target)
            session.look(at: answer)
            if answer.meaning == .ok {
                if call.idempotencyKey != nil, repeatable.count < 50 { repeatable.append((call, body)) }
                return
            }
            guard call.idempotencyKey != nil, answer.meaning == .unknown else { return }
            guard keepsTrying, !state.isEnding else {
                state.addUnknown(RunState.UnknownCall(call: call, body: body))
                return
            }
            pause(seconds: 0.2)
        }
        state.addUnknown(RunState.UnknownCall(call: call, body: body))
    }

    static func request(_ call: Call, _ body: String, _ session: OperatorSession) -> Caller.Request {
        let query = call.query.map { "?\($0)" } ?? ""
        return Caller.Request(
            path: "/crmapi/rest/v2/netflix/charges/\(call.kind.rawValue)\(query)", bearer: session.token,
            body: body)
    }

    static func body(_ kind: CallKind, _ items: [CallItem]) -> String {
        let set: [CallKind: String] = [
            .accept: "accepted_charges_set", .decline: "declined_charges_set",
            .acknowledge: "acknowledged_charges_set",
        ]
        return JSONValue.object([
            .init(
                set[kind] ?? "",
                .array(
                    items.map { item in
                        .object([
                            "number": .string(item.number),
                            "billing_system_customer_identifier": .text(item.customer),
                            "reference_number": .text(item.reference),
                        ])
                    }))
        ]).text
    }

    // MARK: Reads

    private mutating func show() throws {
        guard let charge = state.charge(of: account.code, now: caller.meter.now, &generator) else { return }
        try Self.show(charge, session, caller, at: target())
    }

    static func show(
        _ charge: RunState.KnownCharge, _ session: OperatorSession, _ caller: Caller, at target: Target
    ) throws {
        let query = "number=\(charge.number)"
        let call = Call(
            .show, client: session.client, target: target.name, operatorCode: charge.operatorCode,
            credential: session.label, query: query, items: [CallItem(charge.number)])
        let (answer, _) = try caller.make(
            call,
            Caller.Request(
                method: "GET", path: "/crmapi/rest/v2/netflix/charges/show?\(query)", bearer: session.token),
            to: target)
        session.look(at: answer)
    }

    private mutating func list() throws {
        let status = generator.chance(0.5) ? "PROCESSED" : "NOT_PROCESSED"
        _ = try Self.list(
            "charge_status=\(status)&offset=0", account.code, session, caller, at: target())
    }

    /// Reads one page.
    ///
    /// - Returns: The cursor of the next page. Empty at the end, `nil` after an answer that is not OK.
    static func list(
        _ part: String, _ operatorCode: String, _ session: OperatorSession, _ caller: Caller,
        at target: Target
    ) throws -> String? {
        let fields =
            "number,billing_system_customer_identifier,charge_status,decision,decision_reference_number"
        let query = "number_of_results=50&\(part)&fields_set=\(fields)"
        let call = Call(
            .list, client: session.client, target: target.name, operatorCode: operatorCode,
            credential: session.label, query: query)
        let (answer, envelope) = try caller.make(
            call,
            Caller.Request(
                method: "GET", path: "/crmapi/rest/v2/netflix/charges/list?\(query)", bearer: session.token),
            to: target)
        session.look(at: answer)
        return answer.meaning == .ok ? envelope?["data"]?["next"]?.string ?? "" : nil
    }
}
