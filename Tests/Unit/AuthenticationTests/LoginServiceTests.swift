import Charges
import Testing

@testable import Authentication

/// Tests of logins by password, right and wrong.
@Suite struct LoginServiceTests {
    /// Logins that are wrong, and in how many ways one can be.
    static let wrong: [(username: String, password: String, organisation: String)] = [
        ("anna", "wrong", "ACME"), ("anna", "", "ACME"), ("anna", "Right", "ACME"),
        ("anna", "right ", "ACME"),
        ("anna", "right\u{0}", "ACME"), ("nobody", "right", "ACME"), ("", "right", "ACME"),
        ("Anna", "right", "ACME"),
        ("anna\u{0}", "right", "ACME"), ("anna", "right", "NOBODY"), ("anna", "right", ""),
        ("anna", "right", "acme"),
        // A user of another operator, and one whose name looks the same.
        ("anna", "right", "GLOBEX"), ("gina", "right", "ACME"), ("cafe\u{301}", "right", "ACME"),
        // A wrong password does not reveal that a user is suspended.
        ("sam", "wrong", "ACME"), ("olga", "wrong", "INITECH"), ("nobody", "right", "INITECH"),
        // A hash that cannot be read matches no password.
        ("broken", "right", "ACME"),
        // Longer than anything real.
        (String(repeating: "a", count: 1025), "right", "ACME"),
        ("anna", String(repeating: "a", count: 1025), "ACME"),
        ("anna", "right", String(repeating: "a", count: 100_000)),
    ]

    @Test("Every wrong login gets the same error and costs the same comparison")
    func everyWrongLoginIsTheSameErrorAndTakesTheSameComparison() async throws {
        let fixture = LoginFixture()
        let expected = RequestFailure(
            .invalidCredentials, "The username, the password or the organisation is wrong.")
        for (count, (username, password, organisation)) in Self.wrong.enumerated() {
            let answer = await fixture.login(
                username, password, organisation: organisation, address: "192.0.2.\(count)")
            #expect(answer.failure == expected, "\(username.prefix(20)) \(organisation.prefix(20))")
            #expect(fixture.compare.now.hashes.count == count + 1, "\(username.prefix(20))")
        }
        for hash in fixture.compare.now.hashes { #expect(hash.text.hasPrefix("$scrypt$ln=14,r=8,p=1$")) }
        // scrypt takes a password and the same with U+0000 after it for one.
        #expect(fixture.compare.now.passwords.allSatisfy { !$0.utf8.contains(0) && $0.utf8.count <= 1024 })
        fixture.hasher.end()
    }

    @Test(
        "A correct login gets a token of its user",
        arguments: [("anna", "ACME"), ("gina", "GLOBEX"), ("caf\u{E9}", "ACME")])
    func theRightLoginGetsATokenOfItsUser(username: String, organisation: String) async throws {
        let fixture = LoginFixture()
        let token = try await fixture.login(username, organisation: organisation).get()
        let principal = try await fixture.tokens.verifier.verify(token, deadline: .farAway).get()
        #expect(principal.username == username)
        #expect(principal.operatorAccount.code == organisation)
        fixture.hasher.end()
    }

    @Test("The unit is copied into the token and grants nothing")
    func theUnitGoesIntoTheTokenAndMeansNothing() async throws {
        let fixture = LoginFixture()
        for (unit, oun) in [(nil, "ACME"), ("GLOBEX", "GLOBEX"), ("Nikosia", "Nikosia")]
            as [(String?, String)]
        {
            let token = try await fixture.login(unit: unit).get()
            #expect(try ForgedToken.json(part: 1, of: token)["oun"] as? String == oun)
            let principal = try await fixture.tokens.verifier.verify(token, deadline: .farAway).get()
            #expect(principal.operatorAccount == .acme)
        }
        fixture.hasher.end()
    }

    @Test(
        "A suspended login gets OPERATOR_SUSPENDED only after the right password",
        arguments: [("sam", "ACME"), ("olga", "INITECH")])
    func aSuspensionIsReportedOnlyAfterARightPassword(username: String, organisation: String) async {
        let fixture = LoginFixture()
        #expect(
            await fixture.login(username, "wrong", organisation: organisation).code == "INVALID_CREDENTIALS")
        // A suspended user is not counted as a failure, however often.
        for _ in 0..<15 {
            #expect(await fixture.login(username, organisation: organisation).code == "OPERATOR_SUSPENDED")
        }
        fixture.hasher.end()
    }

