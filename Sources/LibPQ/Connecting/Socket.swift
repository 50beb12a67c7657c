import Glibc

/// Waits for a connection's socket.
struct Socket {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Waits until the socket can be read or written, or is broken, which reading it will tell.
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
