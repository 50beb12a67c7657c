import Authentication
import Charges
import Scheduling
import StrictJSON

/// `GET …/statements/list`: an operator's statements, newest first, page by page.
struct StatementList: StatementCall {
    let statements: any StatementRepository

    let sendsFiles = false

    func respond(to request: RequestContext, about account: OperatorAccount, share: QueueShare)
        async throws(RequestFailure) -> Response
    {
        let count = try request.requiredNumber("number_of_results", in: 1...StatementListQuery.maximumCount)
        let page = try await statements.page(
            StatementListQuery(
                operatorIdentifier: account.identifier,
                before: try Self.start(request, operatorCode: account.code), count: count,
                deadline: request.deadline))
        let next = page.next.map { StatementCursor.text(before: $0, operatorCode: account.code) }
        var response = Response(
            .object([
                .init("statements_set", .array(page.statements.map(\.json))),
                .init("next", next.map { .string($0) } ?? .null),
            ]))
        response.itemCount = page.statements.count
        return response
    }

    private static func start(_ request: RequestContext, operatorCode: String) throws(RequestFailure) -> Int? {
        guard let cursor = try request.queryParameter("after"), !cursor.isEmpty else { return nil }
        guard let number = StatementCursor.number(in: cursor, operatorCode: operatorCode) else {
            throw RequestFailure(
                .invalidParameter, "after is not a cursor of this list; start with an empty one.")
        }
        return number
    }
}
