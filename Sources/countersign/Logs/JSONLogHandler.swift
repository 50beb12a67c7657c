import Charges
import Foundation
import HTTPFront
import Logging

/// Writes the log to standard error, a JSON object a line.
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
        var members: [JSONValue.Member] = [
            .init("time", .string(Self.now)), .init("level", .string(event.level.rawValue)),
            .init("message", .string("\(event.message)")),
        ]
        let all = event.metadata.map { metadata.merging($0) { _, given in given } } ?? metadata
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            let text = "\(value)"
            let isNumber = Self.numbers.contains(key) && Money(text) != nil
            members.append(.init(key, isNumber ? .number(text) : .string(text)))
        }
        output.say(JSONValue.object(members).text)
    }

    /// UTC to the millisecond: `2026-11-23T07:00:00.123Z`.
    private static var now: String {
        let milliseconds = Int64(Date().timeIntervalSince1970 * 1000)
        let moment = Timestamp(microsecondsSince2000: (milliseconds - 946_684_800_000) * 1000)
        return "\(moment.text).\(String(1000 + milliseconds % 1000).dropFirst())Z"
    }

    /// What is written as a number, so that it can be added up.
    private static let numbers: Set<String> = [
        "http_status", "milliseconds", "items", "failed_items", "port",
    ]
}
