import StrictJSON
import Charges

/// The `data` of the response to a call that decides.
enum DecisionResponse {
    /// Writes the data.
    ///
    /// - Parameter tellsAll: Whether to list every item, in addition to the failed ones.
    static func data(_ items: [DecisionItem], _ outcomes: [ItemOutcome], tellsAll: Bool) -> ResponseBody {
        let hasFailures = outcomes.contains { $0.failure != nil }
        guard hasFailures || tellsAll else { return .nothing }
        var writer = JSONWriter(capacity: 256 * items.count)
        writer.beginObject()
        if hasFailures {
            writer.name("failed_charges_set")
            writer.beginArray()
            for (item, outcome) in zip(items, outcomes) {
                if let failure = outcome.failure { write(item, failure, to: &writer) }
            }
            writer.endArray()
        }
        if tellsAll {
            writer.name("results_set")
            writer.beginArray()
            for (item, outcome) in zip(items, outcomes) { write(item, outcome, to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        return .written(writer.bytes)
    }

    private static func write(_ item: DecisionItem, _ failure: ItemFailure, to writer: inout JSONWriter) {
        writer.beginObject()
        writeNames(of: item, to: &writer)
        writer.name("error_code")
        writer.string(failure.code.rawValue)
        writer.name("error_description")
        writer.string(failure.description)
        writer.endObject()
    }

    private static func write(_ item: DecisionItem, _ outcome: ItemOutcome, to writer: inout JSONWriter) {
        var made: DecisionMade?
        if case .decided(let decision) = outcome { made = decision }
        writer.beginObject()
        writeNames(of: item, to: &writer)
        writer.name("result")
        writer.string(outcome.failure?.code.rawValue ?? "OK")
        writer.name("decided_on")
        writer.string(made?.decidedOn.text)
        writer.name("revision")
        if let revision = made?.revision { writer.number(String(revision)) } else { writer.null() }
        writer.endObject()
    }

    private static func writeNames(of item: DecisionItem, to writer: inout JSONWriter) {
        writer.name("number")
        writer.string(item.number.string)
        writer.name("reference_number")
        writer.string(item.referenceNumber?.string)
    }
}

extension ItemOutcome {
    /// The failure of the item, if it failed.
    var failure: ItemFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
