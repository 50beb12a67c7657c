import Testing

/// Tests of the program when its output can no longer be written: it does its work nevertheless.
@Suite struct OutputTests {
    private static let command = "countersign migrate --database host=/nonexistent"

    @Test(
        "Colours appear only on terminals that support them",
        arguments: [("TERM=xterm", true), ("TERM=dumb", false), ("TERM=xterm NO_COLOR=1", false)])
    func coloursAreForTerminalsThatHaveThem(environment: String, hasColours: Bool) async throws {
        let result = try await Program.bash(
            "\(environment) script -qec 'countersign serve --print-configuration' /dev/null", in: "/tmp")
        #expect(result.status == 0)
        #expect(result.output.contains("log-level"))
        #expect(result.output.contains("\u{1B}[") == hasColours)
    }

    @Test(
        "An error line that cannot be written does not change the exit status",
        arguments: [
            "\(command) 2>/dev/full",
            // The output is a pipe whose reader has gone.
            "exec 3> >(:); wait $!; \(command) 2>&3",
        ])
    func aLineThatCannotBeWrittenIsLost(script: String) async throws {
        let result = try await Program.bash(script, in: "/tmp")
        #expect(result.status == 1)
    }
}
