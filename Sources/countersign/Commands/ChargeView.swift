import StrictJSON
import Charges
import HTTPFront

/// The output of `charges show` for one charge.
struct ChargeView {
    let charge: Charge

    private var fields: [(name: String, value: JSONValue)] {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return [
            ("number", text(charge.number.string)),
            ("provider_charge_id", text(charge.providerChargeIdentifier?.string)),
            ("billing_system_customer_identifier", text(charge.billingSystemCustomerIdentifier.string)),
            ("amount", .number(charge.amount.digits)),
            ("currency", text(charge.currency)),
            ("local_currency_amount", .number(charge.localCurrencyAmount.digits)),
            ("local_currency", text(charge.localCurrency)),
            ("paid_through_date", text(charge.paidThroughDate.text)),
            ("charge_status", text(charge.status.rawValue)),
            ("received_on", text(charge.receivedOn.text)),
            ("processed_on", text(charge.processedOn?.text)),
            ("taken_on", text(charge.takenOn?.text)),
            ("acknowledged_on", text(charge.acknowledgedOn?.text)),
        ]
    }

    var json: JSONValue {
        let decisions = charge.decisions.map { decision in
            JSONValue.object([
                .init("revision", .number(String(decision.revision))),
                .init("decision", .string(decision.decision.rawValue)),
                .init("decided_on", .string(decision.madeOn.text)),
                .init("made_by", .string(decision.maker == .policy ? "policy" : "operator")),
                .init("username", username(decision).map(JSONValue.string) ?? .null),
                .init("reference_number", decision.referenceNumber.map { .string($0.string) } ?? .null),
            ])
        }
        let acknowledgement = charge.acknowledgement.map { acknowledgement in
            JSONValue.object([
                .init("acknowledged_on", .string(acknowledgement.madeOn.text)),
                .init("username", acknowledgement.username.map(JSONValue.string) ?? .null),
                .init(
                    "reference_number", acknowledgement.referenceNumber.map { .string($0.string) } ?? .null),
            ])
        }
        return .object(
            fields.map { .init($0.name, $0.value) } + [
                .init("decisions", .array(decisions)), .init("acknowledgement", acknowledgement ?? .null),
            ])
    }

    var text: String {
        let rows = fields.map { name, value in
            switch value {
            case .string(let text), .number(let text): [name, text]
            default: [name, "-"]
            }
        }
        var lines = [Table(styles: [.dim, .bold], rows: rows).text, ""]
        if charge.decisions.isEmpty {
            lines.append("No decisions.")
        } else {
            let header = ["revision", "decision", "decided_on", "made_by", "reference_number"]
            let decisions = charge.decisions.map { decision in
                [
                    "\(decision.revision)", decision.decision.rawValue, decision.madeOn.text,
                    decision.maker == .policy ? "policy" : username(decision) ?? "-",
                    decision.referenceNumber?.string ?? "-",
                ]
            }
            lines.append(Table(styles: [nil, .cyan, nil, nil, .bold], rows: [header] + decisions).text)
        }
        if let acknowledgement = charge.acknowledgement {
            let header = ["acknowledged_on", "made_by", "reference_number"]
            let row = [
                acknowledgement.madeOn.text, acknowledgement.username ?? "-",
                acknowledgement.referenceNumber?.string ?? "-",
            ]
            lines += ["", Table(styles: [nil, nil, .bold], rows: [header, row]).text]
        }
        return lines.joined(separator: "\n")
    }

    private func username(_ decision: RecordedDecision) -> String? {
        if case .user(let name) = decision.maker { name } else { nil }
    }
}
