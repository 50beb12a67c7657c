import FaultJournal
import StrictJSON

/// The login of one client, which is confined to the client's thread.
final class OperatorSession {
    let client: String
    private let operatorCode: String
    private let username: String
    private let caller: Caller
    private(set) var token: String?
    /// The token's name in the journal.
    private(set) var label: String?

    static let password = "a long password"

    init(client: String, operatorCode: String, username: String = "tester", caller: Caller) {
        self.client = client
        self.operatorCode = operatorCode
        self.username = username
        self.caller = caller
    }

    /// The name of an operator's user in the journal.
    static func login(_ operatorCode: String, _ username: String = "tester") -> String {
        "\(operatorCode)/\(username)"
    }

    /// Logs in unless there is a token.
    ///
    /// - Returns: Whether there is a token now.
    func logIn(at target: Target) throws -> Bool {
        if token != nil { return true }
        // The time makes the label unique in the journal: a client has one call under way at a time.
        let label = "\(client)#\(caller.journal.now)"
        let call = Call(
            .login, client: client, target: target.name, operatorCode: operatorCode,
            credential: Self.login(operatorCode, username), query: label)
        let body = JSONValue.object([
            "username": .string(username), "password": .string(Self.password),
            "organisation": .string(operatorCode),
        ]).text
        let (answer, envelope) = try caller.make(
            call, Caller.Request(path: "/crmapi/rest/v2/authentication/token", body: body), to: target)
        guard answer.meaning == .ok, let token = envelope?["data"]?["token"]?.string else {
            pause(seconds: 0.2)
            return false
        }
        self.token = token
        self.label = label
        return true
    }

    /// Uses a token of another client's login.
    func adopt(_ token: String, _ label: String) {
        self.token = token
        self.label = label
    }

    /// Forgets a token that was refused.
    func look(at answer: Answer) {
        if ["INVALID_TOKEN", "TOKEN_EXPIRED", "OPERATOR_SUSPENDED"].contains(answer.code) { forget() }
    }
    func forget() {
        token = nil
        label = nil
    }
}
