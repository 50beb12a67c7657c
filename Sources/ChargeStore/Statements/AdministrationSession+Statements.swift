package import Charges
import LibPQ

extension AdministrationSession {
    /// Reads all statements of an operator, newest first.
    package func statements(operatorCode: String) throws(AdministrationFailure) -> [ClosedStatement] {
        let identifier = try operatorIdentifier(code: operatorCode)
        var all: [ClosedStatement] = []
        while true {
            let page = try read(
                .statementList,
                StatementListInput(
                    operatorIdentifier: identifier, before: all.last?.number, count: Self.pageLength),
                doing: "listing statements")
            all += page
            if page.count < Self.pageLength { return all }
        }
    }

    private static let pageLength = 1000

    /// Closes the operator's statement under way, and leaves its digest to the nodes.
    ///
    /// - Returns: The statement that was closed.
    package func endStatement(operatorCode: String) throws(AdministrationFailure) -> ClosedStatement {
        let identifier = try operatorIdentifier(code: operatorCode)
        guard
            try change(.closeStatementNow, operatorCode, doing: "closing the statement").first.flatMap(\.self)
                != nil
        else { throw AdministrationFailure("another session is publishing; try again") }
        return try newest(of: identifier)
    }

    /// Closes the operator's statement under way, and computes the digests that are missing.
    ///
    /// - Returns: The statement that was closed.
    package func closeStatement(operatorCode: String) throws -> ClosedStatement {
        let closed = try endStatement(operatorCode: operatorCode)
        let identifier = closed.operatorIdentifier
        while let unsealed = try run(.unsealedStatements, (), doing: "looking for statements")
            .first(where: { $0.statement.operatorIdentifier == identifier })
        {
            var file = StatementFile()
            _ = file.header()
            try forEachReading(of: unsealed.statement) { _ = file.append($0) }
            let seal = StatementSeal(of: unsealed, &file)
            _ = try change(.sealStatement, seal, doing: "writing the digest")
        }
        return try statements(operatorCode: operatorCode).first { $0.number == closed.number } ?? closed
    }

    /// Lets the operator's statement under way follow one that is known elsewhere, after a restore that lost it.
    ///
    /// - Parameters:
    ///   - number: The number of the last statement that is known elsewhere. The next one has the number after it.
    ///   - digest: Its digest, which the next one's covers.
    package func resumeStatements(operatorCode: String, after number: Int, digest: [UInt8])
        throws(AdministrationFailure)
    {
        _ = try operatorIdentifier(code: operatorCode)
        let input = StatementResumption(operatorCode: operatorCode, lastNumber: number, digest: digest)
        switch try change(.resumeStatements, input, doing: "resuming the statements").first.flatMap(\.self) {
        case true?: return
        case false?:
            throw AdministrationFailure("operator \(operatorCode) has statement \(number) or a later one")
        case nil: throw AdministrationFailure("another session is publishing; try again")
        }
    }

    /// The operator's last statement.
    package func newest(of identifier: OperatorIdentifier) throws(AdministrationFailure) -> ClosedStatement {
        let input = StatementListInput(operatorIdentifier: identifier, before: nil, count: 1)
        guard let newest = try read(.statementList, input, doing: "reading the statement").first else {
            throw AdministrationFailure("the operator has no statement")
        }
        return newest
    }

    /// Writes a statement's canonical file, part by part, and returns the digest that its lines have.
    ///
    /// - Parameters:
    ///   - predecessors: The digests of the statements before it.
    ///   - write: Takes the next bytes.
    package func writeStatement(
        _ statement: ClosedStatement, after predecessors: [[UInt8]],
        to write: ([UInt8]) throws -> Void
    ) throws -> [UInt8] {
        var file = StatementFile()
        try write(file.header())
        try forEachReading(of: statement) { try write(file.append($0)) }
        let (bytes, digest) = file.finish(after: predecessors)
        try write(bytes)
        return digest
    }

    /// Reads the events of a statement, some thousand at a time.
    package func forEachReading(of statement: ClosedStatement, _ body: ([StatementEvent]) throws -> Void)
        throws
    {
        var next = statement.firstEventNumber
        while next <= statement.lastEventNumber {
            let events = try read(
                .statementEvents, statement.place(from: next), doing: "reading the statement")
            guard let last = events.last, events.first?.eventNumber == next else {
                throw AdministrationFailure("statement \(statement.number) lacks event \(next)")
            }
            try body(events)
            next = last.eventNumber + 1
        }
    }
}
