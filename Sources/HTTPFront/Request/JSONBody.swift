import StrictJSON
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
    func requiredString(_ name: String, at path: String = "") throws(RequestFailure) -> String {
        try JSONField(self[name]).requiredString { Self.place(name, in: path) }
    }

    /// A member that must be a text if it is there.
    func optionalString(_ name: String, at path: String = "") throws(RequestFailure) -> String? {
        try JSONField(self[name]).optionalString { Self.place(name, in: path) }
    }

    private static func place(_ name: String, in path: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}

/// A field that should be a text.
enum JSONField {
    /// Not there, or `null`, which is the same.
    case absent
    case string(String)
    case wrongType

    /// The value at which the scanner stands.
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        switch try scanner.kind() {
        case .string: self = .string(scanner.string(try scanner.rawString()))
        case .null:
            try scanner.null()
            self = .absent
        default:
            try scanner.skip()
            self = .wrongType
        }
    }

    /// A member of an object.
    init(_ value: JSONValue?) {
        switch value {
        case nil, .null: self = .absent
        case .string(let text): self = .string(text)
        default: self = .wrongType
        }
    }

    /// - Parameter place: Where it stands, for the message.
    /// - Throws: `missingParameter` if it is absent or empty, `invalidParameter` if it is no text.
    func requiredString(_ place: () -> String) throws(RequestFailure) -> String {
        guard let text = try optionalString(place), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(place()) is missing or empty.")
        }
        return text
    }

    /// - Throws: `invalidParameter` if it is there and no text.
    func optionalString(_ place: () -> String) throws(RequestFailure) -> String? {
        switch self {
        case .absent: return nil
        case .string(let text): return text
        case .wrongType: throw RequestFailure(.invalidParameter, "\(place()) must be a text.")
        }
    }
}
