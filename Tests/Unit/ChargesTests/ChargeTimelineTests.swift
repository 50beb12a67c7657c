import Charges
import Testing

/// Tests of the timeline of one charge.
@Suite struct ChargeTimelineTests {
    private func charge(
        _ status: ChargeStatus = .pending, processedOn: Int64? = nil, importedOn: Int64? = nil,
        takenOn: Int64? = nil, acknowledgedOn: Int64? = nil, decidedOn: [Int64] = [],
        acknowledgement: Acknowledgement? = nil, wasProcessedHere: Bool = false
    ) throws -> Charge {
        let terms = ChargeTerms(
            billingSystemCustomerIdentifier: "c", amount: try #require(Money("9.90")), currency: "USD",
            localCurrencyAmount: try #require(Money("9.10")), localCurrency: "EUR",
            paidThroughDate: time(1000))
        let listed = ListedCharge(
            number: "N1", terms: terms, status: status, receivedOn: time(1),
            processedOn: processedOn.map(time), decision: nil, decidedOn: nil, decisionReferenceNumber: nil)
        let decisions = decidedOn.enumerated().map { place, second in
            RecordedDecision(
                revision: place + 1, decision: .accepted, maker: .user("anna"), madeOn: time(second),
                referenceNumber: nil)
        }
        return Charge(
            ChargeRecord(
                listed: listed, providerChargeIdentifier: nil, importedOn: importedOn.map(time),
                takenOn: takenOn.map(time), acknowledgedOn: acknowledgedOn.map(time)),
            acknowledgement: acknowledgement, decisions: decisions, wasProcessedHere: wasProcessedHere)
    }

    private func time(_ second: Int64) -> Timestamp { Timestamp(microsecondsSince2000: second * 1_000_000) }

    /// The timeline as names of events with their seconds.
    private func summary(_ charge: Charge) -> [String] {
        charge.timeline.map { entry in
            let name =
                switch entry.event {
                case .received: "received"
                case .imported: "imported"
                case .decided(let decision): "decided-\(decision.revision)"
                case .taken: "taken"
                case .processed(let status, let here): "\(status.rawValue)-\(here ? "here" : "elsewhere")"
                case .acknowledged(let acknowledgement):
                    "acknowledged-\(acknowledgement?.username ?? "elsewhere")"
                }
            return "\(name) \(entry.madeOn.microsecondsSince2000 / 1_000_000)"
        }
    }

    @Test("A pending charge's timeline has its arrival, its decisions and when it was taken")
    func aPendingCharge() throws {
        #expect(summary(try charge()) == ["received 1"])
        #expect(
            summary(try charge(takenOn: 9, decidedOn: [3, 5])) == [
                "received 1", "decided-1 3", "decided-2 5", "taken 9",
            ])
    }

    @Test("A processed charge's timeline has the outcome and who acknowledged it")
    func aProcessedCharge() throws {
        let acknowledgement = Acknowledgement(madeOn: time(8), username: "anna", referenceNumber: "R")
        let processed = try charge(
            .approved, processedOn: 7, acknowledgedOn: 8, decidedOn: [3], acknowledgement: acknowledgement,
            wasProcessedHere: true)
        #expect(
            summary(processed) == ["received 1", "decided-1 3", "APPROVED-here 7", "acknowledged-anna 8"])
    }

    @Test("An import is after what it brought and before what was done here")
    func anImportedCharge() throws {
        let before = try charge(
            .rejected, processedOn: 7, importedOn: 20, acknowledgedOn: 8, decidedOn: [3])
        #expect(
            summary(before) == [
                "received 1", "decided-1 3", "REJECTED-elsewhere 7", "acknowledged-elsewhere 8",
                "imported 20",
            ])
        let since = try charge(importedOn: 20, decidedOn: [3, 25])
        #expect(summary(since) == ["received 1", "decided-1 3", "imported 20", "decided-2 25"])
    }

    @Test("Decisions follow each other by revision, and the outcome follows them, whatever the clock said")
    func aClockThatWasSetBack() throws {
        let charge = try charge(
            .rejected, processedOn: 2, decidedOn: [5, 4], wasProcessedHere: true)
        #expect(summary(charge) == ["received 1", "decided-1 5", "decided-2 4", "REJECTED-here 2"])
    }
}
