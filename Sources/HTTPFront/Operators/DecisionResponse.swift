import StrictJSON
import Charges

/// The `data` of the response to a call that decides, or to its dry run.
enum DecisionResponse {
    /// The data.
    ///
    /// - Parameter tellsAll: Whether to list every item, in addition to the failed ones.
    static func data(_ items: [DecisionItem], _ outcomes: [some ItemResult], tellsAll: Bool) -> ResponseBody {
        let hasFailures = outcomes.contains { $0.failure != nil }
        guard hasFailures || tellsAll else { return .nothing }
        return .written(capacity: 256 * items.count) { writer in
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
        }
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

    private static func write(_ item: DecisionItem, _ outcome: some ItemResult, to writer: inout JSONWriter) {
        writer.beginObject()
        writeNames(of: item, to: &writer)
        writer.name("result")
        writer.string(outcome.failure?.code.rawValue ?? "OK")
        writer.name("decided_on")
        writer.string(outcome.decidedOn?.text)
        writer.name("revision")
        if let revision = outcome.revision { writer.number(String(revision)) } else { writer.null() }
        writer.endObject()
    }

    private static func writeNames(of item: DecisionItem, to writer: inout JSONWriter) {
        writer.name("number")
        writer.string(item.number.string)
        writer.name("reference_number")
        writer.string(item.referenceNumber?.string)
    }
}

/// The result of one item, as `results_set` lists it.
protocol ItemResult: Sendable {
    /// The failure of the item, if it failed.
    var failure: ItemFailure? { get }
    /// The time of the decision or acknowledgement that is in force.
    var decidedOn: Timestamp? { get }
    /// The number of the item's decision among those of its charge.
    var revision: Int? { get }
}

extension ItemOutcome: ItemResult {
    var failure: ItemFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    var decidedOn: Timestamp? { made?.decidedOn }
    var revision: Int? { made?.revision }

    private var made: DecisionMade? {
        if case .decided(let made) = self { made } else { nil }
    }
}

extension DryRunOutcome: ItemResult {
    var failure: ItemFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    var decidedOn: Timestamp? {
        if case .repeated(let made) = self { made.decidedOn } else { nil }
    }

    var revision: Int? {
        switch self {
        case .decidable(let revision): revision
        case .repeated(let made): made.revision
        case .failed: nil
        }
    }
}
