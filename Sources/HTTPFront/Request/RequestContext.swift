import StrictJSON
import Charges
import HTTPTypes
import NIOCore

/// A request as controllers read it.
struct RequestContext: Sendable {
    let request: IncomingRequest
    /// The decoded query parameters. A repeated name is refused when the parameter is read.
    let query: [(name: String, value: String)]
    /// The other end of the connection. Behind a trusted proxy it is not the client.
    let peer: Peer
    let trustedProxies: TrustedProxies
    /// The time by which the call must be answered.
    let deadline: ContinuousClock.Instant
    let bodyReader: BodyReader

    var headers: HTTPFields { request.headers }

    /// The client's address, or the network that counts as one address.
    var address: String { IPAddress.network(of: trustedProxies.client(peer: peer.address, headers)) }

    /// The whole body.
    func body() async throws(RequestFailure) -> ByteBuffer { try await bodyReader.read(request) }

    /// The body as JSON.
    func json() async throws(RequestFailure) -> JSONValue { try await body().json() }

    /// An optional query parameter.
    func queryParameter(_ name: String) throws(RequestFailure) -> String? {
        var found: String?
        for parameter in query where parameter.name.utf8.elementsEqual(name.utf8) {
            guard found == nil else {
                throw RequestFailure(.invalidParameter, "\(name) appears more than once in the query.")
            }
            found = parameter.value
        }
        return found
    }
}

extension RequestContext {
    /// A mandatory query parameter, which must not be empty.
    func requiredParameter(_ name: String) throws(RequestFailure) -> String {
        guard let text = try queryParameter(name), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(name) is missing or empty.")
        }
        return text
    }

    /// A mandatory query parameter that is a whole number, written in digits alone.
    ///
    /// - Parameter hint: What the description of the failure says besides the range.
    func requiredNumber(_ name: String, in range: ClosedRange<Int>, hint: String = "")
        throws(RequestFailure) -> Int
    {
        let text = try requiredParameter(name)
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, let number = Int(text), range.contains(number) else {
            throw RequestFailure(
                .invalidParameter,
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).\(hint)")
        }
        return number
    }

    /// The header `Idempotency-Key`, which is optional.
    func idempotencyKey() throws(RequestFailure) -> ExactText? {
        let keys = headers[values: .idempotencyKey]
        guard let key = keys.first else { return nil }
        guard keys.count == 1, key.isVisibleASCII(upTo: 128) else {
            throw RequestFailure(
                .invalidParameter,
                "Idempotency-Key must be 1 to 128 visible ASCII characters, and be sent once.")
        }
        return ExactText(key)
    }
}
