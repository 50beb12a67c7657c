/// A month of an operator and the provider, over HTTP. Every call is repeated, with the same Idempotency-Key, until its
/// answer is final.
struct Story {
    let acme: Client
    let provider: Client
    /// A step before each call: nothing, or a disturbance.
    let disturb: () async throws -> Void
    /// A step for a call that got no final answer.
    let repair: () throws -> Void

    /// The answers after which the call is repeated.
    private static let passing: Set = ["SERVICE_UNAVAILABLE", "OUTCOME_UNKNOWN", "INTERNAL_ERROR"]

    private func persist(_ call: () async throws -> Client.Answer) async throws -> Client.Answer {
        try await disturb()
        var answer = try await call()
        guard Self.passing.contains(answer.code) else { return answer }
        try repair()
        while Self.passing.contains(answer.code) { answer = try await call() }
        return answer
    }

    /// Runs the story.
    ///
    /// - Returns: The final state of each charge, one line each.
    func run() async throws -> [String] {
        // The provider sends twelve charges in.
        let identifiers = (1...12).map { "nf-\($0)" }
        let sent = try await persist {
            try await provider.post("/provider/v1/charges", ["charges": identifiers.map(charge)])
        }
        var numbers: [String: String] = [:]
        for created in sent.data["charges"] as? [[String: Any]] ?? [] {
            numbers[created["provider_charge_id"] as? String ?? ""] = created["number"] as? String
        }
        func items(_ places: ClosedRange<Int>, reference: String? = nil) -> [[String: Any]] {
            places.map { place in
                var item = [
                    "number": numbers["nf-\(place)"] ?? "",
                    "billing_system_customer_identifier": "c-nf-\(place)",
                ]
                item["reference_number"] = reference.map { "\($0)-\(place)" }
                return item
            }
        }
        // The operator finds them, accepts eight, declines the rest, and changes its mind about two.
        let listed = try await persist {
            try await acme.get(
                "/crmapi/rest/v2/netflix/charges/list?number_of_results=50&offset=0&charge_status=NOT_PROCESSED"
            )
        }
        var lines = ["\((listed.data["charges_set"] as? [Any])?.count ?? 0) charges were listed"]
        for (call, set, key, what) in [
            ("accept", "accepted_charges_set", "first", items(1...8, reference: "INV")),
            ("decline", "declined_charges_set", "first", items(9...12)),
            ("decline", "declined_charges_set", "second", items(7...8, reference: "CREDIT")),
            ("accept", "accepted_charges_set", "third", items(8...9)),
        ] {
            let answer = try await persist {
                try await acme.post("netflix/charges/\(call)", [set: what], headers: ["Idempotency-Key": key])
            }
            lines.append("\(call) \(key): \(answer.code) \(answer.failures.count) failed")
        }
        // The provider reads the decisions, takes the charges, moves money, and reports the outcomes.
        let feed = try await persist {
            try await provider.get("/provider/v1/charges/decisions?since=2020-01-01&limit=1000")
        }
        var current: [String: (decision: String, revision: Int)] = [:]
        for decision in feed.data["decisions"] as? [[String: Any]] ?? [] {
            current[decision["number"] as? String ?? ""] =
                (decision["decision"] as? String ?? "", decision["revision"] as? Int ?? 0)
        }
        let decided = current.sorted { $0.key < $1.key }
        let taken = try await persist {
            try await provider.post(
                "/provider/v1/charges/take",
                [
                    "charges": decided.map {
                        ["operator": "ACME", "number": $0.key, "revision": $0.value.revision] as [String: Any]
                    }
                ])
        }
        lines.append("take: \(taken.code) \(taken.failures.count) failed")
        let outcomes = try await persist {
            try await provider.post(
                "/provider/v1/charges/outcomes",
                [
                    "outcomes": decided.map {
                        [
                            "operator": "ACME", "number": $0.key,
                            "outcome": $0.value.decision == "ACCEPTED" ? "APPROVED" : "DECLINED",
                        ]
                    }
                ])
        }
        lines.append(
            "outcomes: \(outcomes.code) \((outcomes.data["failed_outcomes_set"] as? [Any])?.count ?? 0) failed"
        )
        // The operator acknowledges, and its list is empty.
        let acknowledged = try await persist {
            try await acme.post(
                "netflix/charges/acknowledge", ["acknowledged_charges_set": items(1...12)],
                headers: ["Idempotency-Key": "last"])
        }
        lines.append("acknowledge: \(acknowledged.code) \(acknowledged.failures.count) failed")
        let left = try await persist {
            try await acme.get(
                "/crmapi/rest/v2/netflix/charges/list?number_of_results=50&after=&charge_status=PROCESSED")
        }
        lines.append("\((left.data["charges_set"] as? [Any])?.count ?? -1) charges are left")
        for identifier in identifiers {
            let shown = try await persist {
                try await acme.get("/crmapi/rest/v2/netflix/charges/show?number=\(numbers[identifier] ?? "")")
            }
            lines.append("\(identifier): \(Self.summary(shown))")
        }
        return lines
    }

    private func charge(_ identifier: String) -> [String: Any] {
        [
            "provider_charge_id": identifier, "operator": "ACME",
            "billing_system_customer_identifier": "c-\(identifier)", "amount": 9.99, "currency": "USD",
            "local_currency_amount": 9.1, "local_currency": "EUR", "paid_through_date": "2026-12-23",
        ]
    }

    /// A charge's status and decisions, without times.
    private static func summary(_ answer: Client.Answer) -> String {
        let charge = answer.data["charge"] as? [String: Any] ?? [:]
        let decisions = (charge["decisions_set"] as? [[String: Any]] ?? []).map {
            "\($0["revision"] ?? "") \($0["decision"] ?? "") \($0["reference_number"] as? String ?? "-")"
        }
        return "\(charge["charge_status"] ?? answer.code) \(decisions)"
    }
}
