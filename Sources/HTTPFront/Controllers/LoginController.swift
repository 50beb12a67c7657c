import Authentication
import Charges

/// `POST authentication/token`
struct LoginController: Controller {
    let login: LoginService

    func answer(_ call: inout Call) async throws(RequestFailure) -> JSONValue {
        let body = try await call.json()
        try body.requireObject()
        let username = try body.requiredText("username")
        let password = try body.requiredText("password")
        let organisation = try body.requiredText("organisation")
        let unit = try body.optionalText("unit")
        let token = try await login.login(
            organisation: organisation, username: username, password: password, unit: unit,
            address: call.address, deadline: call.deadline)
        call.operatorCode = organisation
        return .object([.init("token", .string(token))])
    }
}
