import Charges
import HTTPTypes
import NIOCore
import Scheduling
import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the calls about reconciliations.
@Suite struct ReconciliationCallTests {
    private static let base = TestServerFixture.base + "/netflix/reconciliations"
    private static let create = base + "/create?from=2026-11-01&to=2026-12-01"

    private func call(
        _ method: HTTPRequest.Method = .get, _ path: String, body: String = "",
        reconciliations: FakeReconciliations = FakeReconciliations(), headers: HTTPFields = [:],
        pieces: IncomingBody? = nil, transfers: TransferTurns = TransferTurns()
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = "Bearer \(try await FakeAccounts.token())"
        return try await TestServerFixture(reconciliations: reconciliations, transfers: transfers)
            .send(method, path, headers: headers, body: pieces ?? .whole(ByteBuffer(string: body)))
    }

    @Test("An uploaded file is passed on as it came, and is 202")
    func anUpload() async throws {
        let reconciliations = FakeReconciliations()
        let answer = try await call(
            .post, Self.create + "&decision=ANY&format=ndjson&name=November", body: "number\nI1\n",
            reconciliations: reconciliations, headers: [.idempotencyKey: "k1"])
        #expect(answer.status == 202)
        let reconciliation = try #require(try answer.data?["reconciliation"])
        #expect(reconciliation["number"] == .number("4") && reconciliation["state"] == .string("WAITING"))
        #expect(reconciliation["bytes"] == .number("10") && reconciliation["finished_on"] == nil)
        let received = reconciliations.received
        #expect(received.file.elementsEqual("number\nI1\n".utf8) && received.ends == ["finish"])
        #expect(received.keys == ["k1"])
        #expect(
            received.parameters == [
                ReconciliationParameters(
                    format: .ndjson, from: Timestamp("2026-11-01")!, to: Timestamp("2026-12-01")!,
                    decision: .any,
                    name: "November")
            ])
    }

    @Test(
        "An upload whose body is cut off or late is abandoned, and its turn is left",
        arguments: [true, false])
    func aBodyThatEndsEarly(isLate: Bool) async throws {
        let reconciliations = FakeReconciliations()
        let transfers = TransferTurns()
        let (stream, pieces) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        pieces.yield(ByteBuffer(string: "number\n"))
        if isLate {
            pieces.finish(throwing: BodyTimeout())
        } else {
            pieces.finish(throwing: ChannelError.eof)
        }
        let answer = try await call(
            .post, Self.create, reconciliations: reconciliations, pieces: .stream(stream),
            transfers: transfers)
        #expect(try answer.code == (isLate ? "REQUEST_TIMEOUT" : "INVALID_PARAMETER"))
        #expect(answer.status == (isLate ? 408 : 400))
        #expect(reconciliations.received.ends == ["abandon"])
        _ = try await transfers.turn(of: .provider, address: "", deadline: .now + .seconds(3600))
    }

    @Test(
        "A wrong parameter of an upload is named, and nothing is created",
        arguments: [
            ("?to=2026-12-01", "400 MISSING_PARAMETER: from"),
            ("?from=2026-11-01&to=2026-12-01T00:00:00", "400 INVALID_PARAMETER: to must be a date"),
            ("?from=2026-11-31&to=2026-12-01", "400 INVALID_PARAMETER: from must be a date"),
            ("?from=2026-11-01&to=2026-12-01&format=xml", "400 INVALID_PARAMETER: format must be"),
            ("?from=2026-11-01&to=2026-12-01&decision=NONE", "400 INVALID_PARAMETER: decision must be"),
            (
                "?from=2026-11-01&to=2026-12-01&name=" + String(repeating: "n", count: 129),
                "400 INVALID_PARAMETER: name must have"
            ),
        ])
    func wrongParameters(_ query: String, _ summary: String) async throws {
        let reconciliations = FakeReconciliations()
        let answer = try await call(.post, Self.base + "/create" + query, reconciliations: reconciliations)
        #expect(try answer.summary.hasPrefix(summary))
        #expect(reconciliations.received.parameters == [])
    }

    @Test("A declared length over the maximum is 413 before anything is created")
    func tooLarge() async throws {
        let reconciliations = FakeReconciliations()
        let answer = try await call(
            .post, Self.create, reconciliations: reconciliations,
            headers: [.contentLength: "\(ReconciliationFile.maximumBytes + 1)"])
        #expect(answer.status == 413)
        #expect(reconciliations.received.parameters == [])
    }

    @Test(
        "A failure of the store has its status",
        arguments: [
            (ReconciliationFailure.tooMany, 429, "RATE_LIMITED"),
            (.stillReceiving, 503, "SERVICE_UNAVAILABLE"),
            (.idempotencyKeyReused, 409, "IDEMPOTENCY_KEY_REUSED"), (.emptyPeriod, 400, "INVALID_PARAMETER"),
            (.request(.serviceUnavailable), 503, "SERVICE_UNAVAILABLE"),
        ])
    func failures(_ failure: ReconciliationFailure, _ status: Int, _ code: String) async throws {
        let answer = try await call(
            .post, Self.create, reconciliations: FakeReconciliations(failure: failure))
        #expect(answer.status == status)
        #expect(try answer.code == code)
    }

    @Test("Reconciliations are listed in pages, newest first")
    func aList() async throws {
        let first = try await call(.get, Self.base + "/list?number_of_results=2")
        #expect(try first.data?["reconciliations_set"]?.elements.map { $0["number"]?.text } == ["3", "2"])
        let next = try #require(try first.data?["next"]?.string)
        let second = try await call(.get, Self.base + "/list?after=" + next)
        #expect(try second.data?["reconciliations_set"]?.elements.map { $0["number"]?.text } == ["1"])
        #expect(try second.data?["next"] == nil)
    }

    @Test("A reconciliation is shown with its totals; one that is not there is 404")
    func show() async throws {
        let answer = try await call(.get, Self.base + "/show?number=2")
        let totals = try answer.data?["reconciliation"]?["totals"]?.elements.map(\.text)
        #expect(
            totals == [
                #"{"class":"AMOUNT_DIFFERS","side":"THERE","currency":"USD","local_currency":null,"rows":1,"#
                    + #""amount":9.90,"local_currency_amount":null,"amount_difference":-0.10,"#
                    + #""local_currency_amount_difference":null}"#
            ])
        let missing = try await call(.get, Self.base + "/show?number=9")
        #expect(try missing.summary == "404 NOT_FOUND: The operator has no reconciliation 9.")
    }

    @Test("Differences come in pages, of one class if it is named")
    func differences() async throws {
        let reconciliations = FakeReconciliations()
        let path = Self.base + "/differences?number=1&number_of_results=3&class=AMOUNT_DIFFERS"
        let first = try await call(.get, path, reconciliations: reconciliations)
        let set = try #require(try first.data?["differences_set"]?.elements)
        #expect(set.map { $0["id"]?.text } == ["1", "2", "3"])
        #expect(set[0]["there"]?["amount"] == .string("9.80") && set[0]["here"] == nil)
        let next = try #require(try first.data?["next"]?.string)
        let second = try await call(.get, path + "&after=" + next, reconciliations: reconciliations)
        #expect(try second.data?["differences_set"]?.elements.map { $0["id"]?.text } == ["4", "5"])
        #expect(reconciliations.received.classes == [.amountDiffers, .amountDiffers])
        // A cursor is valid for its class alone.
        let other = try await call(.get, Self.base + "/differences?number=1&after=" + next)
        #expect(other.status == 400)
        let wrong = try await call(.get, Self.base + "/differences?number=1&class=MATCHED")
        #expect(try wrong.summary.hasPrefix("400 INVALID_PARAMETER: class must be one of MALFORMED,"))
        #expect(try await call(.get, Self.base + "/differences?number=9").status == 404)
    }

    @Test("With format=csv all differences are one file, harmless for a spreadsheet if that is asked for")
    func differencesAsAFile() async throws {
        let path = Self.base + "/differences?number=1&format=csv"
        let reconciliations = FakeReconciliations(differenceCount: 2500)
        let plain = try await call(.get, path, reconciliations: reconciliations)
        let lines = plain.body.split(separator: "\n")
        #expect(lines.count == 2501 && plain.isComplete)
        #expect(lines[0].hasPrefix("id,class,line,reason,fields,other_number,there_number,"))
        #expect(lines[2500].hasPrefix("2500,AMOUNT_DIFFERS,2501,,amount customer,,I2500,=1+1,c,9.80,USD,"))
        let harmless = try await call(.get, path + "&spreadsheet=true", reconciliations: reconciliations)
        #expect(harmless.body.contains(",'=1+1,"))
        #expect(try await call(.get, path + "&after=00").status == 400)
        #expect(try await call(.get, Self.base + "/differences?number=9&format=csv").status == 404)
    }

    @Test("Differences are closed with their reasons")
    func close() async throws {
        let reconciliations = FakeReconciliations()
        let answer = try await call(
            .post, Self.base + "/close",
            body:
                #"{"number": 1, "differences": [{"id": 2, "reason": "credited"}, {"id": 3, "reason": "typo"}]}"#,
            reconciliations: reconciliations)
        #expect(answer.status == 200)
        #expect(
            try answer.data?["closed_set"]?.elements.first?.text
                == #"{"id":2,"reason":"credited","username":"alice","closed_on":"2026-12-02T09:00:00"}"#)
        #expect(reconciliations.received.closings == ["2 credited", "3 typo"])
    }

    @Test(
        "A wrong field of a closing is named",
        arguments: [
            (#"{"differences": [{"id": 1, "reason": "r"}]}"#, "400 MISSING_PARAMETER: number is missing."),
            (#"{"number": 1}"#, "400 MISSING_PARAMETER: differences is missing."),
            (
                #"{"number": 1, "differences": []}"#,
                "400 INVALID_PARAMETER: differences must have 1 to 50 items."
            ),
            (
                #"{"number": 1, "differences": [{"id": 1}]}"#,
                "400 MISSING_PARAMETER: differences[0].reason is"
            ),
            (
                #"{"number": 1, "differences": [{"id": 0, "reason": "r"}]}"#,
                "400 INVALID_PARAMETER: differences[0].id must be"
            ),
            (
                #"{"number": "1", "differences": [{"id": 1, "reason": "r"}]}"#,
                "400 INVALID_PARAMETER: number must be"
            ),
        ])
    func wrongClosings(_ body: String, _ summary: String) async throws {
        #expect(try await call(.post, Self.base + "/close", body: body).summary.hasPrefix(summary))
    }
}
