/// A span of time, which people write as a number and a unit: `90s`, `5m`, `72h`, `30d`.
package struct TimeSpan: Equatable, Sendable {
    package let seconds: Int

    package init(seconds: Int) {
        self.seconds = seconds
    }

    /// Parses a span of 1 to 10,000 units.
    ///
    /// - Parameter text: A number and one of `s`, `m`, `h` and `d`.
    /// - Returns: `nil` if the text is no span.
    package init?(text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (1...10_000).contains(count)
        else { return nil }
        seconds = count * unit
    }

    /// The span in the largest unit, up to hours, that divides it evenly.
    package var text: String {
        if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
        return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
