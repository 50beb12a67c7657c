import Foundation
import LibPQ
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of `countersign dev`, which has a server and data of its own: it stops them and finds them again.
@Suite struct DevTests {
    private func start(in folder: String, _ flag: String? = nil) throws -> RunningProgram {
        let environment = [
            "COUNTERSIGN_PORT": "0", "COUNTERSIGN_INTERNAL_PORT": "0", "COUNTERSIGN_ADMIN_PORT": "0",
        ]
        if let flag { return try RunningProgram("dev", flag, environment: environment, in: folder) }
        return try RunningProgram("dev", environment: environment, in: folder)
    }

    /// The commands that the program prints.
    private func printed(_ program: RunningProgram) async throws -> String {
        let login = try await program.line(with: "TOKEN=$(curl")
        let accept = try await program.line(with: "netflix/charges/accept")
        return login + "\n" + accept
    }

    @Test("dev's printed commands work, and its data stay until --reset")
    func itsCommandsWorkAndItsDataAreFoundAgainUntilTheyAreReset() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let locked = "\"number\":\"I00000003\""

        var program = try start(in: folder)
        var answer = try await Program.bash(try await printed(program), in: folder)
        #expect(answer.status == 0)
        #expect(answer.output.contains("CUSTOMER_MISMATCH"))
        #expect(!answer.output.contains(locked))
        #expect(await program.end() == 0)
        #expect(!isAlive(in: folder))

        // The second start finds what the first one accepted.
        program = try start(in: folder)
        answer = try await Program.bash(try await printed(program), in: folder)
        #expect(answer.output.contains("CHARGE_ALREADY_ACCEPTED"))
        #expect(await program.end(SIGINT) == 0)
        #expect(!isAlive(in: folder))

        program = try start(in: folder, "--reset")
        answer = try await Program.bash(try await printed(program), in: folder)
        #expect(!answer.output.contains(locked))
        #expect(await program.end() == 0)
        #expect(!isAlive(in: folder))
    }

    @Test("dev recovers from a start killed while it made the server")
    func aStartThatWasKilledWhileItMadeTheServerIsMadeUpFor() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let killed = try start(in: folder)
        // PG_VERSION is the first file of a server's data.
        try await wait(until: { exists(in: folder, "PG_VERSION") })
        _ = await killed.end(SIGKILL)
        try await expectDemoData(in: folder)
    }

    @Test("dev recovers from a start killed while it made the data")
    func aStartThatWasKilledWhileItMadeTheDataIsMadeUpFor() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try EmbeddedPostgres(.init(directory: folder + "/.countersign"))
        let killed = try start(in: folder)
        try await wait(until: { server.isInitialized })
        let session = TestSession(ConnectionParameters(server.connectionParameters(database: "postgres")))
        // The node's login is made before the data.
        try await session.wait(until: "EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_node')")
        _ = await killed.end(SIGKILL)
        await session.close()
        try await expectDemoData(in: folder)
    }

    /// Checks that a start finds or makes charges, and a user that can accept them.
    private func expectDemoData(in folder: String) async throws {
        let program = try start(in: folder)
        let answer = try await Program.bash(try await printed(program), in: folder)
        #expect(answer.output.contains("CUSTOMER_MISMATCH"), "\(answer)")
        #expect(await program.end() == 0)
    }

    @Test("A port in use is a one-line error, and dev's server stops")
    func aPortThatIsTakenIsOneLineAndItsServerStops() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try await Program.run(
            "dev", "--port", "\(TestServer.shared.loopbackPort)", "--internal-port", "0",
            "--admin-port", "0", in: folder)
        #expect(result.status == 1)
        #expect(
            result.error
                == "countersign: the node cannot listen on 127.0.0.1:\(TestServer.shared.loopbackPort): "
                + "Address already in use; change --host or --port\n")
        #expect(!exists(in: folder, "data"))
    }

    @Test("dev counts its statements, and only its own user may read its server's log")
    func statementsAndLog() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = try start(in: folder)
        let answer = try await Program.bash(try await printed(program), in: folder)
        #expect(answer.status == 0)
        let result = try await Program.bash(
            """
            stat --format %a .countersign/server.log
            countersign report database-statements --format csv -v limit=1000
            """,
            environment: [
                "DATABASE_URL":
                    "host=\(folder)/.countersign/socket user=countersign_admin dbname=countersign"
            ], in: folder)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.hasPrefix("600\nlogin,calls,"), "\(result.output)")
        #expect(result.output.contains("countersign_node,"))
        #expect(await program.end() == 0)
    }

    /// As after a new build, which takes the place of the one that runs.
    @Test(
        "A server that another copy of the program runs is neither stopped nor removed",
        arguments: [[], ["--reset"]])
    func aServerInUseIsLeftRunning(flags: [String]) async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = try start(in: folder)
        let commands = try await printed(program)
        let copy = folder + "/countersign"
        try FileManager.default.copyItem(atPath: Program.folder + "/countersign", toPath: copy)
        let result = try await Program.run(
            executable: copy,
            ["dev", "--port", "0", "--internal-port", "0", "--admin-port", "0"] + flags, in: folder)
        #expect(result.status == 1 && result.error.contains("is in use by process"), "\(result.error)")
        #expect(try await Program.bash(commands, in: folder).status == 0)
        #expect(await program.end() == 0)
    }

    @Test("A folder of another origin is left unchanged by --reset")
    func aFolderThatIsNotItsOwnIsLeftAlone() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/.countersign", withIntermediateDirectories: true)
        try "mine".write(toFile: folder + "/.countersign/letter", atomically: false, encoding: .utf8)
        let result = try await Program.run(
            "dev", "--port", "0", "--internal-port", "0", "--admin-port", "0", "--reset", in: folder)
        #expect(result.status == 1 && result.error.contains("was not removed"), "\(result.error)")
        #expect(FileManager.default.fileExists(atPath: folder + "/.countersign/letter"))
    }

    /// Whether a PostgreSQL server runs on the data of this folder.
    private func isAlive(in folder: String) -> Bool { exists(in: folder, "postmaster.pid") }

    private func exists(in folder: String, _ name: String) -> Bool {
        FileManager.default.subpaths(atPath: folder)?.contains { $0.hasSuffix(name) } ?? false
    }
}
