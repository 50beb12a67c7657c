import StrictJSON
@testable import HTTPFront

/// Checks a value against a JSON Schema, as far as the API's description uses them. A keyword that it does not
/// know is a problem too.
struct SchemaCheck {
    /// What tells people something and checks nothing.
    private static let words: Set = ["description", "example", "summary", "format"]

    /// What is wrong, each problem with its place.
    static func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") throws -> [String] {
        let schema = OpenAPIDocument.resolved(schema)
        var problems: [String] = []
        for member in schema.members {
            let isRight: Bool
            switch member.name {
            case _ where words.contains(member.name), "required", "properties", "items":
                isRight = true
            case "type":
                let types = member.value.values.isEmpty ? [member.value] : member.value.values
                isRight = types.contains { matches(value, type: $0.stringValue) }
            case "const": isRight = value == member.value
            case "enum": isRight = member.value.values.contains(value)
            case "pattern":
                let pattern = try Regex(member.value.stringValue)
                isRight = try value.string.map { try pattern.firstMatch(in: $0) != nil } ?? true
            case "anyOf":
                isRight = try member.value.values.contains { try Self.problems(value, $0).isEmpty }
            case "allOf":
                problems += try member.value.values.flatMap { try Self.problems(value, $0, at: path) }
                isRight = true
            default: isRight = try isWithin(value, member)
            }
            if !isRight { problems.append("\(path) is against \(member.name) \(member.value.text)") }
        }
        return try problems + inner(value, schema, at: path)
    }

    private static func inner(_ value: JSONValue, _ schema: JSONValue, at path: String) throws -> [String] {
        var problems: [String] = []
        if case .array(let values) = value, let items = schema["items"] {
            for (index, value) in values.enumerated() {
                problems += try self.problems(value, items, at: "\(path)[\(index)]")
            }
        }
        guard case .object(let members) = value else { return problems }
        for name in schema["required"]?.values ?? []
        where !members.contains(where: { $0.name == name.stringValue }) {
            problems.append("\(path).\(name.stringValue) is missing")
        }
        let properties = schema["properties"]?.members ?? []
        for member in members {
            guard let property = properties.first(where: { $0.name == member.name }) else { continue }
            problems += try self.problems(member.value, property.value, at: "\(path).\(member.name)")
        }
        return problems
    }

    private static func matches(_ value: JSONValue, type: String) -> Bool {
        switch (value, type) {
        case (.object, "object"), (.array, "array"), (.string, "string"), (.boolean, "boolean"),
            (.null, "null"), (.number, "number"):
            true
        case (.number(let digits), "integer"): Int(digits) != nil
        default: false
        }
    }

    private struct UnknownKeyword: Error {
        let name: String
    }

    private static func isWithin(_ value: JSONValue, _ limit: JSONValue.Member) throws -> Bool {
        guard let bound = Double(limit.value.text) else { throw UnknownKeyword(name: limit.name) }
        switch (limit.name, value) {
        case ("minLength", .string(let text)): return text.unicodeScalars.count >= Int(bound)
        case ("maxLength", .string(let text)): return text.unicodeScalars.count <= Int(bound)
        case ("minItems", .array(let values)): return values.count >= Int(bound)
        case ("maxItems", .array(let values)): return values.count <= Int(bound)
        case ("maxProperties", .object(let members)): return members.count <= Int(bound)
        case ("minimum", .number(let digits)): return (Double(digits) ?? .nan) >= bound
        case ("maximum", .number(let digits)): return (Double(digits) ?? .nan) <= bound
        case ("exclusiveMaximum", .number(let digits)): return (Double(digits) ?? .nan) < bound
        case ("minLength", _), ("maxLength", _), ("minItems", _), ("maxItems", _), ("maxProperties", _),
            ("minimum", _), ("maximum", _), ("exclusiveMaximum", _):
            return true
        default: throw UnknownKeyword(name: limit.name)
        }
    }
}
