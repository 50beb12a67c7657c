package import Charges
import LibPQ

/// An import of charges from a file: all of them or none.
///
/// COPY sends the lines to a table of the transaction's own. There they are checked against each other and against the
/// charges that exist, all at once. Only then do they become charges.
package struct ChargeImport {
    private let session: AdministrationSession
    private let skipsKnown: Bool
    private let onStage: (ImportStage) -> Void

    /// - Parameters:
    ///   - skipsKnown: Whether to pass over a line whose charge exists with the same content; otherwise such a line
    ///     refuses the file.
    ///   - onStage: Called whenever a part of the work after the reading is done.
    package init(
        on session: AdministrationSession, skipsKnown: Bool,
        onStage: @escaping (ImportStage) -> Void = { _ in }
    ) {
        self.session = session
        self.skipsKnown = skipsKnown
        self.onStage = onStage
    }

    /// The time that any one step may take.
    private static let timeout = Duration.seconds(3600)

    /// Runs the import.
    ///
    /// - Parameter produce: Passes the charges to its argument, one by one.
    /// - Returns: The number of charges that were imported.
    /// - Throws: `ImportFailure` for a line that cannot be imported, `AdministrationFailure` for the database, or what
    ///   `produce` threw. Nothing of the file is imported then.
    package func run(_ produce: ((ImportedCharge) throws -> Void) throws -> Void) throws -> Int {
        try transaction {
            try copyLines(produce)
            let count = try insert()
            try session.commit(doing: Self.purpose)
            onStage(.storing(done: 1, total: 1))
            return count
        }
    }

    /// The number of times that an import is tried. Each new try follows a charge of the file that came in by another
    /// way while it was inserted.
    private static let maximumTries = 5

    /// Checks the lines, numbers them and makes charges of them. Charges still come in meanwhile: where one of them has a
    /// key of the file, the checks run again, and say so or pass over it.
    private func insert() throws -> Int {
        try session.execute("SAVEPOINT copied", doing: Self.purpose)
        for _ in 0..<Self.maximumTries {
            try markKnown()
            let checks = ImportSQL.checks(skipsKnown: skipsKnown)
            for (done, check) in checks.enumerated() {
                onStage(.checking(done: done, total: checks.count))
                if let fault = try faults(check.first).first { throw fault.failure }
            }
            if let count = try storeUnlessTaken() { return count }
            try session.execute("ROLLBACK TO SAVEPOINT copied", doing: Self.purpose)
        }
        throw AdministrationFailure(
            "\(Self.purpose) failed: charges of the file keep coming in by another way; try again")
    }

    /// Numbers the lines and makes charges of them. It returns their number; `nil` if a key of the file was taken meanwhile,
    /// and then the work must be rolled back.
    private func storeUnlessTaken() throws(AdministrationFailure) -> Int? {
        do throws(AdministrationFailure) {
            try drawNumbers()
            return try store()
        } catch {
            guard error.cause?.sqlState == .uniqueViolation else { throw error }
            return nil
        }
    }

    /// Draws numbers for the lines that have none, and gives them to them.
    private func drawNumbers() throws(AdministrationFailure) {
        let needed: [NeededNumbers] = try run(.neededNumbers, ())
        let draw = try NumberDraw(beside: session)
        defer { draw.close() }
        for need in needed {
            try draw.run(need) { numbers throws(AdministrationFailure) in _ = try run(.addDrawn, numbers) }
        }
        guard needed.contains(where: { $0.count > 0 }) else { return }
        // What has been drawn is joined by hashing, however many there are.
        try session.execute("ANALYZE drawn; SET LOCAL enable_nestloop = off", doing: Self.purpose)
        _ = try run(.numberImported, ())
    }

    /// Makes charges of the lines that are not known, a slice at a time, and returns their number.
    private func store() throws(AdministrationFailure) -> Int {
        let extents: [ImportExtent] = try run(.importExtent, ())
        guard let extent = extents.first else { return 0 }
        let slices = extent.slices
        for (done, slice) in slices.enumerated() {
            onStage(.storing(done: done, total: slices.count))
            _ = try run(.insertImportedCharges, slice)
            _ = try run(.insertFinalDecisions, slice)
            _ = try run(.insertOpenDecisions, slice)
        }
        return extent.lines
    }

    private func run<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input
    ) throws(AdministrationFailure) -> [Row] {
        try session.run(statement, input, doing: Self.purpose, timeout: Self.timeout)
    }

    /// Looks for the faults that `run` would meet, and changes nothing.
    ///
    /// - Parameters:
    ///   - maximum: The most faults to return.
    ///   - produce: Passes the charges to its argument, one by one.
    /// - Returns: The faults, in the order of their lines.
    /// - Throws: `AdministrationFailure` for the database, or what `produce` threw.
    package func check(
        atMost maximum: Int, _ produce: ((ImportedCharge) throws -> Void) throws -> Void
    ) throws -> [ImportFault] {
        try transaction {
            try copyLines(produce)
            try markKnown()
            let checks = ImportSQL.checks(skipsKnown: skipsKnown)
            var found: [ImportFault] = []
            for (done, check) in checks.enumerated() {
                onStage(.checking(done: done, total: checks.count))
                found += try faults(check.all(atMost: maximum))
            }
            try session.execute("ROLLBACK", doing: Self.purpose)
            return found.firstByLine(atMost: maximum)
        }
    }

    /// Runs a body that ends the transaction itself, unless it throws.
    private func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try session.execute(ImportSQL.begin, doing: Self.purpose)
        do {
            return try body()
        } catch {
            try? session.execute("ROLLBACK", doing: Self.purpose)
            throw error
        }
    }

    private func copyLines(_ produce: ((ImportedCharge) throws -> Void) throws -> Void) throws {
        try copy(produce)
        try session.execute(ImportSQL.prepare, doing: Self.purpose, timeout: Self.timeout)
    }

    private func markKnown() throws {
        if skipsKnown { try session.execute(ImportSQL.markKnown, doing: Self.purpose, timeout: Self.timeout) }
    }

    private func faults(_ statement: Statement<Void, ImportFault>) throws -> [ImportFault] {
        try run(statement, ())
    }

    private static let purpose = "the import"

    private func copy(_ produce: ((ImportedCharge) throws -> Void) throws -> Void) throws {
        let known: [ImportOperator] = try run(.operatorIdentifiers, ())
        var operators: [ExactText: Int64] = [:]
        for row in known { operators[row.code] = row.identifier }
        do {
            _ = try session.connection.copyIn(ImportSQL.copy, deadline: .now + Self.timeout) { writer in
                var buffer = CopyBuffer()
                try produce { charge in
                    buffer.append(charge, operatorIdentifier: operators[ExactText(charge.operatorCode)])
                    if buffer.bytes.count >= CopyBuffer.preferredBytes {
                        try writer.write(buffer.bytes)
                        buffer.removeAll()
                    }
                }
                if !buffer.bytes.isEmpty { try writer.write(buffer.bytes) }
            }
        } catch let error as PostgresError {
            throw AdministrationFailure("\(Self.purpose) failed: \(error)", cause: error)
        }
    }
}

