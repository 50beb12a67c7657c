import HTTPFront
import HTTPTypes

/// The cookies of the console (RFC 6265). Script cannot read them, and other sites cannot send them.
///
/// Where a cookie is `Secure` its name begins with `__Host-`: a browser takes such a cookie from this very host alone,
/// and has one of the name (RFC 6265bis, 4.1.3.2). So no sibling host, and no plain HTTP, can plant one. On this machine,
/// where no TLS is asked for, there may be several; the console then tries each.
enum SessionCookie {
    /// The session's token.
    static let session = "countersign_console"
    /// The text that the form of signing in carries, before there is a session.
    static let visitor = "countersign_visitor"

    /// The most cookies of one name that are looked at.
    private static let maximumCount = 4

    /// The values of a cookie that a browser has sent, in its order.
    static func values(_ name: String, of request: SiteRequest) -> [String] {
        let name = fullName(name, for: request)
        let values = request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap {
            pair -> Substring? in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix(name + "=") else { return nil }
            return pair.dropFirst(name.utf8.count + 1)
        }
        return values.filter { !$0.isEmpty }.prefix(maximumCount).map(String.init)
    }

    /// The header that sets a cookie for the time of the browser's session.
    static func setting(_ name: String, to value: String, for request: SiteRequest) -> String {
        let name = fullName(name, for: request)
        // The prefix demands the path /.
        return request.isLocal
            ? "\(name)=\(value); Path=\(Console.path); HttpOnly; SameSite=Strict"
            : "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Secure"
    }

    /// The header that removes a cookie.
    static func removing(_ name: String, for request: SiteRequest) -> String {
        setting(name, to: "", for: request) + "; Max-Age=0"
    }

    private static func fullName(_ name: String, for request: SiteRequest) -> String {
        request.isLocal ? name : "__Host-" + name
    }
}

extension SiteRequest {
    /// Whether the browser and the service are on one machine, by the name that the browser has called.
    var isLocal: Bool { ["localhost", "127.0.0.1", "::1"].contains(host.lowercased()) }

    /// Whether what the browser sends can be read on its way by nobody.
    var isConfidential: Bool { usesTLS || isLocal }

    /// Whether a page of the console has sent the request, as the browser says (RFC 6454, section 7).
    var isOfThisSite: Bool {
        guard let sender = headers[.origin].flatMap(Origin.init) else { return false }
        return sender == origin
    }
}
