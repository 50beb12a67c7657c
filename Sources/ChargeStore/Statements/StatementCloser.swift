import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// Closes the statements whose end has come, and computes their digests. Every node does so at intervals; the database
/// admits one session to closing, and takes one digest for each statement.
package struct StatementCloser: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// The time that one reading or writing may take.
    private static let time = Duration.seconds(30)
    /// How long closing waits for a session that is publishing.
    private static let lockWaitMilliseconds: Int32 = 500

    /// Closes what is due, then computes the digests that are missing, oldest first. A failure is logged, and the rest is
    /// left to the next call.
    package func run() async {
        if let closed = await attempt(
            .closeStatements, Self.lockWaitMilliseconds, doing: "closing statements")?.first,
            let closed, closed > 0
        {
            logger.info("statements were closed", metadata: ["statements": "\(closed)"])
        }
        while !Task.isCancelled, await sealNext() {}
    }

    /// Computes the digests of the statements that wait for one, one of each operator.
    ///
    /// - Returns: Whether there were any, so that others may wait behind them.
    private func sealNext() async -> Bool {
        guard let waiting = await attempt(.unsealedStatements, (), doing: "looking for statements"),
            !waiting.isEmpty
        else { return false }
        for unsealed in waiting {
            guard await seal(unsealed) else { return false }
        }
        return true
    }

    private func seal(_ unsealed: ChainedStatement) async -> Bool {
        let statement = unsealed.statement
        var file = StatementFile()
        _ = file.header()
        var next = statement.firstEventNumber
        var reading = await events(of: statement, from: next)
        while next <= statement.lastEventNumber {
            guard let read = reading, !Task.isCancelled else { return false }
            guard let last = read.last, read.first?.eventNumber == next else {
                logger.error("a statement lacks an event", metadata: statement.metadata(event: next))
                return false
            }
            next = last.eventNumber + 1
            // The database reads the next events while this node hashes these.
            async let following = events(of: statement, from: next)
            _ = file.append(read)
            reading = await following
        }
        let seal = StatementSeal(of: unsealed, &file)
        return await attempt(.sealStatement, seal, doing: "writing a statement's digest") != nil
    }

    /// The events of a statement from a number on, as many as one reading returns; none after the last one. `nil` if they
    /// cannot be read now.
    private func events(of statement: ClosedStatement, from eventNumber: Int64) async -> [StatementEvent]? {
        guard eventNumber <= statement.lastEventNumber else { return [] }
        return await attempt(
            .statementEvents, statement.place(from: eventNumber), doing: "reading a statement")
    }

    private func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String
    ) async -> [Row]? {
        await pool.attempt(statement, input, doing: purpose, within: Self.time, logger: logger)
    }
}

extension ClosedStatement {
    /// The place from which the events from a number on are read.
    func place(from eventNumber: Int64) -> StatementPlace {
        StatementPlace(
            operatorIdentifier: operatorIdentifier, nextEventNumber: eventNumber,
            lastEventNumber: lastEventNumber)
    }

    func metadata(event: Int64) -> Logger.Metadata {
        [
            "operator_id": "\(operatorIdentifier.value)", "statement": "\(number)",
            "event_number": "\(event)",
        ]
    }
}
