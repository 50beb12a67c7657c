import HTTPFront
import StrictJSON

/// A schema of the OpenAPI document, described in words.
struct DocumentSchema {
    private let value: JSONValue

    init(_ value: JSONValue) {
        self.value = OpenAPIDocument.resolved(value)
    }

    /// One field with its path, such as `failed_charges_set[].number`.
    struct Field {
        let name: String
        let type: String
        let isRequired: Bool
        let description: String
    }

    /// The schema itself, or the first alternative.
    var first: JSONValue {
        (value["anyOf"] ?? value["allOf"]).flatMap(\.values.first).map(OpenAPIDocument.resolved) ?? value
    }

    /// The fields of all levels, outer ones first.
    var fields: [Field] { fields(under: "") }

    private func fields(under prefix: String) -> [Field] {
        let schema = object
        let required = schema["required"]?.values ?? []
        return (schema["properties"]?.members ?? []).flatMap { member in
            let inner = DocumentSchema(member.value)
            let isArray = inner.value["items"] != nil
            let name = prefix + member.name + (isArray ? "[]" : "")
            let field = Field(
                name: name, type: inner.type, isRequired: required.contains(.string(member.name)),
                description: inner.description)
            let below = isArray ? DocumentSchema(inner.value["items"] ?? .null) : inner
            return [field] + below.fields(under: name + ".")
        }
    }

    /// The schema itself, or the first alternative that has fields.
    private var object: JSONValue {
        let choices = (value["anyOf"]?.values ?? []).map(OpenAPIDocument.resolved)
        return choices.first { $0["properties"] != nil } ?? value
    }

    private var description: String {
        let own = value["description"]?.stringValue ?? first["description"]?.stringValue ?? ""
        let items =
            value["items"].map { OpenAPIDocument.resolved($0)["description"]?.stringValue ?? "" } ?? ""
        return own.isEmpty ? items : own
    }

    /// The type with its limits, in a few words.
    var type: String {
        if let choices = value["anyOf"]?.values {
            return choices.map { DocumentSchema($0).type }.joined(separator: " or ")
        }
        let schema = first
        if let constant = schema["const"] { return constant.text }
        if let choices = schema["enum"]?.values, choices.count <= 5 {
            return choices.map(\.text).joined(separator: ", ")
        }
        let names = schema["type"].map { type in
            type.values.isEmpty ? type.stringValue : type.values.map(\.stringValue).joined(separator: " or ")
        }
        var text = names ?? "any"
        if let format = schema["format"] { text += " (\(format.stringValue))" }
        if text == "array" {
            let limits = Self.limits(schema["minItems"], schema["maxItems"])
            return "array" + (limits.isEmpty ? "" : " of \(limits)")
        }
        let lengths = Self.limits(schema["minLength"], schema["maxLength"])
        if lengths == "at least 1" {
            text += ", not empty"
        } else if !lengths.isEmpty {
            text += " of \(lengths) characters"
        }
        let bounds = Self.limits(schema["minimum"], schema["maximum"])
        if !bounds.isEmpty { text += ", \(bounds)" }
        return text
    }

    private static func limits(_ least: JSONValue?, _ most: JSONValue?) -> String {
        switch (least?.text, most?.text) {
        case (nil, nil): ""
        case (let least?, let most?): "\(least) to \(most)"
        case (let least?, nil): "at least \(least)"
        case (nil, let most?): "at most \(most)"
        }
    }
}
