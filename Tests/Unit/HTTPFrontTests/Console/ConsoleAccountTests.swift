import Authentication
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the pages of users, keys, passwords and activity.
@Suite struct ConsoleAccountTests {
    private static func browser(role: Role = .administrator) async throws -> Browser {
        let browser = Browser(TestServerFixture())
        browser.setCookie(
            "countersign_console", try await FakeAccounts.token(role: role, audience: .console))
        try await browser.open("/console/accounts")
        return browser
    }

    @Test(
        "An administrator changes users and keys",
        arguments: [
            (
                ["action": "add-user", "name": "carol", "new_password": "a long password", "role": "viewer"],
                "add user carol viewer true by alice"
            ),
            (["action": "set-user-role", "name": "bob", "role": "decider"], "role of user bob decider"),
            (["action": "suspend-user", "name": "bob"], "suspension of bob true"),
            (["action": "resume-user", "name": "bob"], "suspension of bob false"),
            (["action": "revoke-tokens", "name": "bob"], "tokens of bob"),
            (
                ["action": "set-password", "name": "bob", "new_password": "a long password"],
                "password of bob"
            ),
            (["action": "set-key-role", "name": "billing", "role": "viewer"], "role of key billing viewer"),
            (["action": "revoke-key", "name": "billing"], "revoke key billing"),
        ])
    func changesAreMade(_ form: [String: String], _ change: String) async throws {
        let browser = try await Self.browser()
        try await browser.submit("/console/accounts", form.map { ($0.key, $0.value) })
        #expect(browser.server.administration.changes == [change])
        #expect(browser.html.contains("<h1>Users and keys</h1>"))
        #expect(browser.html.contains("&lt;b&gt;bob&lt;/b&gt;") && !browser.html.contains("<b>bob"))
    }

    @Test("A new key is shown once")
    func aNewKeyIsShownOnce() async throws {
        let browser = try await Self.browser()
        try await browser.submit(
            "/console/accounts", [("action", "add-key"), ("name", "nightly"), ("role", "viewer")])
        #expect(browser.server.administration.changes == ["add key nightly viewer 32"])
        let key = try #require(browser.html.firstMatch(of: /<code>([0-9a-f]{64})<\/code>/)).1
        try await browser.open("/console/accounts")
        #expect(!browser.html.contains(key))
    }

    @Test("A refused change is told, and the form keeps its name", arguments: AccountRefusal.allCases)
    func refusalsAreTold(_ refusal: AccountRefusal) async throws {
        let browser = try await Self.browser()
        let name = "refused-\(refusal.rawValue)"
        try await browser.submit(
            "/console/accounts",
            [("action", "add-user"), ("name", name), ("new_password", "a long password"), ("role", "viewer")])
        #expect(Browser.unescaped(browser.html).contains(refusal.description))
        #expect(browser.html.contains("value=\"\(name)\"") && !browser.html.contains("a long password"))
    }

    @Test(
        "A role that is missing or unknown changes nothing",
        arguments: ["add-user", "set-user-role", "add-key", "set-key-role"], ["", "superadmin"])
    func rolesAreChosen(_ action: String, _ role: String) async throws {
        let browser = try await Self.browser()
        try await browser.submit(
            "/console/accounts",
            [("action", action), ("name", "bob"), ("new_password", "a long password"), ("role", role)])
        #expect(browser.html.contains("Choose a role.") && browser.server.administration.changes.isEmpty)
    }

    @Test("A short password is refused before anything is changed")
    func shortPasswordsAreRefused() async throws {
        let browser = try await Self.browser()
        try await browser.submit(
            "/console/accounts",
            [("action", "add-user"), ("name", "carol"), ("new_password", "short"), ("role", "viewer")])
        #expect(browser.html.contains("The password must have at least 12 characters."))
        #expect(browser.server.administration.changes.isEmpty)
    }

    @Test(
        "An administrator changes the operator's own settings, and what is as it was is left alone",
        arguments: [
            ("Europe/Athens", "service", "failure", "settings Europe/Athens - - by alice"),
            ("<b>UTC</b>", "always-200", "failure", "settings - always-200 - by alice"),
            ("<b>UTC</b>", "service", "success", "settings - - true by alice"),
            ("<b>UTC</b>", "unknown", "unknown", "settings - - - by alice"),
        ])
    func settingsAreChanged(_ zone: String, _ errors: String, _ repeats: String, _ change: String)
        async throws
    {
        let browser = try await Self.browser()
        try await browser.open("/console/settings")
        #expect(
            browser.html.contains("are accepted after 72 h")
                && browser.html.contains("agreed with the service"))
        try await browser.submit(
            "/console/settings", [("zone", zone), ("errors", errors), ("repeats", repeats)])
        #expect(browser.server.administration.changes == [change])
        #expect(browser.html.contains("The settings are stored."))
        #expect(browser.html.contains("value=\"&lt;b&gt;UTC&lt;/b&gt;\"") && !browser.html.contains("<b>UTC"))
    }

    @Test("A zone that is none is told beside its field, which keeps it")
    func unknownZonesAreTold() async throws {
        let browser = try await Self.browser()
        try await browser.open("/console/settings")
        let zone = "refused-\(AccountRefusal.unknownZone.rawValue)"
        try await browser.submit(
            "/console/settings", [("zone", zone), ("errors", "service"), ("repeats", "failure")])
        #expect(
            browser.html.contains("id=\"fault-zone\">\(AccountRefusal.unknownZone.description)</small>"))
        #expect(browser.html.contains("value=\"\(zone)\""))
    }

    @Test(
        "Others see the settings, with the reason why they cannot change them",
        arguments: [Role.viewer, .decider])
    func othersReadTheSettings(_ role: Role) async throws {
        let browser = try await Self.browser(role: role)
        try await browser.open("/console/settings")
        #expect(browser.html.contains("&lt;b&gt;UTC&lt;/b&gt;") && browser.html.contains("EUR"))
        #expect(browser.html.contains("An administrator of your operator can change it."))
        #expect(!browser.html.contains("action=\"/console/settings\""))
    }

    @Test("A person changes the own password with the current one alone", arguments: [true, false])
    func ownPasswords(isRight: Bool) async throws {
        let browser = try await Self.browser(role: .viewer)
        try await browser.open("/console/password")
        try await browser.submit(
            "/console/password",
            [
                ("current_password", isRight ? FakeAccounts.password : "wrong"),
                ("new_password", "a long password"), ("repeated_password", "a long password"),
            ])
        #expect(browser.server.administration.changes == (isRight ? ["own password of alice"] : []))
        #expect(browser.html.contains(isRight ? "<h1>Sign in</h1>" : "The current password is wrong."))
    }

    @Test("Sign-ins are recorded with their address, failed ones too")
    func signInsAreRecorded() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn(password: "wrong password")
        try await browser.signIn()
        let signIns = browser.server.activity.signIns
        #expect(signIns.map(\.succeeded) == [false, true])
        #expect(
            signIns.allSatisfy {
                $0.operatorCode == "acme" && $0.username == "alice" && $0.address == "192.0.2.1"
            })
        try await browser.open("/console/activity")
        #expect(browser.html.contains("viewer → decider") && browser.html.contains("&lt;b&gt;bob&lt;/b&gt;"))
    }
}
