import Authentication
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the pages of `/admin`.
@Suite struct AdministrationTests {
    private static func browser(isSignedIn: Bool = true) -> Browser {
        let browser = Browser(TestServerFixture(administrationSide: true))
        if isSignedIn { browser.setCookie("countersign_admin", FakeService.token) }
        return browser
    }

    /// Every page with a query that shows something.
    static let pages = [
        "/admin", "/admin/operators", "/admin/operator?code=acme", "/admin/provider-keys",
        "/admin/signing-keys", "/admin/reports", "/admin/report?name=charges-by-day",
        "/admin/report?name=charges-by-day&run=1", "/admin/activity", "/admin/administrators",
        "/admin/password",
    ]

    @Test("Every page shows texts of others as text", arguments: pages)
    func textsAreEscaped(_ path: String) async throws {
        let browser = Self.browser()
        let answer = try await browser.open(path)
        #expect(answer.status == 200)
        #expect(!browser.html.contains("<b>") && browser.html.contains("Countersign administration"))
        #expect(browser.html.contains("&lt;b&gt;") != (path == "/admin/password"))
    }

    @Test("Without a session every page is that of signing in", arguments: pages)
    func sessionsAreRequired(_ path: String) async throws {
        let browser = Self.browser(isSignedIn: false)
        browser.setCookie("countersign_console", FakeService.token)
        try await browser.open(path)
        #expect(browser.html.contains("<h1>Sign in</h1>") && !browser.html.contains("Operator&#39;s code"))
        #expect(!browser.html.contains("organisation"))
    }

