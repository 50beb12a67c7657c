import StrictJSON
import Authentication
import Charges
import NIOCore

/// `POST authentication/token`: a login with a password.
struct LoginController: Controller {
    let login: LoginService

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        // The address is read first, since a closed connection has none.
        let address = call.address
        let body = try await call.json()
        try body.requireObject()
        let username = try body.requiredString("username")
        let password = try body.requiredString("password")
        let organisation = try body.requiredString("organisation")
        let token = try await login.login(
            organisation: organisation, username: username, password: password, unit: Self.unit(body),
            address: address, deadline: call.deadline)
        call.operatorCode = organisation
        return .object([.init("token", .string(token))])
    }

    /// The unit for the token. It has no meaning, so one that is not a string or is too long is ignored.
    private static func unit(_ body: JSONValue) -> String? {
        guard case .string(let unit)? = body["unit"], (1...64).contains(unit.unicodeScalars.count) else {
            return nil
        }
        return unit
    }
}

/// `POST authentication/web_api_key/token`: a login with a web API key.
struct APIKeyLoginController: Controller {
    let login: APIKeyLogin

    /// The challenge of RFC 7617.
    let challenge = #"Basic realm="Countersign""#

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        // The body is ignored: clients send none, or their library's form of an empty one.
        _ = try await call.bodyReader.read(call.request)
        let key = try BasicCredentials.find(headers: call.headers)
        return .object([.init("token", .string(try await login.login(key, deadline: call.deadline)))])
    }
}

/// `POST authentication/token/release`: revokes the call's own token.
struct TokenReleaseController: Controller {
    let tokens: TokenVerifier
    let tokenRevocations: TokenRevocations

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        let body = try await call.bodyReader.read(call.request)
        // A token in the header needs no body.
        let json = body.readableBytes == 0 ? JSONValue.object([]) : try body.json()
        let token = try RequestToken.find(headers: call.headers, body: JSONField(json["token"]))
        let principal = try await tokens.verify(token, deadline: call.deadline)
        call.authenticate(principal.operatorAccount)
        try json.requireObject()
        try await withDeadline(call.deadline) {
            [tokenRevocations, deadline = call.deadline] () throws(RequestFailure) in
            try await tokenRevocations.revoke(principal, deadline: deadline)
        }
        return .object([])
    }
}
