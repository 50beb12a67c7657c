import StrictJSON
import Authentication
import Charges

/// `GET netflix/charges/show`: one charge with all its decisions and references, acknowledged or not.
struct ChargeShowController: Controller {
    let tokens: TokenVerifier
    let charges: any ChargeRepository

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        let token = try RequestToken.find(in: call)
        let principal = try await tokens.verify(token, deadline: call.deadline)
        call.authenticate(principal.operatorAccount)
        let found = try await charges.charge(
            named: try Self.name(call), of: principal.operatorAccount.identifier, deadline: call.deadline)
        guard let found else {
            throw RequestFailure(.notFound, "The operator has no such charge.")
        }
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        writer.name("charge")
        ChargeJSON.write(found, to: &writer)
        writer.endObject()
        return .written(writer.bytes)
    }

    private static func name(_ call: RequestContext) throws(RequestFailure) -> ChargeName {
        let number = try call.queryParameter("number") ?? ""
        let reference = try call.queryParameter("reference_number") ?? ""
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
