import StrictJSON
import Authentication
import Charges
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of the provider's calls, as its bridge makes them.
@Suite struct ProviderCallsTests {
    private static let base = "/provider/v1/charges"

    private func send(
        _ path: String, _ body: String? = nil, to provider: FakeProvider = FakeProvider(),
        authorization: String? = "Bearer \(FakeProvider.key.text)"
    ) async throws -> Answer {
        var headers = HTTPFields()
        headers[.authorization] = authorization
        return try await TestServerFixture(internalSide: true, provider: provider).send(
            body == nil ? .get : .post, Self.base + path, headers: headers,
            body: .whole(ByteBuffer(string: body ?? "")))
    }

    private static let charge =
        #"{"provider_charge_id": "p1", "operator": "acme", "billing_system_customer_identifier": "c1", "#
        + #""amount": 9.90, "currency": "USD", "local_currency_amount": 9.1, "local_currency": "EUR", "#
        + #""paid_through_date": "2026-12-01"}"#

    @Test(
        "A call without a valid provider key is INVALID_KEY",
        arguments: [
            nil, "", "Bearer", "Bearer wrong", "Basic \(FakeProvider.key.text)",
            "Bearer \(FakeProvider.key.text)x", "Bearer " + String(repeating: "A", count: 43),
        ])
    func withoutTheKeyNothingIsAnswered(_ authorization: String?) async throws {
        let provider = FakeProvider()
        let answer = try await send("/decisions", to: provider, authorization: authorization)
        #expect(answer.status == 401)
        #expect(try answer.code == "INVALID_KEY")
        #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        #expect(provider.received.read.isEmpty)
    }

    @Test("Charges are ingested with their exact amounts")
    func chargesComeInDigitForDigit() async throws {
        let provider = FakeProvider()
        let answer = try await send("", #"{"charges": [\#(Self.charge)]}"#, to: provider)
        let charge = try #require(provider.received.ingested.first?.charges.first)
        #expect(try charge.terms.get().amount.digits == "9.90")
        #expect(
            try answer.data?.text
                == #"{"charges":[{"provider_charge_id":"p1","operator":"acme","number":"I00000000","created":true}]}"#
        )
    }

    @Test(
        "A malformed field is reported with its path",
        arguments: [
            ("", "{}", "MISSING_PARAMETER", "charges"),
            ("", #"{"charges": []}"#, "MISSING_PARAMETER", "charges"),
            ("", #"{"charges": [{}]}"#, "MISSING_PARAMETER", "charges[0].provider_charge_id"),
            (
                "", #"{"charges": [\#(charge.replacing("9.90", with: "\"9.90\""))]}"#, "INVALID_PARAMETER",
                "charges[0].amount"
            ),
            (
                "/take", #"{"charges": [{"operator": "a", "number": "N"}]}"#, "MISSING_PARAMETER",
                "charges[0].revision"
            ),
            (
                "/take", #"{"charges": [{"operator": "a", "number": "N", "revision": 1.5}]}"#,
                "INVALID_PARAMETER", "charges[0].revision"
            ),
            (
                "/outcomes", #"{"outcomes": [{"operator": "a", "number": "N"}]}"#, "MISSING_PARAMETER",
                "outcomes[0].outcome"
            ),
        ])
    func aWrongShapeIsNamedByItsPlace(path: String, body: String, code: String, place: String) async throws {
        let answer = try await send(path, body)
        #expect(try answer.code == code)
        #expect(try answer.description.contains(place))
    }

    @Test("A call has at most 1000 charges")
    func aThousandChargesAreTakenAndNoMore() async throws {
        func body(_ count: Int) -> String {
            let item = #"{"operator": "a", "number": "N", "outcome": "APPROVED"}"#
            return #"{"outcomes": [\#(Array(repeating: item, count: count).joined(separator: ","))]}"#
        }
        #expect(try await send("/outcomes", body(1000)).status == 200)
        #expect(try await send("/outcomes", body(1001)).code == "TOO_MANY_CHARGES")
    }

    @Test("Failures are listed")
    func failuresAreListed() async throws {
        let provider = FakeProvider(failure: ProviderFailure(.chargeLocked))
        let item = #"[{"operator": "a", "number": "N", "revision": 1, "outcome": "APPROVED"}]"#
        for (path, set, failed) in [
            ("/take", "charges", "failed_charges_set"), ("/release", "charges", "failed_charges_set"),
            ("/outcomes", "outcomes", "failed_outcomes_set"),
        ] {
            let answer = try await send(path, #"{"\#(set)": \#(item)}"#, to: provider)
            #expect(answer.status == 200)
            #expect(try answer.data?[failed]?.elements.first?["error_code"]?.string == "CHARGE_LOCKED")
        }
    }

    @Test("The feed is read from a cursor or a time")
    func theFeedIsReadFromAPlace() async throws {
        let provider = FakeProvider()
        let answer = try await send("/decisions?limit=5", to: provider)
        let next = try #require(try answer.data?["next"]?.string)
        #expect(try answer.data?["decisions"]?.elements.first?["made_by"]?.string == "policy")
        _ = try await send("/decisions?after=\(next)", to: provider)
        _ = try await send("/decisions?since=2026-01-01", to: provider)
        let read = provider.received.read
        #expect(read.map(\.limit) == [5, 1000, 1000])
        #expect(read.first?.start == .beginning)
        #expect(read.last?.start == Timestamp("2026-01-01").map(FeedStart.since))
    }

    @Test(
        "A malformed cursor, time or limit is refused",
        arguments: [
            "after=x", "after=x.1", "since=now", "limit=0", "limit=1001", "after=&since=2026-01-01",
            "limit=%2B5", "limit=99999999999999999999", "since=300000-01-01", "since=0000-01-01",
            "since=-4714-01-01", "since=infinity", "since=10000-01-01T00:00:00",
            "after=\(String(repeating: "0a", count: 16)).9223372036854775808.0000000000000001",
            "after=\(String(repeating: "0a", count: 16)).-1.0000000000000001",
        ])
    func aPlaceThatIsNoneIsRefused(_ query: String) async throws {
        #expect(try await send("/decisions?\(query)").code == "INVALID_PARAMETER")
    }
}
