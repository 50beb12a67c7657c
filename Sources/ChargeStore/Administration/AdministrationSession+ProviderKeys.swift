package import Authentication
import Charges
import LibPQ

extension AdministrationSession {
    /// Adds a key with which the provider's bridge calls.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 visible ASCII characters, unlike every other key's, revoked ones included.
    ///   - hash: The key's SHA-256; never the key itself.
    package func addProviderKey(name: String, hash: [UInt8]) throws(AdministrationFailure) {
        guard AccountNameRule.isKeyName(name) else {
            throw AdministrationFailure("a key's name must be 1 to 64 visible ASCII characters")
        }
        let input = NewProviderKey(name: name, hash: hash)
        guard try !change(.addProviderKey, input, doing: "adding the key").isEmpty else {
            throw AdministrationFailure("provider key \(name) exists or existed; names cannot be reused")
        }
    }

    /// Reads all keys of the provider's, revoked ones included, by name.
    package func providerKeys() throws(AdministrationFailure) -> [ProviderKeySummary] {
        try run(.providerKeys, (), doing: "reading the keys")
    }

    /// Revokes a key; nodes notice within a second. A revoked key stays as it is.
    package func revokeProviderKey(name: String) throws(AdministrationFailure) {
        guard try !change(.revokeProviderKey, name, doing: "revoking the key").isEmpty else {
            throw AdministrationFailure("provider key \(name) does not exist")
        }
    }

    /// Begins a new epoch of the feed: from now on, cursors of earlier epochs are refused.
    package func beginFeedEpoch() throws(AdministrationFailure) {
        _ = try change(.beginFeedEpoch, (), doing: "beginning a new epoch")
    }
}

struct NewProviderKey: Sendable {
    let name: String
    let hash: [UInt8]
}

extension Statement where Input == NewProviderKey, Row == String {
    static let addProviderKey = Statement(
        "add_provider_key",
        """
        INSERT INTO countersign.provider_key (name, key_hash) VALUES (\(\.name), \(\.hash))
        ON CONFLICT (name) DO NOTHING
        RETURNING name
        """)
}

extension Statement where Input == Void, Row == ProviderKeySummary {
    static let providerKeys = Statement(
        "provider_keys", "SELECT name, created_on, revoked_on FROM countersign.provider_key ORDER BY name",
        row: ProviderKeySummary.init)
}

extension Statement where Input == String, Row == String {
    static let revokeProviderKey = Statement(
        "revoke_provider_key",
        """
        UPDATE countersign.provider_key SET revoked_on = coalesce(revoked_on, clock_timestamp())
        WHERE name = \(\.self)
        RETURNING name
        """)
}

extension Statement where Input == Void, Row == Void {
    /// Begins a new epoch. It also forgets the progress of publication, so that the next one looks at every batch that
    /// waits.
    fileprivate static let beginFeedEpoch = Statement(
        "begin_feed_epoch",
        "UPDATE countersign.feed SET epoch = replace(gen_random_uuid()::text, '-', ''), seen = NULL")
}
