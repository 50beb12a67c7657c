import Foundation
import TestSupport
import Testing

/// A test of an operator's work with its charges from the first day to the last, over HTTP.
@Suite struct OperatorStoryTests {
    private let database = TestDatabase.current!

    @Test("An operator's charges go from the list to the last acknowledgement", .database)
    func fromTheListToTheLastAcknowledgement() async throws {
        try await database.addCharges(5, prefix: "I")
        try await Program.addDemoUser(to: database)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let client = try await Client(port: try await node.ports().operators).login("ACME")

        #expect(try await list(client, "NOT_PROCESSED") == ["I1", "I2", "I3", "I4", "I5"])
        #expect(try await list(client, "PROCESSED") == [])
        #expect(try await decide(client, "accept", [("I1", "A1"), ("I2", "A2"), ("I3", nil)]) == [:])
        #expect(try await decide(client, "decline", [("I4", "D4"), ("I2", "D2")]) == [:])
        #expect(
            try await decide(client, "decline", [("I2", "D2"), ("I5", "A1")])
                == ["I2": "CHARGE_ALREADY_DECLINED", "I5": "REFERENCE_NUMBER_IN_USE"])
        #expect(try await list(client, "NOT_PROCESSED&decision=ACCEPTED") == ["I1", "I3"])
        #expect(try await list(client, "NOT_PROCESSED&decision=NONE") == ["I5"])

        let shown = try await client.read("netflix/charges/show?reference_number=A2")
        let charge = (shown.body["data"] as? [String: Any])?["charge"] as? [String: Any] ?? [:]
        #expect(charge["number"] as? String == "I2")
        #expect(charge["decision"] as? String == "DECLINED")
        #expect(charge["reference_numbers"] as? [String] == ["A2", "D2"])
        #expect((charge["decisions_set"] as? [[String: Any]])?.count == 2)
        #expect(try await client.read("netflix/charges/show?number=I9").code == "NOT_FOUND")

        #expect(try await decide(client, "acknowledge", [("I1", nil)]) == ["I1": "CHARGE_NOT_PROCESSED"])
        try await database.session.execute(
            """
            UPDATE countersign.charge SET charge_status = 'APPROVED', set_as_approved_on = now()
            WHERE number IN ('I1', 'I3');
            UPDATE countersign.charge SET charge_status = 'DECLINED', set_as_declined_on = now()
            WHERE number = 'I2'
            """)
        #expect(try await list(client, "NOT_PROCESSED") == ["I4", "I5"])
        #expect(try await list(client, "PROCESSED") == ["I1", "I2", "I3"])
        #expect(
            try await decide(client, "acknowledge", [("I1", "K1"), ("I2", nil), ("I4", nil)])
                == ["I4": "CHARGE_NOT_PROCESSED"])
        #expect(try await list(client, "PROCESSED") == ["I3"])
        #expect(try await client.read("netflix/charges/show?reference_number=K1").code == "OK")

        let text = try await Program.bash(
            "countersign charges show I1 --operator ACME",
            environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
        #expect(text.output.contains("acknowledged_on"))
        #expect(text.output.contains("K1"))
        #expect(await node.end() == 0)
    }

    /// The numbers in a list, read page by page.
    private func list(_ client: Client, _ status: String) async throws -> [String] {
        var numbers: [String] = []
        var cursor: String? = ""
        while let after = cursor {
            let answer = try await client.read(
                "netflix/charges/list/?number_of_results=2&charge_status=\(status)&fields_set=number&after=\(after)"
            )
            #expect(answer.code == "OK", "\(answer.body)")
            let data = answer.body["data"] as? [String: Any] ?? [:]
            let charges = data["charges_set"] as? [[String: Any]] ?? []
            numbers += charges.compactMap { $0["number"] as? String }
            cursor = data["next"] as? String
        }
        return numbers
    }

    /// The failures of a call, which names each charge's number and reference.
    private func decide(_ client: Client, _ call: String, _ charges: [(String, String?)]) async throws
        -> [String: String]
    {
        let names = [
            "accept": "accepted_charges_set", "decline": "declined_charges_set",
            "acknowledge": "acknowledged_charges_set",
        ]
        let items = charges.map { number, reference in
            var item = ["number": number, "billing_system_customer_identifier": "c" + number]
            item["reference_number"] = reference
            return item
        }
        let answer = try await client.post("netflix/charges/\(call)", [names[call] ?? "": items])
        #expect(answer.code == "OK", "\(answer.body)")
        return answer.failures
    }
}
