import Authentication
import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of `GET netflix/charges/list`: its parameters and its response.
@Suite struct ChargeListTests {
    private static let path = TestServerFixture.base + "/netflix/charges/list"
    private static let usual = "number_of_results=50&charge_status=NOT_PROCESSED&offset=0"
    private static let place = ChargePlace(
        receivedOn: Timestamp(microsecondsSince2000: 848_732_400_000_001), number: "I00000007")

    private static let charge = ListedCharge(
        number: "I00000001",
        terms: ChargeTerms(
            billingSystemCustomerIdentifier: "pci155", amount: Money("9.90")!, currency: "USD",
            localCurrencyAmount: Money("0.1000")!, localCurrency: "EUR",
            paidThroughDate: Timestamp("2026-12-01")!),
        status: .badRequest,
        receivedOn: Timestamp("2026-11-23T07:00:00")!, processedOn: Timestamp("2026-11-24T08:00:00")!,
        decision: .accepted, decidedOn: Timestamp("2026-11-23T09:00:00")!, decisionReferenceNumber: "R",
        decideBy: nil)

    private func list(_ query: String, charges: FakeCharges = FakeCharges(), header: Bool = true)
        async throws -> Answer
    {
        let headers: HTTPFields =
            header ? [.authorization: "Bearer \(try await FakeAccounts.token())"] : [:]
        return try await TestServerFixture(charges: charges).send(
            .get, Self.path + "?" + query, headers: headers)
    }

