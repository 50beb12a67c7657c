import FaultJournal
import StrictJSON

/// The reader of what an answer that was OK says.
enum AnswerReader {
    static func data(_ data: JSONValue, of call: Call) -> AnswerData {
        switch call.kind {
        case .accept, .decline, .acknowledge:
            if let results = data["results_set"]?.elements {
                return .results(
                    results.map { result in
                        ItemResult(
                            result["number"]?.string ?? "", result["result"]?.string ?? "",
                            reference: result["reference_number"]?.string,
                            revision: result["revision"]?.integer)
                    })
            }
            return .failures(failures(data["failed_charges_set"], name: "number"))
        case .take, .release: return .failures(failures(data["failed_charges_set"], name: "number"))
        case .outcomes: return .failures(failures(data["failed_outcomes_set"], name: "number"))
        case .ingest:
            let ingested = (data["charges"]?.elements ?? []).map { charge in
                ItemResult(
                    charge["provider_charge_id"]?.string ?? "",
                    charge["created"] == .boolean(true) ? "CREATED" : "KNOWN",
                    operatorCode: charge["operator"]?.string, value: charge["number"]?.string)
            }
            return .results(ingested + failures(data["failed_charges_set"], name: "provider_charge_id"))
        case .list:
            return .charges(
                (data["charges_set"]?.elements ?? []).map { row($0, operatorCode: call.operatorCode ?? "") })
        case .show:
            guard let charge = data["charge"] else { return .nothing }
            return shown(charge, operatorCode: call.operatorCode ?? "")
        case .feed:
            return .feed(feedRows(data))
        default: return .nothing
        }
    }

    /// The data of an envelope.
    static func envelopeData(_ body: [UInt8]) -> JSONValue? { (try? JSONReader.read(body))?["data"] }

    /// The rows of a page of the feed.
    static func feedRows(_ data: JSONValue) -> [FeedRow] {
        (data["decisions"]?.elements ?? []).map { row in
            FeedRow(
                row["position"]?.integer ?? 0, row["operator"]?.string ?? "", row["number"]?.string ?? "",
                row["decision"]?.string ?? "", row["revision"]?.integer ?? 0)
        }
    }

    private static func failures(_ set: JSONValue?, name: String) -> [ItemResult] {
        (set?.elements ?? []).map { failure in
            ItemResult(
                failure[name]?.string ?? "", failure["error_code"]?.string ?? "",
                operatorCode: failure["operator"]?.string, reference: failure["reference_number"]?.string)
        }
    }

    private static func row(_ charge: JSONValue, operatorCode: String) -> ChargeRow {
        ChargeRow(
            operatorCode, charge["number"]?.string ?? "",
            customer: charge["billing_system_customer_identifier"]?.string,
            status: charge["charge_status"]?.string ?? "", decision: charge["decision"]?.string ?? "NONE",
            reference: charge["decision_reference_number"]?.string)
    }

    private static func shown(_ charge: JSONValue, operatorCode: String) -> AnswerData {
        var row = row(charge, operatorCode: operatorCode)
        var history = (charge["decisions_set"]?.elements ?? []).map { decision in
            HistoryRow(
                decision["revision"]?.integer ?? 0, decision["decision"]?.string ?? "",
                reference: decision["reference_number"]?.string, madeBy: decision["made_by"]?.string ?? "")
        }
        row.revision = history.last?.revision ?? 0
        row.isAcknowledged = charge["acknowledged_on"] != nil
        if let acknowledgement = charge["acknowledgement"] {
            history.append(
                HistoryRow(0, "ACKNOWLEDGED", reference: acknowledgement["reference_number"]?.string))
        }
        return .charge(
            row, history: history,
            references: (charge["reference_numbers"]?.elements ?? []).compactMap(\.string))
    }
}

extension JSONValue {
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
    var integer: Int? {
        if case .number(let digits) = self { Int(digits) } else { nil }
    }
    var elements: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }
    static func number(_ value: Int?) -> JSONValue? { value.map { .number(String($0)) } }
    static func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
}
