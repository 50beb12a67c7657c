import Authentication
import Charges
import Foundation
import HTTPTypes

/// The web API key of a login: HTTP Basic (RFC 7617) with the key as the user name and no password.
///
/// It is read as leniently as public clients need: the colon may be missing, the scheme may be in any case, and the
/// base64 may lack its padding.
enum BasicCredentials {
    /// Finds the key in the headers.
    ///
    /// - Throws: `invalidKey`, whatever is wrong.
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
