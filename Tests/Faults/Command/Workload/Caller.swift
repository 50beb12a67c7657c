import FaultJournal
import StrictJSON

/// Where a call goes.
enum Target: Sendable {
    /// The balancer, past the proxy for calls.
    case balancer
    case node(String)

    var name: String {
        switch self {
        case .balancer: "balancer"
        case .node(let name): name
        }
    }
}

/// Makes calls, and records each before it is sent and after its answer.
struct Caller: Sendable {
    let cluster: Cluster
    let journal: JournalWriter
    let meter: RateMeter
    /// The operator whose calls do not count for the rate, since it is suspended at times.
    let unsteadyOperator: String?
    /// A client waits longer than the service takes.
    private static let timeout = Duration.seconds(20)

    /// What a call is made of, besides what the journal has of it.
    struct Request {
        var method = "POST"
        var path: String
        var bearer: String?
        var body = ""
    }

    /// Makes a call.
    ///
    /// - Returns: The answer as it was recorded, and its envelope if there is one.
    @discardableResult
    func make(_ call: Call, _ request: Request, to target: Target) throws -> (
        answer: Answer, envelope: JSONValue?
    ) {
        let isProviders = request.path.hasPrefix("/provider/")
        let port =
            switch target {
            case .balancer: cluster.proxiedPort(provider: isProviders)
            case .node(let name): cluster.nodePort(name, isInternal: isProviders)
            }
        let id = try journal.sending(call)
        var headers = [("X-Request-Id", "\(id)"), ("Content-Type", "application/json")]
        if let key = call.idempotencyKey { headers.append(("Idempotency-Key", key)) }
        let bytes = HTTPClient.request(
            request.method, request.path, bearer: request.bearer, headers: headers, body: request.body)
        var answer: Answer
        var envelope: JSONValue?
        switch HTTPClient.call(bytes, port: port, timeout: Self.timeout) {
        case .notSent: answer = Answer(.refused)
        case .noResponse(let reason): answer = Answer(reason.hasPrefix("no response") ? .timedOut : .broken)
        case .response(let status, let body):
            envelope = try? JSONReader.read(body)
            answer = Answer(.http(status), code: envelope?["status"]?["code"]?.string)
            if answer.code == "OK", let data = envelope?["data"] {
                answer.data = AnswerReader.data(data, of: call)
            }
        }
        // The label of a token belongs to the suite; the login's call sets it.
        if call.kind == .login, answer.code == "OK" { answer.data = .token(call.query ?? "") }
        try journal.answered(id, answer)
        meter.count(
            Self.outcome(answer), isSteady: call.operatorCode == nil || call.operatorCode != unsteadyOperator)
        return (answer, envelope)
    }

    private static func outcome(_ answer: Answer) -> RateMeter.Outcome {
        switch answer.meaning {
        case .ok: .ok
        case .notApplied: .failed
        case .unknown: .unknown
        }
    }
}

extension Answer {
    /// What an answer means by the contract.
    enum Meaning { case ok, notApplied, unknown }

    var meaning: Meaning {
        switch (transport, code) {
        case (.http, "OK"?): .ok
        case (.http, "SERVICE_UNAVAILABLE"?), (.refused, _): .notApplied
        case (.http, "OUTCOME_UNKNOWN"?): .unknown
        case (.http(400..<500), .some): .notApplied
        default: .unknown
        }
    }
}
