import Testing

@testable import Benchmark

/// Tests of the figures that are read from the output of pgbench.
@Suite struct PgbenchOutputTests {
    private static func output(processed: String = "1187", failed: String = "0 (0.000%)") -> String {
        """
        pgbench (15.20 (Debian 15.20-0+deb12u1))
        transaction type: /tmp/countersign-bench-1.sql
        query mode: prepared
        number of clients: 4
        number of transactions actually processed: \(processed)
        number of failed transactions: \(failed)
        latency average = 13.616 ms
        initial connection time = 23.175 ms
        tps = 293.763834 (without initial connection time)
        """
    }

    @Test("Transactions and rate are read from pgbench's output", arguments: ["1187", "1187/1187"])
    func itReadsWhatIsCounted(processed: String) {
        let output = PgbenchOutput(Self.output(processed: processed))
        #expect(output?.transactions == 1187)
        #expect(output?.transactionsPerSecond == 293.763834)
    }

    @Test(
        "Output with failed or no transactions is refused",
        arguments: [output(failed: "3 (0.250%)"), "pgbench: error: connection failed", ""])
    func whatDidNotGoWellIsNoOutput(text: String) {
        #expect(PgbenchOutput(text) == nil)
    }
}
