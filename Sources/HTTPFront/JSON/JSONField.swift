import Charges

/// A field that should be a text.
enum JSONField {
    /// Not there, or `null`, which is the same.
    case absent
    case text(String)
    case other

    /// The value at which the scanner stands.
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        switch try scanner.kind() {
        case .text: self = .text(scanner.string(try scanner.text()))
        case .null:
            try scanner.null()
            self = .absent
        default:
            try scanner.skip()
            self = .other
        }
    }

    /// A member of an object.
    init(_ value: JSONValue?) {
        switch value {
        case nil, .null: self = .absent
        case .string(let text): self = .text(text)
        default: self = .other
        }
    }

    /// - Parameter place: Where it stands, for the message.
    /// - Throws: `missingParameter` if it is absent or empty, `invalidParameter` if it is no text.
    func requiredText(_ place: () -> String) throws(RequestFailure) -> String {
        guard let text = try optionalText(place), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(place()) is missing or empty.")
        }
        return text
    }

    /// - Throws: `invalidParameter` if it is there and no text.
    func optionalText(_ place: () -> String) throws(RequestFailure) -> String? {
        switch self {
        case .absent: return nil
        case .text(let text): return text
        case .other: throw RequestFailure(.invalidParameter, "\(place()) must be a text.")
        }
    }
}
