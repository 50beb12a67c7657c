import Authentication
import StrictJSON
import Charges
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of the access log: one line a call, without secrets.
@Suite struct AccessLogTests {
    @Test("An accepted call is one line")
    func anAcceptedCallIsOneLine() async throws {
        let front = TestServerFixture()
        let body = BodyFixture.charges(
            "[\(BodyFixture.item("N1", "c")), \(BodyFixture.item("N2", "c", reference: " "))]")
        let answer = try await front.accept(body, query: "/?results=all")
        let line = try #require(front.log.lines.first)
        #expect(front.log.lines.count == 1)
        #expect(line.level == .info)
        #expect(line.message == "call")
        var metadata = line.metadata
        #expect(metadata.removeValue(forKey: "milliseconds").flatMap(Double.init) != nil)
        #expect(
            metadata == [
                "request_id": answer.headers[.requestIdentifier] ?? "", "method": "POST",
                "call": "netflix/charges/accept",
                "path": TestServerFixture.acceptPath + "/", "http_status": "200", "code": "OK",
                "operator": "acme",
                "items": "2", "failed_items": "1",
            ])
    }

    @Test("Every refusal is one line")
    func everyRefusalIsOneLine() async throws {
        let front = TestServerFixture(decisions: .refusing(.outcomeUnknown), isReady: false)
        _ = try await front.accept("{")
        _ = try await front.accept(BodyFixture.charges("[]"))
        _ = try await front.accept(BodyFixture.charges(count: 1))
        _ = try await front.login("{}")
        _ = try await front.send(.get, "/nowhere")
        _ = try await front.send(.put, TestServerFixture.acceptPath)
        let lines = front.log.lines
        #expect(
            lines.map { "\($0.level) \($0.metadata["http_status"] ?? "") \($0.metadata["code"] ?? "")" } == [
                "info 400 INVALID_JSON", "info 400 MISSING_PARAMETER", "error 503 OUTCOME_UNKNOWN",
                "info 400 MISSING_PARAMETER", "info 404 NOT_FOUND", "info 405 METHOD_NOT_ALLOWED",
            ])
        #expect(lines.map { $0.metadata["operator"] } == ["acme", "acme", "acme", nil, nil, nil])
    }

    @Test("The log entry of a provider's call has the name of its key and its items")
    func providerCallNamesItsKey() async throws {
        let server = TestServerFixture(
            internalSide: true, provider: FakeProvider(failure: ProviderFailure(.chargeNotFound)))
        let body = #"{"charges": [{"operator": "acme", "number": "N1", "revision": 1}]}"#
        _ = try await server.send(
            .post, "/provider/v1/charges/take",
            headers: [.authorization: "Bearer \(FakeProvider.key.text)"],
            body: .whole(ByteBuffer(string: body)))
        let metadata = try #require(server.log.lines.first).metadata
        #expect(metadata["provider_key"] == "bridge")
        #expect(metadata["items"] == "1")
        #expect(metadata["failed_items"] == "1")
        #expect(!metadata.values.contains { $0.contains(FakeProvider.key.text) })
    }

    @Test("Probes are logged at debug level only")
    func probesDoNotFillTheLog() async throws {
        let front = TestServerFixture(isReady: false)
        _ = try await front.send(.get, "/livez")
        _ = try await front.send(.get, "/readyz")
        #expect(front.log.lines.map(\.level) == [.debug, .debug])
    }

    /// An unknown path may contain anything, a wrongly escaped query with a token for instance.
    @Test(
        "Only the plain part of an unknown path is logged",
        arguments: [
            ("/nowhere/else/", "/nowhere/else/"), ("/nowhere%3Ftoken=x", "/nowhere"), ("/a b", "/a"),
            ("/list/" + String(repeating: "x", count: 5000), "/list/" + String(repeating: "x", count: 32)),
            (String(repeating: "/x", count: 5000), String(repeating: "/x", count: 100)), ("*", ""),
        ])
    func ofAPathWhatIsPlainIsLogged(path: String, logged: String) async throws {
        let front = TestServerFixture()
        _ = try await front.send(.get, path)
        #expect(front.log.lines.map { $0.metadata["path"] } == [logged])
    }

    @Test("The log never contains a secret")
    func noSecretIsEverInIt() async throws {
        let front = TestServerFixture(decisions: .refusing(.internalError))
        let token = try await FakeAccounts.token()
        let forged = try await FakeAccounts.token(
            signedWith: SigningKey(identifier: "key-1", secret: Array(repeating: 9, count: 32)))
        let query = "?token=\(token)&results=hidden-in-query"
        for bearer in [token, forged] {
            for body in [
                #"{"token": "\#(bearer)", "accepted_charges_set": [\#(BodyFixture.item("N1", "c1"))]}"#,
                #"{"token": "\#(bearer)"}"#, #"{"token": "\#(bearer)"#,
                #"{"token": 1, "token": "\#(bearer)"}"#,
                #"{"\#(bearer)": 1, "\#(bearer)": 2}"#,
            ] {
                for query in ["", query] {
                    for headers in [[:], [.authorization: "Bearer \(bearer)"]] as [HTTPFields] {
                        _ = try await front.accept(body, query: query, headers: headers)
                    }
                }
            }
        }
        for password in [FakeAccounts.password, "wrong-password"] {
            for body in [
                #"{"username": "alice", "password": "\#(password)", "organisation": "acme"}"#,
                #"{"username": "alice", "password": "\#(password)", "organisation": "halted"}"#,
                #"{"username": "alice", "password": "\#(password)"}"#, #"{"password": "\#(password)"#,
                #"{"\#(password)": 1, "\#(password)": 2}"#,
            ] {
                let answer = try await front.login(body)
                let issued = try answer.data?["token"]?.string
                if let issued { expectNothing(of: issued, in: front.log) }
            }
        }
        for path in [
            "/nowhere", "/livez", TestServerFixture.loginPath, "/nowhere%3Ftoken=\(token)",
            "/nowhere/\(token)",
        ] {
            _ = try await front.send(.get, path + query, headers: [.authorization: "Bearer \(token)"])
        }
        #expect(front.log.lines.count == 55)
        expectNothing(of: token, in: front.log)
        expectNothing(of: forged, in: front.log)
        for secret in [FakeAccounts.password, "wrong-password", "hidden-in-query", "results", "?"] {
            #expect(!front.log.lines.contains { $0.text.contains(secret) }, "\(secret)")
        }
    }

    /// No part of a token longer than what others share with it: its claims and its signature.
    private func expectNothing(of token: String, in log: FakeLog) {
        for part in token.split(separator: ".").dropFirst() {
            #expect(!log.lines.contains { $0.text.contains(part) })
        }
    }
}
