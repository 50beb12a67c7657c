import Foundation

/// A browser of one person at the console, without script: it keeps cookies, and sends the forms of the pages that it was
/// given.
struct ConsoleBrowser {
    /// A page, or where a form has led.
    struct Page {
        let status: Int
        let location: String?
        let html: String

        /// The value of a hidden field.
        func hidden(_ name: String) -> String? {
            guard let start = html.range(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(html[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    private var cookies: [String: String] = [:]
    private static let host = "127.0.0.1"
    private static let boundary = "----FaultsBoundary"
    /// A person waits longer than the service takes.
    private static let timeout = Duration.seconds(20)

    /// Opens a page.
    ///
    /// - Returns: `nil` without a whole response.
    mutating func open(_ path: String, port: Int) -> Page? {
        send("GET", path, type: nil, body: "", port: port)
    }

    /// Sends a form.
    ///
    /// - Returns: `nil` without a whole response.
    mutating func submit(_ path: String, _ fields: [(String, String)], port: Int) -> Page? {
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        return send("POST", path, type: "application/x-www-form-urlencoded", body: body, port: port)
    }

    /// Sends a form with a file.
    ///
    /// - Returns: `nil` without a whole response.
    mutating func upload(
        _ path: String, _ fields: [(String, String)], fileName: String, file: String, port: Int
    ) -> Page? {
        var body = ""
        for (name, value) in fields {
            body +=
                "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        body +=
            "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(fileName)\"\r\n"
            + "Content-Type: text/csv\r\n\r\n\(file)\r\n--\(Self.boundary)--\r\n"
        return send(
            "POST", path, type: "multipart/form-data; boundary=\(Self.boundary)", body: body, port: port)
    }

    /// Signs in.
    ///
    /// - Returns: Whether there is a session now.
    mutating func signIn(operatorCode: String, username: String, password: String, port: Int) -> Bool {
        cookies = [:]
        guard let form = open("/console/sign-in", port: port), let token = form.hidden("form_token"),
            let page = submit(
                "/console/sign-in",
                [
                    ("form_token", token), ("organisation", operatorCode), ("username", username),
                    ("password", password),
                ], port: port)
        else { return false }
        return page.status == 303 && cookies["countersign_console"] != nil
    }

    private mutating func send(_ method: String, _ path: String, type: String?, body: String, port: Int)
        -> Page?
    {
        var headers: [(String, String)] = []
        if !cookies.isEmpty {
            headers.append(("Cookie", cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        if let type { headers += [("Content-Type", type), ("Origin", "http://\(Self.host)")] }
        let request = HTTPClient.request(method, path, bearer: nil, headers: headers, body: body)
        guard case .response(let message) = HTTPClient.exchange(request, port: port, timeout: Self.timeout),
            let whole = message.whole
        else { return nil }
        var location: String?
        for line in String(decoding: whole.head, as: UTF8.self).split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].drop { $0 == " " }
            switch parts[0].lowercased() {
            case "location": location = String(value)
            case "set-cookie":
                let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                cookies[String(pair[0])] =
                    pair.count == 2 && !value.contains("Max-Age=0") ? String(pair[1]) : nil
            default: break
            }
        }
        return Page(
            status: HTTPMessage.status(whole.head), location: location,
            html: String(decoding: whole.body, as: UTF8.self))
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
