import ArgumentParser
import ChargeStore
import Charges
import Foundation

/// `countersign statement verify`
struct StatementVerifyCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Computes the digests of an operator's statements anew.",
        discussion: """
            It finds accidental damage. Someone who can write to the database can make events and digests agree: \
            against that, compare with a digest (--known) or a canonical file (--file) that is kept elsewhere.

            Example: countersign statement verify --operator ACME --known 31=9f86d081884c7d65…
            """)

    @Option(
        help: ArgumentHelp(
            "A statement's number and the digest that it had; repeatable.", valueName: "number=digest"))
    var known: [KnownDigest] = []

    @Option(
        help: ArgumentHelp(
            "A statement's canonical file, as it was downloaded; repeatable.", valueName: "path"))
    var file: [String] = []

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let statements = Array(try session.statements(operatorCode: options.operatorCode).reversed())
        var files = try file.map { try KeptStatementFile(path: $0, among: statements) }
        var faults = files.filter { $0.number == nil }.map { "\($0.path): it is the file of no statement" }
        var missing = known
        var previous: [UInt8]?
        var bar = ProgressBar("verifying", total: statements.count)
        defer { bar.finish() }
        for (done, statement) in statements.enumerated() {
            bar.update(done: done, note: "statement \(statement.number)")
            let places = files.indices.filter { files[$0].number == statement.number }
            let found = try session.writeStatement(statement, after: statement.predecessors(after: previous))
            { bytes in
                for place in places { files[place].compare(bytes) }
            }
            if let digest = statement.digest, digest != found {
                faults.append("statement \(statement.number): its events do not give its digest")
            }
            for one in known where one.number == statement.number {
                missing.removeAll { $0 == one }
                if one.digest != statement.digest {
                    faults.append("statement \(statement.number): its digest is not the known one")
                }
            }
            for place in places {
                guard let line = files[place].differingLine() else { continue }
                faults.append("statement \(statement.number): line \(line) of \(files[place].path) differs")
            }
            previous = statement.digest
        }
        bar.finish()
        faults += missing.map { "statement \($0.number) does not exist" }
        for fault in faults { print(fault) }
        guard faults.isEmpty else {
            throw CommandFailure("\(faults.count == 1 ? "1 fault was" : "\(faults.count) faults were") found")
        }
        print("\(statements.count == 1 ? "1 statement is" : "\(statements.count) statements are") undamaged.")
    }
}

/// A statement's number and digest, as the option --known has it.
struct KnownDigest: ExpressibleByArgument, Equatable {
    let number: Int
    let digest: [UInt8]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let number = Int(parts[0]), let digest = Digest(argument: parts[1]) else {
            return nil
        }
        self.number = number
        self.digest = digest.bytes
    }
}

/// A canonical file that was kept elsewhere. It is compared with what is stored, part by part.
private struct KeptStatementFile {
    let path: String
    /// The number of its statement: the one that begins with the same event or, if it has none, has the same digest.
    let number: Int?
    private let handle: FileHandle
    private var line = 1
    private var difference: Int?

    /// - Throws: `CommandFailure` if the file cannot be read.
    init(path: String, among statements: [ClosedStatement]) throws {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        self.handle = handle
        // More than the two first lines of a file with events, or all of one without.
        let beginning = String(decoding: try handle.read(upToCount: 16_384) ?? Data(), as: UTF8.self)
        try handle.seek(toOffset: 0)
        let lines = beginning.split(separator: "\n")
        let second = lines.dropFirst().first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        if let event = second.first.flatMap({ Int64($0) }) {
            number = statements.first { $0.firstEventNumber == event && $0.eventCount > 0 }?.number
        } else if second.count > 5, second[0] == "END" {
            number = statements.first { $0.digest.map(Hexadecimal.text) == String(second[5]) }?.number
        } else {
            number = nil
        }
    }

    /// Compares the next bytes of the statement with those of the file.
    mutating func compare(_ bytes: [UInt8]) {
        guard difference == nil else { return }
        let kept = (try? handle.read(upToCount: bytes.count)) ?? Data()
        for (stored, other) in zip(bytes, kept) {
            guard stored == other else {
                difference = line
                return
            }
            if stored == UInt8(ascii: "\n") { line += 1 }
        }
        if kept.count < bytes.count { difference = line }
    }

    /// The first line that differs, once all was compared; `nil` if none does.
    func differingLine() -> Int? {
        if let difference { return difference }
        let more = (try? handle.read(upToCount: 1)) ?? Data()
        return more.isEmpty ? nil : line
    }
}
