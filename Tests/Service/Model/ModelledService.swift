/// The service as the model's steps drive it, on two nodes in turn. The result of each step is a text, which is
/// compared with the model's.
struct ModelledService {
    /// The clients of each operator, one for each node; `provider` has the provider's.
    let operators: [String: [Client]]
    let provider: [Client]
    /// The operators' currencies.
    static let currencies = ["ACME": "EUR", "GLOBEX": "CHF"]
    /// The decisions that the feed has returned so far, by charge, and where it continues.
    private var published: [String: [String]] = [:]
    private var cursor: String?

    init(operators: [String: [Client]], provider: [Client]) {
        self.operators = operators
        self.provider = provider
    }

    /// Performs a step on one of the nodes, and on the model.
    ///
    /// - Returns: The service's answer, and the model's.
    mutating func perform(_ step: ModelStep, on node: Int, _ model: inout Model) async throws
        -> (service: String, model: String)
    {
        switch step {
        case .ingest(let operatorCode, let identifiers):
            return try await ingest(operatorCode, identifiers, provider[node], &model)
        case .decide(let call, let operatorCode, let key, let items):
            let client = operators[operatorCode]![node]
            let expected = try await Self.decide(call, key, items, client, isDryRun: true)
            var said = try await Self.decide(call, key, items, client)
            if said != expected { said += " after a dry run with \(expected)" }
            return (said, "OK \(model.decide(call, by: operatorCode, key: key, items))")
        case .take(let operatorCode, let items):
            let said = try await move("take", operatorCode, items, provider[node])
            return (
                said, "OK \(items.map { model.take($0.number, of: operatorCode, revision: $0.revision) })"
            )
        case .release(let operatorCode, let items):
            let said = try await move("release", operatorCode, items, provider[node])
            return (
                said, "OK \(items.map { model.release($0.number, of: operatorCode, revision: $0.revision) })"
            )
        case .process(let operatorCode, let items):
            let said = try await process(operatorCode, items, provider[node])
            return (
                said,
                "OK \(items.map { model.process($0.number, of: operatorCode, outcome: $0.outcome, revision: $0.revision) })"
            )
        case .list(let operatorCode, let processed):
            let said = try await Self.list(processed, operators[operatorCode]![node])
            return (said, "OK \(model.listed(for: operatorCode, processed: processed))")
        case .feed:
            try await read(provider[node])
            return (Self.text(published), Self.text(model.decisionsByCharge))
        }
    }

    // MARK: Parts

    private func ingest(
        _ operatorCode: String, _ identifiers: [String], _ client: Client, _ model: inout Model
    ) async throws -> (service: String, model: String) {
        let answer = try await client.post(
            "/provider/v1/charges",
            [
                "charges": identifiers.map {
                    [
                        "provider_charge_id": $0, "operator": operatorCode,
                        "billing_system_customer_identifier": "c-\($0)", "amount": 9.5, "currency": "USD",
                        "local_currency_amount": 8, "local_currency": Self.currencies[operatorCode]!,
                        "paid_through_date": "2026-12-31",
                    ]
                }
            ])
        let created = answer.data["charges"] as? [[String: Any]] ?? []
        let failed = answer.data["failed_charges_set"] as? [[String: Any]] ?? []
        var expected: [String] = []
        for identifier in identifiers where identifiers.count(where: { $0 == identifier }) == 1 {
            let number =
                created.first { $0["provider_charge_id"] as? String == identifier }?["number"] as? String
            if let known = model.charges.first(where: {
                $0.providerIdentifier == identifier && $0.operatorCode == operatorCode
            }) {
                expected.append("\(identifier) \(known.number) false")
            } else {
                expected.append("\(identifier) \(number ?? "none") true")
                model.add(
                    ModelCharge(
                        number: number ?? "none", operatorCode: operatorCode, customer: "c-\(identifier)",
                        providerIdentifier: identifier))
            }
        }
        let duplicates = identifiers.filter { one in identifiers.count { $0 == one } > 1 }
        let said = created.map {
            "\($0["provider_charge_id"]!) \($0["number"]!) \($0["created"] as? Bool ?? false)"
        }
        let refused = failed.map { "\($0["provider_charge_id"]!) \($0["error_code"]!)" }
        return (
            "\(answer.code) \(said) \(refused)",
            "OK \(expected) \(duplicates.map { "\($0) DUPLICATE_IN_REQUEST" })"
        )
    }

