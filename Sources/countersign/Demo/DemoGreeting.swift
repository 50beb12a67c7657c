/// What `countersign dev` prints once it serves.
struct DemoGreeting {
    let host: String
    let port: Int

    var text: String {
        let base = "http://\(host):\(port)/crmapi/rest/v2"
        return """

            \(Terminal.styled("Countersign serves on \(base)", .green))
            Operators: \(DemoCharges.operators.map(\.code).joined(separator: ", ")). Login: username \
            \(DemoDatabase.username), password \(DemoDatabase.password).

            Log in:

            \(Terminal.styled(login(base), .bold))

            Accept two charges, one of them for the wrong customer:

            \(Terminal.styled(accept(base), .bold))

            Ctrl-C stops it.
            """
    }

    private func login(_ base: String) -> String {
        """
        TOKEN=$(curl -s \(base)/authentication/token -d '{"username": "\(DemoDatabase.username)", "password": \
        "\(DemoDatabase.password)", "organisation": "ACME"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
        """
    }

    private func accept(_ base: String) -> String {
        """
        curl -s \(base)/netflix/charges/accept -H "Authorization: Bearer $TOKEN" -d '{"accepted_charges_set": \
        [{"number": "I00000003", "billing_system_customer_identifier": "acme-001001", "reference_number": "TRY-1"}, \
        {"number": "I00000004", "billing_system_customer_identifier": "acme-009999"}]}'; echo
        """
    }
}