/// An operator that the lines of an import may name.
private struct ImportOperator: Sendable {
    let code: ExactText
    let identifier: Int64
}

extension Statement where Input == Void, Row == ImportOperator {
    fileprivate static let operatorIdentifiers = Statement(
        "", "SELECT code, operator_id FROM countersign.operator",
        row: { (code: String, identifier: Int64) in
            ImportOperator(code: ExactText(code), identifier: identifier)
        })
}

/// A part of an import's work after its lines have been read.
package enum ImportStage: Equatable, Sendable {
    /// So many of the checks are done.
    case checking(done: Int, total: Int)
    /// So much of the charges is stored.
    case storing(done: Int, total: Int)
}

/// A buffer of charges in COPY's text format (PostgreSQL manual, COPY, "Text Format"): a line each, tabs between the
/// values, `\N` for NULL.
struct CopyBuffer {
    /// The number of bytes that are sent at a time.
    static let preferredBytes = 64 * 1024

    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(Self.preferredBytes + 4096)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Appends a line.
    ///
    /// - Parameter operatorIdentifier: The operator of the charge; `nil` if there is none with its code.
    mutating func append(_ charge: ImportedCharge, operatorIdentifier: Int64?) {
        for column in ImportSQL.columns {
            value(column.value(charge))
            bytes.append(UInt8(ascii: "\t"))
        }
        value(operatorIdentifier.map { (identifier: Int64) -> String in "\(identifier)" })
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func value(_ text: String?) {
        CopyText.append(text, to: &bytes)
    }
}
