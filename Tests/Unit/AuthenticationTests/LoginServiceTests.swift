import Charges
import Testing

@testable import Authentication

/// Who is let in, and what is said to all others.
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

    @Test func everyWrongLoginIsTheSameErrorAndTakesTheSameComparison() async throws {
        let house = LoginFixture()
        let expected = RequestFailure(
            .invalidCredentials, "The username, the password or the organisation is wrong.")
        for (count, (username, password, organisation)) in Self.wrong.enumerated() {
            let answer = await house.login(
                username, password, organisation: organisation, address: "192.0.2.\(count)")
            #expect(answer.failure == expected, "\(username.prefix(20)) \(organisation.prefix(20))")
            #expect(house.compare.now.hashes.count == count + 1, "\(username.prefix(20))")
        }
        for hash in house.compare.now.hashes { #expect(hash.text.hasPrefix("$scrypt$ln=14,r=8,p=1$")) }
        // scrypt takes a password and the same with U+0000 after it for one.
        #expect(house.compare.now.passwords.allSatisfy { !$0.utf8.contains(0) && $0.utf8.count <= 1024 })
        house.hasher.end()
    }

    @Test(arguments: [("anna", "ACME"), ("gina", "GLOBEX"), ("caf\u{E9}", "ACME")])
    func theRightLoginGetsATokenOfItsUser(username: String, organisation: String) async throws {
        let house = LoginFixture()
        let token = try await house.login(username, organisation: organisation).get()
        let principal = try await house.tokens.verifier.verify(token, deadline: .farAway).get()
        #expect(principal.username == username)
        #expect(principal.operatorAccount.code == organisation)
        house.hasher.end()
    }

    @Test func theUnitGoesIntoTheTokenAndMeansNothing() async throws {
        let house = LoginFixture()
        for (unit, oun) in [(nil, "ACME"), ("GLOBEX", "GLOBEX"), ("Nikosia", "Nikosia")]
            as [(String?, String)]
        {
            let token = try await house.login(unit: unit).get()
            #expect(try ForgedToken.json(part: 1, of: token)["oun"] as? String == oun)
            let principal = try await house.tokens.verifier.verify(token, deadline: .farAway).get()
            #expect(principal.operatorAccount == .acme)
        }
        house.hasher.end()
    }

    @Test(arguments: [("sam", "ACME"), ("olga", "INITECH")])
    func theSuspendedAreToldSoOnlyAfterARightPassword(username: String, organisation: String) async {
        let house = LoginFixture()
        #expect(
            await house.login(username, "wrong", organisation: organisation).code == "INVALID_CREDENTIALS")
        // A suspended user is not counted as a failure, however often.
        for _ in 0..<15 {
            #expect(await house.login(username, organisation: organisation).code == "OPERATOR_SUSPENDED")
        }
        house.hasher.end()
    }

    @Test func beyondTenFailuresThePairAloneIsRefused() async throws {
        let house = LoginFixture()
        for _ in 0..<10 { #expect(await house.login("anna", "wrong").code == "INVALID_CREDENTIALS") }
        let reads = house.repositories.now.userReads
        // The right password as well, without being looked at.
        for password in ["wrong", "right"] {
            let failure = try #require(await house.login("anna", password).failure)
            #expect(failure.code == .rateLimited)
            #expect((1...901).contains(failure.retryAfterSeconds ?? 0))
        }
        #expect(house.compare.now.hashes.count == 10)
        #expect(house.repositories.now.userReads == reads)
        #expect(await house.login(address: "192.0.2.2").code == "OK")
        #expect(await house.login("caf\u{E9}").code == "OK")
        #expect(await house.login("gina", organisation: "GLOBEX").code == "OK")
        house.hasher.end()
    }

    @Test func aNameThatNobodyHasIsLimitedLikeAnyOther() async {
        let house = LoginFixture()
        for _ in 0..<10 { #expect(await house.login("nobody").code == "INVALID_CREDENTIALS") }
        #expect(await house.login("nobody").code == "RATE_LIMITED")
        house.hasher.end()
    }

    @Test func aSuccessUndoesNoFailure() async {
        let house = LoginFixture()
        for _ in 0..<10 {
            #expect(await house.login().code == "OK")
            #expect(await house.login("anna", "wrong").code == "INVALID_CREDENTIALS")
        }
        #expect(await house.login().code == "RATE_LIMITED")
        house.hasher.end()
    }

    @Test func ofManyTriesAtOnceTenAreToldThatTheyWereWrong() async {
        let house = LoginFixture()
        let codes = await withTaskGroup { group in
            for index in 0..<40 { group.addTask { await house.login("anna", "wrong \(index)").code } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == "INVALID_CREDENTIALS" } == 10)
        #expect(codes.count { $0 == "RATE_LIMITED" } == 30)
        house.hasher.end()
    }

    @Test func whatTheServiceCannotDoIsNoFailureOfTheUsers() async {
        let house = LoginFixture()
        house.repositories.change { $0.isDown = true }
        for _ in 0..<15 { #expect(await house.login().code == "SERVICE_UNAVAILABLE") }
        house.repositories.change { $0.isDown = false }
        #expect(await house.login().code == "OK")
        house.hasher.end()
        for _ in 0..<15 {
            #expect(await house.login("gina", organisation: "GLOBEX").code == "SERVICE_UNAVAILABLE")
        }
    }
}
