import Charges
import LibPQ

extension AdministrationSession {
    /// Adds a user of an operator.
    ///
    /// - Parameters:
    ///   - username: 1 to 128 characters, no NUL, not beginning with `key:`, unlike every other user's of the operator.
    ///   - passwordHash: Never the password itself.
    package func addUser(operatorCode: String, username: String, passwordHash: String)
        throws(AdministrationFailure)
    {
        guard (1...128).contains(username.unicodeScalars.count), !ExactText(username).containsNul else {
            throw AdministrationFailure("a user's name is 1 to 128 characters")
        }
        // So do the names of keys begin, in tokens and in the history.
        guard !username.utf8.starts(with: "key:".utf8) else {
            throw AdministrationFailure("a user's name does not begin with key:")
        }
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewUser(
            operatorIdentifier: operatorIdentifier, username: username, passwordHash: passwordHash)
        guard try !change(.addUser, input, doing: "adding the user").isEmpty else {
            throw AdministrationFailure("operator \(operatorCode) has a user \(username) already")
        }
    }

    /// The number of the operator with this code.
    func operatorIdentifier(code: String) throws(AdministrationFailure) -> OperatorIdentifier {
        guard
            let account = try run(.operatorAccount, ExactText(code), doing: "looking for the operator").first
        else {
            throw AdministrationFailure("there is no operator \(code)")
        }
        return account.identifier
    }
}

struct NewUser: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let username: String
    let passwordHash: String
}

extension Statement where Input == NewUser, Row == String {
    static let addUser = Statement(
        "add_user",
        """
        INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES ($1, $2, $3)
        ON CONFLICT (operator_id, username) DO NOTHING
        RETURNING username
        """,
        parameters: [.int8, .text, .text],
        bind: { new, parameters throws(PostgresError) in
            try parameters.append(new.operatorIdentifier.value)
            try parameters.append(new.username)
            try parameters.append(new.passwordHash)
        },
        decode: { row throws(PostgresError) in try row.next(String.self) })
}
