import Charges
import LibPQ

/// A reading of the server's clock, with the moment of the local clock at which it was made. The two clocks need not
/// agree: only the time that passes is taken from the local one.
struct ServerClock: Sendable {
    private let local: ContinuousClock.Instant
    private let server: Timestamp

    init(local: ContinuousClock.Instant, server: Timestamp) {
        self.local = local
        self.server = server
    }

    /// Reads the server's clock. Its answer is taken to be as late as it can be, so that no deadline is converted to a
    /// later time of the server than it is.
    init(reading connection: Connection, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let answer = try connection.run(.serverTime, (), deadline: deadline)
        self.init(local: .now, server: answer.first ?? Timestamp(microsecondsSince2000: 0))
    }

    /// The server's time at a moment of the local clock.
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
