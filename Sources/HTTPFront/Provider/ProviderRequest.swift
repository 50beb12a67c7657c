import Authentication
import Charges
import StrictJSON
import HTTPTypes

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
