// The fields of a call and of its answer.

extension Call {
    func write(to line: inout LineWriter) {
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

    init(from line: inout LineReader) throws(LineError) {
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
    func write(to line: inout LineWriter) {
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

    init(from line: inout LineReader) throws(LineError) {
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
