import Charges
import Foundation
import HTTPFront
import Logging

/// Writes the log to standard error, a JSON object a line.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    let label: String

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var members: [JSONValue.Member] = [
            .init(
                "time",
                .string(Date().ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true)))),
            .init("level", .string(event.level.rawValue)),
            .init("message", .string("\(event.message)")),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, given in given }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            let isNumber = Self.numbers.contains(key) && Money("\(value)") != nil
            members.append(.init(key, isNumber ? .number("\(value)") : .string("\(value)")))
        }
        Terminal.say(JSONValue.object(members).text)
    }

    /// What is written as a number, so that it can be added up.
    private static let numbers: Set<String> = [
        "http_status", "milliseconds", "items", "failed_items", "port",
    ]
}
