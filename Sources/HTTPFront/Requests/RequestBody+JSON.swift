import Charges
import NIOCore

extension ByteBuffer {
    /// The body as JSON.
    ///
    /// - Throws: `invalidJSON`, saying where.
    func json() throws(RequestFailure) -> JSONValue {
        try json { body throws(JSONError) in try JSONReader.read(body) }
    }

    /// The body as what a reader makes of it.
    ///
    /// - Throws: `invalidJSON`, saying where.
    func json<Value>(_ read: (ByteBufferView) throws(JSONError) -> Value) throws(RequestFailure) -> Value {
        do throws(JSONError) {
            return try read(readableBytesView)
        } catch {
            throw RequestFailure(.invalidJSON, "The body must be JSON: \(error).")
        }
    }
}

extension JSONValue {
    /// Refuses what is no object.
    func requireObject() throws(RequestFailure) {
        guard case .object = self else {
            throw RequestFailure(.invalidParameter, "The body must be a JSON object.")
        }
    }

    /// A member that must be there, must be a text and must not be empty.
    ///
    /// - Parameter path: Where this object stands, for the message: `accepted_charges_set[3]`, or nothing.
    func requiredText(_ name: String, at path: String = "") throws(RequestFailure) -> String {
        try JSONField(self[name]).requiredText { Self.place(name, in: path) }
    }

    /// A member that must be a text if it is there.
    func optionalText(_ name: String, at path: String = "") throws(RequestFailure) -> String? {
        try JSONField(self[name]).optionalText { Self.place(name, in: path) }
    }

    private static func place(_ name: String, in path: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
