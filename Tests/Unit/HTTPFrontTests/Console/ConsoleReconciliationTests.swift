import Authentication
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the upload of a file that is to be compared, and of the progress of what runs by itself.
@Suite struct ConsoleReconciliationTests {
    private static let key = String(repeating: "ab", count: 16)
    private static let period = [("statement", ""), ("from", "2026-11-01"), ("to", "2026-12-01")]

    private func upload(
        _ fields: [(String, String)], file: (name: String, content: String)? = ("june.csv", "number\nN1\n"),
        reconciliations: FakeReconciliations = FakeReconciliations(), isForeign: Bool = false
    ) async throws -> Browser {
        let browser = Browser(TestServerFixture(reconciliations: reconciliations))
        try await browser.signIn()
        try await browser.open("/console/reconciliations")
        let token = ("form_token", isForeign ? "x" : browser.hiddenFields(of: "/console/sign-out")[0].1)
        browser.headers[.contentType] = ConsoleFileTests.type
        _ = try await browser.send(
            .post, "/console/reconciliations",
            body: ConsoleFileTests.form([token, ("key", Self.key)] + fields, file: file),
            origin: "http://localhost")
        return browser
    }

    @Test("A file is uploaded for a period, under the key of its form, and its page opens")
    func aFileOfAPeriod() async throws {
        let reconciliations = FakeReconciliations(count: 4)
        let browser = try await upload(
            Self.period + [("decision", "ANY"), ("name", "June <b>")], reconciliations: reconciliations)
        let received = reconciliations.received
        #expect(
            received.parameters == [
                ReconciliationParameters(
                    format: .csv, from: Timestamp("2026-11-01")!, to: Timestamp("2026-12-01")!,
                    decision: .any, name: "June <b>")
            ])
        #expect(received.keys == [ExactText(Self.key)] && received.ends == ["finish"])
        #expect(received.file == Array("number\nN1\n".utf8))
        #expect(browser.html.contains("<h1>Reconciliation 4</h1>"))
    }

    @Test("A file is uploaded for a statement, whose period counts")
    func aFileOfAStatement() async throws {
        let reconciliations = FakeReconciliations(count: 4)
        let browser = try await upload(
            [("statement", "2"), ("from", ""), ("to", ""), ("decision", "ACCEPTED"), ("name", "")],
            file: ("june.ndjson", "{}"), reconciliations: reconciliations)
        let parameters = try #require(reconciliations.received.parameters.first)
        #expect(parameters.statement == 2 && parameters.format == .ndjson && parameters.name == nil)
        #expect(browser.html.contains("<h1>Reconciliation 4</h1>"))
    }

    @Test(
        "What is wrong stands beside its field, the other values stay, and nothing is stored",
        arguments: [
            ([("from", "1 June"), ("to", "2026-12-01")], "from", "Choose a day"),
            ([("from", "2026-11-01"), ("to", "")], "to", "Choose a day"),
            ([("statement", "x")], "statement", "Choose a statement."),
            ([("from", "2026-11-01"), ("to", "2026-12-01"), ("decision", "NONE")], "decision", "Choose"),
            (
                [("from", "2026-11-01"), ("to", "2026-12-01"), ("name", String(repeating: "n", count: 129))],
                "name", "at most 128 characters"
            ),
        ])
    func faults(_ fields: [(String, String)], _ field: String, _ text: String) async throws {
        let reconciliations = FakeReconciliations()
        let others = [("decision", "DECLINED"), ("statement", "")].filter { other in
            !fields.contains { $0.0 == other.0 }
        }
        let browser = try await upload(fields + others, reconciliations: reconciliations)
        let fault = try #require(browser.html.firstMatch(of: /id="fault-([a-z]+)">([^<]*)</))
        #expect(fault.1 == field && fault.2.contains(text))
        if field != "decision" { #expect(browser.html.contains("value=\"DECLINED\" selected")) }
        #expect(reconciliations.received.parameters.isEmpty)
    }

    @Test("A file that cannot be compared is refused with its line and the reason, beside the field")
    func refusedFiles() async throws {
        let browser = try await upload(
            Self.period + [("decision", "ACCEPTED")],
            reconciliations: FakeReconciliations(
                fileFault: ReconciliationFileFault(line: 7, "a quote has no end")))
        #expect(
            browser.html.contains(
                "id=\"fault-file\">The file cannot be compared: line 7: a quote has no end.</small>"))
        #expect(browser.html.contains("value=\"2026-11-01\""))
    }

    @Test(
        "A refusal of the store is told, by its field where one is the reason",
        arguments: [
            (ReconciliationFailure.emptyPeriod, "The end must be later than the first day."),
            (.noSuchStatement, "There is no such statement."),
            (.stillReceiving, "is arriving already"),
            (.tooMany, "too many reconciliations under way"),
            (.idempotencyKeyReused, "This form was sent before"),
            (.request(.serviceUnavailable), "The service cannot do this now."),
        ])
    func refusals(_ failure: ReconciliationFailure, _ text: String) async throws {
        let browser = try await upload(
            Self.period + [("decision", "ACCEPTED")], reconciliations: FakeReconciliations(failure: failure))
        #expect(browser.html.contains(text) && !browser.html.contains("Idempotency"))
    }

    @Test("Without a file, with a form that is cut off or not this session's, nothing is stored")
    func wrongForms() async throws {
        for (file, isForeign) in [
            (nil, false), (("", ""), false), (("june.csv", "number\n"), true),
        ] as [((name: String, content: String)?, Bool)] {
            let reconciliations = FakeReconciliations()
            let browser = try await upload(
                Self.period + [("decision", "ACCEPTED")], file: file, reconciliations: reconciliations,
                isForeign: isForeign)
            #expect(reconciliations.received.parameters.isEmpty)
            #expect(browser.html.contains(isForeign ? "was not made by this page" : "Choose a file."))
        }
    }

    @Test("An upload that is cut off is given up")
    func cutUploads() async throws {
        let reconciliations = FakeReconciliations()
        let browser = Browser(TestServerFixture(reconciliations: reconciliations))
        try await browser.signIn()
        try await browser.open("/console/reconciliations")
        let token = ("form_token", browser.hiddenFields(of: "/console/sign-out")[0].1)
        browser.headers[.contentType] = ConsoleFileTests.type
        let form = ConsoleFileTests.form(
            [token] + Self.period + [("decision", "ACCEPTED")], file: ("june.csv", "number\nN1\n"))
        let answer = try await browser.send(
            .post, "/console/reconciliations", body: String(form.dropLast(8)), origin: "http://localhost")
        #expect(answer.status == 400 && reconciliations.received.ends == ["abandon"])
    }

    @Test(
        "Who closes what somebody else has closed meanwhile is told so",
        arguments: [[:], [2: "paid in June"]])
    func closedMeanwhile(_ closedBefore: [Int64: String]) async throws {
        let browser = Browser(
            TestServerFixture(reconciliations: FakeReconciliations(closedBefore: closedBefore)))
        try await browser.signIn()
        try await browser.open("/console/reconciliation/differences?number=1")
        try await browser.submit(
            "/console/reconciliation/differences",
            [("difference", "1"), ("difference", "2"), ("reason", "rounding")])
        #expect(
            browser.html.contains("1 of the ticked differences had been closed already.")
                != closedBefore.isEmpty)
    }

    @Test("A page of work under way loads itself again, without script; another does not")
    func progress() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn()
        let refresh = HTTPField.Name("Refresh")!
        #expect(try await browser.open("/console/reconciliation?number=1").headers[refresh] == "5")
        #expect(try await browser.open("/console/file?number=1").headers[refresh] == nil)
        #expect(try await browser.open("/console/reconciliations").headers[refresh] == nil)
    }
}
