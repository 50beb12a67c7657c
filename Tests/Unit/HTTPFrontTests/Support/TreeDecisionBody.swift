import StrictJSON
import Charges

@testable import HTTPFront

/// What a body that decides says, read from the tree of the whole document: the oracle of `DecisionBody`.
enum TreeDecisionBody {
    static func summary(_ document: [UInt8], setName: String) throws(JSONError) -> String {
        let body = try JSONReader.read(document)
        let token =
            switch body["token"] {
            case nil: "no token"
            case .string(let text)?: "token \(text)"
            default: "wrong token"
            }
        do throws(RequestFailure) {
            return summary(token, try items(body, setName: setName))
        } catch {
            return "\(token), \(error.code): \(error.description)"
        }
    }

    static func summary(_ token: String, _ items: [DecisionItem]) -> String {
        let texts = items.map { item in
            "\(item.number) \(item.billingSystemCustomerIdentifier) \(item.referenceNumber.map(\.string) ?? "none")"
        }
        return "\(token), \(texts.joined(separator: "; "))"
    }

    private static func items(_ body: JSONValue, setName: String) throws(RequestFailure) -> [DecisionItem] {
        try body.requireObject()
        guard let set = body[setName] else {
            throw RequestFailure(.missingParameter, "\(setName) is missing.")
        }
        guard case .array(let values) = set else {
            throw RequestFailure(.invalidParameter, "\(setName) must be an array.")
        }
        guard !values.isEmpty else {
            throw RequestFailure(.missingParameter, "\(setName) is empty; send 1 to 50 charges.")
        }
        guard values.count <= 50 else {
            throw RequestFailure(
                .tooManyCharges, "\(setName) has \(values.count) charges; send at most 50 in one call.")
        }
        var items: [DecisionItem] = []
        for (index, value) in values.enumerated() {
            let path = "\(setName)[\(index)]"
            guard case .object = value else {
                throw RequestFailure(.invalidParameter, "\(path) must be an object.")
            }
            items.append(
                DecisionItem(
                    number: ExactText(try text(value, "number", at: path, isMandatory: true)!),
                    billingSystemCustomerIdentifier: ExactText(
                        try text(value, "billing_system_customer_identifier", at: path, isMandatory: true)!),
                    referenceNumber: try text(value, "reference_number", at: path, isMandatory: false)
                        .map { ExactText($0) }))
        }
        return items
    }

    private static func text(_ charge: JSONValue, _ name: String, at path: String, isMandatory: Bool)
        throws(RequestFailure) -> String?
    {
        let value = charge[name]
        if let value, value.string == nil {
            throw RequestFailure(.invalidParameter, "\(path).\(name) must be a string.")
        }
        if isMandatory, value?.string?.isEmpty ?? true {
            throw RequestFailure(.missingParameter, "\(path).\(name) is missing or empty.")
        }
        return value?.string
    }
}
