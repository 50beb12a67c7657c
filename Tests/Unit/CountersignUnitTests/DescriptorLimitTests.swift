import Testing

@testable import countersign

/// Tests of the division of the files that a process may have open.
@Suite struct DescriptorLimitTests {
    @Test(
        "Connections of callers fit below the limit, with a reserve",
        arguments: [
            (120, 24, 8), (256, 126, 42), (1024, 702, 234), (4096, 3006, 1002), (20_000, 4096, 4096),
            (Int.max, 4096, 4096),
        ])
    func division(_ total: Int, _ operators: Int, _ internals: Int) {
        let limit = DescriptorLimit(total: total, databaseConnections: 12)
        #expect(limit.suffices)
        #expect(limit.reserve == 88)
        #expect((limit.operatorConnections, limit.internalConnections) == (operators, internals))
        #expect(limit.operatorConnections + limit.internalConnections <= total - limit.reserve)
    }

    @Test("A limit below the reserve does not suffice", arguments: [0, 64, 119])
    func tooLow(_ total: Int) {
        #expect(!DescriptorLimit(total: total, databaseConnections: 12).suffices)
    }
}
