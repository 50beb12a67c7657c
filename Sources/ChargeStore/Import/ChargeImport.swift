package import Charges
import LibPQ

/// An import of charges from a file: all of them or none.
///
/// COPY sends the lines to a table of the transaction's own. There they are checked against each other and against the
/// charges that exist, all at once. Only then do they become charges.
package struct ChargeImport {
    private let session: AdministrationSession
    private let skipsKnown: Bool

    /// - Parameter skipsKnown: Whether to pass over a line whose charge exists with the same content; otherwise such a
    ///   line refuses the file.
    package init(on session: AdministrationSession, skipsKnown: Bool) {
        self.session = session
        self.skipsKnown = skipsKnown
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
        try session.execute(ImportSQL.begin, doing: Self.purpose)
        do {
            try copy(produce)
            try session.execute(ImportSQL.prepare, doing: Self.purpose, timeout: Self.timeout)
            let count = try insert()
            try session.commit(doing: Self.purpose)
            return count
        } catch {
            try? session.execute("ROLLBACK", doing: Self.purpose)
            throw error
        }
    }

    /// The number of times that an import is tried. Each new try follows a charge of the file that came in by another
    /// way while it was inserted.
    private static let maximumTries = 5

    /// Checks the lines, numbers them and makes charges of them. Charges still come in meanwhile: where one of them is
    /// in the file, too, the checks run again, and say so or pass over it.
    private func insert() throws -> Int {
        try session.execute("SAVEPOINT copied", doing: Self.purpose)
        for _ in 0..<Self.maximumTries {
            for check in ImportSQL.checks(skipsKnown: skipsKnown) {
                let statement = Statement<Void, ImportFailure>(
                    "", check,
                    decode: { row throws(PostgresError) in
                        ImportFailure(line: Int(try row.next(Int64.self)), try row.next(String.self))
                    })
                if let failure = try session.run(statement, (), doing: Self.purpose, timeout: Self.timeout)
                    .first
                {
                    throw failure
                }
            }
            try drawNumbers()
            // What has been drawn is joined by hashing, however many there are.
            try session.execute(
                "ANALYZE drawn; SET LOCAL enable_nestloop = off", doing: Self.purpose)
            let count = try session.run(.insertImported, (), doing: Self.purpose, timeout: Self.timeout).first
            if let count { return Int(count) }
            try session.execute("ROLLBACK TO SAVEPOINT copied", doing: Self.purpose)
        }
        throw AdministrationFailure(
            "\(Self.purpose) failed: charges of the file keep coming in by another way; try again")
    }

    /// Draws numbers for the lines that have none.
    private func drawNumbers() throws(AdministrationFailure) {
        let needed = try session.run(.neededNumbers, (), doing: Self.purpose, timeout: Self.timeout)
        let draw = try NumberDraw(beside: session)
        defer { draw.close() }
        for need in needed {
            try draw.run(need) { numbers throws(AdministrationFailure) in
                _ = try session.run(.addDrawn, numbers, doing: Self.purpose)
            }
        }
    }

    private static let purpose = "the import"

    private func copy(_ produce: ((ImportedCharge) throws -> Void) throws -> Void) throws {
        do {
            _ = try session.connection.copyIn(ImportSQL.copy, deadline: .now + Self.timeout) { writer in
                var buffer = CopyBuffer()
                try produce { charge in
                    buffer.append(charge)
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

extension Statement where Input == Void, Row == Int64 {
    fileprivate static let insertImported = Statement(
        "", ImportSQL.insert, decode: { row throws(PostgresError) in try row.next(Int64.self) })
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

    mutating func append(_ charge: ImportedCharge) {
        for (index, column) in ImportSQL.columns.enumerated() {
            value(column.value(charge), first: index == 0)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func value(_ text: String?, first: Bool = false) {
        if !first { bytes.append(UInt8(ascii: "\t")) }
        guard let text else {
            bytes.append(contentsOf: "\\N".utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
