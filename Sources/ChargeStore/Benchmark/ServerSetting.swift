import LibPQ

/// A setting of the server, as SHOW gives it.
package struct ServerSetting: Sendable {
    package let name: String
    package let value: String
}

extension Statement where Input == [String], Row == ServerSetting {
    static let serverSettings = Statement(
        "server_settings",
        "SELECT name::text, current_setting(name) FROM pg_settings WHERE name = ANY ($1) ORDER BY name",
        parameters: [.textArray],
        bind: { names, parameters throws(PostgresError) in try parameters.append(names) },
        decode: { row throws(PostgresError) in
            ServerSetting(name: try row.next(String.self), value: try row.next(String.self))
        })
}
