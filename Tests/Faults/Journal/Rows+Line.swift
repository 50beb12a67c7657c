// The fields of rows.

extension ChargeRow {
    func write(to line: inout LineWriter) {
        line.field(operatorCode)
        line.field(number)
        line.field(customer)
        line.field(status)
        line.field(decision)
        line.field(reference)
        line.field(revision)
        line.field(isAcknowledged.map { $0 ? "yes" : "no" })
    }

    init(from line: inout LineReader) throws(LineError) {
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
    func write(to line: inout LineWriter) {
        line.field(revision)
        line.field(kind)
        line.field(reference)
        line.field(madeBy)
        line.field(idempotencyKey)
    }

    init(from line: inout LineReader) throws(LineError) {
        self.init(
            try line.int(), try line.string(), reference: try line.optionalString(),
            madeBy: try line.string(),
            idempotencyKey: try line.optionalString())
    }
}

extension FeedRow {
    func write(to line: inout LineWriter) {
        line.field(position)
        line.field(operatorCode)
        line.field(number)
        line.field(decision)
        line.field(revision)
    }

    init(from line: inout LineReader) throws(LineError) {
        self.init(
            try line.int(), try line.string(), try line.string(), try line.string(), try line.int())
    }
}

extension EventRow {
    func write(to line: inout LineWriter) {
        line.field(operatorCode)
        line.field(statement)
        line.field(eventNumber)
        line.field(event)
        line.field(number)
        line.field(revision)
    }

    init(from line: inout LineReader) throws(LineError) {
        self.init(
            try line.string(), statement: try line.int(), try line.int(), try line.string(),
            try line.string(),
            try line.int())
    }
}
