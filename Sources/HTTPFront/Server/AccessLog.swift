import Charges
import HTTPTypes
import Logging
import Telemetry

/// The record of an answered call: one line of the log, and the counts (`CallMetrics`). It has neither queries nor
/// bodies, since they hold tokens. Paths are in the log alone, since a client can send any path.
struct AccessLogEntry {
    let method: HTTPRequest.Method
    let response: Response
    /// The HTTP status that is sent.
    let status: HTTPResponse.Status
    /// The name of the route, or `none`.
    let name: String
    let path: String
    let requestIdentifier: String
    let duration: Duration
    /// The end of the transfer, if the call has transferred a file.
    let transfer: TransferEnd?

    func log(to logger: Logger) {
        let level = level
        guard level >= logger.logLevel else { return }
        let passed = duration.components
        let milliseconds =
            Double(passed.seconds) * 1000 + Double(passed.attoseconds / 1_000_000_000_000) / 1000
        var metadata: Logger.Metadata = [
            "request_id": .string(requestIdentifier), "method": .string(method.rawValue),
            "call": .string(name), "path": .string(plainPath),
            "http_status": .string(String(status.code)), "code": .string(response.code),
            "milliseconds": .string(milliseconds.description),
        ]
        if let operatorCode = response.operatorCode { metadata["operator"] = .string(operatorCode) }
        if let name = response.providerKeyName { metadata["provider_key"] = .string(name) }
        if let itemCount = response.itemCount { metadata["items"] = .string(String(itemCount)) }
        if response.failedCodes != nil { metadata["failed_items"] = .string(String(failedCount)) }
        if let transfer {
            metadata["bytes"] = "\(transfer.bytes)"
            metadata["transfer"] = .string(transfer.result.rawValue)
        }
        logger.log(level: level, "call", metadata: metadata)
    }

    /// The path up to its first unusual character. A query that was escaped by mistake, with a token in it, is a path
    /// as well.
    private var plainPath: String {
        var segmentLength = 0
        let plain = path.utf8.prefix(200).prefix { byte in
            switch byte {
            case UInt8(ascii: "/"): segmentLength = 0
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                segmentLength += 1
            default: return false
            }
            return segmentLength <= 32
        }
        return String(Substring(plain))
    }

    /// The log level. A fault of the service is an error, whatever HTTP status the response has.
    private var level: Logger.Level {
        if Routes.probes.contains(name) { return .debug }
        if transfer?.result == .failed { return .error }
        return (response.failure?.code.httpStatus.code ?? 200) >= 500 ? .error : .info
    }

    var failedCount: Int { response.failedCodes?.values.reduce(0, +) ?? 0 }
}
