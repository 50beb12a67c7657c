import Logging

/// The log handler that writes lines of text for a person, with control characters escaped.
struct TextLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    let label: String
    let output: LogOutput

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        output.say(Array(line(event).utf8))
    }

    /// The event on one line: time, level, message, and the fields in the order of their names.
    private func line(_ event: LogEvent) -> String {
        let fields = fields(of: event).map { " \($0.key)=\($0.value)" }.joined()
        return "\(LogTime.now) \(event.level) \(event.message)\(fields)".escapingControls()
    }
}
