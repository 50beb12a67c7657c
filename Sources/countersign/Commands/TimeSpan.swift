import ArgumentParser

/// A span of time as it is typed: `90s`, `15m`, `72h`, `3d`.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()),
            count > 0,
            count <= 10_000
        else { return nil }
        seconds = count * unit
    }

    /// As it would be typed, in the largest unit up to hours that leaves no rest.
    var text: String {
        if seconds.isMultiple(of: 3600) { return "\(seconds / 3600)h" }
        return seconds.isMultiple(of: 60) ? "\(seconds / 60)m" : "\(seconds)s"
    }

    var defaultValueDescription: String { "\(seconds / 3600)h" }
}
