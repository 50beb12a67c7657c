import StrictJSON
import Authentication
import Charges
import Foundation
import HTTPTypes

/// The token of a call: in the body's field `token` or, for a `GET`, the query parameter of that name; in
/// `Authorization: Bearer`; or the same token in both.
enum RequestToken {
    static func find(headers: HTTPFields, body: JSONField) throws(RequestFailure) -> String {
        switch body {
        case .absent: try find(headers: headers, field: nil)
        case .string(let text): try find(headers: headers, field: text)
        case .wrongType: throw RequestFailure(.invalidToken, "token must be a string.")
        }
    }

    /// The token of a `GET`.
    static func find(in call: RequestContext) throws(RequestFailure) -> String {
        try find(headers: call.headers, field: try call.queryParameter("token"))
    }

    private static func find(headers: HTTPFields, field: String?) throws(RequestFailure) -> String {
        let inHeader = try bearer(headers)
        if let field, let inHeader, !field.utf8.elementsEqual(inHeader.utf8) {
            throw RequestFailure(
                .invalidToken, "token and Authorization hold different tokens; send one of them.")
        }
        guard let token = inHeader ?? field, !token.isEmpty else {
            throw RequestFailure(
                .invalidToken, "token is missing; send Authorization: Bearer TOKEN or the field token.")
        }
        return token
    }

    /// The token of the header (RFC 6750, section 2.1). The scheme may be in any case.
    private static func bearer(_ headers: HTTPFields) throws(RequestFailure) -> String? {
        guard let header = headers[.authorization] else { return nil }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") }
        let words = header.utf8.drop(while: isSpace)
        guard let end = words.firstIndex(where: isSpace), words.index(after: end) < words.endIndex,
            words[..<end].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else {
            throw RequestFailure(.invalidToken, "Authorization must be Bearer TOKEN.")
        }
        return String(Substring(words[end...].drop(while: isSpace)))
    }
}

/// The web API key of a login: HTTP Basic (RFC 7617) with the key as the user name and no password.
///
/// It is read as leniently as public clients need: the colon may be missing, the scheme may be in any case, and the
/// base64 may lack its padding.
enum BasicCredentials {
    /// Finds the key in the headers.
    ///
    /// - Throws: `invalidKey` for every fault.
    static func find(headers: HTTPFields) throws(RequestFailure) -> APIKey {
        let values = headers[values: .authorization]
        guard values.count == 1 else { throw .invalidKey }
        let parts = values[0].split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let text = decoded(parts[1].filter { $0 != " " && $0 != "=" })
        else { throw .invalidKey }
        let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = pair.first, !key.isEmpty, pair.count == 1 || pair[1].isEmpty else {
            throw .invalidKey
        }
        return APIKey(text: String(key))
    }

    private static func decoded(_ base64: String) -> String? {
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: base64 + padding).flatMap { String(data: $0, encoding: .utf8) }
    }
}
