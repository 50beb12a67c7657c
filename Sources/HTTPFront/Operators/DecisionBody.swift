import StrictJSON
import Charges

/// The body of a call that decides: `{"token", SET: [{"number", "billing_system_customer_identifier",
/// "reference_number"}]}`, read straight from its bytes. Other fields are checked as JSON and ignored.
struct DecisionBody: TokenBody {
    private(set) var token = JSONField.absent
    private var isObject = false
    private var charges = Charges.absent
    /// The name of the field that holds the charges.
    private let setName: StaticString

    private init(setName: StaticString) {
        self.setName = setName
    }

    /// The value of that field.
    private enum Charges: Sendable {
        case absent
        case wrongType
        /// - Parameters:
        ///   - count: The number of charges. No more than the maximum are kept.
        ///   - failure: The failure of the first invalid charge.
        case array(items: [DecisionItem], count: Int, failure: RequestFailure?)
    }

    /// Reads the whole body.
    ///
    /// - Throws: `JSONError` if the body is not JSON. `items()` throws for all other faults.
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
    /// - Throws: `missingParameter`, `invalidParameter` or `tooManyCharges`, naming the field.
    func items() throws(RequestFailure) -> [DecisionItem] {
        guard isObject else { throw RequestFailure(.invalidParameter, "The body must be a JSON object.") }
        switch charges {
        case .absent: throw RequestFailure(.missingParameter, "\(setName) is missing.")
        case .wrongType: throw RequestFailure(.invalidParameter, "\(setName) must be an array.")
        case .array(_, count: 0, _):
            throw RequestFailure(
                .missingParameter, "\(setName) is empty; send 1 to \(DecisionCall.maximumItems) charges.")
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

/// One element of the charges, before it is checked.
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

    /// The item, if the element is valid.
    ///
    /// - Parameter path: The path of the element, for the message.
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
