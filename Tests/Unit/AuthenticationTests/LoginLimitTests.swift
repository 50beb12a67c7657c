import Charges
import Testing

@testable import Authentication

/// Tests of the limits of failures per user and address, and of logins under way per address.
@Suite struct LoginLimitTests {
    private let now = ContinuousClock.now
    private let anna = LoginLimit.Pair(organisation: "ACME", username: "anna", address: "192.0.2.1")

    private func attempt(_ answer: LoginLimit.Answer) throws -> LoginLimit.Attempt {
        guard case .attempt(let attempt) = answer else { throw Refused() }
        return attempt
    }

    private struct Refused: Error {}

    @Test("Concurrent attempts get no more tries than consecutive ones")
    func manyAtOnceGetNoFurtherThanManyInARow() throws {
        var limit = LoginLimit()
        let attempts = try (0..<10).map { _ in try attempt(limit.begin(anna, now: now)) }
        // Those under way may yet turn out right.
        for _ in 0..<100 { #expect(limit.begin(anna, now: now) == .wait(.seconds(1))) }
        for attempt in attempts { limit.failed(attempt, anna) }
        #expect(limit.begin(anna, now: now) == .wait(.seconds(900)))
        #expect(limit.begin(anna, now: now + .seconds(899)) == .wait(.seconds(1)))
        for _ in 0..<10 { _ = try attempt(limit.begin(anna, now: now + .seconds(900))) }
    }

    @Test("The oldest failure expires first")
    func theOldestFailureIsForgottenFirst() throws {
        var limit = LoginLimit()
        for second in 0..<10 {
            limit.failed(try attempt(limit.begin(anna, now: now + .seconds(second))), anna)
        }
        #expect(limit.begin(anna, now: now + .seconds(10)) == .wait(.seconds(890)))
        limit.failed(try attempt(limit.begin(anna, now: now + .seconds(900))), anna)
        #expect(limit.begin(anna, now: now + .seconds(900)) == .wait(.seconds(1)))
    }

    @Test("A successful login clears no failure")
    func aSuccessUndoesNoFailure() throws {
        var limit = LoginLimit()
        for _ in 0..<9 { limit.failed(try attempt(limit.begin(anna, now: now)), anna) }
        limit.takeBack(try attempt(limit.begin(anna, now: now)), anna)
        limit.failed(try attempt(limit.begin(anna, now: now)), anna)
        #expect(limit.begin(anna, now: now) == .wait(.seconds(900)))
    }

    @Test("An attempt without a verdict is taken back")
    func anAttemptWithoutAVerdictIsTakenBack() throws {
        var limit = LoginLimit()
        for _ in 0..<1000 { limit.takeBack(try attempt(limit.begin(anna, now: now)), anna) }
        #expect(limit.pairCount == 0)
        let attempt = try attempt(limit.begin(anna, now: now))
        limit.failed(attempt, anna)
        limit.failed(attempt, anna)
        limit.takeBack(attempt, anna)
        for _ in 0..<9 { _ = try self.attempt(limit.begin(anna, now: now)) }
    }

    @Test("Other users, organisations and addresses are not limited")
    func othersDoNotWait() throws {
        var limit = LoginLimit()
        for _ in 0..<10 { limit.failed(try attempt(limit.begin(anna, now: now)), anna) }
        for (organisation, username, address) in [
            ("ACME", "anna", "192.0.2.2"), ("ACME", "Anna", "192.0.2.1"), ("acme", "anna", "192.0.2.1"),
            ("ACMEa", "nna", "192.0.2.1"),
        ] {
            let pair = LoginLimit.Pair(organisation: organisation, username: username, address: address)
            _ = try attempt(limit.begin(pair, now: now))
        }
    }

    @Test("An address has a maximum of attempts under way")
    func theAttemptsOfAnAddressAreBounded() throws {
        var limit = LoginLimit(maximumUnderWayPerAddress: 2)
        func pair(_ username: String, _ address: String) -> LoginLimit.Pair {
            LoginLimit.Pair(organisation: "ACME", username: username, address: address)
        }
        let first = try attempt(limit.begin(anna, now: now))
        let bert = pair("bert", anna.address)
        let second = try attempt(limit.begin(bert, now: now))
        for name in ["anna", "carl"] {
            #expect(limit.begin(pair(name, anna.address), now: now) == .addressIsBusy)
        }
        _ = try attempt(limit.begin(pair("anna", "192.0.2.2"), now: now))
        limit.takeBack(first, anna)
        limit.takeBack(first, anna)
        _ = try attempt(limit.begin(anna, now: now))
        #expect(limit.begin(bert, now: now) == .addressIsBusy)
        limit.failed(second, bert)
        limit.failed(second, bert)
        _ = try attempt(limit.begin(bert, now: now))
        #expect(limit.begin(bert, now: now) == .addressIsBusy)
    }

    /// A flood of pairs evicts the pair with the oldest attempt.
    @Test("The table of pairs is bounded")
    func theTableIsBounded() throws {
        var limit = LoginLimit()
        for number in 0..<(LoginLimit.maximumPairs + 500) {
            let pair = LoginLimit.Pair(organisation: "ACME", username: "\(number)", address: "192.0.2.1")
            let instant = now + .milliseconds(number)
            limit.failed(try attempt(limit.begin(pair, now: instant)), pair)
            #expect(limit.pairCount <= LoginLimit.maximumPairs)
        }
        #expect(limit.pairCount == LoginLimit.maximumPairs)
        // An hour later all of them are forgotten.
        _ = limit.begin(anna, now: now + .seconds(3600))
        #expect(limit.pairCount == 1)
    }
}