    @Test("An administrator signs in, returns to the page, and signs out")
    func signingIn() async throws {
        let browser = Self.browser(isSignedIn: false)
        try await browser.open("/admin/operators")
        let wrong = try await browser.submit(
            "/admin/sign-in", [("username", FakeService.administrator), ("password", "wrong")])
        #expect(wrong.status == 422 && browser.html.contains("The name or the password is wrong."))
        try await browser.submit(
            "/admin/sign-in",
            [("username", FakeService.administrator), ("password", FakeService.password)])
        #expect(browser.html.contains("<h1>Operators</h1>"))
        #expect(
            browser.cookieHeaders.contains {
                $0.hasPrefix("countersign_admin=") && $0.contains("Path=/admin;")
            })
        try await browser.submit("/admin/sign-out")
        #expect(browser.server.service.changes == ["sign out"] && browser.html.contains("<h1>Sign in</h1>"))
    }

    @Test("The operators' port has no page of administration, and the administrators' port no call")
    func portsAreApart() async throws {
        #expect(try await TestServerFixture().send(.get, "/admin").status == 404)
        let server = TestServerFixture(administrationSide: true)
        for path in ["/console", "/metrics", TestServerFixture.loginPath, "/provider/v1/charges"] {
            #expect(try await server.send(.get, path).status == 404)
        }
        #expect(try await server.send(.get, "/").headers[.location] == "/admin")
    }

    @Test(
        "A form makes its change",
        arguments: [
            (
                "/admin/operators", "add&code=NEW&currency=EUR&policy=decline&window=2h",
                "add operator NEW EUR decline 7200"
            ),
            (
                "/admin/operator?code=acme",
                "settings&currency=USD&policy=hold&window=90s&zone=Europe/Athens&status=&repeat=success",
                "settings of acme USD hold 90 Europe/Athens node's true"
            ),
            ("/admin/operator?code=acme", "suspend", "suspension of acme true"),
            ("/admin/operator?code=acme", "resume", "suspension of acme false"),
            (
                "/admin/operator?code=acme", "add-user&name=carol&new_password=a long password&role=",
                "add user carol of acme by default true"
            ),
            (
                "/admin/operator?code=acme", "set-user-role&name=bob&role=decider",
                "role of bob of acme decider"
            ),
            (
                "/admin/operator?code=acme", "set-password&name=bob&new_password=a long password",
                "password of bob of acme"
            ),
            ("/admin/operator?code=acme", "suspend-user&name=bob", "suspension of bob of acme true"),
            ("/admin/operator?code=acme", "resume-user&name=bob", "suspension of bob of acme false"),
            ("/admin/operator?code=acme", "revoke-key&name=billing", "revoke key billing of acme"),
            ("/admin/provider-keys", "add&name=bridge", "add provider key bridge 32"),
            ("/admin/provider-keys", "revoke&name=bridge", "revoke provider key bridge"),
            ("/admin/signing-keys", "add", "add signing key false"),
            ("/admin/signing-keys", "add-and-drop-others", "add signing key true"),
            ("/admin/signing-keys", "drop&identifier=k1", "drop signing key k1"),
            (
                "/admin/administrators", "add&name=petra&new_password=a long password",
                "add administrator petra true"
            ),
            (
                "/admin/administrators", "set-password&name=petra&new_password=a long password",
                "password of administrator petra"
            ),
            ("/admin/administrators", "suspend&name=petra", "suspension of administrator petra true"),
            ("/admin/administrators", "resume&name=petra", "suspension of administrator petra false"),
        ])
    func changesAreMade(_ path: String, _ form: String, _ change: String) async throws {
        let browser = Self.browser()
        try await browser.open(path)
        let answer = try await browser.submit(String(path.prefix { $0 != "?" }), Self.fields(form))
        #expect(answer.status == 200)
        #expect(browser.server.service.changes == ["\(change) by olga of 4"])
    }

    /// The fields of a form that is written `ACTION&name=value…`.
    private static func fields(_ text: String) -> [(String, String)] {
        [("code", "acme"), ("form_token", "form-token-of-olga")].filter { !text.contains("\($0.0)=") }
            + ("action=" + text).split(separator: "&").map { field in
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), String(parts[1]))
            }
    }

    @Test("A refusal is told, and what was typed stays", arguments: ServiceAdministrationRefusal.allCases)
    func refusalsAreTold(_ refusal: ServiceAdministrationRefusal) async throws {
        let browser = Self.browser()
        let name = "refused-\(refusal.rawValue)"
        try await browser.open("/admin/provider-keys")
        try await browser.submit("/admin/provider-keys", Self.fields("add&name=\(name)"))
        #expect(Browser.unescaped(browser.html).contains(refusal.description))
        #expect(browser.html.contains("value=\"\(name)\""))
        #expect(browser.server.service.changes.isEmpty)
    }

    @Test("Short passwords, spans that are none and unknown actions change nothing")
    func faultsAreTold() async throws {
        let browser = Self.browser()
        let cases = [
            ("/admin/administrators", "add&name=petra&new_password=short", "at least 12 characters"),
            ("/admin/operator", "add-user&name=petra&new_password=short", "at least 12 characters"),
            ("/admin/operator", "settings&currency=EUR&policy=hold&window=soon", "The window is a number"),
            ("/admin/operators", "add&currency=EUR&policy=hold&window=0h", "The window is a number"),
            ("/admin/operator", "destroy", "Choose what to change."),
            ("/admin/signing-keys", "destroy", "Choose what to change."),
        ]
        for (path, form, text) in cases {
            try await browser.submit(path, Self.fields(form))
            #expect(browser.html.contains(text), "\(path) \(form)")
            #expect(!browser.html.contains("\"short\""))
        }
        #expect(browser.server.service.changes.isEmpty)
    }

    @Test("A form of another site, and one without the session's text, change nothing")
    func foreignFormsAreRefused() async throws {
        let browser = Self.browser()
        let form = Self.fields("suspend")
        let foreign = try await browser.submit("/admin/operator", form, origin: "http://evil.example")
        let bare = try await browser.submit("/admin/operator", [("action", "suspend"), ("code", "acme")])
        #expect(foreign.status == 403 && bare.status == 403)
        #expect(browser.server.service.changes.isEmpty)
    }

    @Test("A new key of the provider's is shown once")
    func aNewKeyIsShownOnce() async throws {
        let browser = Self.browser()
        try await browser.submit("/admin/provider-keys", Self.fields("add&name=bridge"))
        let key = try #require(browser.html.firstMatch(of: /<code>([0-9a-f]{64})<\/code>/)).1
        try await browser.open("/admin/provider-keys")
        #expect(!browser.html.contains(key))
    }

    @Test("An administrator changes the own password with the current one alone", arguments: [true, false])
    func ownPasswords(isRight: Bool) async throws {
        let browser = Self.browser()
        try await browser.open("/admin/password")
        try await browser.submit(
            "/admin/password",
            [
                ("current_password", isRight ? FakeService.password : "wrong"),
                ("new_password", "a long password"), ("repeated_password", "a long password"),
            ])
        #expect(
            browser.server.service.changes
                == (isRight ? ["own password after the old hash by olga of 4"] : []))
    }

    @Test("A page without its setting names it", arguments: pages.dropLast(6))
    func missingSettingsAreNamed(_ path: String) async throws {
        let browser = Self.browser()
        browser.server.service.missingSetting = "administration-database"
        let answer = try await browser.open(path)
        #expect(answer.status == 503 && browser.html.contains("the setting administration-database"))
    }

    @Test(
        "A report that cannot be run says why",
        arguments: [
            ("tomorrow", 200, "from must be a date"), ("slow", 200, "The report took too long"),
            ("unset", 503, "the setting reporting-database"),
        ])
    func reportsThatFail(_ from: String, _ status: Int, _ text: String) async throws {
        let browser = Self.browser()
        let answer = try await browser.open("/admin/report?name=charges-by-day&run=1&from=\(from)")
        #expect(answer.status == status && browser.html.contains(text))
    }

    @Test("A report is a table, and a file that is safe in a spreadsheet")
    func reports() async throws {
        let browser = Self.browser()
        try await browser.open("/admin/report?name=charges-by-day&run=1&from=2026-01-01")
        #expect(browser.html.contains("<td class=\"number\" data-label=\"charges\">17</td>"))
        #expect(browser.html.contains("value=\"2026-01-01\""))
        let file = try await browser.open("/admin/report/download?name=charges-by-day")
        #expect(file.headers[.contentDisposition] == "attachment; filename=\"charges-by-day.csv\"")
        #expect(file.body.contains("'=1+1,"))
        #expect(try await browser.open("/admin/report?name=nothing").status == 404)
    }

    @Test("What does not exist is not found")
    func unknownNames() async throws {
        let browser = Self.browser()
        #expect(try await browser.open("/admin/operator?code=missing").status == 404)
        #expect(try await browser.open("/admin/activity?operator=missing").status == 404)
        #expect(try await browser.open("/admin/nothing").status == 404)
    }
}
