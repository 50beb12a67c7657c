import StrictJSON
import Authentication
import Charges

/// `GET netflix/charges/list`: the operator's unacknowledged charges, oldest first, page by page.
struct ChargeListController: OperatorController {
    let charges: any ChargeRepository

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let account = principal.operatorAccount
        let count = try request.requiredNumber("number_of_results", in: 1...ChargeListQuery.maximumCount)
        let filter = try Self.filter(request)
        let start = try Self.start(request, operatorCode: account.code, filter: filter)
        let fields = try ChargeField.set(try request.queryParameter("fields_set"))
        let page = try await charges.page(
            ChargeListQuery(
                operatorIdentifier: account.identifier, filter: filter, start: start, count: count,
                deadline: request.deadline))
        var response = Response(
            .written(capacity: 64 + 512 * page.charges.count) { writer in
                writer.beginObject()
                writer.name("charges_set")
                writer.beginArray()
                for charge in page.charges {
                    writer.beginObject()
                    for field in fields { field.write(charge, to: &writer) }
                    writer.endObject()
                }
                writer.endArray()
                if case .after = start {
                    writer.name("next")
                    writer.string(
                        page.next.map { ChargeCursor($0, operatorCode: account.code, filter: filter).text })
                }
                writer.endObject()
            })
        response.itemCount = page.charges.count
        return response
    }

    private static func filter(_ request: RequestContext) throws(RequestFailure) -> ChargeListFilter {
        var filter: ChargeListFilter
        switch try request.requiredParameter("charge_status") {
        case "NOT_PROCESSED": filter = ChargeListFilter(isProcessed: false)
        case "PROCESSED": filter = ChargeListFilter(isProcessed: true)
        default:
            throw RequestFailure(.invalidParameter, "charge_status must be NOT_PROCESSED or PROCESSED.")
        }
        if let decision = try request.queryParameter("decision") {
            guard let known = DecisionFilter(rawValue: decision) else {
                throw RequestFailure(.invalidParameter, "decision must be \(decisions).")
            }
            filter.decision = known
        }
        filter.customer = try request.queryParameter("billing_system_customer_identifier").map {
            ExactText($0)
        }
        return filter
    }

    /// The values of the parameter `decision`, as a sentence lists them.
    private static let decisions: String = {
        let values = DecisionFilter.allCases.map(\.rawValue)
        return values.dropLast().joined(separator: ", ") + " or " + values[values.count - 1]
    }()

    private static func start(_ request: RequestContext, operatorCode: String, filter: ChargeListFilter)
        throws(RequestFailure) -> ChargeListQuery.Start
    {
        guard let cursor = try request.queryParameter("after") else {
            return .offset(
                try request.requiredNumber(
                    "offset", in: 0...ChargeListQuery.maximumOffset,
                    hint: " Beyond that, read page by page with after."))
        }
        guard try request.queryParameter("offset") == nil else {
            throw RequestFailure(.invalidParameter, "after and offset cannot be combined; send one of them.")
        }
        if cursor.isEmpty { return .after(nil) }
        guard let place = ChargeCursor.place(in: cursor, operatorCode: operatorCode, filter: filter) else {
            throw RequestFailure(
                .invalidParameter,
                "after is not a cursor of this list; start with an empty one, and keep the same filter.")
        }
        return .after(place)
    }
}
