package import Charges
import Crypto
import LibPQ

extension AdministrationSession {
    /// Makes a new signing key.
    ///
    /// The key signs from a few seconds later, when every node knows it: a node that has not read the keys within the
    /// last second answers no call with a token. Older keys stay until the last token that they signed has expired.
    ///
    /// - Parameter dropsOthers: Whether to drop all older keys at once, and with them every token. No login succeeds
    ///   until the new key signs.
    /// - Returns: The time from which the key signs.
    package func rotateSigningKey(dropsOthers: Bool) throws(AdministrationFailure) -> Timestamp {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let made = try change(
            dropsOthers ? .replaceSigningKeys : .addSigningKey, secret, doing: "making the signing key")
        guard let signsFrom = made.first else { throw AdministrationFailure("no signing key was made") }
        return signsFrom
    }
}

extension Statement where Input == [UInt8], Row == Timestamp {
    /// Adds a signing key, and deletes keys whose last token expired long ago; `signing_keys` leaves those out already.
    static let addSigningKey = Statement(
        "add_signing_key",
        """
        WITH followed AS (
            SELECT identifier, lead(signs_from) OVER (ORDER BY signs_from, identifier) AS followed_on
            FROM countersign.signing_key
        ),
        gone AS (
            DELETE FROM countersign.signing_key
            WHERE identifier IN (
                SELECT identifier FROM followed WHERE followed_on < clock_timestamp() - interval '1 day')
        )
        INSERT INTO countersign.signing_key (identifier, secret, signs_from)
        VALUES (gen_random_uuid()::text, \(\.self), clock_timestamp() + interval '3 seconds')
        RETURNING signs_from
        """)

    static let replaceSigningKeys = Statement(
        "replace_signing_keys",
        """
        WITH gone AS (DELETE FROM countersign.signing_key)
        INSERT INTO countersign.signing_key (identifier, secret, signs_from)
        VALUES (gen_random_uuid()::text, \(\.self), clock_timestamp() + interval '3 seconds')
        RETURNING signs_from
        """)
}
