import CLibPQ

/// How to connect: libpq's keywords and their values (manual, chapter 34.1.2). They are handed to libpq one by
/// one and never glued into a string.
public struct ConnectionParameters: Sendable, Equatable {
    private var values: [String: String]

    /// - Parameter keywords: For instance `["host": "/run/postgresql", "dbname": "orders"]`.
    public init(_ keywords: [String: String] = [:]) {
        values = keywords
    }

    /// Reads what libpq takes: keywords and values, or a URI (manual, chapter 34.1.1).
    ///
    /// - Throws: `PostgresError.unsendable` with libpq's own words if the string cannot be read.
    public init(parsing connectionString: String) throws(PostgresError) {
        guard !connectionString.utf8.contains(0) else {
            throw .unsendable("a connection string cannot hold a NUL character")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(connectionString, &message) else {
            // libpq quotes the place that it did not understand, which may be a part of a password.
            PQfreemem(message)
            throw .unsendable("a connection string is either keyword=value pairs or a postgresql:// URI")
        }
        defer { PQconninfoFree(options) }
        values = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
    }

    /// One keyword's value, or `nil` where libpq's default holds.
    public subscript(_ keyword: String) -> String? {
        get { values[keyword] }
        set { values[keyword] = newValue }
    }

    /// Every keyword that is set, by name.
    public var keywords: [String] { values.keys.sorted() }

    /// Whether a keyword's value is a secret.
    public static func isSecret(_ keyword: String) -> Bool {
        keyword == "password" || keyword == "sslpassword"
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
            // libpq reads bytes: a quote is one whatever combines with it, and every blank ends a plain value.
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
