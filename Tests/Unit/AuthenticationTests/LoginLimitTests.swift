import Testing

@testable import Authentication

/// Ten failures in 15 minutes are had by each pair of user and address.
@Suite struct LoginLimitTests {
    private let start = ContinuousClock.now
    private let anna = LoginLimit.Pair(organisation: "ACME", username: "anna", address: "192.0.2.1")

    private func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test func tenMayFailAndThenTheWindowMustPass() {
        var limit = LoginLimit()
        for _ in 0..<10 {
            #expect(limit.wait(anna, now: start) == nil)
            limit.failed(anna, now: start)
        }
        #expect(limit.wait(anna, now: start) == .seconds(900))
        #expect(limit.wait(anna, now: after(1)) == .seconds(899))
        #expect(limit.wait(anna, now: start + .milliseconds(899_999)) == .milliseconds(1))
        #expect(limit.wait(anna, now: after(900)) == nil)
    }

    @Test func theWindowSlides() {
        var limit = LoginLimit()
        // A failure a minute: the tenth after nine.
        for minute in 0..<10 { limit.failed(anna, now: after(60 * minute)) }
        #expect(limit.wait(anna, now: after(540)) == .seconds(360))
        // The first one is forgotten after 15 minutes, and there is room for one more; and so on.
        for minute in 15..<24 {
            #expect(limit.wait(anna, now: after(60 * minute - 1)) == .seconds(1))
            #expect(limit.wait(anna, now: after(60 * minute)) == nil)
            limit.failed(anna, now: after(60 * minute))
            #expect(limit.wait(anna, now: after(60 * minute)) == .seconds(60))
        }
        #expect(limit.wait(anna, now: after(60 * 40)) == nil)
    }

    @Test func askingCountsNothing() {
        var limit = LoginLimit()
        for _ in 0..<9 { limit.failed(anna, now: start) }
        for _ in 0..<100 { #expect(limit.wait(anna, now: start) == nil) }
        limit.failed(anna, now: start)
        for _ in 0..<100 { #expect(limit.wait(anna, now: start) == .seconds(900)) }
        #expect(limit.wait(anna, now: after(900)) == nil)
    }

    @Test(arguments: [
        ("ACME", "anna", "192.0.2.2"), ("ACME", "anna", "2001:db8::1"), ("ACME", "anna", ""),
        ("ACME", "bert", "192.0.2.1"), ("GLOBEX", "anna", "192.0.2.1"), ("acme", "anna", "192.0.2.1"),
        ("ACME", "Anna", "192.0.2.1"), ("ACME", "anna ", "192.0.2.1"), ("ACMEa", "nna", "192.0.2.1"),
        ("ACME", "", "192.0.2.1"), ("", "ACMEanna", "192.0.2.1"),
    ])
    func anotherPairIsNotConcerned(organisation: String, username: String, address: String) {
        var limit = LoginLimit()
        let other = LoginLimit.Pair(organisation: organisation, username: username, address: address)
        for _ in 0..<10 { limit.failed(anna, now: start) }
        #expect(limit.wait(anna, now: start) != nil)
        #expect(limit.wait(other, now: start) == nil)
        for _ in 0..<9 { limit.failed(other, now: start) }
        #expect(limit.wait(other, now: start) == nil)
    }

    @Test func usersAreToldApartByTheirBytes() {
        let composed = LoginLimit.Pair(organisation: "ACME", username: "caf\u{E9}", address: "192.0.2.1")
        let decomposed = LoginLimit.Pair(organisation: "ACME", username: "cafe\u{301}", address: "192.0.2.1")
        #expect(composed != decomposed)
        // The longest names that a user can have differ as well, up to their last scalars.
        let long = String(repeating: "\u{1F600}", count: 127)
        let names = ["a", "b"].map {
            LoginLimit.Pair(organisation: "ACME", username: long + $0, address: "192.0.2.1")
        }
        #expect(names[0] != names[1])
    }

    @Test func namesThatNobodyHasTakeNoMoreThanOnePlace() {
        var limit = LoginLimit()
        for index in 0..<10 {
            let endless = String(repeating: "x", count: 100_000) + "\(index)"
            limit.failed(.init(organisation: endless, username: endless, address: ""), now: start)
        }
        let another = String(repeating: "x", count: 100_000) + "another"
        #expect(limit.wait(.init(organisation: another, username: another, address: ""), now: start) != nil)
    }

    @Test func beyondTheMostPairsTheOneThatFailedLongestAgoIsForgotten() {
        var limit = LoginLimit()
        let bert = LoginLimit.Pair(organisation: "ACME", username: "bert", address: "192.0.2.1")
        for _ in 0..<10 { limit.failed(anna, now: start) }
        for _ in 0..<10 { limit.failed(bert, now: after(2)) }
        for index in 2..<LoginLimit.maximumPairs {
            let other = LoginLimit.Pair(organisation: "ACME", username: "\(index)", address: "192.0.2.1")
            limit.failed(other, now: after(3))
        }
        #expect(limit.wait(anna, now: after(4)) != nil)
        limit.failed(.init(organisation: "ACME", username: "late", address: ""), now: after(4))
        #expect(limit.wait(anna, now: after(4)) == nil)
        #expect(limit.wait(bert, now: after(4)) != nil)
    }

    /// Whatever fails whenever: allowed is who has failed less than ten times within the last 15 minutes.
    @Test func itIsAlwaysAsCountingSays() {
        var limit = LoginLimit()
        let pairs = (0..<3).map { LoginLimit.Pair(organisation: "ACME", username: "\($0)", address: "") }
        var failures = [[Int](), [], []]
        var second = 0
        for step in 0..<5000 {
            // Now hectic, now quiet.
            second += (step / 50) % 3 == 0 ? step % 3 : (step * 37) % 113
            let index = (step * 7 + step / 11) % 3
            let recent = failures[index].filter { second - $0 < 900 }
            let wait = limit.wait(pairs[index], now: after(second))
            #expect((wait == nil) == (recent.count < 10))
            if wait == nil {
                limit.failed(pairs[index], now: after(second))
                failures[index].append(second)
            } else {
                #expect(wait == .seconds(900 - (second - recent[recent.count - 10])))
            }
        }
        #expect(failures.allSatisfy { $0.count > 100 })
    }
}
