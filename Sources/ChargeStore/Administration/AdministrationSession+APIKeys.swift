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
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw AdministrationFailure("a key's name must be 1 to 64 visible ASCII characters")
        }
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NewKey(
            operatorIdentifier: operatorIdentifier, name: name, hash: hash, role: role.rawValue)
        guard try !change(.addKey, input, doing: "adding the key").isEmpty else {
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
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = NamedKey(operatorIdentifier: operatorIdentifier, name: name)
        guard let changed = try change(.revokeKey, input, doing: "revoking the key").first else {
            throw AdministrationFailure("operator \(operatorCode) has no key \(name)")
        }
        return changed
    }

    /// Changes a key's role, which revokes all its tokens.
    ///
    /// - Returns: Whether the role changed.
    package func setKeyRole(operatorCode: String, name: String, _ role: Role)
        throws(AdministrationFailure) -> Bool
    {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        let input = LoginRole(operatorIdentifier: operatorIdentifier, name: name, role: role.rawValue)
        guard let changed = try change(.setKeyRole, input, doing: "changing the key's role").first else {
            throw AdministrationFailure("operator \(operatorCode) has no key \(name)")
        }
        return changed
    }
}

struct NewKey: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let name: String
    let hash: [UInt8]
    let role: String
}

struct NamedKey: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let name: String
}

extension Statement where Input == NewKey, Row == String {
    static let addKey = Statement(
        "add_key",
        """
        INSERT INTO countersign.api_key (operator_id, name, key_hash, role)
        VALUES (\(\.operatorIdentifier), \(\.name), \(\.hash), \(\.role))
        ON CONFLICT (operator_id, name) DO NOTHING
        RETURNING name
        """)
}

extension Statement where Input == NamedKey, Row == Bool {
    /// Revokes a key. It returns a row if the key exists: whether it was changed.
    static let revokeKey = Statement(
        "revoke_key",
        """
        WITH changed AS (
            UPDATE countersign.api_key SET revoked_on = clock_timestamp()
            WHERE operator_id = \(\.operatorIdentifier) AND name = \(\.name) AND revoked_on IS NULL
            RETURNING name
        )
        SELECT EXISTS (SELECT FROM changed)
        FROM countersign.api_key
        WHERE operator_id = \(\.operatorIdentifier) AND name = \(\.name)
        """)
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

extension Statement where Input == LoginRole, Row == Bool {
    /// Changes a key's role. It returns a row if the key exists: whether it was changed.
    static let setKeyRole = Statement(
        "set_key_role",
        """
        WITH changed AS (
            UPDATE countersign.api_key SET role = \(\.role)
            WHERE operator_id = \(\.operatorIdentifier) AND name = \(\.name) AND role <> \(\.role)
            RETURNING name
        )
        SELECT EXISTS (SELECT FROM changed)
        FROM countersign.api_key
        WHERE operator_id = \(\.operatorIdentifier) AND name = \(\.name)
        """)
}
