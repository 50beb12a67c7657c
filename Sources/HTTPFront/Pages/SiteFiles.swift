package import Authentication
package import Charges
import HTTPTypes
import Scheduling

/// The downloads of a site: the same files as the API's, in the same turns.
package struct SiteFiles: Sendable {
    private let statements: StatementDownload
    private let differences: ReconciliationDifferencesController
    private let transfers: TransferTurns

    package init(
        statements: any StatementRepository, reconciliations: any ReconciliationRepository,
        transfers: TransferTurns
    ) {
        self.transfers = transfers
        self.statements = StatementDownload(statements: statements, transfers: transfers)
        differences = ReconciliationDifferencesController(
            reconciliations: reconciliations, transfers: transfers)
    }

    /// The file of the statement that the query names.
    package func statement(_ request: SiteRequest, of account: OperatorAccount) async throws(RequestFailure)
        -> SiteResponse
    {
        SiteResponse(
            passing: try await statements.respond(
                to: request.context, about: account, share: .operator(account.identifier.value)))
    }

    /// The fields of a form with a file, once the upload has its turn.
    ///
    /// - Parameter maximumBytes: The most bytes of the form.
    /// - Throws: `requestTooLarge`, `requestTimeout`, `rateLimited`, `serviceUnavailable`, `invalidParameter`.
    package func form(_ request: SiteRequest, of account: OperatorAccount, maximumBytes: Int)
        async throws(RequestFailure) -> FormFields
    {
        let turn = try await transfers.turn(
            of: .operator(account.identifier.value), address: request.address,
            deadline: request.context.request.arrived + transfers.limits.turnTime)
        defer { turn.leave() }
        let upload = UploadBody(request.context, limits: turn.limits)
        turn.onCut { upload.cut() }
        var body: [UInt8] = []
        try await upload.forEach { (bytes) throws(RequestFailure) in
            guard body.count + bytes.count <= maximumBytes else {
                throw RequestFailure(
                    .requestTooLarge, "The file must have at most \(maximumBytes / 1_048_576) MB.")
            }
            body += bytes
        }
        return try MultipartForm.read(body, type: request.headers[.contentType] ?? "")
    }

    /// The file of the differences of the reconciliation that the query names.
    package func differences(_ request: SiteRequest, of principal: Principal) async throws(RequestFailure)
        -> SiteResponse
    {
        SiteResponse(
            passing: try await differences.respond(
                to: request.context, TokenQuery(token: .absent), from: principal))
    }
}
