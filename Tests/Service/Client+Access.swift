import Foundation
import Testing

extension Client {
    /// The node's verdict on the client's token, without any work of the database: `MISSING_PARAMETER` if the token is
    /// valid, since a call without charges is refused for that next.
    func verdict(of token: String? = nil) async throws -> String {
        var client = self
        if let token { client.token = token }
        return try await client.post("netflix/charges/accept", [:]).code
    }

    /// Asks until the token's verdict is the expected one.
    ///
    /// - Returns: The verdicts that came before.
    @discardableResult
    func wait(until verdict: String, of token: String? = nil) async throws -> Set<String> {
        var before: Set<String> = []
        for _ in 0..<100_000 {
            let now = try await self.verdict(of: token)
            if now == verdict { return before }
            before.insert(now)
        }
        throw NeverCame(verdict: verdict, before: before)
    }

    /// Logs in by a key. It runs curl, since URLSession would wait endlessly for another credential.
    func login(key: String) async throws -> Answer {
        let url = "http://127.0.0.1:\(port)/crmapi/rest/v2/authentication/web_api_key/token"
        return try await untilAvailable {
            let result = try await Program.bash(
                "curl -s -w ' %{http_code}' -X POST -u '\(key):' \(url)", in: "/tmp")
            let body = try JSONSerialization.jsonObject(with: Data(result.output.dropLast(4).utf8))
            return Answer(
                status: Int(result.output.suffix(3)) ?? 0, body: try #require(body as? [String: Any]))
        }
    }

    /// The error of a wait for something that never came.
    struct NeverCame: Error {
        let verdict: String
        let before: Set<String>
    }
}

extension Client.Answer {
    /// `data.token`; empty if there is none.
    var token: String { (body["data"] as? [String: Any])?["token"] as? String ?? "" }
}
