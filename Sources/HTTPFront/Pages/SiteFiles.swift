package import Authentication
package import Charges
import Scheduling

/// The downloads of a site: the same files as the API's, in the same turns.
package struct SiteFiles: Sendable {
    private let statements: StatementDownload
    private let differences: ReconciliationDifferencesController

    package init(
        statements: any StatementRepository, reconciliations: any ReconciliationRepository,
        transfers: TransferTurns
    ) {
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

    /// The file of the differences of the reconciliation that the query names.
    package func differences(_ request: SiteRequest, of principal: Principal) async throws(RequestFailure)
        -> SiteResponse
    {
        SiteResponse(
            passing: try await differences.respond(
                to: request.context, TokenQuery(token: .absent), from: principal))
    }
}
