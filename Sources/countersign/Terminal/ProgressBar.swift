import Glibc

/// A bar on standard error, where that is a terminal; nothing where it is not.
struct ProgressBar {
    private let label: String
    /// How much there is in all; `nil` where nobody knows.
    private let total: Int?
    private let isShown = Terminal.errorIsTerminal
    private var drawnAt: ContinuousClock.Instant?

    init(_ label: String, total: Int?) {
        self.label = label
        self.total = total
    }

    /// - Parameters:
    ///   - done: How much of the total.
    ///   - note: What else to say, a count of rows for instance.
    mutating func update(done: Int, note: String) {
        guard isShown else { return }
        if let drawnAt, ContinuousClock.now - drawnAt < .milliseconds(100) { return }
        drawnAt = .now
        var line = label
        if let total, total > 0 {
            let share = min(1, Double(done) / Double(total))
            let filled = Int(share * 30)
            line +=
                " [" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
                + "]"
            line += " \(Int(share * 100))%"
        }
        write("\r\u{1B}[K\(line) \(note)")
    }

    /// Takes the bar away.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        Terminal.write(text, to: STDERR_FILENO)
    }
}
