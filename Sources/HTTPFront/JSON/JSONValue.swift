/// A JSON value as it came: members in their order, numbers with their digits.
package enum JSONValue: Equatable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// The number's own characters: `9.90` stays `9.90`.
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
    /// A member of an object by its name, compared by bytes; `nil` if there is none, if it is `null`, which is the
    /// same as absent, or if this is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self,
            let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }),
            member.value != .null
        else { return nil }
        return member.value
    }
}
