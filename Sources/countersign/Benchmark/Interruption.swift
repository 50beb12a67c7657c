import Foundation
import Glibc
import Synchronization

/// The interruption by Ctrl-C, SIGTERM or a closed terminal. It ends the benchmark as an error, so that everything that
/// was started is stopped.
enum Interruption {
    private static let isRaised = Atomic(false)

    /// Installs the signal handlers. From then on `pause` and `check` throw after a signal.
    static func listen() {
        // The parent process may have blocked signals. Child processes inherit that, and pgbench does not end without
        // its alarm.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            let before = Glibc.signal(signal) { _ in Interruption.isRaised.store(true, ordering: .relaxed) }
            // An ignored SIGHUP stays ignored, as nohup(1) requires.
            if signal == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                Glibc.signal(signal, SIG_IGN)
            }
        }
    }

    /// Checks for a signal.
    ///
    /// - Throws: `CommandFailure` if there was one.
    static func check() throws {
        if isRaised.load(ordering: .relaxed) { throw CommandFailure("interrupted") }
    }

    /// Waits until a moment and calls a closure several times a second meanwhile.
    static func pause(until end: ContinuousClock.Instant, meanwhile body: () throws -> Void = {}) throws {
        while ContinuousClock.now < end {
            try check()
            try body()
            Thread.sleep(forTimeInterval: max(0, min(0.2, (end - .now) / .seconds(1))))
        }
        try check()
    }
}
