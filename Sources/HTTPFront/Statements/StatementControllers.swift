import Authentication
import Charges
import Scheduling
import StrictJSON

/// A call about an operator's statements, which operators and the provider have alike.
protocol StatementCall: Sendable {
    /// Whether the call transfers a file.
    var fileTransfer: FileTransfer { get }

    /// - Parameters:
    ///   - account: The operator whose statements they are.
    ///   - share: The share that the call counts against: the operator's, or the provider's.
    func respond(to request: RequestContext, about account: OperatorAccount, share: QueueShare)
        async throws(RequestFailure) -> Response
}

/// `GET netflix/statements/…`: an operator's call about its own statements.
struct OperatorStatementController<Call: StatementCall>: OperatorController {
    let call: Call

    var fileTransfer: FileTransfer { call.fileTransfer }

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let account = principal.operatorAccount
        return try await call.respond(
            to: request, about: account, share: .operator(account.identifier.value))
    }
}

/// `GET /provider/v1/statements/…`: the provider's call about the statements of an operator.
struct ProviderStatementController<Call: StatementCall>: Controller {
    let call: Call
    let operators: any OperatorRepository

    var fileTransfer: FileTransfer { call.fileTransfer }

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        let code = ExactText(try request.requiredParameter("operator"))
        guard !code.containsNul,
            let account = try await operators.account(code: code, deadline: request.deadline)
        else { throw RequestFailure(.notFound, "There is no such operator.") }
        return try await call.respond(to: request, about: account, share: .provider)
    }
}
