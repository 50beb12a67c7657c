import Charges
import HTTPFront

extension FormFields {
    /// A whole number from 1 on; `nil` if there is none.
    ///
    /// - Throws: `invalidParameter` for any other text.
    func number(_ name: String) throws(RequestFailure) -> Int? {
        guard let text = try text(name) else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number > 0,
            number <= Int(Int32.max)
        else { throw RequestFailure(.invalidParameter, "\(name) must be a whole number from 1 on.") }
        return number
    }

    /// A value of a list that is known.
    ///
    /// - Returns: `nil` if there is none, or an empty one.
    /// - Throws: `invalidParameter` if there are several, or the list has no such value.
    func parsed<Value: RawRepresentable<String>>(_ type: Value.Type, _ name: String) throws(RequestFailure)
        -> Value?
    {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw RequestFailure(.invalidParameter, "\(name) has no such value.")
        }
        return value
    }
}

extension String {
    /// The text without the white space at its ends.
    var trimmingWhiteSpace: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
