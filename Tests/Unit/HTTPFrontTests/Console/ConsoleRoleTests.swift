import Authentication
import Charges
import Foundation
import HTTPTypes
import NIOCore
import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the roles that the console's pages need, held against the table in docs/roles.md.
@Suite struct ConsoleRoleTests {
    /// A good request of each page that needs one: its query, and its form without the session's text.
    private static let requests: [String: (query: String, form: String)] = {
        let item = "action=accept&number=N1&customer=C1&reference=R1"
        let key = String(repeating: "0", count: 32)
        return [
            "/console/charge": ("?number=N1", ""),
            "/console/decision": ("?action=accept&number=N1", item),
            "/console/decision/check": ("", item), "/console/decision/confirm": ("", "\(item)&key=\(key)"),
            "/console/statements/download": ("?number=1", ""),
            "/console/files": ("", ""),
            "/console/file": ("?number=1", "number=1&action=start"),
            "/console/file/download": ("?number=1", ""),
            "/console/accounts": ("", "action=suspend-user&name=bob"),
            "/console/password": ("", "new_password=short"),
            "/console/settings": ("", "zone=Europe/Athens"),
            "/console/reconciliation": ("?number=1", ""),
            "/console/reconciliations/download": ("?number=1&format=csv", ""),
            "/console/reconciliation/differences": ("?number=1", "number=1&difference=1&reason=rounding"),
        ]
    }()

    private struct Services {
        let decisions = FakeDecisions()
        let reconciliations = FakeReconciliations()
        let server: TestServerFixture

        init() {
            server = TestServerFixture(
                decisions: decisions, charges: ConsoleDecisionTests.charges, reconciliations: reconciliations)
        }

        /// Whether something was decided, closed or changed.
        var isTouched: Bool {
            !decisions.calls.isEmpty || !reconciliations.received.closings.isEmpty
                || !reconciliations.received.parameters.isEmpty
                || !server.administration.changes.isEmpty || !server.decisionFiles.uploads.isEmpty
                || !server.decisionFiles.changes.isEmpty
        }

        func open(_ line: RoleTests.Line, token: String?) async throws -> Answer {
            let request = ConsoleRoleTests.requests[line.path] ?? ("", "")
            var headers: HTTPFields = [.origin: "http://localhost"]
            var form = request.form
            if let token {
                headers[.cookie] = "countersign_console=\(token)"
                form += "&form_token=\(try ConsoleRoleTests.formToken(of: token))"
            }
            if ["/console/files", "/console/reconciliations"].contains(line.path) {
                let token = try token.map(ConsoleRoleTests.formToken) ?? ""
                headers[.contentType] = ConsoleFileTests.type
                form = ConsoleFileTests.form(
                    [
                        ("form_token", token), ("action", "accept"), ("from", "2026-11-01"),
                        ("to", "2026-12-01"), ("decision", "ACCEPTED"),
                    ], file: ("may.csv", "number\nN1\n"))
            }
            return try await server.send(
                line.method, line.path + (line.method == .get ? request.query : ""), headers: headers,
                body: .whole(ByteBuffer(string: line.method == .get ? "" : form)))
        }
    }

    /// The text that the forms of a token's session carry.
    private static func formToken(of token: String) throws -> String {
        let part = token.split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - part.count % 4) % 4)
        let json = try JSONReader.read(try #require(Data(base64Encoded: part + padding)))
        return try #require(json["csrf"]?.string)
    }

    @Test("Each role sees and sends what the table says", arguments: RoleTests.pages, Role.allCases)
    func everyRoleOnEveryPage(line: RoleTests.Line, role: Role) async throws {
        let services = Services()
        let answer = try await services.open(
            line, token: try await FakeAccounts.token(role: role, audience: .console))
        if role >= (try #require(line.role)) {
            #expect((200..<400).contains(answer.status), "\(answer.body)")
        } else {
            #expect(answer.status == 403)
            #expect(answer.body.contains("Your role, \(role.rawValue), does not permit this page"))
            #expect(!services.isTouched)
        }
    }

    @Test(
        "No session, and tokens that are expired, forged or for something else, lead to signing in",
        arguments: RoleTests.pages)
    func badSessions(line: RoleTests.Line) async throws {
        let yesterday = Timestamp(secondsSince1970: TestServerFixture.now.secondsSince1970 - 86400)
        let expired = try await FakeAccounts.token(
            role: .administrator, audience: .console, issued: yesterday)
        let forged = try await FakeAccounts.token(
            signedWith: SigningKey(
                identifier: FakeAccounts.key.identifier, secret: Array(repeating: 8, count: 32)),
            audience: .console)
        let ofAdministrators = try await FakeAccounts.token(audience: .admin)
        for token in [nil, expired, forged, ofAdministrators] {
            let services = Services()
            let answer = try await services.open(line, token: token)
            #expect(answer.status == 200 && answer.body.contains("<h1>Sign in</h1>"))
            #expect(!services.isTouched)
        }
    }

    @Test(
        "Another operator's numbers look like numbers that do not exist",
        arguments: [
            "reconciliation", "reconciliations/download", "reconciliation/differences", "statements/download",
            "file", "file/download",
        ])
    func foreignNumbersDoNotExist(_ path: String) async throws {
        let token = try await FakeAccounts.token(
            of: FakeAccounts.strict, role: .administrator, audience: .console)
        var texts: [String] = []
        for number in [1, 99999] {
            let answer = try await TestServerFixture().send(
                .get, "/console/\(path)?number=\(number)&format=csv",
                headers: [.cookie: "countersign_console=\(token)"])
            #expect(answer.status == 404)
            let message = try #require(answer.body.firstMatch(of: /role="alert">([^<]*)</)).1
            texts.append(String(message).replacing("\(number)", with: "N"))
        }
        #expect(texts[0] == texts[1])
    }
}
