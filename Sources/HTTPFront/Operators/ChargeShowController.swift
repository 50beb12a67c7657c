import StrictJSON
import Authentication
import Charges

/// `GET netflix/charges/show`: one charge with all its decisions and references, acknowledged or not.
struct ChargeShowController: OperatorController {
    let charges: any ChargeRepository

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let found = try await charges.charge(
            named: try Self.name(request), of: principal.operatorAccount.identifier,
            deadline: request.deadline)
        guard let found else {
            throw RequestFailure(.notFound, "The operator has no such charge.")
        }
        return Response(
            .written(capacity: 2048) { writer in
                writer.beginObject()
                writer.name("charge")
                ChargeJSON.write(found, to: &writer)
                writer.endObject()
            })
    }

    private static func name(_ request: RequestContext) throws(RequestFailure) -> ChargeName {
        let number = try request.queryParameter("number") ?? ""
        let reference = try request.queryParameter("reference_number") ?? ""
        switch (number.isEmpty, reference.isEmpty) {
        case (false, true): return .number(ExactText(number))
        case (true, false): return .referenceNumber(ExactText(reference))
        case (true, true):
            throw RequestFailure(
                .missingParameter, "number and reference_number are both missing or empty; send one of them.")
        case (false, false):
            throw RequestFailure(
                .invalidParameter, "number and reference_number cannot be combined; send one of them.")
        }
    }
}
