import StrictJSON
import HTTPFront
import HTTPTypes
import Testing

/// Tests of the limit of failed logins per user and address, over HTTP.
@Suite struct LoginLimitTests {
    private let front = TestServerFixture()

    private func login(
        _ password: String, username: String = "alice", organisation: String = "acme",
        address: String = "192.0.2.1"
    ) async throws -> Answer {
        try await front.login(
            #"{"username": "\#(username)", "password": "\#(password)", "organisation": "\#(organisation)"}"#,
            address: address)
    }

    @Test("After ten failures that user waits at that address alone")
    func afterTenFailuresThatPairAloneMustWait() async throws {
        for _ in 1...10 { #expect(try await login("wrong").status == 401) }
        for password in ["wrong", FakeAccounts.password] {
            let answer = try await login(password)
            #expect(answer.status == 429)
            #expect(try answer.code == "RATE_LIMITED")
            #expect(try answer.data == .object([]))
            let seconds = try #require(answer.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...(15 * 60)).contains(seconds))
        }
        let right = FakeAccounts.password
        #expect(try await login(right, address: "192.0.2.2").status == 200)
        #expect(try await login(right, username: "bob").status == 403)
        #expect(try await login(right, organisation: "halted").status == 403)
    }

    /// All logins of the burst arrive at once.
    @Test("A burst of logins gets ten tries")
    func aBurstGetsNoFurther() async throws {
        let statuses = try await withThrowingTaskGroup { group in
            for _ in 0..<40 { group.addTask { try await login("wrong").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 401 } == 10)
        #expect(statuses.count { $0 == 429 } == 30)
        #expect(try await login(FakeAccounts.password).status == 429)
    }

    @Test("A success does not reset the count of failures")
    func aSuccessUndoesNoFailure() async throws {
        for _ in 1...9 { #expect(try await login("wrong").status == 401) }
        #expect(try await login(FakeAccounts.password).status == 200)
        #expect(try await login("wrong").status == 401)
        #expect(try await login(FakeAccounts.password).status == 429)
    }

    @Test("The addresses of an IPv6 /64 are one address")
    func anIPv6NetworkIsOneAddress() async throws {
        for number in 1...10 {
            #expect(try await login("wrong", address: "2001:db8:0:1::\(number)").status == 401)
        }
        #expect(try await login(FakeAccounts.password, address: "2001:db8:0:1:2:3:4:5").status == 429)
        #expect(try await login(FakeAccounts.password, address: "2001:db8:0:2::1").status == 200)
    }

    @Test("A malformed login is not counted")
    func aRequestThatIsNoLoginIsNotCounted() async throws {
        for _ in 1...11 { #expect(try await login("").status == 400) }
        #expect(try await login(FakeAccounts.password).status == 200)
    }
}
