import Foundation

/// What a request asks for: a path, and the parameters of its query.
struct RequestTarget {
    let path: String
    /// The query's names and values, decoded.
    let parameters: [(name: String, value: String)]

    init(_ text: String) {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            path = text
            parameters = []
            return
        }
        path = String(text[..<mark])
        parameters = text.utf8[text.utf8.index(after: mark)...]
            .split(separator: UInt8(ascii: "&"))
            .map { pair in
                guard let sign = pair.firstIndex(of: UInt8(ascii: "=")) else {
                    return (Self.decoded(pair), "")
                }
                return (Self.decoded(pair[..<sign]), Self.decoded(pair[pair.index(after: sign)...]))
            }
    }

    /// What cannot be decoded stays as it is: left out, it would be taken for absent.
    private static func decoded(_ part: Substring.UTF8View) -> String {
        let text = String(Substring(part))
        guard part.contains(UInt8(ascii: "%")) else { return text }
        return text.removingPercentEncoding ?? text
    }
}
