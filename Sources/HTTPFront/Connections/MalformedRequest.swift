import Charges
import HTTPTypes
import Logging
import Measurements

/// The answer to what is no HTTP, and the log's line of it.
struct MalformedRequest: Sendable {
    let logger: Logger
    let measurements: Measurements

    func answer() -> HTTPAnswer {
        let requestIdentifier = RequestIdentifier.new
        var envelope = Envelope(
            RequestFailure(
                .invalidParameter,
                "The request is not HTTP/1.1, or its header has more than 32 KiB or more than 100 fields."))
        envelope.headers[.connection] = "close"
        let status = envelope.status.code
        logger.info(
            "call",
            metadata: [
                "request_id": "\(requestIdentifier)", "call": "none", "http_status": "\(status)",
                "code": "\(envelope.code)",
            ])
        measurements.count(.calls, ["none", envelope.code, String(status)])
        return envelope.answer(requestIdentifier: requestIdentifier)
    }
}
