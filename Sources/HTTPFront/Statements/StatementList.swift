import Authentication
import Charges
import Scheduling
import StrictJSON

/// `GET …/statements/list`: an operator's statements, newest first, page by page.
struct StatementList: StatementCall {
    let statements: any StatementRepository

    let fileTransfer = FileTransfer.none

    func respond(to request: RequestContext, about account: OperatorAccount, share: QueueShare)
        async throws(RequestFailure) -> Response
    {
        let count = try request.requiredNumber("number_of_results", in: 1...StatementListQuery.maximumCount)
        let page = try await statements.page(
            StatementListQuery(
                operatorIdentifier: account.identifier,
                before: try request.number(after: "statements", operatorCode: account.code).map(
                    Int.init(clamping:)),
                count: count,
                deadline: request.deadline))
        let next = page.next.map {
            NumberCursor.text(Int64($0), of: "statements", operatorCode: account.code)
        }
        var response = Response(
            .object([
                .init("statements_set", .array(page.statements.map(\.json))),
                .init("next", .string(orNull: next)),
            ]))
        response.itemCount = page.statements.count
        return response
    }
}
