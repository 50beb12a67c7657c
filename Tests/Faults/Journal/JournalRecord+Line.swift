// The layout of each record's line.

extension JournalRecord {
    func write(to line: inout LineWriter) {
        switch self {
        case .run(let scenario, let seed):
            line.begin("run")
            line.field(scenario)
            line.field(seed)
        case .operator(let settings):
            line.begin("operator")
            line.field(settings.code)
            line.field(settings.repeatsSucceed)
            line.field(settings.hasPolicy)
        case .charge(let operatorCode, let number, let customer):
            line.begin("charge")
            line.field(operatorCode)
            line.field(number)
            line.field(customer)
        case .call(let id, let time, let call):
            line.begin("call")
            line.field(id)
            line.field(time: time)
            call.write(to: &line)
        case .resent(let id, let time):
            line.begin("resent")
            line.field(id)
            line.field(time: time)
        case .answer(let id, let time, let answer):
            line.begin("answer")
            line.field(id)
            line.field(time: time)
            answer.write(to: &line)
        case .fault(let fault, let time):
            line.begin("fault")
            line.field(time: time)
            line.field(fault.name)
            line.field(fault.target)
            line.field(fault.phase.rawValue)
            line.field(fault.isServiceable)
            line.field(fault.isFailover)
            line.field(fault.delaysEffects)
        case .finalCharge(let row, let history):
            line.begin("final-charge")
            row.write(to: &line)
            line.field(history.count)
            for row in history {
                row.row.write(to: &line)
                line.field(row.takesReference)
            }
        case .finalFeed(let row):
            line.begin("final-feed")
            row.write(to: &line)
        case .finalEvent(let row):
            line.begin("final-event")
            row.write(to: &line)
        case .finalEnd(let time):
            line.begin("final-end")
            line.field(time: time)
        }
        line.end()
    }

    init(from line: inout LineReader) throws(LineError) {
        let tag = try line.string()
        switch tag {
        case "run":
            self = .run(scenario: try line.string(), seed: try line.unsigned())
        case "operator":
            self = .operator(
                OperatorSettings(
                    try line.string(), repeatsSucceed: try line.bool(), hasPolicy: try line.bool()))
        case "charge":
            self = .charge(
                operatorCode: try line.string(), number: try line.string(), customer: try line.string())
        case "call":
            self = .call(try line.int(), at: try line.time(), try Call(from: &line))
        case "resent":
            self = .resent(try line.int(), at: try line.time())
        case "answer":
            self = .answer(try line.int(), at: try line.time(), try Answer(from: &line))
        case "fault":
            let time = try line.time()
            self = .fault(
                Fault(
                    try line.string(), target: try line.string(), try line.value(Fault.Phase.self),
                    isServiceable: try line.bool(), isFailover: try line.bool(),
                    delaysEffects: try line.bool()),
                at: time)
        case "final-charge":
            self = .finalCharge(
                try ChargeRow(from: &line),
                history: try line.list { line throws(LineError) in
                    FinalHistoryRow(try HistoryRow(from: &line), takesReference: try line.bool())
                })
        case "final-feed":
            self = .finalFeed(try FeedRow(from: &line))
        case "final-event":
            self = .finalEvent(try EventRow(from: &line))
        case "final-end":
            self = .finalEnd(at: try line.time())
        default:
            throw LineError(reason: "'\(tag)' is no record")
        }
        guard line.isAtEnd else { throw LineError(reason: "the line has too many fields") }
    }
}
