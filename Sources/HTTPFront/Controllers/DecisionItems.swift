import Charges

/// Reads the charges of a call.
enum DecisionItems {
    /// - Parameter setName: The body's field that holds them.
    /// - Throws: `missingParameter`, `invalidParameter` or `tooManyCharges`, naming the place.
    static func read(_ body: JSONValue, setName: String) throws(RequestFailure) -> [DecisionItem] {
        guard let set = body[setName] else {
            throw RequestFailure(.missingParameter, "\(setName) is missing.")
        }
        guard case .array(let values) = set else {
            throw RequestFailure(.invalidParameter, "\(setName) must be an array.")
        }
        guard !values.isEmpty else {
            throw RequestFailure(
                .missingParameter, "\(setName) is empty; name 1 to \(DecisionCall.maximumItems) charges.")
        }
        guard values.count <= DecisionCall.maximumItems else {
            throw RequestFailure(
                .tooManyCharges,
                "\(setName) has \(values.count) charges; send at most \(DecisionCall.maximumItems) in one call."
            )
        }
        var items: [DecisionItem] = []
        items.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            items.append(try item(value, at: "\(setName)[\(index)]"))
        }
        return items
    }

    private static func item(_ value: JSONValue, at path: String) throws(RequestFailure) -> DecisionItem {
        guard case .object = value else {
            throw RequestFailure(.invalidParameter, "\(path) must be an object.")
        }
        let number = try value.requiredText("number", at: path)
        let customer = try value.requiredText("billing_system_customer_identifier", at: path)
        let reference = try value.optionalText("reference_number", at: path)
        return DecisionItem(
            number: ExactText(number), billingSystemCustomerIdentifier: ExactText(customer),
            referenceNumber: reference.map { ExactText($0) })
    }
}
