package import Charges
package import HTTPTypes
import NIOCore

/// A request for a page, as a site reads it.
package struct SiteRequest: Sendable {
    let context: RequestContext
    /// The client's address, or the network that counts as one address.
    package let address: String

    init(context: RequestContext) {
        self.context = context
        // The address is read first, since a closed connection has none.
        address = context.address
    }

    package var method: HTTPRequest.Method { context.request.method }
    package var headers: HTTPFields { context.headers }
    /// The path and the query, as they came.
    package var target: String { context.request.head.path ?? "/" }
    /// The path without the query.
    package var path: String { RequestTarget(target).path }
    /// The time by which the call must be answered.
    package var deadline: ContinuousClock.Instant { context.deadline }
    /// The header `Host` (RFC 9110, 7.2), without its port.
    package var host: String { Self.host(ofAuthority: context.request.head.authority ?? "") }
    /// The header `Host` with its port.
    package var authority: String { context.request.head.authority ?? "" }
    /// Whether the client used TLS, as a trusted proxy says.
    package var usesTLS: Bool {
        context.trustedProxies.clientUsedTLS(peer: context.peer.address, context.headers)
    }

    /// The length of the body, if the request declares it. Browsers do.
    package var declaredBytes: Int? { headers[.contentLength].flatMap { Int($0) } }

    /// The parameters of the query. Nothing of them is in the log.
    package var query: FormFields { FormFields(context.query) }

    /// The fields of a form that is sent as `application/x-www-form-urlencoded`.
    ///
    /// - Throws: `requestTooLarge`, `requestTimeout`, `invalidParameter`.
    package func form() async throws(RequestFailure) -> FormFields {
        let body = try await context.body()
        return FormFields(RequestTarget("?" + String(buffer: body)).parameters)
    }

    private static func host(ofAuthority authority: String) -> String {
        if authority.first == "[", let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}

/// The fields of a form or of a query: names with values, in their order. A name may have several values.
package struct FormFields: Sendable {
    package let all: [(name: String, value: String)]
    /// The file of a form that has one.
    package var file: UploadedFile?

    package init(_ all: [(name: String, value: String)]) {
        self.all = all
    }

    /// The only value of a name; `nil` if there is none.
    ///
    /// - Throws: `invalidParameter` if there are several.
    package func value(_ name: String) throws(RequestFailure) -> String? {
        let values = values(name)
        guard values.count <= 1 else {
            throw RequestFailure(.invalidParameter, "\(name) appears more than once.")
        }
        return values.first
    }

    package func values(_ name: String) -> [String] {
        all.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// A value that is no empty text.
    package func text(_ name: String) throws(RequestFailure) -> String? {
        guard let value = try value(name), !value.isEmpty else { return nil }
        return value
    }
}
