/// A JSON value as it was read: members in their order, numbers with their digits.
package enum JSONValue: Equatable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// A number, as its characters: `9.90` stays `9.90`.
    case number(String)
    case boolean(Bool)
    case null

    /// One member of an object.
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The member of an object with this name, compared by bytes. `nil` if there is none, if it is `null`, which is the
    /// same as absent, or if this is not an object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self,
            let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }),
            member.value != .null
        else { return nil }
        return member.value
    }
}

extension JSONValue {
    /// A string; `null` without one.
    package static func string(orNull text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A number, as its characters; `null` without one.
    package static func number(orNull digits: String?) -> JSONValue { digits.map { .number($0) } ?? .null }
}

extension JSONValue {
    /// Writes the value to a writer.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .number(let digits): writer.number(digits)
        case .string(let text): writer.string(text)
        case .array(let values):
            writer.beginArray()
            for value in values { value.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(string: member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// The value as a string, for people and tests.
    package var text: String {
        var writer = JSONWriter(capacity: 256)
        write(to: &writer)
        return writer.text
    }
}

/// The reader of a whole JSON document into a value, as strict as `JSONScanner`.
package enum JSONReader {
    /// Reads one value that fills the bytes.
    package static func read(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSONValue {
        try JSONScanner.scan(bytes, value)
    }

    private static func value(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        switch try scanner.kind() {
        case .object:
            var members: [JSONValue.Member] = []
            try scanner.object { scanner, name throws(JSONError) in
                members.append(JSONValue.Member(scanner.string(name), try value(&scanner)))
            }
            return .object(members)
        case .array:
            var values: [JSONValue] = []
            try scanner.array { scanner, _ throws(JSONError) in values.append(try value(&scanner)) }
            return .array(values)
        case .string: return .string(scanner.string(try scanner.rawString()))
        case .number: return .number(try scanner.number())
        case .boolean: return .boolean(try scanner.boolean())
        case .null:
            try scanner.null()
            return .null
        }
    }
}
