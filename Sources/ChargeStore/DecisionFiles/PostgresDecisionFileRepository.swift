import Charges
import ConnectionPool
import Crypto
import DelimitedText
import LibPQ
import Logging
import Scheduling

/// The decision files in PostgreSQL.
struct PostgresDecisionFileRepository: DecisionFileRepository {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let bounds: DecisionFileBoundReport
    let logger: Logger

    /// The number of rows of one part of the results.
    private static let rowsPerPart = 1000

    func create(
        _ bytes: [UInt8], name: String?, action: ChargeAction, login: DecisionFileLogin,
        idempotencyKey: ExactText?, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> DecisionFile {
        if let name {
            let text = ExactText(name)
            guard !name.isEmpty, text.hasScalars(upTo: DecisionFile.maximumNameScalars), !text.containsNul
            else { throw .invalidName }
        }
        var (entries, fault): ([DecisionFileEntry], DecisionFileFault?) = ([], nil)
        do {
            entries = try DecisionFileReader.read(bytes)
        } catch {
            fault = error
        }
        if fault?.isTooLarge == true { bounds.met(.size, login.operatorIdentifier) }
        let new = NewDecisionFile(
            login: login, name: name, action: action, idempotencyKey: idempotencyKey,
            digest: Array(SHA256.hash(data: bytes)), fault: fault, entries: entries)
        guard let created = try await rows(.createDecisionFile, new, deadline: deadline).first else {
            throw .request(.internalError)
        }
        if let refusal = created.refusal {
            if refusal == .tooManyUnfinished { bounds.met(.unfinished, login.operatorIdentifier) }
            if refusal == .tooManyKept { bounds.met(.kept, login.operatorIdentifier) }
            throw refusal.failure
        }
        return try await file(created.number ?? 0, of: login.operatorIdentifier, deadline: deadline)
    }

    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFile] {
        let input = DecisionFileListInput(
            operatorIdentifier: operatorIdentifier, before: before, count: count)
        return try await read(.decisionFileList, input, deadline: deadline)
    }

    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> (file: DecisionFile, counts: DecisionFileCounts)?
    {
        let key = DecisionFileKeyInput(operatorIdentifier: operatorIdentifier, number: number)
        guard let file = try await find(key, deadline: deadline) else { return nil }
        var counts = DecisionFileCounts()
        for kind in try await read(.decisionFileCounts, key, deadline: deadline) {
            do throws(PostgresError) {
                try counts.add(kind)
            } catch {
                throw .request(.internalError)
            }
        }
        return (file, counts)
    }

