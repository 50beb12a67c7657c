package import Authentication
import Charges
import LibPQ

extension AdministrationSession {
    /// Adds a web API key of an operator.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 visible ASCII characters, unlike every other key's of the operator, revoked ones included.
    ///   - hash: The key's SHA-256; never the key itself.
    package func addKey(operatorCode: String, name: String, hash: [UInt8], role: Role = .decider)
        throws(AdministrationFailure)
    {
        guard AccountNameRule.isKeyName(name) else {
            throw AdministrationFailure("a key's name must be 1 to 64 visible ASCII characters")
        }
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewKey(
            operatorIdentifier: operatorIdentifier, name: name, hash: hash, role: role)
        guard try (change(.addKey, input, doing: "adding the key").first ?? nil) != nil else {
            throw AdministrationFailure(
                "operator \(operatorCode) has or had a key \(name); names cannot be reused")
        }
    }

    /// Reads the keys of an operator, or of all operators, with the revoked ones.
    package func keys(operatorCode: String?) throws(AdministrationFailure) -> [LoginOverview] {
        if let operatorCode { _ = try operatorIdentifier(code: operatorCode) }
        return try run(.keys, operatorCode, doing: "listing the keys")
    }

    /// Revokes a key, which revokes its tokens. A revocation cannot be undone.
    ///
    /// - Returns: Whether the key was active before.
    package func revokeKey(operatorCode: String, name: String) throws(AdministrationFailure) -> Bool {
        let input = NamedKey(operatorIdentifier: try operatorIdentifier(code: operatorCode), name: name)
        return try changeKey(.revokeKey, input, of: operatorCode, name, doing: "revoking the key")
    }

    /// Changes a key's role, which revokes all its tokens.
    ///
    /// - Returns: Whether the role changed.
    package func setKeyRole(operatorCode: String, name: String, _ role: Role)
        throws(AdministrationFailure) -> Bool
    {
        let input = LoginRole(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), name: name, role: role)
        return try changeKey(.setKeyRole, input, of: operatorCode, name, doing: "changing the key's role")
    }

    private func changeKey<Input>(
        _ statement: Statement<Input, Bool?>, _ input: Input, of operatorCode: String, _ name: String,
        doing purpose: String
    ) throws(AdministrationFailure) -> Bool {
        guard let changed = try change(statement, input, doing: purpose).first ?? nil else {
            throw AdministrationFailure("operator \(operatorCode) has no key \(name)")
        }
        return changed
    }
}

struct NewKey: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let name: String
    let hash: [UInt8]
    let role: Role
}

struct NamedKey: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let name: String
}

extension Statement where Input == NewKey, Row == Role? {
    /// Adds a key. The row is its role; nothing if there is or was a key of that name.
    static let addKey = Statement(
        "add_key",
        "SELECT countersign.add_key(\(\.operatorIdentifier), \(\.name), \(\.hash), \(\.role))")
}

extension Statement where Input == NamedKey, Row == Bool? {
    /// Revokes a key. The row is whether that changed it; nothing if there is none.
    static let revokeKey = Statement(
        "revoke_key", "SELECT countersign.revoke_key(\(\.operatorIdentifier), \(\.name))")
}

extension Statement where Input == String?, Row == LoginOverview {
    static let keys = Statement(
        "keys",
        """
        SELECT operator.code, api_key.name, api_key.role, api_key.created_on, api_key.revoked_on
        FROM countersign.operator
        JOIN countersign.api_key USING (operator_id)
        WHERE \(\.self) IS NULL OR operator.code = \(\.self)
        ORDER BY operator.code, api_key.name
        """,
        row: LoginOverview.init)
}

extension Statement where Input == LoginRole, Row == Bool? {
    /// Changes a key's role. The row is whether that changed it; nothing if there is no such key.
    static let setKeyRole = Statement(
        "set_key_role",
        "SELECT countersign.set_key_role(\(\.operatorIdentifier), \(\.name), \(\.role))")
}
