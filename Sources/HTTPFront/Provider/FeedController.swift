import StrictJSON
import Charges

/// `GET charges/decisions`: a page of the feed.
struct FeedController: Controller {
    let repository: any ProviderRepository

    /// The maximum number of decisions in one page, which is also the default.
    private static let maximumDecisions = 1000

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        let page = try await repository.decisions(
            try Self.start(request), limit: try Self.limit(request), deadline: request.deadline)
        var response = Response(
            .object([
                .init("decisions", .array(page.decisions.map(Self.decision))),
                .init("next", .string(page.next.text)),
            ]))
        response.itemCount = page.decisions.count
        return response
    }

    private static func start(_ request: RequestContext) throws(RequestFailure) -> FeedStart {
        let after = try request.queryParameter("after")
        switch (after, try request.queryParameter("since")) {
        case (nil, nil), ("", nil):
            return .beginning
        case (let after?, nil):
            guard let cursor = FeedCursor(after) else {
                throw RequestFailure(.invalidParameter, "after must be the next of an earlier response.")
            }
            return .after(cursor)
        case (nil, let since?):
            guard let time = Timestamp(since) else {
                throw RequestFailure(
                    .invalidParameter, "since must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, UTC, without a zone."
                )
            }
            return .since(time)
        default:
            throw RequestFailure(.invalidParameter, "after and since cannot be combined; send one of them.")
        }
    }

    private static func limit(_ request: RequestContext) throws(RequestFailure) -> Int {
        guard try request.queryParameter("limit") != nil else { return maximumDecisions }
        return try request.requiredNumber("limit", in: 1...maximumDecisions)
    }

    private static func decision(_ decision: PublishedDecision) -> JSONValue {
        .object([
            .init("position", .number(String(decision.position))),
            .init("operator", .string(decision.operatorCode)),
            .init("number", .string(decision.number.string)),
            .init(
                "provider_charge_id",
                decision.providerChargeIdentifier.map { .string($0.string) } ?? .null),
            .init("decision", .string(decision.decision.rawValue)),
            .init("revision", .number(String(decision.revision))),
            .init("made_by", .string(decision.isByPolicy ? "policy" : "operator")),
            .init("decided_on", .string(decision.decidedOn.text)),
        ])
    }
}