    func sums(of file: DecisionFile, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> [DecisionFileSum]
    {
        let key = DecisionFileKeyInput(operatorIdentifier: file.operatorIdentifier, number: file.number)
        return try await read(
            .decisionFileSums, DecisionFileSumsInput(file: key, action: file.action), deadline: deadline)
    }

    func rows(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, filter: DecisionFileRowFilter,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFileRow] {
        let key = DecisionFileKeyInput(operatorIdentifier: operatorIdentifier, number: number)
        return try await read(
            .decisionFileRows,
            DecisionFileRowsInput(file: key, after: after, filter: filter, count: count), deadline: deadline)
    }

    func results(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, forSpreadsheets: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> (csv: [UInt8], next: Int?) {
        let rows = try await rows(
            operatorIdentifier: operatorIdentifier, number: number, after: after, filter: .all,
            count: Self.rowsPerPart, deadline: deadline)
        var writer = CSVWriter(forSpreadsheets: forSpreadsheets)
        if after == 0 { writer.writeDecisionFileHeader() }
        for row in rows { writer.write(row) }
        return (writer.bytes, rows.count == Self.rowsPerPart ? rows.last?.position : nil)
    }

    func start(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    {
        try await order(
            .runDecisionFile, DecisionFileOrder(number: number, login: login, fromState: .checked),
            deadline: deadline)
    }

    func resume(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    {
        try await order(
            .runDecisionFile, DecisionFileOrder(number: number, login: login, fromState: .paused),
            deadline: deadline)
    }

    func cancel(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    {
        try await order(
            .cancelDecisionFile, DecisionFileOrder(number: number, login: login), deadline: deadline)
    }

    private func order(
        _ statement: Statement<DecisionFileOrder, DecisionFileRefusal?>, _ order: DecisionFileOrder,
        deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> DecisionFile {
        if let refusal = try await rows(statement, order, deadline: deadline).first ?? nil {
            throw refusal.failure
        }
        return try await file(order.number, of: order.login.operatorIdentifier, deadline: deadline)
    }

    private func file(
        _ number: Int, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> DecisionFile {
        let key = DecisionFileKeyInput(operatorIdentifier: operatorIdentifier, number: number)
        guard let file = try await find(key, deadline: deadline) else { throw .noSuchFile }
        return file
    }

    private func find(_ key: DecisionFileKeyInput, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile?
    {
        guard let before = Int32(exactly: key.number).map({ Int($0) + 1 }) else { return nil }
        let input = DecisionFileListInput(
            operatorIdentifier: key.operatorIdentifier, before: before, count: 1)
        return try await read(.decisionFileList, input, deadline: deadline).first { $0.number == key.number }
    }

    private func read<Input: OperatorRead, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [Row] {
        do {
            return try await reader.operatorRows(statement, input, deadline: deadline)
        } catch {
            throw .request(error)
        }
    }

    /// Runs a statement that changes something, as a transaction of its own.
    private func rows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [Row] {
        do {
            return try await pool.withRetries(deadline: deadline) { lease throws(PostgresError) in
                // A refusal and a file that is found are answers as well.
                try lease.transact(statement, input, until: deadline, writesAlways: true)
            }
        } catch {
            if case .failed(let cause) = error {
                logger.warning(
                    "a statement failed",
                    metadata: ["statement": "\(statement.name)", "error": "\(cause.debugDescription)"])
                // Run again, each of these statements finds what the first one did; a new file does so by its key.
                if cause.effect == .unknown { throw .request(.outcomeUnknown) }
            }
            throw .request(error.requestFailure)
        }
    }
}

extension DecisionFileCounts {
    fileprivate mutating func add(_ kind: DecisionFileRowCount) throws(PostgresError) {
        guard !kind.hasFault else {
            faults += kind.rows
            return
        }
        expected.add(
            kind.rows, isKnown: kind.expected != nil,
            code: try kind.expected.map(DecisionFileResultText.code) ?? nil)
        results.add(
            kind.rows, isKnown: kind.result != nil,
            code: try kind.result.map(DecisionFileResultText.code) ?? nil)
    }
}

extension CSVWriter {
    fileprivate mutating func writeDecisionFileHeader() {
        for column in [
            "line", "number", "billing_system_customer_identifier", "reference_number", "result",
            "description",
            "decided_on", "revision", "check_result", "check_description",
        ] { write(column) }
        endRecord()
    }

    /// Writes a row with its outcome and with what the check said. The result of a row with a fault is `INVALID_ROW`;
    /// a row without an outcome has none.
    fileprivate mutating func write(_ row: DecisionFileRow) {
        write(String(row.line), isText: false)
        write(row.number ?? "")
        write(row.customer ?? "")
        write(row.referenceNumber ?? "")
        write(row.result, fault: row.fault)
        write(row.decidedOn?.text ?? "", isText: false)
        write(row.revision.map(String.init) ?? "", isText: false)
        write(row.expected, fault: row.fault)
        endRecord()
    }

    private mutating func write(_ result: DecisionFileRow.Result?, fault: String?) {
        switch result {
        case _ where fault != nil:
            write("INVALID_ROW")
            write(fault ?? "")
        case .succeeded:
            write(DecisionFileResultText.succeeded)
            write("")
        case .failed(let code, let description):
            write(code.rawValue)
            write(description)
        case nil:
            write("")
            write("")
        }
    }
}