    @Test("The default fields are in their order, with exact digits")
    func theUsualFieldsComeInTheirOrderAndTheirExactDigits() async throws {
        let charges = FakeCharges(listing: { (_) throws(RequestFailure) in
            ChargePage(charges: [Self.charge], next: Self.place)
        })
        let answer = try await list(Self.usual, charges: charges)
        #expect(answer.status == 200)
        // By offset there is no cursor.
        #expect(
            answer.body
                == #"{"data":{"charges_set":[{"number":"I00000001","#
                + #""billing_system_customer_identifier":"pci155","amount":9.90,"currency":"USD","#
                + #""local_currency_amount":0.1000,"local_currency":"EUR","#
                + #""paid_through_date":"2026-12-01T00:00:00","charge_status":"BAD_REQUEST","#
                + #""received_on":"2026-11-23T07:00:00","set_as_approved_on":null,"#
                + #""set_as_declined_on":null,"set_as_bad_request_on":"2026-11-24T08:00:00","#
                + #""set_as_rejected_request_on":null}]},"status":{"code":"OK","description":"","message":""}}"#
        )
    }

    @Test(
        "Named fields are returned alone",
        arguments: [
            ("number", "{\"number\":\"I00000001\"}"), ("amount,number,number", nil),
            ("decision,decided_on,decision_reference_number,decide_by", nil),
        ] as [(String, String?)])
    func fieldsThatAreNamedComeAlone(_ names: String, _ json: String?) async throws {
        let charges = FakeCharges(listing: { (_) throws(RequestFailure) in
            ChargePage(charges: [Self.charge], next: nil)
        })
        let answer = try await list(Self.usual + "&fields_set=" + names, charges: charges)
        let charge = try #require(try answer.data?["charges_set"]?.elements.first)
        if let json { #expect(charge.text == json) }
        #expect(Set(charge.names) == Set(names.split(separator: ",").map(String.init)))
        #expect(try answer.data?.names == ["charges_set"])
    }

    @Test("An empty page is an empty array")
    func anEmptyPageIsAnEmptyArray() async throws {
        #expect(try await list(Self.usual).data == .object([.init("charges_set", .array([]))]))
        let byCursor = try await list("number_of_results=1&charge_status=PROCESSED&after=")
        #expect(
            try byCursor.data == .object([.init("charges_set", .array([])), .init("next", .null)]))
    }

    @Test("The query's parameters reach the repository")
    func theParametersReachTheRepository() async throws {
        let charges = FakeCharges()
        _ = try await list(
            "number_of_results=7&charge_status=PROCESSED&offset=12&decision=NONE", charges: charges)
        let query = try #require(charges.queries.first)
        #expect(query.operatorIdentifier == FakeAccounts.acme.identifier)
        #expect(query.filter == ChargeListFilter(isProcessed: true, decision: .undecided))
        #expect(query.start == .offset(12))
        #expect(query.count == 7)
    }

    @Test("A customer reaches the repository as it is, whether it can exist or not")
    func aCustomerReachesTheRepository() async throws {
        let charges = FakeCharges()
        let customers = ["pci155", "", "a%20%2B%00", String(repeating: "x", count: 65)]
        for customer in customers {
            let answer = try await list(
                Self.usual + "&billing_system_customer_identifier=" + customer, charges: charges)
            #expect(answer.status == 200)
        }
        #expect(
            charges.queries.map(\.filter.customer)
                == ["pci155", "", "a +\u{0}", ExactText(String(repeating: "x", count: 65))])
        let twice = "&billing_system_customer_identifier=a&billing_system_customer_identifier=a"
        #expect(try await list(Self.usual + twice, charges: charges).code == "INVALID_PARAMETER")
    }

    @Test("A cursor of one customer's list is valid for that list alone")
    func aCursorIsOfOneCustomer() async throws {
        let charges = FakeCharges(listing: { (_) throws(RequestFailure) in
            ChargePage(charges: [], next: Self.place)
        })
        let list = "number_of_results=50&charge_status=NOT_PROCESSED"
        let lists = ["", "a", "b", "", "ANY"].enumerated().map { place, customer in
            list + (place == 0 ? "" : "&billing_system_customer_identifier=\(customer)") + "&after="
        }
        for own in lists {
            let next = try #require(try await self.list(own, charges: charges).data?["next"]?.string)
            for other in lists {
                let answer = try await self.list(other + next, charges: charges)
                #expect(answer.status == (other == own ? 200 : 400), "\(other)")
            }
        }
    }

    @Test("An offset goes up to 100,000, and beyond that the failure names after")
    func anOffsetIsBounded() async throws {
        let charges = FakeCharges()
        let query = "number_of_results=1&charge_status=PROCESSED&offset="
        #expect(try await list(query + "100000", charges: charges).status == 200)
        #expect(charges.queries.map(\.start) == [.offset(100_000)])
        let answer = try await list(query + "100001", charges: charges)
        #expect(try answer.code == "INVALID_PARAMETER")
        #expect(try answer.description.contains("after"))
    }

    /// The digest in a cursor is no secret, so that anyone can make one with any time in it.
    @Test("A cursor with a time that no database can store is refused")
    func aCursorWithAnImpossibleTimeIsRefused() async throws {
        let charges = FakeCharges()
        for time in [.min, -211_813_488_000_000_001, 9_223_371_331_200_000_000, .max] as [Int64] {
            let place = ChargePlace(
                receivedOn: Timestamp(microsecondsSince2000: time), number: ExactText("N1"))
            let cursor = ChargeCursor(
                place, operatorCode: FakeAccounts.acme.code, filter: .init(isProcessed: false))
            let answer = try await list(
                "number_of_results=1&charge_status=NOT_PROCESSED&after=" + cursor.text, charges: charges)
            #expect(try answer.code == "INVALID_PARAMETER", "\(time)")
        }
        #expect(charges.queries.isEmpty)
    }

    @Test("A cursor is valid only for its own list")
    func aCursorLeadsToItsPlaceInItsListAlone() async throws {
        let charges = FakeCharges(listing: { (_) throws(RequestFailure) in
            ChargePage(charges: [], next: Self.place)
        })
        let list = "number_of_results=50&charge_status=NOT_PROCESSED&after="
        let next = try #require(try await self.list(list, charges: charges).data?["next"]?.string)
        #expect(try await self.list(list + next, charges: charges).status == 200)
        #expect(charges.queries.map(\.start) == [.after(nil), .after(Self.place)])
        var wrong = [
            list + next.uppercased(), list + next.dropLast(2), list + next + "00", list + "x",
            list + String(next.reversed()),
            list.replacing("NOT_PROCESSED", with: "PROCESSED") + next, list + next + "&decision=NONE",
            list + next + "&offset=0", list + "&offset=0", list + "&offset=",
            list
                + ChargeCursor(Self.place, operatorCode: "other", filter: .init(isProcessed: false)).text,
        ]
        for index in next.indices {
            var altered = next
            altered.replaceSubrange(index...index, with: next[index] == "0" ? "1" : "0")
            wrong.append(list + altered)
        }
        for query in wrong where query != list + next {
            let answer = try await self.list(query, charges: charges)
            #expect(try answer.code == "INVALID_PARAMETER", "\(query)")
            #expect(answer.status == 400)
        }
        #expect(charges.queries.count == 2)
    }

    @Test(
        "A malformed parameter is refused",
        arguments: [
            ("charge_status=PROCESSED&offset=0", "MISSING_PARAMETER"),
            ("number_of_results=1&offset=0", "MISSING_PARAMETER"),
            ("number_of_results=1&charge_status=PROCESSED", "MISSING_PARAMETER"),
            ("number_of_results=&charge_status=PROCESSED&offset=0", "MISSING_PARAMETER"),
            ("number_of_results=0&charge_status=PROCESSED&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=51&charge_status=PROCESSED&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=1.0&charge_status=PROCESSED&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=%2B1&charge_status=PROCESSED&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=PENDING&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=processed&offset=0", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=PROCESSED&offset=-1", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=PROCESSED&offset=99999999999999999999", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=PROCESSED&offset=100001", "INVALID_PARAMETER"),
            ("number_of_results=1&charge_status=PROCESSED&offset=1000000000", "INVALID_PARAMETER"),
            ("number_of_results=1&number_of_results=1&charge_status=PROCESSED&offset=0", "INVALID_PARAMETER"),
            (usual + "&decision=", "INVALID_PARAMETER"), (usual + "&decision=none", "INVALID_PARAMETER"),
            (usual + "&fields_set=numbers", "INVALID_PARAMETER"),
            (usual + "&fields_set=number,", "INVALID_PARAMETER"),
            (usual + "&fields_set=provider_charge_id", "INVALID_PARAMETER"),
        ])
    func aWrongParameterIsRefused(_ query: String, _ code: String) async throws {
        let charges = FakeCharges()
        let answer = try await list(query, charges: charges)
        #expect(answer.status == 400)
        #expect(try answer.code == code)
        #expect(charges.queries.isEmpty)
    }

    @Test("The refusal of an unknown decision lists those that a list can be filtered by")
    func anUnknownDecisionIsToldTheKnownOnes() async throws {
        let answer = try await list(Self.usual + "&decision=PENDING")
        #expect(try answer.description == "decision must be NONE, ACCEPTED or DECLINED.")
    }

    @Test("The token may be in the query or in the header")
    func theTokenMayStandInTheQueryOrTheHeader() async throws {
        let token = try await FakeAccounts.token()
        #expect(try await list(Self.usual + "&token=" + token, header: false).status == 200)
        #expect(try await list(Self.usual, header: false).status == 401)
        #expect(try await list(Self.usual + "&token=x").status == 401)
        #expect(try await list(Self.usual + "&token=x", header: false).status == 401)
        #expect(try await list(Self.usual + "&token=\(token)&token=\(token)", header: false).status == 400)
    }

    @Test("A repository's failure is returned")
    func whatTheRepositoryRefusesIsRefused() async throws {
        let charges = FakeCharges(listing: { (_) throws(RequestFailure) in throw .serviceUnavailable })
        #expect(try await list(Self.usual, charges: charges).status == 503)
    }
}
