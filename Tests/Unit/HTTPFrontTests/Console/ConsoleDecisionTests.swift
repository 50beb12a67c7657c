import Authentication
import Charges
import Foundation
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the pages by which people decide charges.
@Suite struct ConsoleDecisionTests {
    /// A charge with the number `N1` of the customer `C1`, and so on.
    static func charge(_ number: Int, named name: String? = nil) -> Charge {
        Charge(
            ChargeRecord(
                listed: ListedCharge(
                    number: ExactText(name ?? "N\(number)"),
                    terms: ChargeTerms(
                        billingSystemCustomerIdentifier: ExactText("C\(number)"), amount: Money("9.99")!,
                        currency: "EUR", localCurrencyAmount: Money("10.50")!, localCurrency: "USD",
                        paidThroughDate: TestServerFixture.now),
                    status: .pending, receivedOn: TestServerFixture.now, processedOn: nil, decision: nil,
                    decidedOn: nil, decisionReferenceNumber: nil),
                providerChargeIdentifier: nil, takenOn: nil, acknowledgedOn: nil))
    }

    /// Made anew for each test: they run side by side, and it notes what it was asked.
    static var charges: FakeCharges {
        FakeCharges(
            listing: { (_) throws(RequestFailure) in
                ChargePage(charges: (1...3).map { charge($0).record.listed }, next: nil)
            },
            showing: { (name) throws(RequestFailure) in
                guard case .number(let number) = name, let index = Int(number.string.dropFirst()) else {
                    return nil
                }
                return charge(index)
            })
    }

