import Charges
import HTTPTypes

/// The token of a call: in the body's field `token` or, of a `GET`, the query's parameter of that name; in
/// `Authorization: Bearer`; or the same one in both.
enum RequestToken {
    static func find(headers: HTTPFields, body: JSONField) throws(RequestFailure) -> String {
        switch body {
        case .absent: try find(headers: headers, field: nil)
        case .text(let text): try find(headers: headers, field: text)
        case .other: throw RequestFailure(.invalidToken, "The field token must be a text.")
        }
    }

    /// The token of a `GET`.
    static func find(in call: Call) throws(RequestFailure) -> String {
        try find(headers: call.headers, field: try call.queryParameter("token"))
    }

    private static func find(headers: HTTPFields, field: String?) throws(RequestFailure) -> String {
        let inHeader = try bearer(headers)
        if let field, let inHeader, !field.utf8.elementsEqual(inHeader.utf8) {
            throw RequestFailure(
                .invalidToken, "The field token and the header Authorization hold different tokens; send one."
            )
        }
        guard let token = inHeader ?? field, !token.isEmpty else {
            throw RequestFailure(
                .invalidToken, "The call needs a token, as Authorization: Bearer TOKEN or in the field token."
            )
        }
        return token
    }

    /// RFC 6750, section 2.1; the scheme in any case.
    private static func bearer(_ headers: HTTPFields) throws(RequestFailure) -> String? {
        guard let header = headers[.authorization] else { return nil }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") }
        let words = header.utf8.drop(while: isSpace)
        guard let end = words.firstIndex(where: isSpace), words.index(after: end) < words.endIndex,
            words[..<end].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else {
            throw RequestFailure(.invalidToken, "The header Authorization must be: Bearer TOKEN.")
        }
        return String(Substring(words[end...].drop(while: isSpace)))
    }
}
