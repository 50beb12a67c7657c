import StrictJSON
import Authentication
import Charges

/// `GET netflix/charges/list`: the operator's unacknowledged charges, oldest first, page by page.
struct ChargeListController: Controller {
    let tokens: TokenVerifier
    let charges: any ChargeRepository

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        let token = try RequestToken.find(in: call)
        let principal = try await tokens.verify(token, deadline: call.deadline)
        let account = principal.operatorAccount
        call.authenticate(account)
        let count = try call.requiredNumber("number_of_results", in: 1...ChargeListQuery.maximumCount)
        let filter = try Self.filter(call)
        let start = try Self.start(call, operatorCode: account.code, filter: filter)
        let fields = try ChargeField.set(try call.queryParameter("fields_set"))
        let page = try await charges.page(
            ChargeListQuery(
                operatorIdentifier: account.identifier, filter: filter, start: start, count: count,
                deadline: call.deadline))
        call.itemCount = page.charges.count
        var writer = JSONWriter(capacity: 64 + 512 * page.charges.count)
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
        return .written(writer.bytes)
    }

    private static func filter(_ call: RequestContext) throws(RequestFailure) -> ChargeListFilter {
        var filter: ChargeListFilter
        switch try call.requiredParameter("charge_status") {
        case "NOT_PROCESSED": filter = ChargeListFilter(isProcessed: false)
        case "PROCESSED": filter = ChargeListFilter(isProcessed: true)
        default:
            throw RequestFailure(.invalidParameter, "charge_status must be NOT_PROCESSED or PROCESSED.")
        }
        if let decision = try call.queryParameter("decision") {
            guard let known = ChargeListFilter.CurrentDecision(rawValue: decision) else {
                throw RequestFailure(.invalidParameter, "decision must be NONE, ACCEPTED or DECLINED.")
            }
            filter.decision = known
        }
        return filter
    }

    private static func start(_ call: RequestContext, operatorCode: String, filter: ChargeListFilter)
        throws(RequestFailure) -> ChargeListQuery.Start
    {
        guard let cursor = try call.queryParameter("after") else {
            return .offset(try call.requiredNumber("offset", in: 0...1_000_000_000))
        }
        guard try call.queryParameter("offset") == nil else {
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
