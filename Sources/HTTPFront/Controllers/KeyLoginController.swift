import Authentication
import Charges

/// `POST authentication/web_api_key/token`
struct KeyLoginController: Controller {
    let login: KeyLoginService

    /// RFC 7617.
    let challenge = #"Basic realm="Countersign""#

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        // Clients send nothing, or whatever their library makes of nothing.
        _ = try await call.bodyReader.read(call.request)
        let key = try BasicKey.find(headers: call.headers)
        return .object([.init("token", .string(try await login.login(key, deadline: call.deadline)))])
    }
}
