import Glibc

/// A progress bar on standard error. It is hidden unless standard error is a terminal.
struct ProgressBar {
    private let label: String
    /// The total amount of work; `nil` if it is unknown.
    private let total: Int?
    private let isShown = Terminal.errorIsTerminal
    private var drawnAt: ContinuousClock.Instant?

    init(_ label: String, total: Int?) {
        self.label = label
        self.total = total
    }

    /// - Parameters:
    ///   - done: The amount of work that is done.
    ///   - note: Further text, for instance a count of rows.
    ///   - isNewStage: Whether the bar is drawn even if it was drawn a moment ago, since it may stay so for long.
    mutating func update(done: Int, note: String, isNewStage: Bool = false) {
        guard isShown else { return }
        if !isNewStage, let drawnAt, ContinuousClock.now - drawnAt < .milliseconds(100) { return }
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

    /// Removes the bar.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        Terminal.write(text, to: STDERR_FILENO)
    }
}
