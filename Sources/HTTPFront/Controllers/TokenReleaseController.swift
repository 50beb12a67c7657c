import Authentication
import Charges
import NIOCore

/// `POST authentication/token/release`: ends the call's own token.
struct TokenReleaseController: Controller {
    let tokens: TokenVerifier
    let ends: TokenEnds

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        let body = try await call.bodyReader.read(call.request)
        // A token in the header needs no body.
        let json = body.readableBytes == 0 ? JSONValue.object([]) : try body.json()
        let token = try RequestToken.find(headers: call.headers, body: JSONField(json["token"]))
        let caller = try await tokens.verify(token, deadline: call.deadline)
        call.recognise(caller.operatorAccount)
        try json.requireObject()
        try await AnswerInTime.run(call) {
            [ends, deadline = call.deadline] () throws(RequestFailure) in
            try await ends.end(caller, deadline: deadline)
        }
        return .object([])
    }
}
