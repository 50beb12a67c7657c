import Charges
import LibPQ

/// What the server's clock says at a moment of local. The two clocks need not agree: only how much time passes
/// is taken from local.
struct ServerClock: Sendable {
    private let local: ContinuousClock.Instant
    private let server: Timestamp

    init(local: ContinuousClock.Instant, server: Timestamp) {
        self.local = local
        self.server = server
    }

    /// Asks the server. Its answer is held to be as late as it can be, so that a deadline is never told to the
    /// server as later than it is.
    init(reading connection: Connection, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let answer = try connection.run(.serverTime, (), deadline: deadline)
        self.init(local: .now, server: answer.first ?? Timestamp(microsecondsSince2000: 0))
    }

    /// The server's time at a moment of local.
    func time(at instant: ContinuousClock.Instant) -> Timestamp {
        let passed = (instant - local).components
        let microseconds = passed.seconds * 1_000_000 + passed.attoseconds / 1_000_000_000_000
        return Timestamp(microsecondsSince2000: server.microsecondsSince2000 + microseconds)
    }
}

extension Statement where Input == Void, Row == Timestamp {
    static let serverTime = Statement(
        "server_time", "SELECT clock_timestamp()",
        decode: { row throws(PostgresError) in Timestamp(microsecondsSince2000: try row.next(Int64.self)) })
}
