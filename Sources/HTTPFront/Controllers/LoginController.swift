import Authentication
import Charges

/// `POST authentication/token`
struct LoginController: Controller {
    let login: LoginService

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        // Asked for first: a connection that has been closed has none any more.
        let address = call.address
        let body = try await call.json()
        try body.requireObject()
        let username = try body.requiredText("username")
        let password = try body.requiredText("password")
        let organisation = try body.requiredText("organisation")
        let token = try await login.login(
            organisation: organisation, username: username, password: password, unit: Self.unit(body),
            address: address, deadline: call.deadline)
        call.operatorCode = organisation
        return .object([.init("token", .string(token))])
    }

    /// The unit means nothing, so no login is refused for one that is no text or too long to go into a token.
    private static func unit(_ body: JSONValue) -> String? {
        guard case .string(let unit)? = body["unit"], (1...64).contains(unit.unicodeScalars.count) else {
            return nil
        }
        return unit
    }
}
