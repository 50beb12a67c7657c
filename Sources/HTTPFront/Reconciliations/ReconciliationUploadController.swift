import Authentication
package import Charges
import HTTPTypes
import NIOCore
import Scheduling
import StrictJSON

/// `POST netflix/reconciliations/create`: takes an operator's file, which is then compared.
struct ReconciliationUploadController: OperatorController {
    let reconciliations: any ReconciliationRepository
    let transfers: TransferTurns

    let fileTransfer = FileTransfer.upload
    let minimumRole = Role.decider

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let parameters = try Self.parameters(request)
        let key = try request.idempotencyKey()
        let account = principal.operatorAccount
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }),
            declared > transfers.limits.maximumBytes
        {
            throw RequestFailure(
                .requestTooLarge, "The file must have at most \(transfers.limits.maximumBytes) bytes.")
        }
        let turn = try await transfers.turn(
            of: .operator(account.identifier.value), address: request.address,
            deadline: request.request.arrived + transfers.limits.turnTime)
        defer { turn.leave() }
        let upload = try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
            try await reconciliations.create(
                parameters, operatorIdentifier: account.identifier, username: principal.username,
                idempotencyKey: key)
        }
        return await receive(request, turn, into: upload)
    }

    /// Passes the file on as it arrives, and answers when it is stored.
    private func receive(
        _ request: RequestContext, _ turn: TransferTurn, into upload: any ReconciliationUpload
    )
        async -> Response
    {
        let body = UploadBody(request, limits: turn.limits)
        turn.onCut { body.cut() }
        var response: Response
        do throws(RequestFailure) {
            try await body.forEach { (bytes) throws(RequestFailure) in
                try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
                    try await upload.take(bytes)
                }
            }
            let stored = try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
                try await upload.finish()
            }
            response = Response(.object([.init("reconciliation", stored.json)]))
            response.ownStatus = .accepted
        } catch {
            await upload.abandon()
            response = Response(error)
        }
        response.transfer = body.end(hasFailed: response.failure != nil)
        return response
    }

    private static func parameters(_ request: RequestContext) throws(RequestFailure)
        -> ReconciliationParameters
    {
        let format = try request.queryParameter("format") ?? ReconciliationParameters.Format.csv.rawValue
        guard let format = ReconciliationParameters.Format(rawValue: format) else {
            throw RequestFailure(.invalidParameter, "format must be csv or ndjson.")
        }
        let decision = try request.queryParameter("decision") ?? ReconciledDecision.accepted.rawValue
        guard let decision = ReconciledDecision(rawValue: decision) else {
            throw RequestFailure(.invalidParameter, "decision must be ACCEPTED, DECLINED or ANY.")
        }
        let name = try request.queryParameter("name")
        guard name.map(ReconciliationParameters.isName) ?? true else {
            throw RequestFailure(
                .invalidParameter,
                "name must have at most \(ReconciliationParameters.maximumNameScalars) characters.")
        }
        return ReconciliationParameters(
            format: format, from: try date("from", request), to: try date("to", request), decision: decision,
            name: name)
    }

    private static func date(_ name: String, _ request: RequestContext) throws(RequestFailure) -> Timestamp {
        let text = try request.requiredParameter(name)
        guard let date = ReconciliationParameters.date(text) else {
            throw RequestFailure(.invalidParameter, "\(name) must be a date, YYYY-MM-DD.")
        }
        return date
    }
}

extension ReconciliationParameters {
    /// Whether a text can be the name of a reconciliation.
    package static func isName(_ text: String) -> Bool {
        text.unicodeScalars.count <= maximumNameScalars && !ExactText(text).containsNul
    }

    /// A date, YYYY-MM-DD; `nil` for any other text.
    package static func date(_ text: String) -> Timestamp? {
        text.utf8.count == 10 ? Timestamp(text) : nil
    }
}
