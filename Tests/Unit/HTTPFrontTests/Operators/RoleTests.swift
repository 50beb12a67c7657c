import Authentication
import Charges
import Foundation
import HTTPTypes
import NIOCore
import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the roles that calls need, held against the table in docs/roles.md.
@Suite struct RoleTests {
    /// A line of the table.
    struct Line: Sendable, CustomTestStringConvertible {
        let method: HTTPRequest.Method
        let path: String
        /// `nil` if the route needs no login.
        let role: Role?

        var testDescription: String { "\(method) \(path)" }
        /// Whether it is a page of the console.
        var isPage: Bool { path.hasPrefix("/console") }
    }

    /// The lines of "Routes and roles" in docs/roles.md.
    static let table: [Line] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../docs/roles.md")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.matches(of: /\| `(GET|POST) (.+)` \| (.+) \|/).flatMap { line in
            line.2.split(separator: "`, `").map { path in
                Line(
                    method: HTTPRequest.Method(String(line.1))!, path: String(path),
                    role: Role(rawValue: String(line.3).replacing("`", with: "")))
            }
        }
    }()

    /// The lines of the API's calls with a role, and those of the console's pages.
    static let calls = table.filter { $0.role != nil && !$0.isPage }
    static let pages = table.filter { $0.role != nil && $0.isPage }

    /// A good request of each route with a role: its query and its body.
    private static let requests: [String: (query: String, body: String)] = {
        func charges(_ set: String) -> String {
            #"{"\#(set)": [{"number": "N1", "billing_system_customer_identifier": "c1"}]}"#
        }
        return [
            "/authentication/token/release": ("", ""),
            "/netflix/charges/list": ("?number_of_results=50&charge_status=NOT_PROCESSED&after=", ""),
            "/netflix/charges/show": ("?number=N1", ""),
            "/netflix/charges/accept": ("", charges("accepted_charges_set")),
            "/netflix/charges/decline": ("", charges("declined_charges_set")),
            "/netflix/charges/acknowledge": ("", charges("acknowledged_charges_set")),
            "/netflix/charges/accept/dry-run": ("", charges("accepted_charges_set")),
            "/netflix/charges/decline/dry-run": ("", charges("declined_charges_set")),
            "/netflix/charges/acknowledge/dry-run": ("", charges("acknowledged_charges_set")),
            "/netflix/statements/list": ("?number_of_results=50", ""),
            "/netflix/statements/download": ("?number=1", ""),
            "/netflix/reconciliations/create": ("?from=2026-11-01&to=2026-12-01", "number\nI1\n"),
            "/netflix/reconciliations/list": ("", ""),
            "/netflix/reconciliations/show": ("?number=1", ""),
            "/netflix/reconciliations/differences": ("?number=1", ""),
            "/netflix/reconciliations/close": (
                "", #"{"number": 1, "differences": [{"id": 1, "reason": "rounding"}]}"#
            ),
        ]
    }()

    /// The fakes of one call, which record what reaches them.
    private struct Services {
        let decisions = FakeDecisions()
        let reconciliations = FakeReconciliations()
        let server: TestServerFixture

        init() {
            server = TestServerFixture(
                decisions: decisions,
                charges: FakeCharges(showing: { (_) throws(RequestFailure) in ChargeShowTests.charge }),
                reconciliations: reconciliations)
        }

        /// Whether something was decided, uploaded or closed.
        var isTouched: Bool {
            let received = reconciliations.received
            return !decisions.calls.isEmpty || !received.parameters.isEmpty || !received.closings.isEmpty
        }

        func call(_ line: Line, token: String?) async throws -> Answer {
            let request = RoleTests.requests[line.path] ?? ("", "")
            var headers = HTTPFields()
            if let token { headers[.authorization] = "Bearer \(token)" }
            return try await server.send(
                line.method, TestServerFixture.base + line.path + request.query, headers: headers,
                body: .whole(ByteBuffer(string: request.body)))
        }
    }

    @Test("The table lists every route of the operators' port, once")
    func theTableIsComplete() {
        let listed = Self.table.map {
            "\($0.method) \($0.role == nil || $0.isPage ? $0.path : TestServerFixture.base + $0.path)"
        }
        let routed = TestServerFixture().routes.all.map { "\($0.method) \($0.path)" }
        let logins = ["/authentication/token", "/authentication/web_api_key/token"]
        let expected = routed.map { route in
            logins.first { route == "POST \(TestServerFixture.base + $0)" }.map { "POST \($0)" } ?? route
        }
        #expect(listed.sorted() == expected.sorted())
        let withRoles = Self.calls.map(\.path)
        #expect(Set(withRoles) == Set(Self.requests.keys))
    }

    @Test("Each role gets what the table says", arguments: calls, Role.allCases)
    func everyRoleOnEveryRoute(line: Line, role: Role) async throws {
        let services = Services()
        let answer = try await services.call(line, token: try await FakeAccounts.token(role: role))
        if role >= (try #require(line.role)) {
            #expect((200..<300).contains(answer.status), "\(answer.body)")
        } else {
            #expect(answer.status == 403)
            #expect(try answer.code == "NOT_PERMITTED")
            #expect(!services.isTouched)
        }
    }

    @Test("A refused role names the one that is needed")
    func theDescription() async throws {
        let answer = try await Services().call(
            Line(method: .post, path: "/netflix/charges/accept", role: .decider),
            token: try await FakeAccounts.token(role: .viewer))
        #expect(
            try answer.summary
                == "403 NOT_PERMITTED: The role viewer does not permit this call; log in with the role decider or higher."
        )
        #expect(answer.headers[.wwwAuthenticate] == nil)
    }

    @Test(
        "No token, and tokens that are expired, forged or for something else, get 401",
        arguments: calls)
    func badTokens(line: Line) async throws {
        let yesterday = Timestamp(secondsSince1970: TestServerFixture.now.secondsSince1970 - 86400)
        let expired = try await FakeAccounts.token(role: .administrator, issued: yesterday)
        let ofAnotherUse = try await FakeAccounts.token(audience: .console)
        let forged = try await FakeAccounts.token(
            signedWith: SigningKey(
                identifier: FakeAccounts.key.identifier, secret: Array(repeating: 8, count: 32)))
        for (token, code) in [
            (nil, "INVALID_TOKEN"), (expired, "TOKEN_EXPIRED"), (ofAnotherUse, "INVALID_TOKEN"),
            (forged, "INVALID_TOKEN"),
        ] {
            let services = Services()
            let answer = try await services.call(line, token: token)
            #expect(answer.status == 401)
            #expect(try answer.code == code)
            #expect(!services.isTouched)
        }
    }

    @Test("A released token gets 401", arguments: calls)
    func aReleasedToken(line: Line) async throws {
        let services = Services()
        let token = try await FakeAccounts.token(role: .administrator)
        let release = Line(method: .post, path: "/authentication/token/release", role: .viewer)
        #expect(try await services.call(release, token: token).status == 200)
        let answer = try await services.call(line, token: token)
        #expect(answer.status == 401)
        #expect(try answer.code == "INVALID_TOKEN")
        #expect(!services.isTouched)
    }

    @Test(
        "Another operator's token reaches that operator's data alone",
        arguments: calls)
    func anotherOperator(line: Line) async throws {
        let services = Services()
        let token = try await FakeAccounts.token(of: FakeAccounts.strict, role: .administrator)
        let answer = try await services.call(line, token: token)
        #expect(
            services.decisions.calls.allSatisfy { $0.operatorIdentifier == FakeAccounts.strict.identifier })
        if ["/netflix/statements/download", "/netflix/reconciliations/show"].contains(line.path) {
            #expect(try answer.code == "NOT_FOUND")
        }
        for list in ["statements_set", "reconciliations_set"] {
            #expect(try (answer.body.isEmpty ? nil : try? answer.data?[list]?.elements.count) ?? 0 == 0)
        }
    }

    @Test("An operator of always-200 gets NOT_PERMITTED with 200, but for files")
    func alwaysOK() async throws {
        let token = try await FakeAccounts.token(of: FakeAccounts.lenient, role: .viewer)
        for line in Self.calls where line.role == .decider {
            let answer = try await Services().call(line, token: token)
            #expect(answer.status == (line.path.hasSuffix("/create") ? 403 : 200))
            #expect(try answer.code == "NOT_PERMITTED")
        }
    }
}
