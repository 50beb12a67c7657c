import ArgumentParser
import ChargeStore
import Charges

/// `countersign statement resume`
struct StatementResumeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Continues the numbering of an operator's statements after a restore that lost some.",
        discussion: """
            The next statement has the number after that one, and its digest covers two statements: the last one that is \
            here, and the last one that is known elsewhere.

            Example: countersign statement resume --operator ACME --after 31 --digest 9f86d081884c7d65…
            """)

    @Option(
        help: ArgumentHelp("The number of the last statement that is known elsewhere.", valueName: "number"))
    var after: Int

    @Option(help: "Its digest, in hexadecimal.")
    var digest: Digest

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func validate() throws {
        guard after >= 1, after < Int32.max else {
            throw ValidationError("--after is the number of a statement, from 1.")
        }
    }

    func run(_ session: AdministrationSession) throws {
        try session.resumeStatements(operatorCode: options.operatorCode, after: after, digest: digest.bytes)
        print("The next statement of \(options.operatorCode) has the number \(after + 1).")
    }
}

/// The SHA-256 of a statement, in hexadecimal.
struct Digest: ExpressibleByArgument, Equatable {
    let bytes: [UInt8]

    init?(argument: String) {
        guard let bytes = Hexadecimal.bytes(argument), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}
