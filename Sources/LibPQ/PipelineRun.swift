import CLibPQ

/// One run of a pipeline: it sends the statements, reads their answers, and leaves the connection as it found it.
struct PipelineRun {
    private let pipeline: Pipeline
    private let connection: Connection
    private let handle: OpaquePointer
    private let deadline: ContinuousClock.Instant

    /// An answer to wait for: to the preparation of a statement, or to its run.
    private enum Answer {
        case prepared(step: Int)
        case ran(step: Int)
    }

    init(
        _ pipeline: Pipeline, on connection: Connection, _ handle: OpaquePointer,
        deadline: ContinuousClock.Instant
    ) {
        self.pipeline = pipeline
        self.connection = connection
        self.handle = handle
        self.deadline = deadline
    }

    func run() throws(PostgresError) -> PipelineResults {
        var state = State()
        let answers = try send()
        do throws(WaitFailure) {
            try connection.flush(handle, deadline: deadline)
            try read(answers, into: &state, deadline: deadline)
        } catch {
            switch error {
            case .deadlinePassed: try deadlinePassed(answers, &state)
            case .lost(let reason): state.lostReason = reason
            }
        }
        return try finish(&state)
    }

    /// The state of the answers that have been read.
    private struct State {
        var results: [OpaquePointer] = []
        /// The index of the next answer to read.
        var next = 0
        var error: PostgresError?
        var lostReason: String?
        var committed = false
        var synced = false
        /// The server's warning at the pipeline's end, where a transaction without COMMIT commits.
        var implicitCommitWarning: ServerMessage?
        /// Whether the deadline passed and the server was asked to cancel.
        var cancelled = false
    }

    /// Passes everything to libpq. Nothing waits here: the socket does not block.
    private func send() throws(PostgresError) -> [Answer] {
        guard PQenterPipelineMode(handle) == 1 else { throw lostBeforeSending() }
        var answers: [Answer] = []
        var preparing: Set<String> = []
        let hasOwnSession = connection.transactionSetup == nil
        for (index, step) in pipeline.steps.enumerated() {
            let isNamed = hasOwnSession && !step.name.isEmpty
            let isNew = isNamed && !connection.prepared.contains(step.name)
            if isNew, preparing.insert(step.name).inserted {
                let oids = step.parameterTypes.map(\.oid)
                guard PQsendPrepare(handle, step.name, step.sql, Int32(oids.count), oids) == 1 else {
                    throw lostBeforeSending()
                }
                answers.append(.prepared(step: index))
            }
            guard step.send(on: handle, isPrepared: isNamed) else { throw lostBeforeSending() }
            answers.append(.ran(step: index))
        }
        guard PQpipelineSync(handle) == 1 else { throw lostBeforeSending() }
        return answers
    }

    /// The error of a connection that broke before everything was sent. The last message to be sent makes the server
    /// act, and it was not sent.
    private func lostBeforeSending() -> PostgresError {
        let reason = oneLine(PQerrorMessage(handle))
        connection.discard()
        return .connectionLost(reason, mayHaveCommitted: pipeline.commits)
    }

    private func read(_ answers: [Answer], into state: inout State, deadline: ContinuousClock.Instant)
        throws(WaitFailure)
    {
        while state.next < answers.count, state.lostReason == nil {
            switch answers[state.next] {
            case .prepared(let index):
                if let result = try readOne(into: &state, step: index, deadline: deadline) {
                    PQclear(result)
                    connection.prepared.insert(pipeline.steps[index].name)
                }
            case .ran(let index) where pipeline.steps[index].isCommit:
                try readCommit(into: &state, step: index, deadline: deadline)
            case .ran(let index):
                // The commit at the pipeline's end has no answer of its own: its warnings follow the last statement's
                // answer.
                if index == pipeline.steps.count - 1 { connection.notices.keepWarnings() }
                if let result = try readOne(into: &state, step: index, deadline: deadline) {
                    state.results.append(result)
                }
            }
            state.next += 1
        }
        while !state.synced, state.lostReason == nil { try readSync(into: &state, deadline: deadline) }
        state.implicitCommitWarning = connection.notices.firstWarning
        connection.notices.dropWarnings()
    }

    /// The result of one answer; `nil` if the answer is an error. The first error is the pipeline's.
    private func readOne(into state: inout State, step: Int, deadline: ContinuousClock.Instant)
        throws(WaitFailure) -> OpaquePointer?
    {
        var good: OpaquePointer?
        while let result = try connection.nextResult(handle, deadline: deadline) {
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                if let good { PQclear(good) }
                good = result
            case PGRES_PIPELINE_ABORTED:
                PQclear(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                throw .lost("COPY is not for a pipeline")
            default:
                note(result, step: step, in: &state)
                PQclear(result)
                if state.lostReason != nil { return nil }
            }
        }
        return good
    }

