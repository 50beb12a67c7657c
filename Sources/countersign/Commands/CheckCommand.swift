import ArgumentParser
import ChargeStore
import StrictJSON

/// `countersign check`
struct CheckCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks every rule between rows that the schema cannot hold by itself.",
        discussion: """
            Prints each violation with the rule's name, the operator, the charge's number and what is wrong. The exit \
            status is 0 if every rule holds, and 1 if one is violated. The command only reads; a standby works as \
            well. The rules are the files of sql/checks, which psql runs too.
            """)

    @Flag(help: "List the rules.")
    var list = false

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        guard !list else {
            print(Table(styles: [.bold, nil], rows: Check.all.map { [$0.name, $0.rule] }).text)
            return
        }
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        try run(session)
    }

    func run(_ session: AdministrationSession) throws {
        var bar = ProgressBar("checking", total: Check.all.count)
        defer { bar.finish() }
        var count = 0
        var violated = 0
        for (done, check) in Check.all.enumerated() {
            bar.update(done: done, note: check.name)
            let before = count
            try session.check(check) { violations in
                if !violations.isEmpty { bar.finish() }
                for violation in violations {
                    show(violation, isFirst: count == 0)
                    count += 1
                }
            }
            if count > before { violated += 1 }
        }
        bar.finish()
        if format == .json { Terminal.show(count == 0 ? "[]" : "]") }
        guard count == 0 else {
            throw CommandFailure(
                "\(count) violation\(count == 1 ? "" : "s") of \(violated) of \(Check.all.count) rules")
        }
        Terminal.say("All \(Check.all.count) rules hold.")
    }

    private func show(_ violation: Violation, isFirst: Bool) {
        switch format {
        case .text:
            let cells = [violation.operatorCode, violation.number, violation.detail].compactMap(\.self)
            Terminal.show(
                ([Terminal.styled(violation.check, .bold)] + cells.map { $0.escapingControls() })
                    .joined(separator: "  "))
        case .json:
            let object = JSONValue.object([
                .init("rule", .string(violation.check)),
                .init("operator", violation.operatorCode.map(JSONValue.string) ?? .null),
                .init("number", violation.number.map(JSONValue.string) ?? .null),
                .init("detail", .string(violation.detail)),
            ])
            Terminal.show((isFirst ? "[" : ",") + object.text)
        }
    }
}
