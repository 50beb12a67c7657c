import Foundation
import TestSupport
import Testing

/// Tests of random calls of two operators and the provider, on two nodes, against the service and the model of its
/// rules: both agree after every step. `COUNTERSIGN_TEST_SEED` replays a run.
@Suite struct ModelTests {
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["COUNTERSIGN_TEST_SEED"].flatMap(UInt64.init).map { [$0] }
        ?? [1, 2, .random(in: 0 ... .max)]
    private static let steps = 400

    @Test("The service agrees with the model after every step", .database, arguments: seeds)
    func theServiceDoesWhatTheModelDoes(seed: UInt64) async throws {
        let nodes = try [0, 1].map { _ in
            try RunningProgram(
                "serve", "--port", "0", "--internal-port", "0",
                environment: ["DATABASE_URL": TestDatabase.current.applicationConnectionString])
        }
        var service = try await prepare(nodes)
        var model = Model(forgivingOperators: ["GLOBEX"])
        var generator = SeededGenerator(seed: seed)
        for number in 1...Self.steps {
            let step = ModelStep.random(model, operators: ["ACME", "GLOBEX"], using: &generator)
            let node = Int.random(in: 0..<nodes.count, using: &generator)
            let said = try await service.perform(step, on: node, &model)
            try #require(
                said.service == said.model,
                "step \(number), \(step); COUNTERSIGN_TEST_SEED=\(seed) replays it")
        }
        for node in nodes { #expect(await node.end() == 0) }
    }

    private func prepare(_ nodes: [RunningProgram]) async throws -> ModelledService {
        let key = try await Program.bash(
            """
            for operator in ACME GLOBEX; do
                echo demo | countersign user add --allow-short --operator $operator --username demo
            done
            countersign operator set GLOBEX --repeat success >&2
            countersign provider-key add bridge
            """, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
        try #require(key.status == 0, "\(key.error)")
        var operators: [String: [Client]] = [:]
        var provider: [Client] = []
        for node in nodes {
            let ports = try await node.ports()
            for code in ["ACME", "GLOBEX"] {
                operators[code, default: []].append(try await Client(port: ports.operators).login(code))
            }
            provider.append(
                Client(
                    port: ports.internals, token: key.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        return ModelledService(operators: operators, provider: provider)
    }
}
