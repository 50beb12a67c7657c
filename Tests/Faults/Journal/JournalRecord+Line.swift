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
        case "final-end":
            self = .finalEnd(at: try line.time())
        default:
            throw LineError(reason: "'\(tag)' is no record")
        }
        guard line.isAtEnd else { throw LineError(reason: "the line has too many fields") }
    }
}

extension Call {
    fileprivate func write(to line: inout LineWriter) {
        line.field(client)
        line.field(target)
        line.field(kind.rawValue)
        line.field(operatorCode)
        line.field(credential)
        line.field(idempotencyKey)
        line.field(query)
        line.field(after)
        line.field(items.count)
        for item in items {
            line.field(item.operatorCode)
            line.field(item.number)
            line.field(item.customer)
            line.field(item.reference)
            line.field(item.revision)
            line.field(item.value)
        }
    }

    fileprivate init(from line: inout LineReader) throws(LineError) {
        let client = try line.string()
        let target = try line.string()
        self.init(
            try line.value(CallKind.self), client: client, target: target,
            operatorCode: try line.optionalString(), credential: try line.optionalString(),
            idempotencyKey: try line.optionalString(), query: try line.optionalString(),
            after: try line.optionalInt(),
            items: try line.list { line throws(LineError) in
                let operatorCode = try line.optionalString()
                return CallItem(
                    try line.string(), operatorCode: operatorCode, customer: try line.optionalString(),
                    reference: try line.optionalString(), revision: try line.optionalInt(),
                    value: try line.optionalString())
            })
    }
}

extension Answer {
    fileprivate func write(to line: inout LineWriter) {
        line.field(transport.text)
        line.field(code)
        switch data {
        case .nothing:
            line.field("nothing")
        case .failures(let items):
            line.field("failures")
            write(items, to: &line)
        case .results(let items):
            line.field("results")
            write(items, to: &line)
        case .charges(let rows):
            line.field("charges")
            line.field(rows.count)
            for row in rows { row.write(to: &line) }
        case .charge(let row, let history, let references):
            line.field("charge")
            row.write(to: &line)
            line.field(history.count)
            for row in history { row.write(to: &line) }
            line.field(references.count)
            for reference in references { line.field(reference) }
        case .feed(let rows):
            line.field("feed")
            line.field(rows.count)
            for row in rows { row.write(to: &line) }
        case .token(let label):
            line.field("token")
            line.field(label)
        }
    }

    private func write(_ items: [ItemResult], to line: inout LineWriter) {
        line.field(items.count)
        for item in items {
            line.field(item.operatorCode)
            line.field(item.number)
            line.field(item.reference)
            line.field(item.code)
            line.field(item.revision)
            line.field(item.value)
        }
    }

    fileprivate init(from line: inout LineReader) throws(LineError) {
        self.init(try Transport(text: try line.string()), code: try line.optionalString())
        let word = try line.string()
        switch word {
        case "nothing": break
        case "failures": data = .failures(try Self.items(from: &line))
        case "results": data = .results(try Self.items(from: &line))
        case "charges":
            data = .charges(try line.list { line throws(LineError) in try ChargeRow(from: &line) })
        case "charge":
            data = .charge(
                try ChargeRow(from: &line),
                history: try line.list { line throws(LineError) in try HistoryRow(from: &line) },
                references: try line.list { line throws(LineError) in try line.string() })
        case "feed":
            data = .feed(try line.list { line throws(LineError) in try FeedRow(from: &line) })
        case "token": data = .token(try line.string())
        default: throw LineError(reason: "'\(word)' is no content of an answer")
        }
    }

    private static func items(from line: inout LineReader) throws(LineError) -> [ItemResult] {
        try line.list { line throws(LineError) in
            let operatorCode = try line.optionalString()
            let number = try line.string()
            let reference = try line.optionalString()
            return ItemResult(
                number, try line.string(), operatorCode: operatorCode, reference: reference,
                revision: try line.optionalInt(), value: try line.optionalString())
        }
    }
}

extension Transport {
    fileprivate var text: String {
        switch self {
        case .http(let status): String(status)
        case .refused: "refused"
        case .broken: "broken"
        case .timedOut: "timed-out"
        case .exit(let status): "exit-\(status)"
        }
    }

    fileprivate init(text: String) throws(LineError) {
        switch text {
        case "refused": self = .refused
        case "broken": self = .broken
        case "timed-out": self = .timedOut
        default:
            if let status = Int(text), status > 0 {
                self = .http(status)
            } else if text.hasPrefix("exit-"), let status = Int(text.dropFirst(5)) {
                self = .exit(status)
            } else {
                throw LineError(reason: "'\(text)' is no end of a call")
            }
        }
    }
}

extension ChargeRow {
    fileprivate func write(to line: inout LineWriter) {
        line.field(operatorCode)
        line.field(number)
        line.field(customer)
        line.field(status)
        line.field(decision)
        line.field(reference)
        line.field(revision)
        line.field(isAcknowledged.map { $0 ? "yes" : "no" })
    }

    fileprivate init(from line: inout LineReader) throws(LineError) {
        let operatorCode = try line.string()
        let number = try line.string()
        let customer = try line.optionalString()
        self.init(
            operatorCode, number, customer: customer, status: try line.string(),
            decision: try line.optionalString(), reference: try line.optionalString(),
            revision: try line.optionalInt(), isAcknowledged: try line.optionalString().map { $0 == "yes" })
    }
}

extension HistoryRow {
    fileprivate func write(to line: inout LineWriter) {
        line.field(revision)
        line.field(kind)
        line.field(reference)
        line.field(madeBy)
        line.field(idempotencyKey)
    }

    fileprivate init(from line: inout LineReader) throws(LineError) {
        self.init(
            try line.int(), try line.string(), reference: try line.optionalString(),
            madeBy: try line.string(),
            idempotencyKey: try line.optionalString())
    }
}

extension FeedRow {
    fileprivate func write(to line: inout LineWriter) {
        line.field(position)
        line.field(operatorCode)
        line.field(number)
        line.field(decision)
        line.field(revision)
    }

    fileprivate init(from line: inout LineReader) throws(LineError) {
        self.init(
            try line.int(), try line.string(), try line.string(), try line.string(), try line.int())
    }
}
