import Charges
import HTTPTypes
import NIOCore
import StrictJSON

/// The envelope of every response: `{"data": …, "status": {"code", "description", "message"}}`.
enum Envelope {
    /// The envelope of a call that succeeded.
    static func success(_ data: ResponseBody, description: String = "") -> ByteBuffer {
        data.isNothing && description.isEmpty
            ? allDone : written(data, code: "OK", description: description, message: "")
    }

    /// The envelope of a call that was refused, or whose outcome is unknown.
    ///
    /// - Parameter requestIdentifier: The name of the call in the log, for a person who reports a failed service.
    static func failure(_ failure: RequestFailure, requestIdentifier: String) -> ByteBuffer {
        var description = failure.description
        if failure.code == .internalError { description += " The request id is \(requestIdentifier)." }
        return written(
            .nothing, code: failure.code.rawValue, description: description, message: failure.code.message)
    }

    /// The envelope of most calls that decide.
    private static let allDone = written(.nothing, code: "OK", description: "", message: "")

    private static func written(_ data: ResponseBody, code: String, description: String, message: String)
        -> ByteBuffer
    {
        var capacity = 256
        if case .written(let expected, _) = data { capacity += expected }
        var writer = JSONWriter(capacity: capacity)
        writer.beginObject()
        writer.name("data")
        data.write(to: &writer)
        writer.name("status")
        writer.beginObject()
        writer.name("code")
        writer.string(code)
        writer.name("description")
        writer.string(description)
        writer.name("message")
        writer.string(message)
        writer.endObject()
        writer.endObject()
        return ByteBuffer(bytes: writer.bytes)
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
