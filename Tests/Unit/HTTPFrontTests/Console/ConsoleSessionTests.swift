import Authentication
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of signing in to the console, and of what its sessions and forms protect.
@Suite struct ConsoleSessionTests {
    @Test("A person signs in, sees the overview, and signs out for good")
    func aPersonSignsInAndOut() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.open("/")
        #expect(browser.html.contains("<h1>Sign in</h1>"))
        try await browser.signIn()
        #expect(browser.page?.status == 200 && browser.html.contains("<h1>Overview</h1>"))
        #expect(browser.html.contains("alice of acme, decider"))
        let token = try #require(browser.cookies["countersign_console"])
        try await browser.submit("/console/sign-out")
        #expect(browser.html.contains("<h1>Sign in</h1>"))
        #expect(browser.cookies["countersign_console"] == nil)
        // The token is worth nothing, whoever kept it.
        let kept = try await browser.server.send(
            .get, "/console/charges", headers: [.cookie: "countersign_console=\(token)"])
        #expect(kept.body.contains("<h1>Sign in</h1>"))
    }

    @Test(
        "Cookies are for the console alone, hidden from script and other sites, and Secure but on this machine"
    )
    func cookiesAreConfined() async throws {
        let local = Browser(TestServerFixture())
        try await local.signIn()
        for cookie in local.cookieHeaders {
            #expect(cookie.contains("; Path=/console; HttpOnly; SameSite=Strict"))
            #expect(!cookie.contains("Secure"))
        }
        let proxied = Browser(
            TestServerFixture { $0.trustedProxies = TrustedProxies("192.0.2.1")! })
        proxied.authority = "billing.example"
        proxied.headers = [HTTPField.Name("X-Forwarded-Proto")!: "https"]
        try await proxied.open("/console/sign-in")
        try await proxied.submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)],
            origin: "https://billing.example")
        #expect(proxied.html.contains("<h1>Overview</h1>"))
        #expect(
            proxied.cookieHeaders.count >= 2 && proxied.cookieHeaders.allSatisfy { $0.contains("; Secure") })
    }

    @Test(
        "Signing in over plain HTTP from elsewhere is refused, whatever the client claims",
        arguments: ["", "https"])
    func plainHTTPIsRefused(_ claimed: String) async throws {
        let browser = Browser(TestServerFixture())
        browser.authority = "billing.example"
        if !claimed.isEmpty { browser.headers = [HTTPField.Name("X-Forwarded-Proto")!: claimed] }
        try await browser.open("/console/sign-in")
        #expect(
            browser.html.contains("Signing in needs HTTPS") && !browser.html.contains("type=\"password\""))
        let visitor = try #require(browser.cookies["countersign_visitor"])
        try await browser.submit(
            "/console/sign-in",
            [
                ("form_token", visitor), ("organisation", "acme"), ("username", "alice"),
                ("password", FakeAccounts.password),
            ])
        #expect(browser.cookies["countersign_console"] == nil)
    }

    @Test("A wrong password is told, without what was wrong")
    func aWrongPasswordIsTold() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn(password: "wrong password")
        #expect(browser.html.contains("The username, the password or the organisation is wrong."))
        #expect(browser.html.contains("value=\"alice\"") && !browser.html.contains("wrong password\""))
        #expect(browser.cookies["countersign_console"] == nil)
    }

    @Test("The console and the API share the limit of failed logins")
    func theLimitOfLoginsIsShared() async throws {
        let browser = Browser(TestServerFixture())
        var answer: Answer?
        for _ in 0..<100 where answer?.status != 429 {
            answer = try await browser.server.login(
                #"{"username":"alice","password":"wrong","organisation":"acme"}"#)
        }
        #expect(answer?.status == 429)
        try await browser.signIn()
        #expect(browser.html.contains("Too many logins failed"))
        #expect(browser.cookies["countersign_console"] == nil)
    }

    @Test(
        "A form that another site sends changes nothing",
        arguments: [
            "https://evil.example", "http://localhost.evil.example", "null", "http://localhost:81", "",
        ])
    func foreignFormsChangeNothing(_ origin: String) async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn()
        try await browser.submit(
            "/console/decision/confirm",
            [
                ("form_token", browser.hiddenFields(of: "/console/sign-out")[0].1), ("action", "accept"),
                ("number", "N1"), ("customer", "C1"), ("key", String(repeating: "0", count: 32)),
            ], origin: origin)
        #expect(browser.page?.status == 403 && browser.server.decisions.calls.isEmpty)
    }

    @Test("A form without the session's text, or with another session's, changes nothing")
    func formsNeedTheirText() async throws {
        let server = TestServerFixture()
        let other = Browser(server)
        try await other.signIn()
        let foreign = other.hiddenFields(of: "/console/sign-out")[0].1
        let browser = Browser(server)
        try await browser.signIn()
        for text in ["", foreign, String(foreign.dropLast())] {
            try await browser.submit(
                "/console/decision/confirm",
                [
                    ("form_token", text), ("action", "accept"), ("number", "N1"), ("customer", "C1"),
                    ("key", String(repeating: "0", count: 32)),
                ])
            #expect(browser.page?.status == 403)
        }
        #expect(server.decisions.calls.isEmpty)
    }

    @Test("A session in use is renewed for twelve hours, and then ends")
    func sessionsAreRenewedForTwelveHours() async throws {
        let time = ManualTime()
        let browser = Browser(TestServerFixture(time: time))
        try await browser.signIn()
        let first = browser.cookies["countersign_console"]
        time.advance(minutes: 5)
        try await browser.open("/console/charges")
        #expect(browser.cookies["countersign_console"] == first)
        for _ in 0..<14 {
            time.advance(minutes: 50)
            try await browser.open("/console/charges")
            #expect(browser.html.contains("<h1>Charges</h1>"))
        }
        #expect(browser.cookies["countersign_console"] != first)
        time.advance(minutes: 20)
        try await browser.open("/console/charges")
        #expect(browser.html.contains("Your session has ended"))
    }

    @Test(
        "A download renews the session as a page does",
        arguments: ["/console/statements/download?number=1", "/console/file/download?number=1"])
    func downloadsRenewTheSession(_ path: String) async throws {
        let time = ManualTime()
        let browser = Browser(TestServerFixture(time: time))
        try await browser.signIn()
        let first = browser.cookies["countersign_console"]
        time.advance(minutes: 50)
        #expect(try await browser.open(path).status == 200)
        #expect(browser.cookies["countersign_console"] != first)
    }

    @Test("A session that is not used ends after two hours")
    func unusedSessionsEnd() async throws {
        let time = ManualTime()
        let browser = Browser(TestServerFixture(time: time))
        try await browser.signIn()
        time.advance(minutes: 121)
        try await browser.open("/console/charges")
        #expect(browser.html.contains("Your session has ended"))
    }

    @Test("A token of the API opens no page, and a console's makes no call")
    func tokensAreValidForTheirUseAlone() async throws {
        let server = TestServerFixture()
        let api = try await FakeAccounts.token()
        let page = try await server.send(
            .get, "/console/charges", headers: [.cookie: "countersign_console=\(api)"])
        #expect(page.body.contains("<h1>Sign in</h1>"))
        let browser = Browser(server)
        try await browser.signIn()
        let token = try #require(browser.cookies["countersign_console"])
        let call = try await server.send(
            .get, "/crmapi/rest/v2/netflix/charges/list?number_of_results=1&status=NOT_PROCESSED",
            headers: [.authorization: "Bearer \(token)"])
        #expect(try call.code == "INVALID_TOKEN")
    }

    @Test("A form whose session has ended is there again after signing in, and nothing was done")
    func formsOutliveTheirSession() async throws {
        let time = ManualTime()
        let browser = Browser(TestServerFixture(time: time))
        try await browser.signIn()
        let token = browser.hiddenFields(of: "/console/sign-out")[0]
        time.advance(minutes: 121)
        let key = String(repeating: "ab", count: 16)
        try await browser.submit(
            "/console/decision/confirm",
            [
                token, ("action", "accept"), ("number", "N1"), ("customer", "C \"1\""),
                ("reference", "R<1>"), ("key", key),
            ])
        #expect(browser.html.contains("Your session has ended"))
        try await browser.submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)])
        #expect(browser.html.contains("Nothing is decided yet"))
        #expect(browser.html.contains("R&lt;1&gt;"))
        #expect(browser.server.decisions.calls.isEmpty)
        try await browser.submit("/console/decision/confirm")
        let call = try #require(browser.server.decisions.calls.first)
        #expect(call.idempotencyKey == ExactText(key))
        #expect(call.items.map(\.referenceNumber) == ["R<1>"])
        #expect(call.items.map(\.billingSystemCustomerIdentifier) == ["C \"1\""])
    }

    @Test(
        "Signing in leads nowhere but to the console",
        arguments: [
            "https://evil.example/", "//evil.example", "/console/../docs\\@evil.example", "/consoles",
            "javascript:1",
            "/console/sign-out",
        ])
    func signingInLeadsToTheConsole(_ destination: String) async throws {
        let browser = Browser(TestServerFixture())
        try await browser.open("/console/sign-in")
        try await browser.submit(
            "/console/sign-in",
            [
                ("destination", destination), ("organisation", "acme"), ("username", "alice"),
                ("password", FakeAccounts.password),
            ])
        #expect(browser.html.contains("<h1>Overview</h1>"))
    }

    @Test("Every page forbids to be framed, stored, or to load from elsewhere")
    func pagesKeepToThemselves() async throws {
        let browser = Browser(TestServerFixture())
        let before = try await browser.open("/console/sign-in")
        try await browser.signIn()
        let pages = [
            before, try #require(browser.page), try await browser.open("/console/charge?number=none"),
            try await browser.open("/console/none"),
        ]
        for page in pages {
            let policy = page.headers[HTTPField.Name("Content-Security-Policy")!] ?? ""
            #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(page.headers[HTTPField.Name("Cache-Control")!] == "no-store")
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        }
        #expect(pages[2].status == 404 && pages[3].status == 404)
    }
}