    private static func decide(
        _ call: ModelCall, _ key: String?, _ items: [ModelItem], _ client: Client, isDryRun: Bool = false
    ) async throws -> String {
        let answer = try await client.post(
            "netflix/charges/\(call.rawValue)" + (isDryRun ? "/dry-run" : "?results=all"),
            [
                call.setName: items.map { item in
                    var fields = [
                        "number": item.number, "billing_system_customer_identifier": item.customer,
                    ]
                    fields["reference_number"] = item.reference
                    return fields
                }
            ], headers: key.map { ["Idempotency-Key": $0] } ?? [:])
        let results = (answer.data["results_set"] as? [[String: Any]] ?? []).map {
            $0["result"] as? String ?? ""
        }
        let failed = (answer.data["failed_charges_set"] as? [[String: Any]] ?? []).map {
            $0["error_code"] as? String ?? ""
        }
        guard failed == results.filter({ $0 != "OK" }) else { return "\(failed) is not what \(results) says" }
        return "\(answer.code) \(results)"
    }

    private func move(
        _ call: String, _ operatorCode: String, _ items: [(number: String, revision: Int)], _ client: Client
    ) async throws -> String {
        let answer = try await client.post(
            "/provider/v1/charges/\(call)",
            [
                "charges": items.map {
                    ["operator": operatorCode, "number": $0.number, "revision": $0.revision] as [String: Any]
                }
            ])
        return "\(answer.code) \(items.map { answer.failures[$0.number] ?? "OK" })"
    }

    private func process(
        _ operatorCode: String, _ items: [(number: String, outcome: String, revision: Int?)], _ client: Client
    ) async throws -> String {
        let answer = try await client.post(
            "/provider/v1/charges/outcomes",
            [
                "outcomes": items.map { item in
                    var fields: [String: Any] = [
                        "operator": operatorCode, "number": item.number, "outcome": item.outcome,
                    ]
                    fields["revision"] = item.revision
                    return fields
                }
            ])
        let failed = answer.data["failed_outcomes_set"] as? [[String: Any]] ?? []
        return "\(answer.code) "
            + "\(items.map { item in failed.first { $0["number"] as? String == item.number }?["error_code"] as? String ?? "OK" })"
    }

    private static func list(_ processed: Bool, _ client: Client) async throws -> String {
        var numbers: [String] = []
        while true {
            let answer = try await client.get(
                "/crmapi/rest/v2/netflix/charges/list?number_of_results=50&offset=\(numbers.count)"
                    + "&charge_status=\(processed ? "PROCESSED" : "NOT_PROCESSED")")
            let page = (answer.data["charges_set"] as? [[String: Any]])?.map { $0["number"] as? String ?? "" }
            guard let page else { return "\(answer.code)" }
            numbers += page
            if page.count < 50 { return "OK \(numbers)" }
        }
    }

    private mutating func read(_ client: Client) async throws {
        while true {
            let place = cursor.map { "after=\($0)" } ?? "since=2020-01-01"
            let answer = try await client.get("/provider/v1/charges/decisions?limit=100&\(place)")
            let decisions = answer.data["decisions"] as? [[String: Any]] ?? []
            for decision in decisions {
                published["\(decision["operator"]!) \(decision["number"]!)", default: []].append(
                    "\(decision["revision"]!) \(decision["decision"]!)")
            }
            cursor = answer.data["next"] as? String ?? cursor
            if decisions.count < 100 { return }
        }
    }

    private static func text(_ decisions: [String: [String]]) -> String {
        decisions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    }
}
