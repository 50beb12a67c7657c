/// Reads a whole JSON document into a value: see `JSONScanner` for how strictly.
package enum JSONReader {
    /// How deep values may stand within values.
    package static let maximumDepth = 32

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
        case .text: return .string(scanner.string(try scanner.text()))
        case .number: return .number(try scanner.number())
        case .boolean: return .boolean(try scanner.boolean())
        case .null:
            try scanner.null()
            return .null
        }
    }
}
