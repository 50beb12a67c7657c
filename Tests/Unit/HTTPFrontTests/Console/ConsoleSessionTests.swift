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
            proxied.cookieHeaders.count >= 2
                && proxied.cookieHeaders.allSatisfy {
                    $0.hasPrefix("__Host-") && $0.contains("; Path=/; ") && $0.hasSuffix("; Secure")
                        || $0.contains("; Max-Age=0")
                })
        // A cookie that a sibling host, or plain HTTP, can set is none.
        let token = try #require(proxied.cookies["__Host-countersign_console"])
        proxied.cookieHeader = "countersign_console=\(token)"
        try await proxied.open("/console/charges")
        #expect(proxied.html.contains("<h1>Sign in</h1>"))
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
        let visitor = try #require(browser.cookies["__Host-countersign_visitor"])
        try await browser.submit(
            "/console/sign-in",
            [
                ("form_token", visitor), ("organisation", "acme"), ("username", "alice"),
                ("password", FakeAccounts.password),
            ])
        #expect(!browser.cookies.keys.contains { $0.hasSuffix("countersign_console") })
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
        #expect(browser.page?.status == 429)
        #expect(browser.html.contains("Too many logins failed") && browser.html.contains(" minutes."))
        #expect(browser.cookies["countersign_console"] == nil)
    }

    @Test(
        "A form that another site sends changes nothing",
        arguments: [
            "https://evil.example", "http://localhost.evil.example", "null", "http://localhost:81", "",
            "https://localhost", "https://localhost:80",
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
            "javascript:1", "/console/sign-out", "/console/sign-in", "/console/../console/charges",
            "/console//charges", "/console/./charges", "/console/%63harges", "/console/charges%2F..",
            "/console/charges/..", "/console\\charges", "/console/charges\\..", "/console/charges#x",
            "/console/charges?a=\r\nSet-Cookie:x", "/console/style.css",
            "/console/statements/download?number=1",
            "/Console/charges", " /console/charges",
            "/console/charges?\(String(repeating: "a", count: 2000))",
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
        for path in ["/console/statements/download?number=1", "/console/file/download?number=1"] {
            let file = try await browser.open(path)
            #expect(file.status == 200 && file.headers[HTTPField.Name("Cache-Control")!] == "no-store")
            #expect(file.headers[values: .xContentTypeOptions] == ["nosniff"])
        }
    }

    @Test("Signing in leads back to the page that was wanted, with its query")
    func signingInLeadsBack() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.open("/console/charges?customer=C%201")
        try await browser.submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)])
        #expect(browser.html.contains("<h1>Charges</h1>") && browser.html.contains("value=\"C 1\""))
    }

    @Test("A form is of this site whatever way a browser writes the site's port")
    func defaultPortsAreTheSame() async throws {
        for (authority, origin) in [
            ("localhost:80", "http://localhost"), ("localhost", "http://localhost:80"),
            ("LOCALHOST", "http://localhost"), ("[::1]:8080", "http://[::1]:8080"),
        ] {
            let browser = Browser(TestServerFixture())
            browser.authority = authority
            try await browser.open("/console/sign-in")
            try await browser.submit(
                "/console/sign-in",
                [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)],
                origin: origin)
            #expect(browser.html.contains("<h1>Overview</h1>"), "\(authority) \(origin)")
        }
    }

    @Test(
        "Of several cookies of the session's name the valid one counts, of several sessions the last sign-in")
    func severalCookies() async throws {
        let time = ManualTime()
        let server = TestServerFixture(time: time)
        let older = try await FakeAccounts.token(role: .viewer, audience: .console)
        let newer = try await FakeAccounts.token(
            role: .administrator, audience: .console, issued: TestServerFixture.now.advanced(by: .seconds(60))
        )
        time.advance(minutes: 2)
        let browser = Browser(server)
        for (tokens, role) in [
            (["planted", older], "viewer"), ([older, "planted"], "viewer"), (["", older], "viewer"),
            ([older, newer], "administrator"), ([newer, older], "administrator"),
        ] {
            browser.cookieHeader = tokens.map { "countersign_console=\($0)" }.joined(separator: "; ")
            try await browser.open("/console")
            #expect(browser.html.contains("alice of acme, \(role)"), "\(tokens)")
        }
        // Signing out ends each of them.
        try await browser.submit("/console/sign-out")
        for token in [older, newer] {
            browser.cookieHeader = "countersign_console=\(token)"
            try await browser.open("/console")
            #expect(browser.html.contains("<h1>Sign in</h1>"))
        }
    }

    @Test("A sign-in that cannot be completed is not recorded, and the form keeps what it had")
    func onlyWhatHappenedIsRecorded() async throws {
        let instant = ManualInstant(.now)
        let accounts = FakeAccounts()
        let browser = Browser(TestServerFixture(accounts: accounts, instant: instant))
        try await browser.open("/console/sign-in")
        try await browser.submit("/console/decision", [("action", "accept"), ("number", "N1")])
        #expect(browser.html.contains("<h1>Sign in</h1>"))
        accounts.changes.change { $0.operatorsFail = true }
        let fields = [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)]
        try await browser.submit("/console/sign-in", fields)
        #expect(browser.html.contains("The service cannot do this now."))
        #expect(browser.cookies["countersign_console"] == nil && browser.server.activity.signIns.isEmpty)
        accounts.changes.change { $0.operatorsFail = false }
        try await browser.submit("/console/sign-in", fields)
        #expect(browser.html.contains("<h1>Accept charges</h1>"))
        #expect(browser.cookies["countersign_console"] != nil)
        #expect(browser.server.activity.signIns.map(\.succeeded) == [true])
    }

    @Test("A form of another site, or one that is too long, is not kept until its person has signed in")
    func whatIsKeptIsBounded() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.open("/console/sign-in")
        let form = [("action", "accept"), ("number", "N1"), ("reference", "planted")]
        let answer = try await browser.submit("/console/decision", form, origin: "https://evil.example")
        #expect(answer.status == 403 && !browser.html.contains("planted"))
        for fields in [
            form + [("reference", String(repeating: "r", count: 65_536))],
            form + (1...256).map { ("number", "N\($0)") },
        ] {
            try await browser.open("/console/sign-in")
            try await browser.submit("/console/decision", fields)
            #expect(browser.html.contains("<h1>Sign in</h1>"))
            #expect(browser.html.contains("was not kept; fill it in again"))
            #expect(!browser.html.contains("planted") && browser.html.utf8.count < 8192)
        }
        // Nor does the form of signing in take more.
        try await browser.submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", "alice"), ("destination", "/console/decision")]
                + (1...256).map { ("kept.number", "N\($0)") } + [("kept.action", "accept")])
        #expect(!browser.html.contains("kept."))
    }

    @Test("A session that is signed out never comes back, however its renewals race with that")
    func signedOutSessionsStayOut() async throws {
        for _ in 0..<20 {
            let time = ManualTime()
            let server = TestServerFixture(time: time)
            let browser = Browser(server)
            try await browser.signIn()
            let token = try #require(browser.cookies["countersign_console"])
            let formToken = browser.hiddenFields(of: "/console/sign-out")[0].1
            time.advance(minutes: 30)
            let renewed = try await withThrowingTaskGroup(of: [String].self) { group in
                for place in 0..<9 {
                    group.addTask {
                        let other = Browser(server)
                        other.setCookie("countersign_console", token)
                        if place == 4 {
                            _ = try await other.send(
                                .post, "/console/sign-out", body: "form_token=\(formToken)",
                                origin: "http://localhost")
                            return []
                        }
                        try await other.open("/console/charges")
                        return [other.cookies["countersign_console"]].compactMap(\.self)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            for token in Set(renewed + [token]) {
                let other = Browser(server)
                other.setCookie("countersign_console", token)
                try await other.open("/console/charges")
                #expect(other.html.contains("<h1>Sign in</h1>"))
            }
        }
    }

    /// Something that ends the sessions of a person who is signed in.
    enum Ending: CaseIterable {
        case roleChanged, userSuspended, operatorSuspended

        func happens(to accounts: FakeAccounts) {
            accounts.changes.change { value in
                switch self {
                case .operatorSuspended: value.suspendedCodes = ["acme"]
                case .roleChanged, .userSuspended:
                    value.revocations = [
                        TokenRevocation(
                            FakeAccounts.acme.identifier, .login(ExactText("alice"), generation: 1))
                    ]
                }
            }
        }

        var reason: String {
            self == .operatorSuspended ? "You are suspended, or your operator is." : "Your session has ended."
        }
    }

    @Test(
        "A new role or a suspension ends the session: the next page and the next form say so, and nothing is decided",
        arguments: Ending.allCases)
    func endedWhileSignedIn(_ ending: Ending) async throws {
        let instant = ManualInstant(.now)
        let accounts = FakeAccounts()
        let browser = Browser(
            TestServerFixture(
                charges: ConsoleDecisionTests.charges, accounts: accounts, instant: instant))
        try await browser.signIn()
        try await browser.open("/console/decision?action=accept&number=N1")
        try await browser.submit("/console/decision/check")
        let confirmation = browser.hiddenFields(of: "/console/decision/confirm")
        ending.happens(to: accounts)
        instant.now += .seconds(2)
        try await browser.submit("/console/decision/confirm", confirmation)
        #expect(browser.html.contains("<h1>Sign in</h1>") && browser.html.contains(ending.reason))
        #expect(browser.html.contains("name=\"kept.number\" value=\"N1\""))
        try await browser.open("/console/charges")
        #expect(browser.html.contains("<h1>Sign in</h1>") && browser.html.contains(ending.reason))
        #expect(browser.server.decisions.calls.isEmpty)
    }

    @Test(
        "A suspended user or operator is told so after the right password alone, and the attempt is recorded")
    func suspendedPeopleAreTold() async throws {
        for (organisation, username) in [("acme", "bob"), ("halted", "alice")] {
            let browser = Browser(TestServerFixture())
            for (password, isTold) in [("wrong password", false), (FakeAccounts.password, true)] {
                try await browser.open("/console/sign-in")
                try await browser.submit(
                    "/console/sign-in",
                    [("organisation", organisation), ("username", username), ("password", password)])
                #expect(browser.html.contains("You are suspended, or your operator is.") == isTold)
                #expect(browser.cookies["countersign_console"] == nil)
            }
            #expect(browser.server.activity.signIns.map(\.succeeded) == [false, false])
        }
    }

    @Test("A person whose role is lower after signing in again sees that, and not the form")
    func aLowerRoleAfterSigningInAgain() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.open("/console/sign-in")
        try await browser.submit("/console/accounts", [("action", "suspend-user"), ("name", "bob")])
        try await browser.submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", "alice"), ("password", FakeAccounts.password)])
        #expect(browser.page?.status == 403)
        #expect(browser.html.contains("Your role, decider, does not permit this page"))
        #expect(browser.server.administration.changes.isEmpty)
    }
}
