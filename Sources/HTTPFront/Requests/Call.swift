import Charges
import HTTPTypes
import HummingbirdCore

/// One request on its way through a controller, and what the log will say of it.
struct Call: Sendable {
    let request: Request
    /// The query's parameters, decoded; a name that stands twice is refused when it is asked for.
    let query: [(name: String, value: String)]
    /// Where it comes from.
    let address: String
    /// When it must have its answer.
    let deadline: ContinuousClock.Instant
    let bodyReader: BodyReader
    /// The operator, once the token is checked.
    var operatorCode: String?
    /// What the operator wants of HTTP statuses, once it is known and if it wants something.
    var errorStatusPolicy: ErrorStatusPolicy?
    /// The answer, if it is no envelope.
    var page: Page?
    /// How many items it has, and how many of them failed.
    var itemCount: Int?
    var failedCount: Int?

    var headers: HTTPFields { request.headers }

    /// Takes note of whose call it is.
    mutating func recognise(_ account: OperatorAccount) {
        operatorCode = account.code
        errorStatusPolicy = account.errorStatusPolicy
    }

    /// The body as JSON.
    func json() async throws(RequestFailure) -> JSONValue {
        try await bodyReader.read(request).json()
    }

    /// A parameter of the query.
    func queryParameter(_ name: String) throws(RequestFailure) -> String? {
        let found = query.filter { $0.name.utf8.elementsEqual(name.utf8) }
        guard found.count <= 1 else { throw RequestFailure(.invalidParameter, "\(name) stands twice.") }
        return found.first?.value
    }
}
