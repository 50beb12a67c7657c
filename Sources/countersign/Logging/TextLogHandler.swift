import Logging

/// The log handler that writes lines of text for a person, with control characters escaped.
struct TextLogHandler: LogHandler {
    private var base: StreamLogHandler

    init(label: String) {
        base = StreamLogHandler.standardError(label: label)
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue.mapValues(Self.printable) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue.map(Self.printable) }
    }

    func log(event: LogEvent) {
        base.log(event: Self.printable(event))
    }

    /// The event with its message and its values escaped.
    static func printable(_ event: LogEvent) -> LogEvent {
        var event = event
        event.message = "\(event.message.description.escapingControls())"
        event.metadata = event.metadata?.mapValues(printable)
        return event
    }

    private static func printable(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
        .string("\(value)".escapingControls())
    }
}
