/// Why bytes are not JSON, in words for a person.
package enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something stands at this byte, counted from 0, that must not stand there.
    case unexpected(String, offset: Int)
    /// A member's name stands twice in one object.
    case duplicateKey(path: String)
    /// Values stand within values deeper than `JSONReader.maximumDepth`.
    case tooDeep(offset: Int)

    package var description: String {
        switch self {
        case .unexpected(let what, let offset): "\(what) at byte \(offset)"
        case .duplicateKey(let path): "\(path) stands twice"
        case .tooDeep(let offset): "values stand more than \(JSONReader.maximumDepth) deep at byte \(offset)"
        }
    }
}
