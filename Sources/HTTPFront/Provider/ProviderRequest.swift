package import Authentication
package import Charges
import StrictJSON
import HTTPTypes

extension ProviderDependencies {
    /// Checks the key of a call: `Authorization: Bearer KEY` (RFC 6750, section 2.1; the scheme in any case).
    ///
    /// - Throws: `invalidKey`, or `serviceUnavailable` if the key cannot be checked now.
    func requireKey(_ call: RequestContext) async throws(RequestFailure) {
        let parts = (call.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw RequestFailure(
                .invalidKey, "The provider key is missing; send Authorization: Bearer PROVIDER_KEY.")
        }
        try await keys.verify(String(parts[1].trimmingPrefix { $0 == " " }), deadline: call.deadline)
    }
}

/// The reader of the items of a provider's call.
enum ProviderItems {
    /// Reads the items.
    ///
    /// - Parameter setName: The name of the body's field that holds the items.
    /// - Throws: `missingParameter`, `invalidParameter` or `tooManyCharges`, naming the field.
    static func read<Item>(
        _ body: JSONValue, setName: String,
        _ item: (JSONValue, String) throws(RequestFailure) -> Item
    ) throws(RequestFailure) -> [Item] {
        try body.requireObject()
        let maximum = ProcessingCall.maximumItems
        guard let set = body[setName] else {
            throw RequestFailure(.missingParameter, "\(setName) is missing.")
        }
        guard case .array(let values) = set else {
            throw RequestFailure(.invalidParameter, "\(setName) must be an array.")
        }
        guard !values.isEmpty else {
            throw RequestFailure(.missingParameter, "\(setName) is empty; send 1 to \(maximum) charges.")
        }
        guard values.count <= maximum else {
            throw RequestFailure(
                .tooManyCharges,
                "\(setName) has \(values.count) charges; send at most \(maximum) in one call.")
        }
        var items: [Item] = []
        items.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            let path = "\(setName)[\(index)]"
            guard case .object = value else {
                throw RequestFailure(.invalidParameter, "\(path) must be an object.")
            }
            items.append(try item(value, path))
        }
        return items
    }
}

extension JSONValue {
    /// The digits of a mandatory member that is a number.
    func requiredNumber(_ name: String, at path: String) throws(RequestFailure) -> String {
        guard let value = self[name] else {
            throw RequestFailure(.missingParameter, "\(path).\(name) is missing.")
        }
        guard case .number(let digits) = value else {
            throw RequestFailure(.invalidParameter, "\(path).\(name) must be a number.")
        }
        return digits
    }

    /// The optional revision of a decision.
    func revision(at path: String) throws(RequestFailure) -> Int? {
        guard let value = self["revision"] else { return nil }
        guard case .number(let digits) = value, let revision = Int32(digits), revision > 0 else {
            throw RequestFailure(.invalidParameter, "\(path).revision must be a whole number of at least 1.")
        }
        return Int(revision)
    }
}

/// The services that answer the provider's calls.
package struct ProviderDependencies: Sendable {
    let repository: any ProviderRepository
    let keys: ProviderKeyVerifier

    package init(repository: any ProviderRepository, keys: ProviderKeyVerifier) {
        self.repository = repository
        self.keys = keys
    }
}

extension Routes {
    /// The routes of the provider's calls.
    static func provider(_ dependencies: ProviderDependencies) -> [String: [HTTPRequest.Method:
        any Controller]]
    {
        let base = "/provider/v1/charges"
        func processing(_ action: ProcessingShape) -> [HTTPRequest.Method: any Controller] {
            [.post: ProcessingController(shape: action, dependencies: dependencies)]
        }
        return [
            base: [.post: IngestController(dependencies: dependencies)],
            "\(base)/decisions": [.get: FeedController(dependencies: dependencies)],
            "\(base)/take": processing(.take),
            "\(base)/release": processing(.release),
            "\(base)/outcomes": processing(.outcomes),
        ]
    }
}
