import StrictJSON
import Charges
import HTTPTypes

/// One request on its way through a controller, and what the log will say of it.
struct RequestContext: Sendable {
    let request: IncomingRequest
    /// The query's parameters, decoded; a name that stands twice is refused when it is asked for.
    let query: [(name: String, value: String)]
    /// Where the connection comes from, and whose word is taken for where the request comes from.
    let peer: Peer
    let trustedProxies: TrustedProxies
    /// When it must have its answer.
    let deadline: ContinuousClock.Instant
    let bodyReader: BodyReader
    /// The operator, once the token is checked.
    var operatorCode: String?
    /// What the operator wants of HTTP statuses, once it is known and if it wants something.
    var errorStatusPolicy: ErrorStatusPolicy?
    /// The answer, if it is no envelope.
    var page: RawResponse?
    /// How many items it has.
    var itemCount: Int?
    /// How many of them failed, by their codes; `nil` for a call whose items cannot fail.
    var failedCodes: [String: Int]?

    var headers: HTTPFields { request.headers }

    /// Where it comes from.
    var address: String { trustedProxies.client(peer: peer.address, headers) }

    /// Takes note of whose call it is.
    mutating func authenticate(_ account: OperatorAccount) {
        operatorCode = account.code
        errorStatusPolicy = account.errorStatusPolicy
    }

    /// Takes note of an item that failed.
    mutating func itemFailed(_ code: String) {
        failedCodes?[code, default: 0] += 1
    }

    /// The body as JSON.
    func json() async throws(RequestFailure) -> JSONValue {
        try await bodyReader.read(request).json()
    }

    /// A parameter of the query.
    func queryParameter(_ name: String) throws(RequestFailure) -> String? {
        var found: String?
        for parameter in query where parameter.name.utf8.elementsEqual(name.utf8) {
            guard found == nil else { throw RequestFailure(.invalidParameter, "\(name) stands twice.") }
            found = parameter.value
        }
        return found
    }
}

extension RequestContext {
    /// A parameter of the query that must be there and not be empty.
    func requiredParameter(_ name: String) throws(RequestFailure) -> String {
        guard let text = try queryParameter(name), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(name) is missing or empty.")
        }
        return text
    }

    /// A whole number of the query that must be there: digits alone.
    func requiredNumber(_ name: String, in range: ClosedRange<Int>) throws(RequestFailure) -> Int {
        let text = try requiredParameter(name)
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, let number = Int(text), range.contains(number) else {
            throw RequestFailure(
                .invalidParameter,
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
