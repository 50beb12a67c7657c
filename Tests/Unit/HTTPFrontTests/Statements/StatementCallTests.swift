import Authentication
import Charges
import HTTPTypes
import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the calls about statements, of operators and of the provider.
@Suite struct StatementCallTests {
    private static let list = TestServerFixture.base + "/netflix/statements/list"
    private static let download = TestServerFixture.base + "/netflix/statements/download"
    private static let providerDownload = "/provider/v1/statements/download"

    private func get(
        _ path: String, of account: OperatorAccount = FakeAccounts.acme,
        statements: FakeStatements = FakeStatements(), transfers: TransferTurns = TransferTurns(),
        headers: HTTPFields = [:], method: HTTPRequest.Method = .get
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = "Bearer \(try await FakeAccounts.token(of: account))"
        return try await TestServerFixture(statements: statements, transfers: transfers)
            .send(method, path, headers: headers)
    }

    private func getAsProvider(_ path: String) async throws -> Answer {
        try await TestServerFixture(internalSide: true).send(
            .get, path, headers: [.authorization: "Bearer \(FakeProvider.key.text)"])
    }

    @Test("A list has the statements, newest first, and the next page's cursor")
    func aListInPages() async throws {
        var numbers: [String] = []
        var cursor = ""
        for page in 1...3 {
            let answer = try await get(
                Self.list + "?number_of_results=2&after=" + cursor, statements: FakeStatements(count: 5))
            #expect(answer.status == 200)
            let set = try #require(try answer.data?["statements_set"]?.elements)
            numbers += set.map { $0["number"]?.text ?? "" }
            let next = try answer.data?["next"]
            #expect((next == nil) == (page == 3))
            cursor = next?.string ?? ""
        }
        #expect(numbers == ["5", "4", "3", "2", "1"])
    }

    @Test("A statement of a list has its period, events, digest and totals")
    func aListedStatement() async throws {
        let answer = try await get(
            Self.list + "?number_of_results=1", statements: FakeStatements(count: 2, unsealed: 0))
        let statement = try #require(try answer.data?["statements_set"]?.elements.first)
        #expect(
            statement.text
                == #"{"number":2,"first_event_number":1,"last_event_number":5,"from":"2026-11-23T00:00:00","#
                + #""to":"2026-11-24T00:00:00","closed_on":"2026-11-24T00:00:01","rows":5,"digest":""#
                + String(repeating: "01", count: 32)
                + #"","other_predecessor":null,"totals":[{"event":"DECISION_ACCEPTED","events":5,"amount":49.50,"currency":"USD","#
                + #""local_currency_amount":45.5,"local_currency":"EUR"}]}"#)
    }

    @Test("A statement without events or a digest has null in their places")
    func anEmptyStatement() async throws {
        let answer = try await get(
            Self.list + "?number_of_results=1", statements: FakeStatements(count: 1, unsealed: 1, events: []))
        let statement = try #require(try answer.data?["statements_set"]?.elements.first)
        #expect(statement["first_event_number"] == nil && statement["last_event_number"] == nil)
        #expect(statement["rows"] == .number("0") && statement["digest"] == nil)
    }

    @Test("A cursor of another operator's list is refused")
    func anothersCursor() async throws {
        let cursor = NumberCursor.text(2, of: "statements", operatorCode: "strict")
        #expect(NumberCursor.number(in: cursor, of: "statements", operatorCode: "strict") == 2)
        for wrong in [cursor, "2", "zz"] {
            let answer = try await get(Self.list + "?number_of_results=1&after=" + wrong)
            #expect(try answer.summary.hasPrefix("400 INVALID_PARAMETER: after is not a cursor"))
        }
    }

