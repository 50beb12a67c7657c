import Charges
import HTTPTypes
import HummingbirdCore
import Logging
import Measurements

/// What is said of a call once it has its answer: one line of the log, and the counts. Neither queries nor bodies
/// are in it, since they hold tokens; paths are in the log alone, since anybody can make them up.
struct CallReport {
    let call: Call
    /// The call's name: of the routes, or `none`.
    let name: String
    let path: String
    let envelope: Envelope
    let requestIdentifier: String
    let duration: Duration

    func log(to logger: Logger) {
        let passed = duration.components
        let milliseconds =
            Double(passed.seconds) * 1000 + Double(passed.attoseconds / 1_000_000_000_000) / 1000
        var metadata: Logger.Metadata = [
            "request_id": "\(requestIdentifier)", "method": "\(call.request.method)", "call": "\(name)",
            "path": "\(path.prefix(200))",
            "http_status": "\(envelope.status.code)", "code": "\(envelope.code)",
            "milliseconds": "\(milliseconds)",
        ]
        if let operatorCode = call.operatorCode { metadata["operator"] = "\(operatorCode)" }
        if let itemCount = call.itemCount { metadata["items"] = "\(itemCount)" }
        if let failedCount = call.failedCount { metadata["failed_items"] = "\(failedCount)" }
        logger.log(level: level, "call", metadata: metadata)
    }

    /// What is the service's fault is an error, whatever HTTP status tells of it.
    private var level: Logger.Level {
        let code = RequestFailure.Code(rawValue: envelope.code)
        if Routes.probes.contains(name) { return .debug }
        return (code?.httpStatus.code ?? 200) >= 500 ? .error : .info
    }

    func count(in measurements: Measurements) {
        measurements.count(.calls, [name, envelope.code, String(envelope.status.code)])
        measurements.record(.callSeconds, [name], duration)
        let codes = failedItems
        for (code, count) in Dictionary(grouping: codes, by: \.self) {
            measurements.count(.items, [name, code], by: count.count)
        }
        if envelope.code == "OK", let itemCount = call.itemCount {
            measurements.count(.items, [name, "OK"], by: itemCount - codes.count)
        }
    }

    /// The codes of the failed items, as the client is told them.
    private var failedItems: [String] {
        guard case .object(let members) = envelope.data else { return [] }
        var codes: [String] = []
        for member in members where member.name.hasPrefix("failed_") {
            guard case .array(let items) = member.value else { continue }
            for item in items {
                if case .string(let code)? = item["error_code"] { codes.append(code) }
            }
        }
        return codes
    }
}
