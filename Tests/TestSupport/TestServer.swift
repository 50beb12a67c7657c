import Foundation
import Glibc
package import LibPQ
import EmbeddedPostgres
import Synchronization

/// The PostgreSQL that the tests start themselves: one for the whole run, with a database for each test, made
/// from a migrated template. Where none is installed, the tests fail.
package final class TestServer: Sendable {
    /// Started when it is first used, gone when the run ends, however it ends.
    package static let shared = TestServer()

    private let server: EmbeddedPostgres

    private init() {
        let directory = Self.makeDirectory()
        var configuration = EmbeddedPostgres.Configuration(directory: directory)
        configuration.endsWithParent = true
        configuration.loopbackPort = Self.freePort()
        configuration.settings = [
            "max_connections": "300", "shared_buffers": "256MB",
            // A run's data are thrown away; tests of durability start a server of their own.
            "fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB",
        ]
        do throws(EmbeddedPostgresError) {
            server = try EmbeddedPostgres(configuration)
            try server.start()
        } catch {
            fatalError("the tests need a PostgreSQL server: \(error)")
        }
        ending.withLock { $0 = (server, directory) }
        atexit {
            guard let (server, directory) = ending.withLock({ $0 }) else { return }
            server.kill()
            try? FileManager.default.removeItem(atPath: directory)
        }
    }

    /// The port of 127.0.0.1 that the server listens on as well.
    package var loopbackPort: Int { server.port }

    /// How to connect to a database of this server.
    package func connectionParameters(database: String, user: String = "postgres") -> ConnectionParameters {
        ConnectionParameters(server.connectionParameters(database: database, user: user))
    }

    /// A folder of a test's own that the server's user can enter.
    package static func makeDirectory() -> String {
        let path = "/tmp/countersign-tests-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A port of 127.0.0.1 that nobody listens on, and that neither the system nor this function gives to
    /// anybody else: from below the range of which the system chooses.
    package static func freePort() -> Int {
        while true {
            let port = lastPort.withLock { last in
                last = last < 32_000 ? last + 1 : 20_000
                return last
            }
            if isFree(port) { return port }
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// The port that was given last; the first one is another in each run.
private let lastPort = Mutex(Int.random(in: 20_000...32_000))

/// What `atexit` must end; a C function can capture nothing.
private let ending = Mutex<(EmbeddedPostgres, String)?>(nil)