    @Test("People choose, make references, see the dry run, confirm once, and see the outcome")
    func peopleDecide() async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        try await browser.open("/console/charges")
        try await browser.submit(
            "/console/decision", [("action", "accept"), ("number", "N1"), ("number", "N2")])
        #expect(browser.html.contains("<h1>Accept charges</h1>") && browser.html.contains("10.50"))
        try await browser.submit(
            "/console/decision",
            [
                ("number", "N1"), ("customer", "C1"), ("reference", "own"), ("number", "N2"),
                ("customer", "C2"), ("reference", ""), ("prefix", "INV-"), ("first", "0099"), ("fill", "yes"),
            ])
        #expect(browser.html.contains("value=\"own\"") && browser.html.contains("value=\"INV-0099\""))
        try await browser.submit(
            "/console/decision/check",
            [
                ("number", "N1"), ("customer", "C1"), ("reference", "own"), ("number", "N2"),
                ("customer", "C2"), ("reference", "INV-0099"),
            ])
        #expect(browser.html.contains("Nothing is decided yet. Of 2 chosen, 2 can be accepted"))
        #expect(browser.html.contains("21.00 <abbr>USD</abbr>"))
        #expect(browser.server.decisions.calls.isEmpty && browser.server.decisions.dryRuns.count == 1)
        let confirmation = browser.hiddenFields(of: "/console/decision/confirm")
        try await browser.submit("/console/decision/confirm")
        #expect(browser.html.contains("2 of 2 chosen: accepted"))
        #expect(browser.html.contains("href=\"data:text/csv;charset=utf-8,number%2Cbilling"))
        // Pressed twice, or reloaded: the same call under the same key.
        try await browser.submit("/console/decision/confirm", confirmation)
        let calls = browser.server.decisions.calls
        try #require(calls.count == 2)
        #expect(calls[0].idempotencyKey == calls[1].idempotencyKey)
        #expect(calls[0].idempotencyKey != nil)
        #expect(calls[0].items == calls[1].items && calls[0].username == "alice")
        #expect(calls[0].items.map(\.referenceNumber) == ["own", "INV-0099"])
    }

    @Test("The check says which decision would be taken back")
    func theCheckShowsDecisions() async throws {
        let charges = FakeCharges(
            listing: { (_) throws(RequestFailure) in ChargePage(charges: [], next: nil) },
            showing: { (_) throws(RequestFailure) in
                var charge = Self.charge(1)
                charge.record.listed.decision = .accepted
                charge.record.listed.decisionReferenceNumber = "R-1"
                return charge
            })
        let browser = Browser(TestServerFixture(charges: charges))
        try await browser.signIn()
        try await browser.open("/console/decision?action=decline&number=N1")
        try await browser.submit(
            "/console/decision/check", [("number", "N1"), ("customer", "C1"), ("reference", "R-2")])
        #expect(
            browser.html.contains("will be declined") && browser.html.contains("is accepted under R-1 now"))
        #expect(
            browser.html.contains(
                "<strong>1 of them has been accepted before: that would be taken back.</strong>"))
    }

    @Test("The check says how many charges would be accepted without a reference number")
    func theCheckMissesReferences() async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        for (references, warning) in [
            (["", ""], "2 have no"), (["R1", ""], "1 has no"), (["R1", "R2"], nil),
        ] {
            try await browser.open("/console/decision?action=accept&number=N1&number=N2")
            try await browser.submit(
                "/console/decision/check",
                [
                    ("number", "N1"), ("customer", "C1"), ("reference", references[0]), ("number", "N2"),
                    ("customer", "C2"), ("reference", references[1]),
                ])
            #expect(browser.html.contains("reference number.</strong>") == (warning != nil))
            if let warning { #expect(browser.html.contains("<strong>\(warning) reference number.</strong>")) }
        }
    }

    @Test("All charges of a page are ticked by a link, and back")
    func allAreTicked() async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        try await browser.open("/console/charges")
        #expect(
            !browser.html.contains(" checked>")
                && browser.html.contains("decision=NONE&amp;chosen=all\">Tick all"))
        try await browser.open("/console/charges?status=PENDING&decision=NONE&chosen=all")
        #expect(browser.html.components(separatedBy: " checked>").count == 4)
        #expect(browser.html.contains("decision=NONE\">Tick none"))
    }

    @Test("What a search finds can be downloaded, in the columns of a decision file")
    func aSearchIsDownloaded() async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        let answer = try await browser.open("/console/charges/download?status=PENDING&decision=NONE")
        let lines = answer.body.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(
            lines[0]
                == "number,billing_system_customer_identifier,amount,currency,local_currency_amount,local_currency,paid_through_date,received_on,charge_status,decision,decided_on,reference_number"
        )
        #expect(lines[1].hasPrefix("N1,C1,9.99,EUR,10.50,USD,") && lines[1].hasSuffix(",PENDING,,,"))
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"charges.csv\"")
        #expect(try await browser.open("/console/charges/download?from=yesterday").status == 400)
    }

    @Test("A number that is not among the undecided charges can be looked for among all")
    func aSearchIsWidened() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn()
        try await browser.open("/console/charges?status=PENDING&decision=NONE&reference=R%261")
        #expect(
            browser.html.contains(
                "href=\"/console/charges?status=&amp;decision=&amp;reference=R%261\">Search all charges"))
        try await browser.open("/console/charges?status=&decision=&reference=R1")
        #expect(!browser.html.contains("Search all charges"))
    }

    @Test(
        "A search or a page with an unknown value is no page of everything",
        arguments: [
            "/console/charges?status=BOGUS", "/console/charges?decision=BOGUS",
            "/console/charges?acknowledged=maybe", "/console/charges?order=BOGUS",
            "/console/activity?before=abc", "/console/activity?kind=BOGUS",
            "/console/file?number=1&rows=BOGUS",
            "/console/reconciliation/differences?number=1&class=BOGUS",
        ])
    func unknownValuesAreRefused(_ path: String) async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        #expect(try await browser.open(path).status == 400)
    }

    @Test("A charge's page gives each event its own reference number")
    func eachEventHasItsOwnReference() async throws {
        let accepted = FakeCharges(showing: { (_) throws(RequestFailure) in
            var charge = Self.charge(1)
            charge.record.listed.decision = .accepted
            charge.record.listed.decisionReferenceNumber = "R9"
            charge.decisions = [
                RecordedDecision(
                    revision: 1, decision: .accepted, maker: .user("alice"), madeOn: TestServerFixture.now,
                    referenceNumber: "R9")
            ]
            return charge
        })
        let browser = Browser(TestServerFixture(charges: accepted))
        try await browser.signIn()
        try await browser.open("/console/charge?number=N1")
        #expect(browser.html.contains("by the provider</span>"))
        #expect(browser.html.contains("by alice, reference number R9</span>"))
    }

    @Test("Two checks of the same charges have a key each")
    func eachCheckHasItsKey() async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        var keys: Set<String> = []
        for _ in 0..<2 {
            try await browser.open("/console/decision?action=decline&number=N1")
            try await browser.submit("/console/decision/check")
            keys.insert(
                try #require(browser.hiddenFields(of: "/console/decision/confirm").first { $0.0 == "key" }).1)
        }
        #expect(keys.count == 2)
    }

    @Test("An outcome that is unknown is asked for again under the same key")
    func unknownOutcomesAreAskedForAgain() async throws {
        let browser = Browser(
            TestServerFixture(decisions: .refusing(.outcomeUnknown), charges: Self.charges))
        try await browser.signIn()
        try await browser.open("/console/decision?action=accept&number=N1")
        try await browser.submit("/console/decision/check")
        try await browser.submit("/console/decision/confirm")
        #expect(browser.html.contains("Ask again"))
        try await browser.submit("/console/decision/confirm")
        let calls = browser.server.decisions.calls
        try #require(calls.count == 2)
        #expect(calls[0].idempotencyKey == calls[1].idempotencyKey)
        // What a program does about it is nothing to a person.
        #expect(browser.html.contains("It is not known yet whether the charges are accepted."))
        #expect(!browser.html.contains("Idempotency") && !browser.html.contains("repeat it"))
    }

    @Test("The charges of a form are looked up together")
    func chargesAreLookedUpTogether() async throws {
        let charges = Self.charges
        let browser = Browser(TestServerFixture(charges: charges))
        try await browser.signIn()
        let numbers = (1...50).map { ("number", "N\($0)") }
        try await browser.open(
            "/console/decision?action=accept&" + numbers.map { "\($0)=\($1)" }.joined(separator: "&"))
        try await browser.submit("/console/decision/check")
        #expect(browser.html.contains("Of 50 chosen, 50 can be accepted"))
        #expect(charges.names.isEmpty)
        #expect(charges.numbers.filter { $0.count == 50 }.count >= 2)
    }

    @Test(
        "A form that cannot be is refused, and nothing is decided",
        arguments: [
            "action=accept", "number=N1", "action=steal&number=N1", "action=accept&action=decline&number=N1",
            "action=accept" + String(repeating: "&number=N1", count: 51),
            "action=accept&number=N1&key=short",
        ])
    func wrongFormsAreRefused(_ form: String) async throws {
        let browser = Browser(TestServerFixture(charges: Self.charges))
        try await browser.signIn()
        let token = browser.hiddenFields(of: "/console/sign-out")[0].1
        for path in ["/console/decision/check", "/console/decision/confirm"] {
            _ = try await browser.send(
                .post, path, body: "form_token=\(token)&\(form)", origin: "http://localhost")
            #expect(browser.page?.status == 400)
        }
        #expect(browser.server.decisions.calls.isEmpty)
    }

    /// What a page shows may be anybody's text: the provider's, an operator's, a stranger's.
    @Test("Markup in any field is shown as text")
    func markupIsText() async throws {
        let markup = "<b>\"'&amp;</b><script>x</script>"
        let named = FakeCharges(
            listing: { (_) throws(RequestFailure) in
                ChargePage(charges: [Self.charge(1, named: markup).record.listed], next: nil)
            },
            showing: { (_) throws(RequestFailure) in Self.charge(1, named: markup) })
        let browser = Browser(TestServerFixture(charges: named))
        try await browser.signIn()
        let encoded = Browser.encoded(markup)
        for path in [
            "/console/charges?customer=\(encoded)&status=\(encoded)&decision=\(encoded)",
            "/console/charge?number=\(encoded)", "/console/\(encoded)",
            "/console/decision?action=accept&number=\(encoded)&customer=\(encoded)&reference=\(encoded)"
                + "&prefix=\(encoded)&first=\(encoded)",
            "/console/statements?before=\(encoded)", "/console/reconciliation?number=\(encoded)",
        ] {
            try await browser.open(path)
            #expect(!browser.html.contains("<b>") && !browser.html.contains("<script>"), "\(path)")
        }
        try await browser.open("/console/decision?action=accept&number=\(encoded)")
        for path in ["/console/decision/check", "/console/decision/confirm"] {
            try await browser.submit(path)
            #expect(!browser.html.contains("<b>") && !browser.html.contains("<script>"), "\(path)")
        }
        #expect(browser.server.decisions.calls.map { $0.items.map(\.number) } == [[ExactText(markup)]])
    }
}
