import Foundation
import Glibc
import Synchronization

/// A small proxy between a node and its database, on 127.0.0.1, that breaks connections on purpose.
package final class TCPProxy: Sendable {
    /// A fault for the next decision that passes; afterwards the proxy passes everything again.
    package enum Fault: Sendable {
        /// The connection is cut before the transaction reaches the server.
        case cutBeforeArrival
        /// The transaction reaches the server, its answer is dropped, and the connection is cut.
        case cutBeforeAnswer
        /// The transaction reaches the server, and its answer is dropped; the connection stays open.
        case swallowAnswer
        /// The transaction is held back until `releaseHeld`; the connection stays open.
        case hold
        /// The statement never reaches the server, the client gets these bytes for an answer, and the connection is cut.
        case answer([UInt8])
        /// The transaction reaches the server, the client gets these bytes for its answer, and the connection is cut.
        case replaceAnswer([UInt8])
        /// The fault of `swallowAnswer`, after which every new connection is cut, until `revive`.
        case swallowAnswerAndDie
    }

    private struct State {
        var fault: Fault?
        /// The bytes by which the traffic is recognised that the fault is for.
        var marker: [UInt8] = []
        var held: [(bytes: [UInt8], server: Int32)] = []
        var isDead = false
        var isSilent = false
        var isClosed = false
    }

    private let listener: Int32
    private let serverPort: Int
    package let port: Int
    private let state = Mutex(State())

    package init(serverPort: Int) {
        self.serverPort = serverPort
        port = TestServer.freePort()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        precondition(Self.withLoopback(port) { bind(listener, $0, $1) } == 0 && listen(listener, 128) == 0)
        Thread.detachNewThread { self.accept() }
    }

    /// Sets a fault for the next decision.
    ///
    /// - Parameter statement: The name of the statement that the fault is for. Every transaction with a COMMIT has the
    ///   one that commits.
    package func breakNext(_ fault: Fault, of statement: String = "libpq_commit") {
        state.withLock {
            $0.fault = fault
            $0.marker = Array(statement.utf8)
        }
    }

    /// Whether the fault has happened.
    package var isDone: Bool { state.withLock { $0.fault == nil } }

    /// Accepts connections again.
    package func revive() {
        state.withLock { $0.isDead = false }
    }

    /// Whether the proxy drops everything in both directions, without closing a connection. What comes meanwhile is
    /// lost.
    package var isSilent: Bool {
        get { state.withLock { $0.isSilent } }
        set { state.withLock { $0.isSilent = newValue } }
    }

    /// Sends on the bytes that were held back.
    package func releaseHeld() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for (bytes, server) in held { _ = Self.send(bytes, to: server) }
    }

    package func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    private func accept() {
        while !state.withLock({ $0.isClosed }) {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            guard !state.withLock({ $0.isDead }) else {
                Glibc.close(client)
                continue
            }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withLoopback(serverPort, { connect(server, $0, $1) }) == 0 else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            let link = Link(client: client, server: server)
            Thread.detachNewThread { self.pumpToServer(link) }
            Thread.detachNewThread { self.pumpToClient(link) }
        }
    }

    private func pumpToServer(_ link: Link) {
        var isHolding = false
        while let bytes = Self.receive(from: link.client) {
            guard !isSilent else { continue }
            if !isHolding, let fault = fault(for: bytes) {
                switch fault {
                case .cutBeforeArrival:
                    state.withLock { $0.fault = nil }
                    return link.cut()
                case .cutBeforeAnswer: link.answers.withLock { $0 = .dropThenCut }
                case .swallowAnswer, .swallowAnswerAndDie: link.answers.withLock { $0 = .drop }
                case .hold: isHolding = true
                case .answer(let answer):
                    state.withLock { $0.fault = nil }
                    _ = Self.send(answer, to: link.client)
                    return link.cut()
                case .replaceAnswer(let answer): link.answers.withLock { $0 = .replace(answer) }
                }
                state.withLock {
                    $0.fault = nil
                    if case .swallowAnswerAndDie = fault { $0.isDead = true }
                }
            }
            if isHolding {
                state.withLock { $0.held.append((bytes, link.server)) }
            } else if !Self.send(bytes, to: link.server) {
                break
            }
        }
        // A node that gives up closes its side; the bytes that were held back may still reach the server.
        if !isHolding { link.cut() }
    }

    private func fault(for bytes: [UInt8]) -> Fault? {
        state.withLock { state in
            guard let fault = state.fault, bytes.firstRange(of: state.marker) != nil else { return nil }
            return fault
        }
    }

    private func pumpToClient(_ link: Link) {
        while let bytes = Self.receive(from: link.server) {
            guard !isSilent else { continue }
            switch link.answers.withLock({ $0 }) {
            case .pass: guard Self.send(bytes, to: link.client) else { return link.cut() }
            case .drop: continue
            case .dropThenCut: return link.cut()
            case .replace(let answer):
                _ = Self.send(answer, to: link.client)
                return link.cut()
            }
        }
        link.cut()
    }

    private static func receive(from descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func withLoopback(
        _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

extension TCPProxy {
    /// The message by which a server, or a pooler, ends a session (PostgreSQL's manual, chapter 55.7, ErrorResponse).
    ///
    /// - Parameter file: The server's source file; a pooler names none.
    package static func endOfSession(_ sqlState: String, file: String? = "postgres.c") -> [UInt8] {
        var fields = [("S", "FATAL"), ("V", "FATAL"), ("C", sqlState), ("M", "the session ends")]
        if let file { fields.append(("F", file)) }
        var body: [UInt8] = []
        for (code, value) in fields { body += Array(code.utf8) + Array(value.utf8) + [0] }
        body.append(0)
        let length = withUnsafeBytes(of: UInt32(body.count + 4).bigEndian) { Array($0) }
        return [UInt8(ascii: "E")] + length + body
    }
}

/// The two ends of one connection.
private final class Link: Sendable {
    enum Answers {
        case pass
        case drop
        case dropThenCut
        case replace([UInt8])
    }

    let client: Int32
    let server: Int32
    let answers = Mutex(Answers.pass)

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    /// Cuts the connection. The descriptors are closed when nothing can be using them any more.
    func cut() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    deinit {
        Glibc.close(client)
        Glibc.close(server)
    }
}
