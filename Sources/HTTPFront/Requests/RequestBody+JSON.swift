import Charges
import NIOCore

extension ByteBuffer {
    /// The body as JSON.
    ///
    /// - Throws: `invalidJSON`, saying where.
    func json() throws(RequestFailure) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(readableBytesView)
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
        guard let text = try optionalText(name, at: path), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(Self.place(name, in: path)) is missing or empty.")
        }
        return text
    }

    /// A member that must be a text if it is there.
    func optionalText(_ name: String, at path: String = "") throws(RequestFailure) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else {
            throw RequestFailure(.invalidParameter, "\(Self.place(name, in: path)) must be a text.")
        }
        return text
    }

    private static func place(_ name: String, in path: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
