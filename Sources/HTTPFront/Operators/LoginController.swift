import StrictJSON
import Authentication
import Charges
import NIOCore

/// `POST authentication/token`: a login with a password.
struct LoginController: Controller {
    let login: LoginService

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        // The address is read first, since a closed connection has none.
        let address = request.address
        let body = try await request.json()
        try body.requireObject()
        let username = try body.requiredString("username")
        let password = try body.requiredString("password")
        let organisation = try body.requiredString("organisation")
        var response = response(
            to: try await login.login(
                organisation: organisation, username: username, password: password, unit: Self.unit(body),
                address: address, deadline: request.deadline))
        response.operatorCode = organisation
        return response
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

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        // The body is ignored: clients send none, or their library's form of an empty one.
        _ = try await request.body()
        let key = try BasicCredentials.find(headers: request.headers)
        return response(to: try await login.login(key, deadline: request.deadline))
    }
}

/// The response to a login.
private func response(to result: AuthenticationResult<String>) -> Response {
    switch result {
    case .success(let token): Response(.object([.init("token", .string(token))]))
    case .suspended(let account): Response(.operatorSuspended).of(account)
    }
}

/// `POST authentication/token/release`: revokes the call's own token.
struct TokenReleaseController: OperatorController {
    let tokenRevocations: TokenRevocations

    /// The body of a release.
    struct Body: TokenBody {
        let json: JSONValue

        var token: JSONField { JSONField(json["token"]) }
    }

    func body(of request: RequestContext) async throws(RequestFailure) -> Body {
        let body = try await request.body()
        // A token in the header needs no body.
        return Body(json: body.readableBytes == 0 ? .object([]) : try body.json())
    }

    func respond(to request: RequestContext, _ body: Body, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        try body.json.requireObject()
        try await withDeadline(request.deadline) {
            [tokenRevocations, deadline = request.deadline] () throws(RequestFailure) in
            try await tokenRevocations.revoke(principal, deadline: deadline)
        }
        return Response(.nothing)
    }
}
