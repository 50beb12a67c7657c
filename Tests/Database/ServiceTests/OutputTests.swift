import Testing

/// Where nothing more can be written, the program does its work all the same.
@Suite struct OutputTests {
    private static let command = "countersign migrate --database host=/nonexistent"

    @Test(arguments: [
        "\(command) 2>/dev/full",
        // A pipe whose reader has gone.
        "exec 3> >(:); wait $!; \(command) 2>&3",
    ])
    func aLineThatCannotBeWrittenIsLost(script: String) async throws {
        let result = try await Program.bash(script, in: "/tmp")
        #expect(result.status == 1)
    }
}
