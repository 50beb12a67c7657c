import FaultJournal
import StrictJSON

/// A client that ends tokens and suspends an operator, and then decides with what has ended. It closes statements too.
struct AccountClient {
    let state: RunState
    let caller: Caller
    private var generator: SeededGenerator
    private let name = "accounts"

    init(state: RunState, caller: Caller, seed: UInt64) {
        self.state = state
        self.caller = caller
        generator = SeededGenerator(seed: seed, purpose: name)
    }

    mutating func step() throws {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: try endToken()
        case 1: try suspendOperator()
        case 2: closeStatement()
        default: endStatements()
        }
    }

    /// Ends a token by the operator's own call, and uses it for three seconds more.
    private mutating func endToken() throws {
        let account = state.operators[0]
        let session = OperatorSession(client: name, operatorCode: account.code, caller: caller)
        guard try session.logIn(at: .balancer) else { return }
        try decide(account.code, session)
        let call = Call(
            .releaseToken, client: name, target: "balancer", operatorCode: account.code,
            credential: session.label)
        let body = JSONValue.object(["token": .text(session.token)]).text
        _ = try caller.make(
            call, Caller.Request(path: "/crmapi/rest/v2/authentication/token/release", body: body),
            to: .balancer)
        try useAtLength(account.code, session)
    }

    /// Suspends an operator from the command line, decides with a token of before, and resumes it.
    private mutating func suspendOperator() throws {
        guard let account = state.operators.first(where: \.isSuspendedAtTimes) else { return }
        let session = OperatorSession(client: name, operatorCode: account.code, caller: caller)
        guard try session.logIn(at: .balancer) else { return }
        try command(.suspendOperator, account.code, "suspend")
        try useAtLength(account.code, session)
        // An operator that stays suspended would end its clients' work.
        for _ in 0..<10 where try !command(.resumeOperator, account.code, "resume") { pause(seconds: 1) }
    }

    /// Closes an operator's statement from the command line. What fails is done later.
    private mutating func closeStatement() {
        let code = generator.pick(state.operators).code
        _ = try? caller.cluster.admin("statement", "close", "--operator", code)
    }

    /// Lets the statements of all operators end now, so that all nodes try to close them.
    private func endStatements() {
        guard let primary = try? caller.cluster.primary() else { return }
        try? Database.execute(
            """
            UPDATE countersign.statement_schedule SET next_end_on = greatest(clock_timestamp(), (
                SELECT max(greatest(ends_on, last_published_on)) + interval '1 microsecond'
                FROM countersign.feed LEFT JOIN countersign.statement
                    ON statement.operator_id = statement_schedule.operator_id))
            """, on: primary, of: caller.cluster)
    }

    @discardableResult
    private func command(_ kind: CallKind, _ operatorCode: String, _ word: String) throws -> Bool {
        let id = try caller.journal.sending(
            Call(kind, client: name, target: "command line", operatorCode: operatorCode))
        let succeeded = (try? caller.cluster.admin("operator", word, operatorCode)) != nil
        try caller.journal.answered(id, Answer(.exit(succeeded ? 0 : 1)))
        return succeeded
    }

    private mutating func useAtLength(_ operatorCode: String, _ session: OperatorSession) throws {
        for _ in 0..<6 {
            try decide(operatorCode, session)
            pause(seconds: 0.5)
        }
    }

    private mutating func decide(_ operatorCode: String, _ session: OperatorSession) throws {
        guard let charge = state.charge(of: operatorCode, now: caller.meter.now, &generator) else { return }
        let target = Target.node(generator.pick(Cluster.nodes))
        let call = Call(
            .accept, client: name, target: target.name, operatorCode: operatorCode, credential: session.label,
            items: [CallItem(charge.number, customer: charge.customer)])
        try caller.make(
            call, OperatorClient.request(call, OperatorClient.body(.accept, call.items), session), to: target)
    }
}
