import EmbeddedPostgres
import Foundation
import Glibc
import TestSupport

/// A PgBouncer before the tests' server, on a free port of 127.0.0.1. It pools few sessions, so that many connections
/// share them. The caller ends it with `stop`.
final class PgBouncer {
    let port = TestServer.freePort()
    private let directory = TestServer.makeDirectory()
    private var process: Process?

    /// - Parameter mode: PgBouncer's `pool_mode`.
    init(mode: String, sessions: Int) throws {
        let configuration = """
            [databases]
            * = host=127.0.0.1 port=\(TestServer.shared.loopbackPort) user=countersign_node
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = \(mode)
            default_pool_size = \(sessions)
            """
        try configuration.write(toFile: "\(directory)/pgbouncer.ini", atomically: false, encoding: .utf8)
    }

    /// Starts PgBouncer, and returns when it listens. It may be called again after `stop`.
    func start() async throws {
        let path = "\(directory)/log"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let user = getuid() == 0 ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        process = try ChildProcess.launch(
            ["setpriv"] + user + [
                "--pdeathsig", "KILL", "/usr/sbin/pgbouncer", "\(directory)/pgbouncer.ini",
            ],
            workingDirectory: directory, log: log)
        try await wait(until: {
            (try? String(contentsOfFile: path, encoding: .utf8))?.contains("process up") == true
        })
    }

    /// Ends PgBouncer with every connection. It may be called again.
    func stop() {
        guard let process else { return }
        // A signal that can be blocked would wait: a child inherits the mask of the thread that started it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
