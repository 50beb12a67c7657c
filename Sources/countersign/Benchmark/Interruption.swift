import Foundation
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and a closed terminal: what was started must be stopped, so they end the benchmark from within.
enum Interruption {
    private static let isRaised = Atomic(false)

    /// From here on the signals are heeded by `pause` and `check`.
    static func listen() {
        // Whoever started this may have blocked signals. What it starts has the same ones blocked, and pgbench does not
        // end without its alarm.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            let before = Glibc.signal(signal) { _ in Interruption.isRaised.store(true, ordering: .relaxed) }
            // nohup(1) stays what it is.
            if signal == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                Glibc.signal(signal, SIG_IGN)
            }
        }
    }

    /// - Throws: If there was a signal.
    static func check() throws {
        if isRaised.load(ordering: .relaxed) { throw CommandFailure("interrupted") }
    }

    /// Waits until a moment, and now and then does something meanwhile.
    static func pause(until end: ContinuousClock.Instant, meanwhile body: () throws -> Void = {}) throws {
        while ContinuousClock.now < end {
            try check()
            try body()
            Thread.sleep(forTimeInterval: max(0, min(0.2, (end - .now) / .seconds(1))))
        }
        try check()
    }
}
