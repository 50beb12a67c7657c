import Foundation
import Glibc
package import LibPQ
import EmbeddedPostgres
import Synchronization

/// The PostgreSQL server that the tests start themselves: one for the whole run, with a database for each test, made
/// from a migrated template. Where PostgreSQL is not installed, the tests fail.
package final class TestServer: Sendable {
    /// The server of the run. It starts at its first use, and ends with the run, however that ends.
    package static let shared = TestServer()

    private let server: EmbeddedPostgres

    private init() {
        let directory = Self.makeDirectory()
        var configuration = EmbeddedPostgres.Configuration(directory: directory)
        configuration.endsWithParent = true
        configuration.loopbackPort = Self.freePort()
        configuration.settings = [
            "max_connections": "300", "shared_buffers": "256MB", "max_prepared_transactions": "20",
            // The data of a run are thrown away; tests of durability start a server of their own.
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

    /// The parameters of a connection to a database of this server.
    package func connectionParameters(database: String, user: String = "postgres") -> ConnectionParameters {
        ConnectionParameters(server.connectionParameters(database: database, user: user))
    }

    /// Makes a folder of a test's own that the server's user can enter.
    package static func makeDirectory() -> String {
        let path = "/tmp/countersign-tests-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A port of 127.0.0.1 on which nothing listens, and which neither the system nor this function gives to another
    /// caller: it is below the range from which the system chooses.
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

/// The port that was given last; each run begins at another one.
private let lastPort = Mutex(Int.random(in: 20_000...32_000))

/// The server that `atexit` must end; a C function can capture nothing.
private let ending = Mutex<(EmbeddedPostgres, String)?>(nil)
