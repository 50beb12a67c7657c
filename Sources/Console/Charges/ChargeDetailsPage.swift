import Charges
import HTTPFront

/// One charge: both sides' state, and all that has happened to it.
struct ChargeDetailsPage: Page {
    let charges: any ChargeRepository

    let path = "/charge"

    /// The path of a charge's page.
    static func path(_ number: ExactText) -> String { "/charge?number=\(Link.encoded(number.string))" }

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        let number = try visit.query.text("number") ?? ""
        let found = try await charges.charge(
            named: .number(ExactText(number)), of: visit.operatorIdentifier, deadline: visit.deadline)
        guard let found else { throw RequestFailure(.notFound, "There is no such charge.") }
        return View(.charge, title: "Charge \(number)", ChargeView(found))
    }
}

/// The values of a charge's page.
private struct ChargeView: Sendable {
    struct Event: Sendable {
        let time: String
        let what: StateView
        let by: String
        let reference: String?
    }

    struct Action: Sendable {
        let text: String
        let action: String
    }

    let number: String
    let customer: String
    let amount: AmountView
    let localAmount: AmountView
    let paidThroughDate: String
    let providerChargeIdentifier: String?
    let status: StateView
    let decision: StateView
    let reference: String?
    let decideBy: String?
    let isAcknowledged: Bool
    let events: [Event]
    let actions: [Action]

    init(_ charge: Charge) {
        let record = charge.record
        let listed = record.listed
        number = listed.number.string
        customer = listed.terms.billingSystemCustomerIdentifier.string
        amount = AmountView(listed.terms.amount, listed.terms.currency)
        localAmount = AmountView(listed.terms.localCurrencyAmount, listed.terms.localCurrency)
        paidThroughDate = Format.date(listed.terms.paidThroughDate)
        providerChargeIdentifier = record.providerChargeIdentifier?.string
        status = StateView(listed.status)
        decision = StateView(listed.decision)
        reference = listed.decisionReferenceNumber?.string
        decideBy = listed.decideBy.map(Format.time)
        isAcknowledged = record.acknowledgedOn != nil
        events = Self.events(charge)
        actions =
            isAcknowledged
            ? []
            : listed.status == .pending
                ? [Action(text: "Accept…", action: "accept"), Action(text: "Decline…", action: "decline")]
                : [Action(text: "Acknowledge…", action: "acknowledge")]
    }

    private static func events(_ charge: Charge) -> [Event] {
        let listed = charge.record.listed
        var events: [(time: Timestamp, event: Event)] = []
        func add(_ time: Timestamp?, _ what: StateView, by: String, reference: ExactText? = nil) {
            guard let time else { return }
            events.append(
                (
                    time,
                    Event(time: Format.time(time), what: what, by: by, reference: reference?.string)
                ))
        }
        add(listed.receivedOn, StateView("received", tone: "plain"), by: "the provider")
        for decision in charge.decisions {
            add(
                decision.madeOn, StateView(decision.decision), by: Self.name(decision.maker),
                reference: decision.referenceNumber)
        }
        add(charge.record.takenOn, StateView("taken for processing", tone: "plain"), by: "the provider")
        add(listed.processedOn, StateView(listed.status), by: "the provider")
        if let acknowledgement = charge.acknowledgement {
            add(
                acknowledgement.madeOn, StateView("acknowledged", tone: "plain"),
                by: acknowledgement.username ?? "", reference: acknowledgement.referenceNumber)
        } else {
            add(charge.record.acknowledgedOn, StateView("acknowledged", tone: "plain"), by: "the import")
        }
        // Sorting is stable, and events of one moment are in the order of their kinds.
        return events.sorted { $0.time < $1.time }.map(\.event)
    }

    private static func name(_ maker: RecordedDecision.Maker) -> String {
        switch maker {
        case .user(let name): name ?? "the import"
        case .policy: "the operator's policy"
        }
    }
}
