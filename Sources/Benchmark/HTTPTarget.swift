/// Where the service is, and what stands before its calls.
package struct HTTPTarget: Equatable, Sendable {
    package let host: String
    package let port: Int
    /// Without a slash at its end; empty for the service itself.
    package let path: String

    package init(host: String, port: Int, path: String = "") {
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads `http://HOST[:PORT][/PATH]`.
    ///
    /// - Returns: `nil` for anything else. TLS would measure TLS.
    package init?(url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst(7)
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.hasSuffix("/") { path = path.dropLast() }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let host = parts.first, !host.isEmpty, !host.contains("@") else {
            return nil
        }
        var port: Int? = 80
        if parts.count == 2 { port = Int(parts[1]) }
        guard let port, (1...65_535).contains(port) else { return nil }
        self.init(host: String(host), port: port, path: String(path))
    }

    /// A request's bytes.
    ///
    /// - Parameter path: Under `/crmapi/rest/v2/`, with its query.
    package func request(
        _ method: String, _ path: String, authorization: String, body: String = ""
    ) -> String {
        head(method, path, authorization: authorization) + "\(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The head up to the value of `Content-Length`, its last header.
    func head(_ method: String, _ path: String, authorization: String) -> String {
        """
        \(method) \(self.path)/crmapi/rest/v2/\(path) HTTP/1.1\r
        Host: \(host):\(port)\r
        Authorization: \(authorization)\r
        Content-Type: application/json\r
        Content-Length:
        """ + " "
    }
}
