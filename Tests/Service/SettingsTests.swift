import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import countersign

/// Tests of the sources of a setting, and of their precedence.
@Suite struct SettingsTests {
    @Test("A flag overrides the environment, which overrides the file")
    func aFlagGoesBeforeTheEnvironmentAndThatBeforeTheFile() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/settings.json"
        try #"{"host": "127.0.0.9", "connections": 9, "queue-length": 99}"#
            .write(toFile: file, atomically: false, encoding: .utf8)
        let settings = try await shown(
            "--configuration \(file) --host 127.0.0.1",
            environment: [
                "COUNTERSIGN_HOST": "127.0.0.5", "COUNTERSIGN_CONNECTIONS": "5", "DATABASE_URL": "dbname=x",
            ])
        #expect(settings["host"] == ["value": "127.0.0.1", "origin": "flag"])
        #expect(settings["connections"] == ["value": "5", "origin": "environment COUNTERSIGN_CONNECTIONS"])
        #expect(settings["queue-length"] == ["value": "99", "origin": "file \(file)"])
        #expect(settings["port"] == ["value": "8080", "origin": "default"])
    }

    @Test("Every setting has a name of its own, a valid default and a flag")
    func table() throws {
        #expect(Set(SettingTable.rows.map(\.name)).count == SettingTable.rows.count)
        for row in SettingTable.rows {
            #expect(row.problem(row.defaultText) == nil, "\(row.name)")
            let command = try ServeCommand.parse(["--\(row.name)", row.defaultText])
            let settings = try command.settings()
            let shown = try #require(settings.shown.first { $0.name == row.name })
            #expect(shown == (row.name, row.defaultText, "flag"))
        }
    }

    @Test(
        "Printed settings hide secrets",
        arguments: [
            "postgresql://anna:geheim@db.example/countersign?sslpassword=geheim",
            "host=db.example user=anna password=geheim dbname=countersign",
            "host=db.example user=anna password='geheim \\' geheim' dbname=countersign sslpassword=geheim",
        ])
    func secretsAreHidden(database: String) async throws {
        let settings = try await shown("", environment: ["DATABASE_URL": database])
        let value = try #require(settings["database"]?["value"])
        #expect(value.contains("db.example") && value.contains("anna"))
        #expect(!value.contains("geheim"))
        let text = try await Program.bash(
            "countersign serve --print-configuration", environment: ["DATABASE_URL": database], in: "/tmp")
        #expect(text.status == 0)
        #expect(!text.output.contains("geheim"))
        // The output is a pipe: no colours.
        #expect(!text.output.contains("\u{1B}"))
    }

    @Test(
        "A malformed settings file is a one-line error",
        arguments: [
            ("[]", "must contain a JSON object"), ("{", "is not JSON"),
            (#"{"prot": 1}"#, "has an unknown setting, prot"),
            (#"{"port": true}"#, "must give port as a string or a number"),
            (#"{"port": "x"}"#, "must be a whole number"), (#"{"port": 1, "port": 2}"#, "is not JSON"),
        ])
    func aWrongFileIsOneLine(contents: String, line: String) async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try contents.write(toFile: folder + "/settings.json", atomically: false, encoding: .utf8)
        let result = try await Program.run("serve", "--configuration", "settings.json", in: folder)
        #expect(result.status == 2)
        #expect(result.error.contains(line))
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test(
        "A malformed connection string is a one-line error without its password",
        arguments: [
            (
                "postgresql://anna@db.example:99999/countersign",
                "a port must be a whole number from 1 to 65535"
            ),
            // The message must not show the half of a password that was not escaped.
            ("postgresql://anna:geh/eim@db.example/countersign", "write %2F for a / within a password"),
            ("postgresql://anna:12/geheim@db.example/countersign", "write %2F for a / within a password"),
            ("postgresql://anna:an@geheim@db.example/countersign", "write %40 for an @"),
            ("postgresql://anna@server:12/geheim@db.example/countersign", "write %40 for an @"),
            ("postgres://anna:an@db?application_name=geheim@db.example/countersign", "write %40 for an @"),
            ("dbname=postgresql://anna:geheim@db.example/countersign", "dbname cannot be a URI"),
            ("host=a,b port=1,2,3", "could not match 3 port numbers to 2 hosts"),
            ("host=db.example sslmode=perhaps", #"invalid sslmode value: "perhaps""#),
            ("host=db.example colour=blue", "a connection string is either keyword=value pairs"),
        ])
    func aDatabaseThatCannotBeIsOneLine(database: String, line: String) async throws {
        for command in ["serve", "migrate", "operator list", "charges import - --format csv"] {
            let result = try await Program.bash(
                "countersign \(command) --database '\(database)'", in: "/tmp")
            #expect(result.status == 2, "\(command)")
            #expect(result.error.contains(line), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            #expect(!result.error.contains("geh"))
        }
    }

    @Test("An unknown host is a one-line error")
    func anUnknownHostIsOneLine() async throws {
        let result = try await Program.run(
            "serve", "--host", "no.such.host.invalid", "--port", "0", "--internal-port", "0", "--database",
            "host=/nonexistent", "--log-level", "critical")
        #expect(result.status == 1)
        #expect(result.error.contains("the host is unknown; change --host"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
    }

    private func shown(_ flags: String, environment: [String: String]) async throws
        -> [String: [String: String]]
    {
        let result = try await Program.bash(
            "countersign serve --print-configuration --format json " + flags, environment: environment,
            in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(json as? [String: [String: String]])
    }
}
