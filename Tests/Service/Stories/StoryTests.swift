import Foundation
import LibPQ
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of a whole month over HTTP, and of the same month with a database that crashes before every call.
@Suite struct StoryTests {
    private static let expected =
        [
            "12 charges were listed", "accept first: OK 0 failed", "decline first: OK 0 failed",
            "decline second: OK 0 failed", "accept third: OK 0 failed", "take: OK 0 failed",
            "outcomes: OK 0 failed", "acknowledge: OK 0 failed", "0 charges are left",
        ]
        + (1...6).map { #"nf-\#($0): APPROVED ["1 ACCEPTED INV-\#($0)"]"# }
        + [
            #"nf-7: DECLINED ["1 ACCEPTED INV-7", "2 DECLINED CREDIT-7"]"#,
            #"nf-8: APPROVED ["1 ACCEPTED INV-8", "2 DECLINED CREDIT-8", "3 ACCEPTED -"]"#,
            #"nf-9: APPROVED ["1 DECLINED -", "2 ACCEPTED -"]"#,
        ] + (10...12).map { #"nf-\#($0): DECLINED ["1 DECLINED -"]"# }

    @Test("A month of operator and provider calls has the expected outcome")
    func aMonthGoesAsItShould() async throws {
        try await withStory { (story: MakeStory, _: EmbeddedPostgres) async throws in
            #expect(try await story({}, {}).run() == Self.expected)
        }
    }

    @Test("A month has the same outcome when the database crashes before every call")
    func aMonthGoesAsItShouldThoughTheDatabaseDiesBeforeEveryCall() async throws {
        try await withStory { (story: MakeStory, server: EmbeddedPostgres) async throws in
            let steps = try await story({ server.kill() }, { try server.start() }).run()
            #expect(steps == Self.expected)
        }
    }

    private typealias MakeStory = (
        _ disturb: @escaping () async throws -> Void, _ repair: @escaping () throws -> Void
    ) -> Story

    /// Runs a body with a node on a server of its own, which the body may kill.
    private func withStory(_ body: (MakeStory, EmbeddedPostgres) async throws -> Void) async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = EmbeddedPostgres.Configuration(directory: folder + "/server")
        configuration.endsWithParent = true
        configuration.loopbackPort = TestServer.freePort()
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let database = ConnectionParameters(server.connectionParameters(database: "postgres"))
            .connectionString
        let made = try await Program.bash(
            """
            countersign migrate >&2
            countersign operator add ACME --currency EUR
            echo demo | countersign user add --allow-short --operator ACME --username demo
            countersign provider-key add bridge
            """, environment: ["DATABASE_URL": database], in: folder)
        try #require(made.status == 0, "\(made.error)")
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--call-timeout-milliseconds", "2000",
            environment: ["DATABASE_URL": database])
        let ports = try await node.ports()
        let acme = try await Client(port: ports.operators).login("ACME")
        let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let provider = Client(port: ports.internals, token: key)
        try await body({ Story(acme: acme, provider: provider, disturb: $0, repair: $1) }, server)
        #expect(await node.end() == 0)
    }
}
