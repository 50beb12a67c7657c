import Authentication
import Charges
import HTTPFront

/// The form by which people decide charges, as it goes from page to page: the action, the charges with their references,
/// and on its last page the key under which the call is made.
struct DecisionForm: Sendable {
    struct Item: Sendable {
        var number: String
        var customer: String
        var reference: String
    }

    var action: ChargeAction
    var items: [Item]
    /// What each reference that is made begins with.
    var prefix: String
    /// The running number of the first reference that is made, in digits.
    var first: String
    /// The key of the call; `nil` before the dry run.
    var key: ExactText?

    /// The names of the actions in forms.
    static let actions: [String: ChargeAction] = [
        "accept": .accept, "decline": .decline, "acknowledge": .acknowledge,
    ]

    static func name(of action: ChargeAction) -> String {
        switch action {
        case .accept: "accept"
        case .decline: "decline"
        case .acknowledge: "acknowledge"
        }
    }

    /// What an action has done to a charge, as a word.
    static func done(_ action: ChargeAction) -> String {
        switch action {
        case .accept: "accepted"
        case .decline: "declined"
        case .acknowledge: "acknowledged"
        }
    }

    /// - Throws: `invalidParameter` for an unknown action, no charge, or more than a call may have.
    init(_ form: FormFields) throws(RequestFailure) {
        let name = try form.value("action")
        guard let action = name.flatMap({ Self.actions[$0] }) else {
            throw RequestFailure(.invalidParameter, "Choose what to do with the charges.")
        }
        self.action = action
        let numbers = form.values("number")
        let customers = form.values("customer")
        let references = form.values("reference")
        guard !numbers.isEmpty else {
            throw RequestFailure(
                .invalidParameter, "No charge is chosen. Go back and tick the charges to \(name ?? "").")
        }
        guard numbers.count <= DecisionCall.maximumItems else {
            throw RequestFailure(
                .tooManyCharges,
                "\(numbers.count) charges are chosen. Choose at most \(DecisionCall.maximumItems).")
        }
        items = numbers.enumerated().map { index, number in
            Item(
                number: number, customer: index < customers.count ? customers[index] : "",
                reference: index < references.count ? references[index] : "")
        }
        prefix = try form.value("prefix") ?? ""
        first = try form.value("first") ?? ""
        if let key = try form.text("key") {
            guard RandomText.isWellFormed(key) else {
                throw RequestFailure(.invalidParameter, "The form is damaged; begin again.")
            }
            self.key = ExactText(key)
        }
    }

    /// The action's name in forms, and as a verb.
    var name: String { Self.name(of: action) }

    /// Makes the references that are missing, from the prefix and a running number with as many digits as the first.
    ///
    /// - Returns: What is wrong with the running number; `nil` if nothing is.
    mutating func makeReferences() -> String? {
        guard (1...15).contains(first.utf8.count), first.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            var next = Int(first)
        else { return "The first number must be 1 to 15 digits." }
        for index in items.indices where items[index].reference.isEmpty {
            let digits = String(next)
            items[index].reference =
                prefix + String(repeating: "0", count: max(0, first.utf8.count - digits.utf8.count)) + digits
            next += 1
        }
        return nil
    }

    /// The call that the form makes.
    func call(_ visit: Visit) -> DecisionCall {
        DecisionCall(
            operatorIdentifier: visit.operatorIdentifier, operatorCode: visit.account.code,
            username: visit.principal.username, action: action,
            items: items.map { item in
                DecisionItem(
                    number: ExactText(item.number),
                    billingSystemCustomerIdentifier: ExactText(item.customer),
                    referenceNumber: item.reference.isEmpty ? nil : ExactText(item.reference))
            },
            idempotencyKey: key, repeatsSucceed: visit.account.repeatedDecisionsSucceed,
            deadline: visit.deadline)
    }
}