    @Test("After ten failures the user is refused at that address alone")
    func beyondTenFailuresThePairAloneIsRefused() async throws {
        let fixture = LoginFixture()
        for _ in 0..<10 { #expect(await fixture.login("anna", "wrong").code == "INVALID_CREDENTIALS") }
        let reads = fixture.repositories.now.userReads
        // The right password as well, without being looked at.
        for password in ["wrong", "right"] {
            let failure = try #require(await fixture.login("anna", password).failure)
            #expect(failure.code == .rateLimited)
            #expect((1...901).contains(failure.retryAfterSeconds ?? 0))
        }
        #expect(fixture.compare.now.hashes.count == 10)
        #expect(fixture.repositories.now.userReads == reads)
        #expect(await fixture.login(address: "192.0.2.2").code == "OK")
        #expect(await fixture.login("caf\u{E9}").code == "OK")
        #expect(await fixture.login("gina", organisation: "GLOBEX").code == "OK")
        fixture.hasher.end()
    }

    @Test("An unknown username is limited like any other")
    func aNameThatNobodyHasIsLimitedLikeAnyOther() async {
        let fixture = LoginFixture()
        for _ in 0..<10 { #expect(await fixture.login("nobody").code == "INVALID_CREDENTIALS") }
        #expect(await fixture.login("nobody").code == "RATE_LIMITED")
        fixture.hasher.end()
    }

    @Test("A success does not reset the count of failures")
    func aSuccessUndoesNoFailure() async {
        let fixture = LoginFixture()
        for _ in 0..<10 {
            #expect(await fixture.login().code == "OK")
            #expect(await fixture.login("anna", "wrong").code == "INVALID_CREDENTIALS")
        }
        #expect(await fixture.login().code == "RATE_LIMITED")
        fixture.hasher.end()
    }

    @Test("Ten of 40 concurrent wrong logins are answered, and the others are limited")
    func ofManyTriesAtOnceTenAreAnswered() async {
        let fixture = LoginFixture()
        let codes = await withTaskGroup { group in
            for index in 0..<40 { group.addTask { await fixture.login("anna", "wrong \(index)").code } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == "INVALID_CREDENTIALS" } == 10)
        #expect(codes.count { $0 == "RATE_LIMITED" } == 30)
        fixture.hasher.end()
    }

    @Test("An address has 16 logins under way, whatever the names; others are not kept waiting by it")
    func loginsOfAnAddressAreBounded() async throws {
        let fixture = LoginFixture(comparesAtOnce: false)
        await withTaskGroup { group in
            for index in 0..<40 { group.addTask { await fixture.login("nobody \(index)").code } }
            for _ in 0..<24 { #expect(await group.next() == "RATE_LIMITED") }
            group.addTask { await fixture.login(address: "192.0.2.2").code }
            fixture.compare.open()
            let codes = await group.reduce(into: [String]()) { $0.append($1) }
            #expect(codes.count { $0 == "INVALID_CREDENTIALS" } == 16)
            #expect(codes.count { $0 == "OK" } == 1)
        }
        #expect(fixture.bounds.all == Array(repeating: "address 192.0.2.1", count: 24))
        #expect(fixture.repositories.now.userReads == 17)
        #expect(await fixture.login().code == "OK")
        fixture.hasher.end()
    }

    @Test("A service failure does not count against the user")
    func whatTheServiceCannotDoIsNoFailureOfTheUsers() async {
        let fixture = LoginFixture()
        fixture.repositories.change { $0.isDown = true }
        for _ in 0..<15 { #expect(await fixture.login().code == "SERVICE_UNAVAILABLE") }
        fixture.repositories.change { $0.isDown = false }
        #expect(await fixture.login().code == "OK")
        fixture.hasher.end()
        for _ in 0..<15 {
            #expect(await fixture.login("gina", organisation: "GLOBEX").code == "SERVICE_UNAVAILABLE")
        }
    }
}
