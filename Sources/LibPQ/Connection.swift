import CLibPQ
import Glibc

/// A connection to PostgreSQL.
///
/// It blocks, with a deadline for every wait. It is confined to the thread that opened it: using it on another one is a
/// programming error and stops the process, because libpq's connections are not safe to share (manual, chapter 34.20).
///
/// ```swift
/// let connection = try Connection(
///     ConnectionParameters(parsing: "postgresql:///orders"), deadline: .now + .seconds(3))
/// let identifiers = try connection.run(.accountByName, "joe", deadline: .now + .seconds(1))
/// ```
///
/// When a deadline passes during a statement, the statement is cancelled, and the connection stays usable if the server
/// says in time that the statement has ended. A pipeline with a COMMIT is never cancelled. In every other case the
/// connection is discarded: it is closed, and `isUsable` is false.
public final class Connection {
    /// libpq's connection; `nil` once it is closed or discarded.
    private(set) var handle: OpaquePointer?
    private let thread = pthread_self()
    let notices: NoticeReceiver
    /// Whether the server has refused a write because it is read-only: a standby, or a primary that was demoted.
    public internal(set) var hasRefusedToWrite = false
    /// The server process when the connection was made; libpq no longer returns it once the connection has broken.
    let processIdentifier: Int32
    /// The server process that was left during a COMMIT, and may still be there.
    public internal(set) var abandonedProcessIdentifier: Int32?
    /// The names of the statements that this connection has prepared.
    var prepared: Set<String> = []
    /// The statement that begins each transaction behind a pooler that gives every transaction any of its sessions; it
    /// sets what a session would be set to. While there is one, each statement is parsed anew and none gets a name:
    /// the next session would not know it. `nil` where the session is the connection's own.
    public var transactionSetup: Statement<Void, Void>? {
        didSet { checkThread() }
    }

    /// The time to wait for a cancelled statement to end before the connection is discarded, in milliseconds.
    static let cancelWaitMilliseconds = 1000

