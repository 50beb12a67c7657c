import StrictJSON
import Charges
import Foundation
import HTTPFront
import Logging

/// The log handler that writes one JSON object a line.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    let label: String
    let output: LogOutput

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let members = fields(of: event)
        var line = JSONWriter(capacity: 512)
        line.beginObject()
        line.name("time")
        line.string(LogTime.now)
        line.name("level")
        line.string(event.level.rawValue)
        line.name("message")
        line.string(Self.printable(event.message.description))
        for (key, value) in members {
            let text = Self.printable(Self.text(value))
            line.name(string: key)
            // Most texts are seen to be no number by their first character, before the name is looked up.
            if Money(text) != nil, Self.numbers.contains(key) { line.number(text) } else { line.string(text) }
        }
        line.endObject()
        output.say(line.bytes)
    }

    /// The text with those control characters escaped that JSON leaves as they are, and a terminal may act upon.
    private static func printable(_ text: String) -> String {
        text.escapingControls { $0.value > 0x1F }
    }

    private static func text(_ value: Logger.MetadataValue) -> String {
        if case .string(let text) = value { text } else { "\(value)" }
    }

    /// The fields that are written as numbers, so that they can be added up.
    private static let numbers: Set<String> = [
        "http_status", "milliseconds", "calls", "items", "failed_items", "port", "waiting_milliseconds",
        "database_milliseconds",
    ]
}

extension LogHandler {
    /// The fields of an event and the handler's own, by name. The event's go first.
    func fields(of event: LogEvent) -> [(key: String, value: Logger.MetadataValue)] {
        var fields = Array(event.metadata ?? [:])
        for own in metadata where event.metadata?[own.key] == nil { fields.append(own) }
        fields.sort { $0.key < $1.key }
        return fields
    }
}

/// The time of a log line.
enum LogTime {
    /// The current time in UTC to the millisecond: `2026-11-23T07:00:00.123Z`.
    static var now: String {
        let milliseconds = Int64(Date().timeIntervalSince1970 * 1000)
        let moment = Timestamp(microsecondsSince2000: (milliseconds - 946_684_800_000) * 1000)
        return "\(moment.text).\(String(1000 + milliseconds % 1000).dropFirst())Z"
    }
}

/// The format of the log.
enum LogFormat: String, CaseIterable {
    case auto, text, json
}

extension Logger {
    /// The program's logger with the format and the level of the settings.
    init(_ settings: Settings) {
        let isJSON =
            switch settings.logFormat {
            case .json: true
            case .text: false
            case .auto: !Terminal.errorIsTerminal
            }
        self.init(label: "countersign") { label -> any LogHandler in
            isJSON
                ? JSONLogHandler(label: label, output: .standardError)
                : TextLogHandler(label: label, output: .standardError)
        }
        logLevel = settings.logLevel
        // Several nodes may write into one log. A terminal shows one node.
        if isJSON { self[metadataKey: "node"] = "\(NodeIdentity.text)" }
    }
}

/// The identity of a node in a log line: the host name and the process id.
enum NodeIdentity {
    static let text = "\(hostName):\(getpid())"

    /// The host name that the kernel knows, without a query to the network.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