    /// Reads the answer to COMMIT, with the warnings that came with it.
    private func readCommit(into state: inout State, step: Int, deadline: ContinuousClock.Instant)
        throws(WaitFailure)
    {
        connection.notices.keepWarnings()
        let result = try readOne(into: &state, step: step, deadline: deadline)
        let warning = connection.notices.firstWarning
        connection.notices.dropWarnings()
        guard let result else { return }
        state.results.append(result)
        if String(cString: PQcmdStatus(result)) != "COMMIT" {
            state.error = state.error ?? .rolledBack
        } else if let warning {
            state.error = .commitInDoubt(warning)
        } else {
            state.committed = true
        }
    }

    /// Reads the end of the pipeline. An error comes before it if an implicit commit failed there.
    private func readSync(into state: inout State, deadline: ContinuousClock.Instant) throws(WaitFailure) {
        guard let result = try connection.nextResult(handle, deadline: deadline) else {
            if connection.isBroken(handle) { state.lostReason = oneLine(PQerrorMessage(handle)) }
            return
        }
        if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
            state.synced = true
        } else {
            note(result, step: nil, in: &state)
        }
        PQclear(result)
    }

    /// Records an error of the server, or libpq's own of a broken connection, which has no code.
    ///
    /// An error that ends the session in answer to a COMMIT, or at the pipeline's end, says nothing about the
    /// transaction: the server may have committed before. Its severity says that the session ends, before the socket
    /// does.
    private func note(_ result: OpaquePointer, step: Int?, in state: inout State) {
        let message = ServerMessage(result)
        let isServers = !message.sqlState.code.isEmpty
        let ends = !isServers || message.endsSession || connection.isBroken(handle)
        if ends { state.lostReason = message.description }
        let commits = step.map { pipeline.steps[$0].isCommit } ?? true
        guard isServers, !(ends && commits), state.error == nil else { return }
        state.error = .server(message, statement: step)
    }

    /// Handles the passing of the deadline. Without a COMMIT in the pipeline, the server is asked to cancel it, and the
    /// answers that follow are read.
    private func deadlinePassed(_ answers: [Answer], _ state: inout State) throws(PostgresError) {
        let bound = ContinuousClock.now + .milliseconds(Connection.cancelWaitMilliseconds)
        guard !pipeline.commits, connection.cancel(handle, deadline: bound) else {
            return try abandon(&state)
        }
        state.cancelled = true
        do throws(WaitFailure) {
            try read(answers, into: &state, deadline: bound)
        } catch {
            try abandon(&state)
        }
    }

    private func abandon(_ state: inout State) throws(PostgresError) {
        clear(&state)
        discard()
        throw .deadlineExceeded(mayHaveCommitted: true)
    }

    /// Discards the connection without having read the answer to its COMMIT, if there is one.
    private func discard() {
        if pipeline.commits { connection.abandonedProcessIdentifier = connection.processIdentifier }
        connection.discard()
    }

    private func finish(_ state: inout State) throws(PostgresError) -> PipelineResults {
        if let reason = state.lostReason {
            if state.committed { connection.discard() } else { discard() }
            // Once COMMIT has been answered, a broken connection no longer matters.
            if !state.committed, state.error == nil {
                state.error = .connectionLost(reason, mayHaveCommitted: true)
            }
        } else {
            PQexitPipelineMode(handle)
            // The last statement's own warnings come in the same way, so the source of the warning matters here.
            if state.error == nil, let warning = state.implicitCommitWarning, warning.isOfReplication {
                state.error = .commitInDoubt(warning)
            }
            // A cancelled pipeline that still succeeds may be a commit whose wait for a standby was cut short.
            if state.error == nil, state.cancelled { state.error = .deadlineExceeded(mayHaveCommitted: true) }
        }
        if let error = state.error {
            clear(&state)
            if state.cancelled, error.sqlState == .queryCanceled {
                throw .deadlineExceeded(mayHaveCommitted: false)
            }
            throw error
        }
        return PipelineResults(state.results, setupCount: pipeline.setupCount)
    }

    private func clear(_ state: inout State) {
        for result in state.results { PQclear(result) }
        state.results = []
    }
}

extension Pipeline.Step {
    /// Passes the statement to libpq, with every value in binary format, and asks for a binary answer.
    ///
    /// - Parameter isPrepared: Whether the statement has been prepared under its name.
    fileprivate func send(on handle: OpaquePointer, isPrepared: Bool) -> Bool {
        let count = parameters.ranges.count
        return parameters.bytes.withUnsafeBytes { bytes in
            var values = [UnsafePointer<CChar>?](repeating: nil, count: count)
            var lengths = [Int32](repeating: 0, count: count)
            let formats = [Int32](repeating: 1, count: count)
            // A value without bytes must not look like NULL, even where the buffer is empty.
            let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
            for (index, range) in parameters.ranges.enumerated() {
                guard let range else { continue }
                values[index] = base.advanced(by: range.lowerBound).assumingMemoryBound(to: CChar.self)
                lengths[index] = Int32(range.count)
            }
            if !isPrepared {
                let oids = parameterTypes.map(\.oid)
                return PQsendQueryParams(handle, sql, Int32(count), oids, values, lengths, formats, 1) == 1
            }
            return PQsendQueryPrepared(handle, name, Int32(count), values, lengths, formats, 1) == 1
        }
    }
}
