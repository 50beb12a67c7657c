/// A step on the way to a value.
enum JSONPathElement: Sendable {
    case name(String)
    case index(Int)
}

extension [JSONPathElement] {
    /// `accepted_charges_set[3].number`
    var text: String {
        reduce(into: "") { text, element in
            switch element {
            case .name(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
