import Charges
import Synchronization
import Testing

@testable import Authentication

/// Tests of the sessions of the service's administrators.
@Suite struct AdministratorSessionsTests {
    private let fixture = LoginFixture()
    private let administrators = FakeAdministrators()
    private var sessions: TokenAdministratorSessions {
        let clock = fixture.tokens.clock
        return TokenAdministratorSessions(
            login: fixture.service, administrators: administrators, keys: fixture.tokens.keys,
            now: { clock.time })
    }

    private func signIn(_ name: String = "maria", _ password: String = "right") async
        -> Result<String, RequestFailure>
    {
        do throws(RequestFailure) {
            return .success(
                try await sessions.signIn(
                    name: name, password: password, address: "192.0.2.1", deadline: .farAway))
        } catch {
            return .failure(error)
        }
    }

    private func verdict(_ token: String) async -> String {
        do throws(RequestFailure) {
            _ = try await sessions.principal(of: token, deadline: .farAway)
            return "OK"
        } catch {
            return error.code.rawValue
        }
    }

    @Test("A right name and password get a session; each attempt that is judged is recorded")
    func signingIn() async throws {
        let token = try await signIn().get()
        let principal = try await sessions.principal(of: token, deadline: .farAway)
        #expect(principal.name == "maria" && principal.tokenGeneration == 3)
        #expect(await signIn("maria", "wrong").code == "INVALID_CREDENTIALS")
        #expect(await signIn("nobody").code == "INVALID_CREDENTIALS")
        #expect(await signIn("ma\0ria").code == "INVALID_CREDENTIALS")
        #expect(administrators.signIns == ["maria true", "maria false", "nobody false", "ma\0ria false"])
    }

    @Test("That an administrator is suspended is told only after the right password")
    func suspended() async {
        #expect(await signIn("sue", "wrong").code == "INVALID_CREDENTIALS")
        #expect(await signIn("sue").failure == .administratorSuspended)
    }

    @Test("The failures of a name at an address are limited, apart from a user of the same name")
    func limit() async {
        for _ in 0..<10 { #expect(await signIn("anna", "wrong").code == "INVALID_CREDENTIALS") }
        #expect(await signIn("anna", "wrong").code == "RATE_LIMITED")
        #expect(await fixture.login("anna").code == "OK")
        #expect(await fixture.login("anna", organisation: "").code == "INVALID_CREDENTIALS")
        #expect(await signIn("maria").code == "OK")
    }

    @Test("A suspension, a new generation and signing out end a session at once")
    func ending() async throws {
        let token = try await signIn().get()
        #expect(await verdict(token) == "OK")
        administrators.change { $0[0] = FakeAdministrators.account("maria", generation: 4) }
        #expect(await verdict(token) == "INVALID_TOKEN")
        administrators.change {
            $0[0] = FakeAdministrators.account("maria", generation: 3, isSuspended: true)
        }
        #expect(await verdict(token) == "INVALID_TOKEN")
        administrators.change { $0[0] = FakeAdministrators.account("maria", generation: 3) }
        let principal = try await sessions.principal(of: token, deadline: .farAway)
        try await sessions.signOut(principal, deadline: .farAway)
        #expect(await verdict(token) == "INVALID_TOKEN")
        administrators.change { $0 = [] }
        #expect(await verdict(token) == "INVALID_TOKEN")
    }

    @Test("A session lasts twelve hours, however often its token is renewed")
    func lifetime() async throws {
        var token = try await signIn().get()
        for _ in 0..<11 {
            fixture.tokens.clock.advance(by: .seconds(3600))
            let principal = try await sessions.principal(of: token, deadline: .farAway)
            token = try await sessions.renew(principal)
        }
        fixture.tokens.clock.advance(by: .seconds(3599))
        #expect(await verdict(token) == "OK")
        fixture.tokens.clock.advance(by: .seconds(1))
        #expect(await verdict(token) == "TOKEN_EXPIRED")
    }

    @Test("A token is valid for its own audience and no other")
    func audiences() async throws {
        let tokens = fixture.tokens
        let now: @Sendable () -> Timestamp? = { [clock = tokens.clock] in clock.time }
        func verifier(_ audience: TokenAudience) -> TokenVerifier {
            TokenVerifier(
                keys: tokens.keys, revocations: tokens.tokenRevocations, operators: tokens.repositories,
                audience: audience, now: now)
        }
        var issued: [TokenAudience: String] = [.admin: try await signIn().get()]
        for audience in [TokenAudience.api, .console] {
            issued[audience] = try await TokenIssuer(keys: tokens.keys, audience: audience, now: now).issue(
                username: "maria", role: .administrator, account: .acme, unit: nil,
                generation: TokenGeneration(ofOperator: 1, ofLogin: 3))
        }
        for (audience, token) in issued {
            #expect(await verdict(token) == (audience == .admin ? "OK" : "INVALID_TOKEN"), "\(audience)")
            for other in [TokenAudience.api, .console, .admin] {
                let code: String
                do throws(RequestFailure) {
                    _ = try await verifier(other).verify(token, deadline: .farAway).get()
                    code = "OK"
                } catch {
                    code = error.code.rawValue
                }
                let isItsOwn = audience == other && audience != .admin
                #expect(code == (isItsOwn ? "OK" : "INVALID_TOKEN"), "\(audience) for \(other)")
            }
        }
    }
}

/// Administrators of the service, whose password is `right`.
private final class FakeAdministrators: AdministratorRepository {
    private let state = Mutex(
        (accounts: [account("maria", generation: 3), account("sue", isSuspended: true)], signIns: [String]()))

    static func account(_ name: String, generation: Int = 1, isSuspended: Bool = false)
        -> AdministratorAccount
    {
        AdministratorAccount(
            name: name, passwordHash: FakeComparison.hash.text, isSuspended: isSuspended,
            tokenGeneration: generation)
    }

    /// Each attempt as the name, and whether it succeeded.
    var signIns: [String] { state.withLock { $0.signIns } }

    func change(_ body: (inout [AdministratorAccount]) -> Void) { state.withLock { body(&$0.accounts) } }

    func administrator(named name: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> AdministratorAccount?
    {
        state.withLock { $0.accounts.first { ExactText($0.name) == name } }
    }

    func revokeTokens(of name: ExactText, generation: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
    {
        change { accounts in
            accounts = accounts.map { account in
                ExactText(account.name) == name && account.tokenGeneration == generation
                    ? Self.account(account.name, generation: generation + 1) : account
            }
        }
    }

    func recordSignIn(
        of name: String, from address: String, succeeded: Bool, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) {
        state.withLock { $0.signIns.append("\(name) \(succeeded)") }
    }
}
