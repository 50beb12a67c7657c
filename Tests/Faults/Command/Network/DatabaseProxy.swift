import Foundation
import Glibc
import Synchronization

/// The link between one node and one PostgreSQL server: a proxy on a Unix socket, which can be broken on purpose.
///
/// It passes the bytes of a connection in their order and never twice, as a network does.
final class DatabaseProxy: Sendable {
    /// How the link is broken.
    enum Fault: Sendable {
        /// New connections are closed, and those that there are were cut.
        case refuse
        /// Nothing passes in the given directions. What is sent meanwhile arrives when the link is whole again.
        case hold(toServer: Bool, toClient: Bool)
        /// Each piece is late by some milliseconds.
        case delay(milliseconds: Int)
        /// At most so many bytes a second pass in each direction.
        case limit(bytesPerSecond: Int)
        /// One of so many transactions is cut before its COMMIT reaches the server.
        case cutBeforeCommit(oneOf: Int)
        /// One of so many transactions is cut once its COMMIT was sent on, before its answer.
        case cutAfterCommit(oneOf: Int)
        /// The answer to one of so many COMMITs is lost; the connection stays open.
        case loseCommitAnswer(oneOf: Int)
    }

    private struct State {
        var fault: Fault?
        var links: [ObjectIdentifier: Link] = [:]
        var commits = 0
    }

    private let listener: Int32
    private let server: String
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: The socket that the node connects to.
    ///   - server: The server's socket.
    init?(path: String, server: String) {
        guard let listener = Sockets.listen(path: path) else { return nil }
        self.listener = listener
        self.server = server
        Thread.detachNewThread { self.accept() }
    }

    /// Breaks the link, or with `nil` mends it.
    func set(_ fault: Fault?) {
        let cut = state.withLock { state in
            state.fault = fault
            if case .refuse = fault { return Array(state.links.values) }
            return []
        }
        for link in cut { link.cut() }
    }

    /// Cuts every connection that there is.
    func cutAll() {
        for link in state.withLock({ Array($0.links.values) }) { link.cut() }
    }

    private func accept() {
        while let client = Sockets.accept(listener) {
            if case .refuse = state.withLock({ $0.fault }) {
                close(client)
                continue
            }
            guard let server = Sockets.connect(path: server) else {
                close(client)
                continue
            }
            let link = Link(client: client, server: server)
            state.withLock { $0.links[ObjectIdentifier(link)] = link }
            Thread.detachNewThread { self.pump(link, toServer: true) }
            Thread.detachNewThread { self.pump(link, toServer: false) }
        }
    }

    private func pump(_ link: Link, toServer: Bool) {
        let (from, to) = toServer ? (link.client, link.server) : (link.server, link.client)
        pumping: while let bytes = Sockets.receive(from) {
            waitWhileHeld(link, toServer: toServer)
            switch state.withLock({ $0.fault }) {
            case .delay(let milliseconds): pause(seconds: Double(milliseconds) / 1000)
            case .limit(let rate): pause(seconds: Double(bytes.count) / Double(rate))
            case .cutBeforeCommit(let oneOf) where toServer && isChosen(bytes, oneOf): break pumping
            case .cutAfterCommit(let oneOf) where toServer && isChosen(bytes, oneOf):
                link.answers.withLock { $0 = .cut }
            case .loseCommitAnswer(let oneOf) where toServer && isChosen(bytes, oneOf):
                link.answers.withLock { $0 = .lose }
            default: break
            }
            if !toServer {
                switch link.answers.withLock({ $0 }) {
                case .pass: break
                case .lose: continue
                case .cut: break pumping
                }
            }
            guard Sockets.send(bytes, to: to) else { break }
        }
        link.cut()
        state.withLock { _ = $0.links.removeValue(forKey: ObjectIdentifier(link)) }
    }

    private func waitWhileHeld(_ link: Link, toServer: Bool) {
        while case .hold(let server, let client)? = state.withLock({ $0.fault }), toServer ? server : client,
            !link.isCut.withLock({ $0 })
        {
            pause(seconds: 0.02)
        }
    }

    /// Whether bytes hold a COMMIT that the fault is for. Every transaction's COMMIT is the statement of this name.
    private func isChosen(_ bytes: [UInt8], _ oneOf: Int) -> Bool {
        guard bytes.firstRange(of: Self.commit) != nil else { return false }
        return state.withLock { state in
            state.commits += 1
            return state.commits % oneOf == 0
        }
    }
    private static let commit = Array("libpq_commit".utf8)
}

/// The two ends of one connection.
private final class Link: Sendable {
    enum Answers { case pass, lose, cut }

    let client: Int32
    let server: Int32
    let answers = Mutex(Answers.pass)
    let isCut = Mutex(false)

    init(client: Int32, server: Int32) {
        self.client = client
        self.server = server
    }

    /// Cuts the connection. The descriptors are closed when nothing can be using them any more.
    func cut() {
        isCut.withLock { $0 = true }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    deinit {
        close(client)
        close(server)
    }
}
