import InMemoryLogging
import Logging

/// Keeps what is logged, at every level.
struct FakeLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]

        /// All of it, for a search.
        var text: String { "\(level) \(message) \(metadata)" }
    }

    private let kept: InMemoryLogHandler

    init() {
        var kept = InMemoryLogHandler()
        kept.logLevel = .trace
        self.kept = kept
    }

    var lines: [Line] {
        kept.entries.map { entry in
            Line(
                level: entry.level, message: "\(entry.message)",
                metadata: entry.metadata.mapValues { "\($0)" })
        }
    }

    /// A handler that writes here.
    func handler() -> any LogHandler { kept }
}
