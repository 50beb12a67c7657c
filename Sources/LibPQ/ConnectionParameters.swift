import CLibPQ

/// The parameters of a connection: libpq's keywords and their values (manual, chapter 34.1.2). libpq takes them one by
/// one; they are never joined into a string.
public struct ConnectionParameters: Sendable, Equatable {
    private var values: [String: String]

    /// - Parameter keywords: The keywords and their values, for example `["host": "/run/postgresql", "dbname":
    ///   "orders"]`.
    public init(_ keywords: [String: String] = [:]) {
        values = keywords
    }

    /// Reads a connection string as libpq takes it: keywords and values, or a URI (manual, chapter 34.1.1).
    ///
    /// - Throws: `PostgresError.invalidInput` if the string cannot be read.
    public init(parsing connectionString: String) throws(PostgresError) {
        guard !connectionString.utf8.contains(0) else {
            throw .invalidInput("a connection string cannot hold a NUL character")
        }
        guard !Self.hasMisplacedAt(connectionString) else {
            throw .invalidInput(
                "a URI has at most one @, which ends the login: write %40 for an @ within a value, and write %2F for "
                    + "a / within a password")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(connectionString, &message) else {
            // libpq's message quotes the part that it could not read, which may belong to a password.
            PQfreemem(message)
            throw .invalidInput("a connection string is either keyword=value pairs or a postgresql:// URI")
        }
        defer { PQconninfoFree(options) }
        values = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        for keyword in ["dbname", "host"] where Self.uriWithoutScheme(values[keyword] ?? "") != nil {
            throw .invalidInput("\(keyword) cannot be a URI; give the URI alone as the connection string")
        }
    }

    /// Whether a connection string is a URI with an `@` elsewhere than between its login and its servers. libpq takes
    /// what follows the first `@` for a host, and what follows a `/` for a database, and names both in its messages.
    /// It may be the rest of a password.
    private static func hasMisplacedAt(_ connectionString: String) -> Bool {
        guard let rest = uriWithoutScheme(connectionString), let at = rest.firstIndex(of: UInt8(ascii: "@"))
        else { return false }
        return rest[..<at].contains(UInt8(ascii: "/"))
            || rest[rest.index(after: at)...].contains(UInt8(ascii: "@"))
    }

    /// A URI without its scheme, as libpq recognises it; `nil` for anything else.
    private static func uriWithoutScheme(_ text: String) -> Substring.UTF8View? {
        ["postgresql://", "postgres://"].first { text.utf8.starts(with: $0.utf8) }
            .map { text.utf8.dropFirst($0.utf8.count) }
    }

    /// The value of a keyword; `nil` where libpq's default holds.
    public subscript(_ keyword: String) -> String? {
        get { values[keyword] }
        set { values[keyword] = newValue }
    }

    /// Every keyword that is set, by name.
    public var keywords: [String] { values.keys.sorted() }

    /// The keywords whose values are secrets, those of later libraries too.
    private static let secretKeywords: Set = [
        "password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key",
    ]

    /// Whether a keyword's value is a secret.
    public static func isSecret(_ keyword: String) -> Bool {
        secretKeywords.contains(keyword)
    }
}

extension ConnectionParameters: CustomStringConvertible {
    /// The keywords and values as libpq reads them, secrets hidden.
    public var description: String { text(showingSecrets: false) }

    /// The keywords and values as a connection string, secrets included.
    public var connectionString: String { text(showingSecrets: true) }

    private func text(showingSecrets: Bool) -> String {
        keywords.map { keyword in
            let value = Self.isSecret(keyword) && !showingSecrets ? "********" : values[keyword] ?? ""
            // libpq reads bytes: a quote is a quote whatever combining character follows it, and every blank ends an
            // unquoted value.
            let plain =
                !value.isEmpty && !value.unicodeScalars.contains { $0 <= " " || $0 == "'" || $0 == "\\" }
            guard !plain else { return "\(keyword)=\(value)" }
            var escaped = String.UnicodeScalarView()
            for scalar in value.unicodeScalars {
                if scalar == "'" || scalar == "\\" { escaped.append("\\") }
                escaped.append(scalar)
            }
            return "\(keyword)='\(String(escaped))'"
        }
        .joined(separator: " ")
    }
}

extension ConnectionParameters {
    /// The servers that the parameters name (manual, chapter 34.1.1.3, "Specifying Multiple Hosts"), one set of
    /// parameters each, in their order.
    ///
    /// libpq tries them in turn by itself, but without a bound for each: one that is frozen takes the whole time. Lists
    /// that do not fit each other are left to libpq, which says what is wrong with them. So is `prefer-standby`, which
    /// looks at all servers twice.
    public var servers: [ConnectionParameters] {
        let addresses = list("hostaddr")
        let names = list("host")
        let count = addresses?.count ?? names?.count ?? 1
        var ports = list("port") ?? []
        if ports.count == 1 { ports = Array(repeating: ports[0], count: count) }
        guard count > 1, self["target_session_attrs"] != "prefer-standby",
            addresses == nil || names == nil || names?.count == count, ports.isEmpty || ports.count == count
        else { return [self] }
        return (0..<count).map { index in
            var server = self
            server["hostaddr"] = addresses?[index]
            server["host"] = names?[index]
            server["port"] = ports.isEmpty ? nil : ports[index]
            return server
        }
    }

    /// The parts of a keyword's value between commas; `nil` where it is not set.
    func list(_ keyword: String) -> [String]? {
        guard let value = self[keyword], !value.isEmpty else { return nil }
        return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

extension ConnectionParameters {
    /// The problem of the parameters, whatever the servers that they name: one line without secrets; `nil` if none can
    /// be found without a server.
    ///
    /// libpq reports such problems only when it connects, in the same way as a server that cannot be reached. So it is
    /// made to connect to sockets that cannot exist.
    public var problem: String? {
        // libpq would quote the port, which in a URI may be a part of a password with a '/' in it.
        let ports = list("port") ?? []
        guard ports.allSatisfy({ $0.isEmpty || (1...65_535).contains(Int($0) ?? 0) }) else {
            return
                "a port must be a whole number from 1 to 65535; in a URI, write %2F for a / within a password"
        }
        let nowhere = "/dev/null"
        let names = list("host") ?? list("hostaddr") ?? [""]
        var parameters = self
        parameters["host"] = names.map { _ in nowhere }.joined(separator: ",")
        parameters["hostaddr"] = nil
        do throws(PostgresError) {
            let handle = try Connection.begin(parameters)
            defer { PQfinish(handle) }
            let message = oneLine(PQerrorMessage(handle))
            return message.contains(nowhere) ? nil : message
        } catch {
            return error.description
        }
    }
}
