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
        charge.timeline.map { entry in
            var what: StateView
            var by = "the provider"
            var reference: ExactText?
            switch entry.event {
            case .received: what = StateView("received", tone: "plain")
            case .imported:
                what = StateView("imported", tone: "plain")
                by = "the import"
            case .decided(let decision):
                what = StateView(decision.decision)
                by = name(decision.maker)
                reference = decision.referenceNumber
            case .taken: what = StateView("taken for processing", tone: "plain")
            case .processed(let status, let isHere):
                what = StateView(status)
                if !isHere { by = "the provider, before the import" }
            case .acknowledged(let acknowledgement):
                what = StateView("acknowledged", tone: "plain")
                by = acknowledgement?.username ?? "the import"
                reference = acknowledgement?.referenceNumber
            }
            return Event(
                time: Format.time(entry.madeOn), what: what, by: by, reference: reference?.string)
        }
    }

    private static func name(_ maker: RecordedDecision.Maker) -> String {
        switch maker {
        case .user(let name): name ?? "the import"
        case .policy: "the operator's policy"
        }
    }
}
