import HTTPFront
import HTTPTypes

/// The cookies of a site (RFC 6265). Script cannot read them, and other sites cannot send them.
enum SessionCookie {
    /// The value of a cookie; `nil` if the request has none, or several of the name.
    static func value(_ name: String, in headers: HTTPFields) -> String? {
        let values = headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap {
            pair -> Substring? in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix(name + "=") else { return nil }
            return pair.dropFirst(name.utf8.count + 1)
        }
        return values.count == 1 && !values[0].isEmpty ? String(values[0]) : nil
    }

    /// The header that sets a cookie for the time of the browser's session.
    static func setting(_ name: String, to value: String, in area: SiteArea, for request: SiteRequest)
        -> String
    {
        "\(name)=\(value); Path=\(area.path); HttpOnly; SameSite=Strict"
            + (request.isLocal ? "" : "; Secure")
    }

    /// The header that removes a cookie.
    static func removing(_ name: String, in area: SiteArea, for request: SiteRequest) -> String {
        setting(name, to: "", in: area, for: request) + "; Max-Age=0"
    }
}

extension SiteRequest {
    /// Whether the browser and the service are on one machine, by the name that the browser has called.
    var isLocal: Bool { ["localhost", "127.0.0.1", "::1"].contains(host.lowercased()) }

    /// Whether what the browser sends can be read on its way by nobody.
    var isConfidential: Bool { usesTLS || isLocal }

    /// Whether a page of this service has sent the request, as the browser says (RFC 6454, section 7).
    var isOfThisSite: Bool {
        guard let origin = headers[.origin] else { return false }
        let parts = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "http:" || parts[0] == "https:" else { return false }
        return !authority.isEmpty && parts[2].lowercased() == authority.lowercased()
    }
}
