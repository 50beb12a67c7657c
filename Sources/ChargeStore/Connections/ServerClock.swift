import Charges
import LibPQ

/// A reading of the server's clock, with the moment of the local clock at which it was made. The two clocks need not
/// agree: only the time that passes is taken from the local one.
struct ServerClock: Sendable {
    private let local: ContinuousClock.Instant
    private let server: Timestamp
    /// The time that the reading took: the server's clock was at `server` at most so long before `local`.
    let uncertainty: Duration

    init(local: ContinuousClock.Instant, server: Timestamp, uncertainty: Duration = .zero) {
        self.local = local
        self.server = server
        self.uncertainty = uncertainty
    }

    /// Reads the server's clock. Its answer is taken to be as late as it can be, so that no deadline is converted to a
    /// later time of the server than it is.
    init(reading connection: Connection, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let asked = ContinuousClock.now
        let answer = try connection.run(.serverTime, (), deadline: deadline)
        let local = ContinuousClock.now
        self.init(
            local: local, server: answer.first ?? Timestamp(microsecondsSince2000: 0),
            uncertainty: local - asked)
    }

    /// The server's time at a moment of the local clock.
    func time(at instant: ContinuousClock.Instant) -> Timestamp { server.advanced(by: instant - local) }
}

extension Statement where Input == Void, Row == Timestamp {
    static let serverTime = Statement("server_time", "SELECT clock_timestamp()")
}