    /// Connects, of several servers, to the first that can be reached. Each server has its share of the time that is
    /// left, so that one that does not answer leaves time for the others.
    ///
    /// Strings are sent and read as UTF-8, whatever the database's encoding.
    ///
    /// - Parameters:
    ///   - deadline: The moment at which to give up.
    ///   - noticeHandler: A callback that takes every notice and warning, on the connection's thread.
    /// - Throws: `PostgresError.connectionFailed`, or `invalidInput` for a value with a NUL in it.
    public init(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant,
        noticeHandler: ((ServerMessage) -> Void)? = nil
    ) throws(PostgresError) {
        notices = NoticeReceiver(handler: noticeHandler)
        let handle = try Self.connect(parameters.servers, deadline: deadline)
        self.handle = handle
        processIdentifier = PQbackendPID(handle)
        PQsetnonblocking(handle, 1)
        PQsetNoticeReceiver(handle, NoticeReceiver.receive, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        if let handle { PQfinish(handle) }
    }

    /// Closes the connection. It may be called again.
    public func close() {
        checkThread()
        discard()
    }

    /// Whether the connection is open and idle, with no transaction under way. It does not ask the server, but notices
    /// a server that has closed an idle connection.
    public var isUsable: Bool {
        checkThread()
        guard let handle else { return false }
        // The server's last messages are read before the end of the stream, which says that the server has gone.
        while Socket(PQsocket(handle)).wait(reading: true, writing: false, until: .now) {
            guard PQconsumeInput(handle) == 1 else { return false }
        }
        return PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// The number of the server process that serves this connection; 0 once it is closed.
    public var backendProcessIdentifier: Int32 {
        checkThread()
        return handle == nil ? 0 : processIdentifier
    }

    /// The server's version, 150018 for 15.18; 0 once the connection is closed.
    public var serverVersionNumber: Int {
        checkThread()
        return handle.map { Int(PQserverVersion($0)) } ?? 0
    }

    /// The value of a setting that the server reports by itself, for example `TimeZone` (manual, chapter 34.2).
    public func parameterStatus(_ name: String) -> String? {
        checkThread()
        guard let handle, let value = PQparameterStatus(handle, name) else { return nil }
        return String(cString: value)
    }

    /// Stops the process if the caller is on another thread than the connection's.
    func checkThread() {
        precondition(pthread_equal(thread, pthread_self()) != 0, "a connection is used off its own thread")
    }

    /// The open connection.
    ///
    /// - Throws: `PostgresError.connectionFailed` if it is closed.
    func open() throws(PostgresError) -> OpaquePointer {
        checkThread()
        guard let handle else { throw .connectionFailed("the connection is closed") }
        return handle
    }

    /// Closes the socket without telling the server. Work under way there may still continue.
    func discard() {
        guard let handle else { return }
        PQfinish(handle)
        self.handle = nil
        prepared = []
    }
}

extension Connection {
    private static func connect(_ servers: [ConnectionParameters], deadline: ContinuousClock.Instant)
        throws(PostgresError) -> OpaquePointer
    {
        var reasons: [String] = []
        for (index, server) in servers.enumerated() {
            let handle = try begin(server)
            do throws(PostgresError) {
                let share = (deadline - .now) / (servers.count - index)
                try finishConnecting(handle, deadline: .now + share)
                return handle
            } catch {
                PQfinish(handle)
                reasons.append(error.description)
            }
        }
        throw .connectionFailed(reasons.joined(separator: "; "))
    }

    /// Begins to connect. The caller completes it, and calls `PQfinish`.
    static func begin(_ parameters: ConnectionParameters) throws(PostgresError) -> OpaquePointer {
        var parameters = parameters
        parameters["client_encoding"] = "UTF8"
        let keywords = parameters.keywords
        let values = keywords.map { parameters[$0] ?? "" }
        guard !(keywords + values).contains(where: { $0.utf8.contains(0) }) else {
            throw .invalidInput("a connection parameter cannot hold a NUL character")
        }
        var keywordPointers = keywords.map { UnsafePointer(strdup($0)) } + [nil]
        var valuePointers = values.map { UnsafePointer(strdup($0)) } + [nil]
        defer {
            for pointer in keywordPointers + valuePointers { free(UnsafeMutablePointer(mutating: pointer)) }
        }
        guard let handle = PQconnectStartParams(&keywordPointers, &valuePointers, 0) else {
            throw .connectionFailed("there is no memory for a connection")
        }
        return handle
    }

    private static func finishConnecting(_ handle: OpaquePointer, deadline: ContinuousClock.Instant)
        throws(PostgresError)
    {
        var direction = PGRES_POLLING_WRITING
        while direction != PGRES_POLLING_OK {
            let failed = direction == PGRES_POLLING_FAILED || PQstatus(handle) == CONNECTION_BAD
            guard !failed else { throw .connectionFailed(oneLine(PQerrorMessage(handle))) }
            let ready = Socket(PQsocket(handle))
                .wait(
                    reading: direction == PGRES_POLLING_READING, writing: direction == PGRES_POLLING_WRITING,
                    until: deadline)
            guard ready else { throw .connectionFailed("the database did not answer in time") }
            direction = PQconnectPoll(handle)
        }
    }
}

/// The reason for which a wait for the server ended without a result.
enum WaitFailure: Error {
    case deadlinePassed
    case lost(String)
}

extension Connection {
    /// Sends what is still buffered, and reads meanwhile, so that the two sides never wait for each other.
    func flush(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) throws(WaitFailure) {
        while true {
            let left = PQflush(handle)
            if left == 0 { return }
            // After a failed write there may be an answer that says why; reading finds it or the break.
            if left < 0 { return }
            guard Socket(PQsocket(handle)).wait(reading: true, writing: true, until: deadline) else {
                throw .deadlinePassed
            }
            if PQconsumeInput(handle) == 0 { return }
        }
    }

    /// The next result, or `nil` at the end of a statement's results. The caller clears it.
    func nextResult(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) throws(WaitFailure)
        -> OpaquePointer?
    {
        while PQisBusy(handle) != 0 {
            try flush(handle, deadline: deadline)
            guard Socket(PQsocket(handle)).wait(reading: true, writing: false, until: deadline) else {
                throw .deadlinePassed
            }
            // On a broken connection libpq turns what it has into a result, which comes next.
            if PQconsumeInput(handle) == 0, PQisBusy(handle) != 0 {
                throw .lost(oneLine(PQerrorMessage(handle)))
            }
        }
        return PQgetResult(handle)
    }

    /// Whether the connection has broken.
    func isBroken(_ handle: OpaquePointer) -> Bool {
        PQstatus(handle) != CONNECTION_OK
    }
}

/// A connection's socket, to wait for.
struct Socket {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Waits until the socket can be read or written, or has broken, which a read then shows.
    ///
    /// - Returns: `false` if the deadline passed first.
    func wait(reading: Bool, writing: Bool, until deadline: ContinuousClock.Instant) -> Bool {
        var entry = pollfd(
            fd: descriptor, events: Int16((reading ? POLLIN : 0) | (writing ? POLLOUT : 0)), revents: 0)
        while true {
            let left = (deadline - .now).components
            let milliseconds =
                left.seconds * 1000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            let ready = poll(&entry, 1, Int32(clamping: max(0, milliseconds)))
            if ready > 0 { return true }
            if ready == 0, deadline <= .now { return false }
            if ready < 0, errno != EINTR { return true }
        }
    }
}
