import Foundation
import LibPQ
import TestSupport
import Testing

/// Tests of token revocations: tokens are revoked on every node, whatever revoked them and wherever.
@Suite struct TokenRevocationTests {
    private static let good = "MISSING_PARAMETER"

    private func serve(_ database: String) throws -> RunningProgram {
        try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", environment: ["DATABASE_URL": database])
    }

    @discardableResult
    private func run(_ script: String) async throws -> String {
        let result = try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Runs a body with two nodes, a user `demo` of ACME's and a key.
    private func withNodes(_ body: (Client, Client, String) async throws -> Void) async throws {
        let key = try await run(
            """
            echo demo | countersign user add --allow-short --operator ACME --username demo
            countersign key add --operator ACME billing
            """)
        let nodes = try [0, 1].map { _ in try serve(TestDatabase.current.applicationConnectionString) }
        let first = Client(port: try await nodes[0].ports().operators)
        let second = Client(port: try await nodes[1].ports().operators)
        try await body(first, second, key)
        for node in nodes { #expect(await node.end() == 0) }
    }

    @Test("A released token is invalid on the other node and on a later one", .database)
    func aReleasedTokenIsInvalidOnEveryNode() async throws {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let token = try await first.login(key: key).token
            let other = try await first.login(key: key).token
            #expect(try await second.verdict(of: token) == Self.good)
            #expect(try await first.post("authentication/token/release", ["token": token]).code == "OK")
            #expect(try await first.verdict(of: token) == "INVALID_TOKEN")
            #expect(try await second.wait(until: "INVALID_TOKEN", of: token).isSubset(of: [Self.good]))
            // A node that starts now has never seen the token valid.
            let node = try serve(TestDatabase.current.applicationConnectionString)
            let third = Client(port: try await node.ports().operators)
            #expect(try await third.wait(until: "INVALID_TOKEN", of: token).isDisjoint(with: [Self.good]))
            for client in [first, second, third] {
                #expect(try await client.verdict(of: other) == Self.good)
            }
            #expect(await node.end() == 0)
        }
    }

    @Test("A revoked key's tokens are invalid on every node", .database)
    func aRevokedKeysTokensAreInvalid() async throws {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let byKey = try await first.login(key: key).token
            let byPassword = try await first.login("ACME").token
            try await run("countersign key revoke --operator ACME billing")
            for client in [first, second] {
                try await client.wait(until: "INVALID_TOKEN", of: byKey)
                #expect(try await client.verdict(of: byPassword) == Self.good)
                #expect(try await client.login(key: key).code == "INVALID_KEY")
            }
        }
    }

    @Test("A new password revokes the tokens of the old one", .database)
    func aNewPasswordRevokesTheTokensOfTheOldOne() async throws {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let old = try await first.login("ACME").token
            try await run(
                "echo other | countersign user password --allow-short --operator ACME --username demo")
            // The token of the new password was most likely issued in the same second.
            let new = try await first.login("ACME", password: "other").token
            for client in [first, second] {
                try await client.wait(until: "INVALID_TOKEN", of: old)
                #expect(try await client.verdict(of: new) == Self.good)
                #expect(try await client.login("ACME").token == "")
            }
        }
    }

    @Test(
        "A suspension revokes tokens, and its end restores none",
        .database,
        arguments: [
            (
                "countersign user suspend --operator ACME --username demo",
                "countersign user resume --operator ACME --username demo", "INVALID_TOKEN"
            ),
            ("countersign operator suspend ACME", "countersign operator resume ACME", "OPERATOR_SUSPENDED"),
        ])
    func aSuspensionRevokesTokensAndItsEndRestoresNone(suspend: String, resume: String, verdict: String)
        async throws
    {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let old = try await first.login("ACME").token
            #expect(try await second.verdict(of: old) == Self.good)
            try await run(suspend)
            for client in [first, second] { try await client.wait(until: verdict, of: old) }
            let login = ["username": "demo", "password": "demo", "organisation": "ACME"]
            #expect(try await second.post("authentication/token", login).code == "OPERATOR_SUSPENDED")
            try await run(resume)
            for client in [first, second] {
                let before = try await client.wait(until: "INVALID_TOKEN", of: old)
                #expect(before.isDisjoint(with: [Self.good]))
            }
            let new = try await first.login("ACME").token
            for client in [first, second] {
                try await client.wait(until: Self.good, of: new)
                #expect(try await client.verdict(of: old) == "INVALID_TOKEN")
            }
        }
    }

    @Test("A new signing key logs nobody out", .database)
    func aNewSigningKeyLogsNobodyOut() async throws {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let old = try await first.login(key: key).token
            let header = old.prefix { $0 != "." }
            try await run("countersign signing-key rotate")
            for (here, there) in [(first, second), (second, first)] {
                var token = ""
                for _ in 0..<100_000 where token.isEmpty || token.prefix(while: { $0 != "." }) == header {
                    token = try await here.login(key: key).token
                    // Whichever key signed it, the token is valid on every node at once.
                    #expect(try await there.verdict(of: token) == Self.good)
                }
                #expect(token.prefix { $0 != "." } != header)
                #expect(try await here.verdict(of: old) == Self.good)
            }
        }
    }

    @Test("Dropping the signing keys revokes every token", .database)
    func droppedSigningKeysRevokeEveryToken() async throws {
        try await withNodes { (first: Client, second: Client, key: String) async throws in
            let old = try await first.login(key: key).token
            try await run("countersign signing-key rotate --now")
            for client in [first, second] { try await client.wait(until: "INVALID_TOKEN", of: old) }
            let token = try await first.login(key: key).token
            for client in [first, second] { #expect(try await client.verdict(of: token) == Self.good) }
        }
    }

    @Test("A node cut off from its database answers SERVICE_UNAVAILABLE, not from old data", .database)
    func aNodeCutFromItsDatabaseSaysThatItCannotKnow() async throws {
        let proxy = TCPProxy(serverPort: TestServer.shared.loopbackPort)
        var parameters = TestDatabase.current.applicationParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(proxy.port)"
        let node = try serve(parameters.connectionString)
        let client = Client(port: try await node.ports().operators)
        let key = try await run("countersign key add --operator ACME billing")
        let token = try await client.login(key: key).token
        #expect(try await client.verdict(of: token) == Self.good)
        proxy.isSilent = true
        #expect(try await client.wait(until: "SERVICE_UNAVAILABLE", of: token).isSubset(of: [Self.good]))
        // A revocation in the meantime is known as soon as the node knows anything.
        try await run("countersign key revoke --operator ACME billing")
        proxy.isSilent = false
        let before = try await client.wait(until: "INVALID_TOKEN", of: token)
        #expect(before.isSubset(of: ["SERVICE_UNAVAILABLE"]))
        #expect(await node.end() == 0)
        proxy.close()
    }
}
