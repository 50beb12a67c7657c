import ChargeStore
import Charges
import TestSupport

extension Store {
    /// Ingests charges. It returns, for each charge, `NUMBER new`, `NUMBER known`, or the code.
    func ingest(_ charges: [ProvidedCharge]) async throws -> [String] {
        try await provider.ingest(IngestCall(charges: charges, deadline: .now + .patience)).map {
            outcome in
            switch outcome {
            case .success(let charge): "\(charge.number) \(charge.wasCreated ? "new" : "known")"
            case .failure(let failure): failure.code.rawValue
            }
        }
    }

    /// Takes, releases or processes charges of ACME. It returns `OK` or the code for each item.
    func process(
        _ action: ProcessingCall.Action, _ items: [ProcessingCall.Item]
    ) async throws -> [String] {
        let call = ProcessingCall(action: action, items: items, deadline: .now + .patience)
        return try await provider.process(call).map { $0?.code.rawValue ?? "OK" }
    }

    /// Accepts or declines a charge that `addCharges` made.
    func decide(_ number: String, _ decision: Decision = .accepted) async throws -> String {
        try await decisions.decide(.accepting([.charge(number)], decision: decision))[0].text
    }

    /// Reads the feed from a start.
    func read(_ start: FeedStart, limit: Int = 1000) async throws -> FeedPage {
        try await provider.decisions(start, limit: limit, deadline: .now + .patience)
    }
}

extension ProcessingCall.Item {
    static func charge(
        _ number: String, _ revision: Int? = nil, outcome: String? = nil, of operatorCode: String = "ACME"
    ) -> ProcessingCall.Item {
        ProcessingCall.Item(
            operatorCode: ExactText(operatorCode), number: ExactText(number), revision: revision,
            outcome: outcome)
    }
}

extension ProvidedCharge {
    /// A valid charge of ACME.
    static func charge(
        _ identifier: String, of operatorCode: String = "ACME", customer: String = "c1",
        amount: String = "9.90",
        currency: String = "USD", localCurrency: String = "EUR", paidThroughDate: String = "2026-12-01"
    ) -> ProvidedCharge {
        ProvidedCharge(
            operatorCode: ExactText(operatorCode), providerChargeIdentifier: ExactText(identifier),
            localCurrency: localCurrency,
            terms: ChargeTerms.read(
                billingSystemCustomerIdentifier: ExactText(customer), amount: amount, currency: currency,
                localCurrencyAmount: "9.10", localCurrency: localCurrency, paidThroughDate: paidThroughDate))
    }
}

extension FeedPage {
    /// The decisions in the form `NUMBER REVISION DECISION`.
    var texts: [String] { decisions.map { "\($0.number) \($0.revision) \($0.decision.rawValue)" } }
}
