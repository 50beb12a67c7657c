import Foundation
import FoundationNetworking
import TestSupport

/// A simple client of an operator.
struct Client {
    let port: Int
    var token = ""

    /// An answer: the HTTP status and the envelope.
    struct Answer {
        let status: Int
        let body: [String: Any]

        /// `status.code` of the envelope.
        var code: String { (body["status"] as? [String: Any])?["code"] as? String ?? "" }
        /// `data` of the envelope.
        var data: [String: Any] { body["data"] as? [String: Any] ?? [:] }
        /// The codes of the failed items by number.
        var failures: [String: String] {
            let failed = data["failed_charges_set"] as? [[String: Any]] ?? []
            return Dictionary(
                uniqueKeysWithValues: failed.compactMap { item in
                    guard let number = item["number"] as? String, let code = item["error_code"] as? String
                    else { return nil }
                    return (number, code)
                })
        }
    }

    func get(_ path: String) async throws -> Answer {
        try await send(URLRequest(url: url(path)))
    }

    /// Asks until the answer to a GET has the status. `/readyz` itself waits for the database, up to a second.
    func answers(_ status: Int, to path: String) async throws -> Bool {
        for _ in 0..<10_000 where try await get(path).status == status { return true }
        return false
    }

    /// Sends a GET to the operators' API.
    func read(_ path: String) async throws -> Answer {
        try await get("/crmapi/rest/v2/" + path)
    }

    /// Sends a POST to the operators' API, or to any path that begins with a slash.
    func post(_ path: String, _ body: [String: Any], headers: [String: String] = [:]) async throws -> Answer {
        var request = URLRequest(url: url(path.hasPrefix("/") ? path : "/crmapi/rest/v2/" + path))
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(withJSONObject: body)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        return try await send(request)
    }

    /// Logs in. The client that is returned has no token if that was refused.
    func login(_ operatorCode: String, username: String = "demo", password: String = "demo") async throws
        -> Client
    {
        var client = self
        client.token = try await untilAvailable {
            try await loginAnswer(operatorCode, username: username, password: password)
        }.token
        return client
    }

    /// The answer to one attempt to log in.
    func loginAnswer(_ operatorCode: String, username: String = "demo", password: String = "demo")
        async throws -> Answer
    {
        try await post(
            "authentication/token",
            ["username": username, "password": password, "organisation": operatorCode])
    }

    /// An answer; the call is made again while the node cannot take it, as clients do. On a busy machine its reads of the
    /// credentials take longer than they may. Each attempt waits for such a read.
    func untilAvailable(_ call: () async throws -> Answer) async throws -> Answer {
        let ends = ContinuousClock.now + .patience
        while true {
            let answer = try await call()
            guard answer.code == "SERVICE_UNAVAILABLE", .now < ends else { return answer }
        }
    }

    /// Accepts charges, given by number and customer.
    func accept(_ charges: [(number: String, customer: String)]) async throws -> Answer {
        try await post(
            "netflix/charges/accept",
            [
                "accepted_charges_set": charges.map {
                    ["number": $0.number, "billing_system_customer_identifier": $0.customer]
                }
            ])
    }

    private func url(_ path: String) -> URL {
        URL(string: "http://127.0.0.1:\(port)\(path)") ?? URL(filePath: "/")
    }

    func send(_ request: URLRequest) async throws -> Answer {
        var request = request
        if !token.isEmpty, request.value(forHTTPHeaderField: "Authorization") == nil {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        return Answer(
            status: (response as? HTTPURLResponse)?.statusCode ?? 0,
            body: try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:])
    }
}
