import StrictJSON
import Charges

/// The body of a call that decides: `{"token", SET: [{"number", "billing_system_customer_identifier",
/// "reference_number"}]}`, read straight from its bytes. What else is in it is gone through and ignored.
struct DecisionBody {
    private(set) var token = JSONField.absent
    private var isObject = false
    private var charges = Charges.absent
    /// The body's field that holds the charges.
    private let setName: StaticString

    private init(setName: StaticString) {
        self.setName = setName
    }

    /// What stands in that field.
    private enum Charges {
        case absent
        case wrongType
        /// - Parameters:
        ///   - count: How many there are; no more than a call may have are kept.
        ///   - failure: What is wrong with the first that is wrong.
        case array(items: [DecisionItem], count: Int, failure: RequestFailure?)
    }

    /// - Throws: `JSONError` if this is no JSON, wherever; whatever else is wrong is told by `items()` alone.
    static func read(_ bytes: some Collection<UInt8>, setName: StaticString) throws(JSONError) -> DecisionBody
    {
        try JSONScanner.scan(bytes) { scanner throws(JSONError) in
            var body = DecisionBody(setName: setName)
            guard try scanner.kind() == .object else {
                try scanner.skip()
                return body
            }
            body.isObject = true
            try scanner.object { scanner, name throws(JSONError) in
                if scanner.isEqual(name, setName) {
                    body.charges = try charges(&scanner, setName)
                } else if scanner.isEqual(name, "token") {
                    body.token = try JSONField(&scanner)
                } else {
                    try scanner.skip()
                }
            }
            return body
        }
    }

    /// The charges of the call.
    ///
    /// - Throws: `missingParameter`, `invalidParameter` or `tooManyCharges`, naming the place.
    func items() throws(RequestFailure) -> [DecisionItem] {
        guard isObject else { throw RequestFailure(.invalidParameter, "The body must be a JSON object.") }
        switch charges {
        case .absent: throw RequestFailure(.missingParameter, "\(setName) is missing.")
        case .wrongType: throw RequestFailure(.invalidParameter, "\(setName) must be an array.")
        case .array(_, count: 0, _):
            throw RequestFailure(
                .missingParameter, "\(setName) is empty; name 1 to \(DecisionCall.maximumItems) charges.")
        case .array(_, let count, _) where count > DecisionCall.maximumItems:
            throw RequestFailure(
                .tooManyCharges,
                "\(setName) has \(count) charges; send at most \(DecisionCall.maximumItems) in one call.")
        case .array(_, _, let failure?): throw failure
        case .array(let items, _, nil): return items
        }
    }

    private static func charges(_ scanner: inout JSONScanner, _ setName: StaticString) throws(JSONError)
        -> Charges
    {
        switch try scanner.kind() {
        case .null:
            try scanner.null()
            return .absent
        case .array: break
        default:
            try scanner.skip()
            return .wrongType
        }
        var items: [DecisionItem] = []
        items.reserveCapacity(DecisionCall.maximumItems)
        var count = 0
        var failure: RequestFailure?
        try scanner.array { scanner, index throws(JSONError) in
            count = index + 1
            guard failure == nil, count <= DecisionCall.maximumItems else { return try scanner.skip() }
            let charge = try FoundCharge(&scanner)
            do throws(RequestFailure) {
                items.append(try charge.item { "\(setName)[\(index)]" })
            } catch {
                failure = error
            }
        }
        return .array(items: items, count: count, failure: failure)
    }
}

/// One of the charges, right or wrong.
private struct FoundCharge {
    private var isObject = false
    private var number = JSONField.absent
    private var customer = JSONField.absent
    private var reference = JSONField.absent

    init(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.kind() == .object else {
            try scanner.skip()
            return
        }
        var found = self
        found.isObject = true
        try scanner.object { scanner, name throws(JSONError) in
            if scanner.isEqual(name, "number") {
                found.number = try JSONField(&scanner)
            } else if scanner.isEqual(name, "billing_system_customer_identifier") {
                found.customer = try JSONField(&scanner)
            } else if scanner.isEqual(name, "reference_number") {
                found.reference = try JSONField(&scanner)
            } else {
                try scanner.skip()
            }
        }
        self = found
    }

    /// - Parameter path: Where it stands, for the message.
    func item(at path: () -> String) throws(RequestFailure) -> DecisionItem {
        guard isObject else { throw RequestFailure(.invalidParameter, "\(path()) must be an object.") }
        return DecisionItem(
            number: ExactText(try number.requiredString { "\(path()).number" }),
            billingSystemCustomerIdentifier: ExactText(
                try customer.requiredString { "\(path()).billing_system_customer_identifier" }),
            referenceNumber: try reference.optionalString { "\(path()).reference_number" }
                .map { ExactText($0) })
    }
}
