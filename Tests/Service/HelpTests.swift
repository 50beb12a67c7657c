import Testing

/// Tests of the command's help, and of its answers to wrong usage.
@Suite struct HelpTests {
    @Test(
        "Every command has help with overview and usage",
        arguments: [
            [], ["dev"], ["serve"], ["migrate"], ["operator"], ["operator", "add"], ["operator", "list"],
            ["operator", "set"],
            ["operator", "suspend"], ["operator", "resume"], ["user"], ["user", "add"], ["user", "list"],
            ["admin"], ["admin", "add"], ["admin", "list"], ["admin", "suspend"], ["admin", "resume"],
            ["admin", "set-password"],
            ["user", "password"], ["user", "suspend"], ["user", "resume"], ["key"], ["key", "add"],
            ["key", "list"], ["key", "revoke"], ["signing-key"], ["signing-key", "rotate"],
            ["charges"], ["charges", "import"], ["charges", "list"],
            ["charges", "show"],
            ["provider-key"], ["provider-key", "add"], ["provider-key", "list"], ["provider-key", "revoke"],
            ["feed"],
            ["feed", "new-epoch"],
            ["report"], ["check"], ["bench"],
        ])
    func everyCommandExplainsItself(command: [String]) async throws {
        let result = try await Program.bash(
            (["countersign"] + command + ["--help"]).joined(separator: " "), in: "/tmp")
        #expect(result.status == 0)
        #expect(result.error == "")
        #expect(result.output.hasPrefix("OVERVIEW: "))
        #expect(result.output.contains("USAGE: countersign"))
    }

    /// The error is one line that says what to change, with exit status 2.
    @Test(
        "Wrong usage is a one-line error that says what to change",
        arguments: [
            ("serve", "no database is given; set DATABASE_URL, or use --database"),
            (
                "serve --database 'postgresql://u:geheim@h/d?no_such=1'",
                "the setting database (flag) cannot be read"
            ),
            (
                "serve --port 99999",
                "the setting port (flag) must be a whole number from 0 to 65535, not '99999'"
            ),
            (
                "COUNTERSIGN_CONNECTIONS=none countersign serve",
                "(environment COUNTERSIGN_CONNECTIONS) must be"
            ),
            ("serve --batching maybe", "the setting batching (flag) must be one of on, off, not 'maybe'"),
            (
                "serve --decision-transactions 0",
                "the setting decision-transactions (flag) must be a whole number from 1 to 256, not '0'"
            ),
            (
                "COUNTERSIGN_CHARGES_PER_TRANSACTION=many countersign serve",
                "(environment COUNTERSIGN_CHARGES_PER_TRANSACTION) must be a whole number from 1 to 5000"
            ),
            ("serve --log-level loud", "the setting log-level (flag) must be one of trace"),
            ("serve --configuration /nowhere.json", "/nowhere.json cannot be read"),
            ("charges import charges.txt", "give --format csv or --format ndjson"),
            ("charges import nowhere.csv --database dbname=x", "nowhere.csv"),
            ("charges list", "--operator"), ("charges list --operator ACME --format xml", "'xml'"),
            ("charges list --operator ACME", "no database is given"),
            ("operator add ACME --currency EUR --window soon", "soon"),
            ("operator add ACME", "--currency"),
            ("report", "--list"),
            ("report nothing", "report nothing does not exist"),
            (
                "report undecided-charges --from 2026-10-01",
                "no parameter from; its parameters are: operator, zone"
            ),
            ("report money -v limit", "-v takes name=value"),
            ("bench everything", "'everything'"),
            ("bench --items 51", "--items must be 1 to 50"),
            ("bench --charges 10000 --operators 100", "--charges must be at least 200000"),
            ("bench load --rate 1e-300", "--rate must be 0.1 to 1,000,000."),
            ("bench load --rate nan", "--rate must be"),
            ("bench flood --watched-rate 1e-12", "--watched-rate must be"),
            ("bench --warm-up-seconds nan", "--warm-up-seconds must be 0 to"),
            ("bench --warm-up-seconds inf", "--warm-up-seconds must be"),
            ("bench --warm-up-seconds=-1", "--warm-up-seconds must be"),
            ("bench --seconds 0", "--seconds must be"),
            ("bench load --charges 2000 --items 50", "--charges must be at least 12800."),
            ("bench flood --charges 2000", "'flood' has too few charges"),
            ("bench size --operators 100", "reduce --operators or --connections."),
            ("bench targets --url http://h --database d", "'targets' needs a private node"),
            ("bench batching --url http://h --database d", "'batching' needs a private node"),
            ("bench --failing some", "--failing"),
            ("bench --url http://127.0.0.1:1", "--url and --database must be given together"),
            ("bench --url https://h --database dbname=x", "--url must be http://HOST"),
            ("bench --url http://h --database dbname=x --no-batching", "--no-batching"),
            ("bench --postgresql fsync", "--postgresql takes NAME=VALUE"),
            ("explode", "explode"),
        ])
    func wrongUseIsOneClearLine(command: String, line: String) async throws {
        let script = command.hasPrefix("COUNTERSIGN") ? command : "countersign " + command
        let result = try await Program.bash(script, in: "/tmp")
        #expect(result.status == (line == "nowhere.csv" ? 1 : 2))
        #expect(result.output == "")
        #expect(result.error.contains(line))
        #expect(!result.error.contains("geheim"))
        #expect(!result.error.contains("Fatal") && !result.error.contains(".swift"))
    }

    @Test("An unreachable database is a one-line error without its password")
    func aDatabaseThatIsNotThereIsOneLine() async throws {
        let result = try await Program.run(
            "migrate", "--database", "host=/nowhere dbname=x password=geheim")
        #expect(result.status == 1)
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(result.error.contains("/nowhere"))
        #expect(!result.error.contains("geheim"))
    }
}
