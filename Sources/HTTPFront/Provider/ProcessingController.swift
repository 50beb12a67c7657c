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
    let repository: any ProviderRepository

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        let items = try ProviderItems.read(
            try await request.json(), setName: shape.setName
        ) { value, path throws(RequestFailure) in
            try item(value, at: path)
        }
        return await .counting(items: items.count) { () throws(RequestFailure) in
            let call = ProcessingCall(action: shape.action, items: items, deadline: request.deadline)
            let failures = try await withDeadline(request.deadline) {
                [repository] () throws(RequestFailure) in
                try await repository.process(call)
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
            return Response(.object(failed.isEmpty ? [] : [.init(shape.failedSetName, .array(failed))]))
                .failing(failures.lazy.compactMap(\.?.code.rawValue))
        }
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
