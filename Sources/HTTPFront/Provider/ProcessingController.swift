import StrictJSON
import Charges

/// The differences between the calls that take, release and process charges.
struct ProcessingShape: Sendable {
    let action: ProcessingCall.Action
    /// The field of the body that holds the items. `failedSetName` is the one of the response.
    let setName: String
    let failedSetName: String

    static let take = ProcessingShape(
        action: .take, setName: "charges", failedSetName: "failed_charges_set")
    static let release = ProcessingShape(
        action: .release, setName: "charges", failedSetName: "failed_charges_set")
    static let outcomes = ProcessingShape(
        action: .outcome, setName: "outcomes", failedSetName: "failed_outcomes_set")
}

/// `POST charges/take`, `charges/release` and `charges/outcomes`: process up to 1000 charges, each of which succeeds or
/// fails alone.
struct ProcessingController: Controller {
    let shape: ProcessingShape
    let dependencies: ProviderDependencies

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        try await dependencies.requireKey(call)
        let items = try ProviderItems.read(
            try await call.json(), setName: shape.setName
        ) { value, path throws(RequestFailure) in
            try item(value, at: path)
        }
        call.itemCount = items.count
        let processingCall = ProcessingCall(action: shape.action, items: items, deadline: call.deadline)
        let failures = try await withDeadline(call.deadline) {
            [dependencies] () throws(RequestFailure) in
            try await dependencies.repository.process(processingCall)
        }
        let failed = zip(items, failures).compactMap { item, failure in
            failure.map {
                JSONValue.object(
                    [
                        .init("operator", .string(item.operatorCode.string)),
                        .init("number", .string(item.number.string)),
                    ] + $0.members)
            }
        }
        call.failedCodes = [:]
        for failure in failures.lazy.compactMap(\.self) { call.itemFailed(failure.code.rawValue) }
        return .object(failed.isEmpty ? [] : [.init(shape.failedSetName, .array(failed))])
    }

    private func item(_ value: JSONValue, at path: String) throws(RequestFailure) -> ProcessingCall.Item {
        var item = ProcessingCall.Item(
            operatorCode: ExactText(try value.requiredString("operator", at: path)),
            number: ExactText(try value.requiredString("number", at: path)))
        if shape.action == .outcome {
            item.outcome = try value.requiredString("outcome", at: path)
        } else if value["revision"] == nil {
            throw RequestFailure(.missingParameter, "\(path).revision is missing.")
        }
        item.revision = try value.revision(at: path)
        return item
    }
}
