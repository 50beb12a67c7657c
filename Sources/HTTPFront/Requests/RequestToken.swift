import Charges
import HTTPTypes

/// The token of a call: in the body's field `token` or, of a `GET`, the query's parameter of that name; in
/// `Authorization: Bearer`; or the same one in both.
enum RequestToken {
    static func find(headers: HTTPFields, body: JSONValue) throws(RequestFailure) -> String {
        let inBody: String?
        if case .string(let text)? = body["token"] {
            inBody = text
        } else if body["token"] == nil {
            inBody = nil
        } else {
            throw RequestFailure(.invalidToken, "The field token must be a text.")
        }
        return try find(headers: headers, field: inBody)
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
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw RequestFailure(.invalidToken, "The header Authorization must be: Bearer TOKEN.")
        }
        return parts[1].trimmingPrefix { $0 == " " }.description
    }
}