    @Test("A download is the canonical file, in pieces, with the digest as its tag")
    func theCanonicalFile() async throws {
        let statements = FakeStatements()
        let answer = try await get(Self.download + "?number=2", statements: statements)
        #expect(answer.status == 200 && answer.isComplete)
        #expect(
            answer.body.utf8.elementsEqual(
                StatementLines.header + statements.events.flatMap(StatementLines.line) + Array("END\n".utf8)))
        #expect(statements.readingCount == 3)
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
        #expect(answer.headers[.eTag] == "\"" + String(repeating: "01", count: 32) + ".csv\"")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"statement-2.csv\"")
        #expect(answer.headers[.contentLength] == nil)
    }

    @Test("A spreadsheet's file has no formula and no digest")
    func aSpreadsheet() async throws {
        let answer = try await get(Self.download + "?number=1&format=csv&spreadsheet=true")
        let lines = answer.body.split(separator: "\n")
        try #require(lines.count == 7)
        #expect(lines[1].contains(#",'=1+1,"R,1",9.90,"#), "\(lines[1])")
        #expect(lines[6].hasPrefix("TOTAL,DECISION_ACCEPTED,5,,,,49.50,USD,45.5,EUR,"))
        #expect(answer.headers[.eTag]?.hasSuffix(".spreadsheet.csv\"") == true)
    }

    @Test("NDJSON has an object for each event")
    func ndjson() async throws {
        let answer = try await get(Self.download + "?number=1&format=ndjson")
        let lines = answer.body.split(separator: "\n")
        try #require(lines.count == 5)
        #expect(
            lines[4].hasPrefix(#"{"event_number":5,"event":"DECISION_ACCEPTED","number":"I5","#),
            "\(lines[4])")
        #expect(answer.headers[.contentType] == "application/x-ndjson")
    }

    @Test("A client that has the file gets 304 without a body")
    func notModified() async throws {
        let tag = "\"" + String(repeating: "00", count: 32) + ".csv\""
        for known in [tag, "W/" + tag, "\"a\", " + tag, "*"] {
            let answer = try await get(Self.download + "?number=1", headers: [.ifNoneMatch: known])
            #expect(answer.status == 304 && answer.body.isEmpty)
            #expect(answer.headers[.eTag] == tag && answer.headers[.contentLength] == nil)
        }
        let other = try await get(Self.download + "?number=1&format=ndjson", headers: [.ifNoneMatch: tag])
        #expect(other.status == 200)
    }

    @Test("HEAD is answered without a reading or a turn")
    func head() async throws {
        let statements = FakeStatements()
        let answer = try await get(Self.download + "?number=1", statements: statements, method: .head)
        #expect(answer.status == 200 && answer.body.isEmpty && statements.readingCount == 0)
        #expect(answer.headers[.eTag] != nil && answer.headers[.contentLength] == nil)
    }

    @Test(
        "A wrong parameter is named",
        arguments: [
            ("", "400 MISSING_PARAMETER: number is"), ("?number=", "400 MISSING_PARAMETER: number is"),
            ("?number=0", "400 INVALID_PARAMETER: number must be"),
            ("?number=2147483648", "400 INVALID_PARAMETER: number must be"),
            ("?number=x", "400 INVALID_PARAMETER: number must be"),
            ("?number=1&number=2", "400 INVALID_PARAMETER: number appears more than once"),
            ("?number=1&format=xlsx", "400 INVALID_PARAMETER: format must be csv or ndjson."),
            ("?number=1&spreadsheet=yes", "400 INVALID_PARAMETER: spreadsheet must be true or false."),
            ("?number=1&spreadsheet=true&format=ndjson", "400 INVALID_PARAMETER: spreadsheet and"),
            ("?number=4", "404 NOT_FOUND: The operator has no statement 4."),
        ])
    func aWrongParameter(_ query: String, _ summary: String) async throws {
        #expect(try await get(Self.download + query).summary.hasPrefix(summary))
    }

    @Test("Another operator's statement looks like one that does not exist")
    func anothersStatement() async throws {
        let others = try await get(Self.download + "?number=1", of: FakeAccounts.strict)
        #expect(try others.summary == "404 NOT_FOUND: The operator has no statement 1.")
    }

    @Test("A statement without a digest is 503 with Retry-After")
    func withoutADigest() async throws {
        let answer = try await get(Self.download + "?number=3", statements: FakeStatements(unsealed: 1))
        #expect(try answer.summary.hasPrefix("503 SERVICE_UNAVAILABLE: The digest of statement 3"))
        #expect(answer.headers[.retryAfter] == "10")
    }

    @Test("A token in the query is refused for a download and taken for a list")
    func aTokenInTheQuery() async throws {
        let token = try await FakeAccounts.token()
        let front = TestServerFixture()
        let download = try await front.send(.get, Self.download + "?number=1&token=" + token)
        #expect(
            try download.summary == "401 INVALID_TOKEN: token is missing; send Authorization: Bearer TOKEN.")
        let list = try await front.send(.get, Self.list + "?number_of_results=1&token=" + token)
        #expect(list.status == 200)
    }

    @Test("Errors of a download have the status that fits, also for an operator with always-200")
    func alwaysOKDoesNotApply() async throws {
        let download = try await get(Self.download + "?number=9", of: FakeAccounts.lenient)
        #expect(download.status == 404)
        let list = try await get(Self.list, of: FakeAccounts.lenient)
        #expect(list.status == 200)
        #expect(try list.code == "MISSING_PARAMETER")
    }

    @Test("A failure before the first byte is an envelope; a later one cuts the file")
    func failures() async throws {
        let early = try await get(Self.download + "?number=1", statements: FakeStatements(failsAt: 1))
        #expect(early.status == 503)
        #expect(try early.code == "SERVICE_UNAVAILABLE")
        let late = try await get(Self.download + "?number=1", statements: FakeStatements(failsAt: 3))
        #expect(late.status == 200 && !late.isComplete && !late.body.contains("END"))
    }

    @Test("The provider gets the same bytes for an operator that it names")
    func theProvider() async throws {
        let own = try await get(Self.download + "?number=1")
        let providers = try await getAsProvider(Self.providerDownload + "?operator=acme&number=1")
        #expect(providers.status == 200 && providers.body == own.body)
        #expect(providers.headers[.eTag] == own.headers[.eTag])
        let list = try await getAsProvider("/provider/v1/statements/list?operator=acme&number_of_results=50")
        #expect(try list.data?["statements_set"]?.elements.count == 3)
        let nobody = try await getAsProvider(Self.providerDownload + "?operator=nobody&number=1")
        #expect(try nobody.summary == "404 NOT_FOUND: There is no such operator.")
        let missing = try await getAsProvider(Self.providerDownload + "?number=1")
        #expect(try missing.summary.hasPrefix("400 MISSING_PARAMETER: operator is"))
    }

    @Test("An operator with as many transfers waiting as it may have gets 429, another one waits")
    func theBound() async throws {
        let transfers = TransferTurns(maximumWaitingPerShare: 0)
        let refused = try await get(Self.download + "?number=1", transfers: transfers)
        #expect(refused.status == 429)
        #expect(try refused.code == "RATE_LIMITED")
        #expect(refused.headers[.retryAfter] == "30")
    }
}
