import StrictJSON
import Charges
import NIOCore

extension ByteBuffer {
    /// The body as JSON.
    ///
    /// - Throws: `invalidJSON` with the place of the fault.
    func json() throws(RequestFailure) -> JSONValue {
        try json { body throws(JSONError) in try JSONReader.read(body) }
    }

    /// The value that a JSON reader makes of the body.
    ///
    /// - Throws: `invalidJSON` with the place of the fault.
    func json<Value>(_ read: (ByteBufferView) throws(JSONError) -> Value) throws(RequestFailure) -> Value {
        do throws(JSONError) {
            return try read(readableBytesView)
        } catch {
            throw RequestFailure(.invalidJSON, "The body must be JSON: \(error).")
        }
    }
}

extension JSONValue {
    /// Refuses a value that is not an object.
    func requireObject() throws(RequestFailure) {
        guard case .object = self else {
            throw RequestFailure(.invalidParameter, "The body must be a JSON object.")
        }
    }

    /// A mandatory member, which must be a string and not empty.
    ///
    /// - Parameter path: The path of this object, for the message: `accepted_charges_set[3]`, or an empty one.
    func requiredString(_ name: String, at path: String = "") throws(RequestFailure) -> String {
        try JSONField(self[name]).requiredString { Self.place(name, in: path) }
    }

    /// An optional member, which must be a string.
    func optionalString(_ name: String, at path: String = "") throws(RequestFailure) -> String? {
        try JSONField(self[name]).optionalString { Self.place(name, in: path) }
    }

    private static func place(_ name: String, in path: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}

/// The value of a field whose type is string.
enum JSONField {
    /// The field is missing or `null`, which is the same.
    case absent
    case string(String)
    case wrongType

    /// Reads the scanner's next value.
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

    /// Reads a member of an object.
    init(_ value: JSONValue?) {
        switch value {
        case nil, .null: self = .absent
        case .string(let text): self = .string(text)
        default: self = .wrongType
        }
    }

    /// The string of a mandatory field.
    ///
    /// - Parameter place: The path of the field, for the message.
    /// - Throws: `missingParameter` if it is absent or empty, `invalidParameter` if it is not a string.
    func requiredString(_ place: () -> String) throws(RequestFailure) -> String {
        guard let text = try optionalString(place), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(place()) is missing or empty.")
        }
        return text
    }

    /// The string of an optional field.
    ///
    /// - Throws: `invalidParameter` if it is present and not a string.
    func optionalString(_ place: () -> String) throws(RequestFailure) -> String? {
        switch self {
        case .absent: return nil
        case .string(let text): return text
        case .wrongType: throw RequestFailure(.invalidParameter, "\(place()) must be a string.")
        }
    }
}
