import Authentication
import Charges
import StrictJSON

/// `GET netflix/reconciliations/list`: the operator's reconciliations, newest first.
struct ReconciliationListController: OperatorController {
    let reconciliations: any ReconciliationRepository

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let account = principal.operatorAccount
        let count = try request.pageLength()
        let before = try request.number(after: "reconciliations", operatorCode: account.code)
        let found = try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
            try await reconciliations.list(
                operatorIdentifier: account.identifier, before: before.map(Int.init(clamping:)),
                count: count + 1,
                deadline: request.deadline)
        }
        let page = found.prefix(count)
        let next = (found.count > count ? page.last : nil).map {
            NumberCursor.text(Int64($0.number), of: "reconciliations", operatorCode: account.code)
        }
        var response = Response(
            .object([
                .init("reconciliations_set", .array(page.map(\.json))),
                .init("next", .string(orNull: next)),
            ]))
        response.itemCount = page.count
        return response
    }
}

/// `GET netflix/reconciliations/show`: one reconciliation with its totals.
struct ReconciliationShowController: OperatorController {
    let reconciliations: any ReconciliationRepository

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let number = try request.reconciliationNumber()
        let found = try await ReconciliationFailure.mapping(number: number) {
            () throws(ReconciliationFailure) in
            try await reconciliations.show(
                operatorIdentifier: principal.operatorAccount.identifier, number: number,
                deadline: request.deadline)
        }
        guard let found else {
            throw ReconciliationFailure.noSuchReconciliation.requestFailure(number: number)
        }
        return Response(
            .object([.init("reconciliation", found.reconciliation.json(totals: found.totals))]))
    }
}

/// `POST netflix/reconciliations/close`: closes differences with a reason each, all or none.
struct ReconciliationCloseController: OperatorController {
    let reconciliations: any ReconciliationRepository
    let minimumRole = Role.decider

    struct Body: TokenBody {
        let json: JSONValue
        var token: JSONField { JSONField(json["token"]) }
    }

    func body(of request: RequestContext) async throws(RequestFailure) -> Body {
        Body(json: try await request.json())
    }

    func respond(to request: RequestContext, _ body: Body, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        try body.json.requireObject()
        let number = try body.json.requiredInteger("number", at: "", in: 1...Int64(Int32.max))
        let closings = try Self.closings(body.json)
        return await .counting(items: closings.count) { () throws(RequestFailure) in
            let closed = try await withDeadline(request.deadline) {
                [reconciliations] () throws(RequestFailure) in
                try await ReconciliationFailure.mapping(number: Int(number)) {
                    () throws(ReconciliationFailure) in
                    try await reconciliations.close(
                        closings, operatorIdentifier: principal.operatorAccount.identifier,
                        number: Int(number), username: principal.username, deadline: request.deadline)
                }
            }
            return Response(.object([.init("closed_set", .array(closed.map(\.json)))]))
        }
    }

    private static func closings(_ body: JSONValue) throws(RequestFailure) -> [(
        difference: Int64, reason: String
    )] {
        let name = "differences"
        guard let set = body[name] else { throw RequestFailure(.missingParameter, "\(name) is missing.") }
        guard case .array(let values) = set else {
            throw RequestFailure(.invalidParameter, "\(name) must be an array.")
        }
        guard (1...ReconciliationClosing.maximumCount).contains(values.count) else {
            throw RequestFailure(
                .invalidParameter, "\(name) must have 1 to \(ReconciliationClosing.maximumCount) items.")
        }
        var closings: [(difference: Int64, reason: String)] = []
        for (place, value) in values.enumerated() {
            let path = "\(name)[\(place)]"
            guard case .object = value else {
                throw RequestFailure(.invalidParameter, "\(path) must be an object.")
            }
            let reason = try value.requiredString("reason", at: path)
            guard reason.unicodeScalars.count <= ReconciliationClosing.maximumReasonScalars,
                !ExactText(reason).containsNul
            else {
                throw RequestFailure(
                    .invalidParameter,
                    "\(path).reason must have at most \(ReconciliationClosing.maximumReasonScalars) characters."
                )
            }
            closings.append((try value.requiredInteger("id", at: path, in: 1...Int64.max), reason))
        }
        return closings
    }
}

extension JSONValue {
    /// A mandatory member that is a whole number.
    fileprivate func requiredInteger(_ name: String, at path: String, in range: ClosedRange<Int64>)
        throws(RequestFailure) -> Int64
    {
        let place = path.isEmpty ? name : "\(path).\(name)"
        guard let value = self[name] else { throw RequestFailure(.missingParameter, "\(place) is missing.") }
        guard case .number(let digits) = value, let number = Int64(digits), range.contains(number) else {
            throw RequestFailure(
                .invalidParameter, "\(place) must be a whole number of at least \(range.lowerBound).")
        }
        return number
    }
}

extension RequestContext {
    /// The mandatory number of a reconciliation.
    func reconciliationNumber() throws(RequestFailure) -> Int {
        try requiredNumber("number", in: 1...Int(Int32.max))
    }

    /// The length of a page of a list: 50 unless the query says otherwise.
    func pageLength() throws(RequestFailure) -> Int {
        guard try queryParameter("number_of_results") != nil else { return 50 }
        return try requiredNumber("number_of_results", in: 1...50)
    }

    /// The number in the cursor of a list; `nil` for the first page.
    func number(after list: String, operatorCode: String) throws(RequestFailure) -> Int64? {
        guard let cursor = try queryParameter("after"), !cursor.isEmpty else { return nil }
        guard let number = NumberCursor.number(in: cursor, of: list, operatorCode: operatorCode) else {
            throw RequestFailure(
                .invalidParameter, "after is not a cursor of this list; start with an empty one.")
        }
        return number
    }
}
