/// The number of a call in the journal. The suite gives it; the call bears it as its `X-Request-Id`.
package typealias CallID = Int

/// Nanoseconds of a monotonic clock that starts with the journal.
package typealias Nanoseconds = Int64

/// A call, as the journal records it before it is sent.
package struct Call: Equatable, Sendable {
    package var kind: CallKind
    /// The task that makes the call. It has one call under way at a time.
    package var client: String
    /// Where the call goes: a node, the balancer, a proxy before one of them, or the command line.
    package var target: String
    /// The operator's code; for a call of the provider nil (its items name their operators).
    package var operatorCode: String?
    /// The label of the token that the call bears; for `login` and `endLogin` the name of the login (a user or an API
    /// key, unique in the journal). Never the secret itself.
    package var credential: String?
    package var idempotencyKey: String?
    /// The query of a read as it is sent, without the token; for a person.
    package var query: String?
    /// For `feed`: the position of the last row that the reader has, 0 from the beginning, nil if `since` says where.
    package var after: Int?
    package var items: [CallItem]

    package init(
        _ kind: CallKind, client: String, target: String, operatorCode: String? = nil,
        credential: String? = nil,
        idempotencyKey: String? = nil, query: String? = nil, after: Int? = nil, items: [CallItem] = []
    ) {
        self.kind = kind
        self.client = client
        self.target = target
        self.operatorCode = operatorCode
        self.credential = credential
        self.idempotencyKey = idempotencyKey
        self.query = query
        self.after = after
        self.items = items
    }
}

/// What a call asks for. The raw values are the words of the journal.
package enum CallKind: String, CaseIterable, Sendable {
    case accept, decline, acknowledge
    case list, show
    case ingest, take, release, outcomes, feed
    case login
    /// The operator's own call `authentication/token/release`: `credential` is the token that it ends.
    case releaseToken = "release-token"
    /// The end of all tokens of a login, by suspending its user, changing the password or revoking the key.
    case endLogin = "end-login"
    /// The login may log in again. Tokens of before stay ended.
    case restoreLogin = "restore-login"
    case suspendOperator = "suspend-operator"
    case resumeOperator = "resume-operator"
    /// Any other call. It counts for the service being there, and for nothing else.
    case other
}

/// An item of a call.
package struct CallItem: Equatable, Sendable {
    /// For calls of the provider the item's operator; nil for that of the call.
    package var operatorCode: String?
    /// The charge's number, also for `show`; for `ingest` the `provider_charge_id`; for `show` by reference empty.
    package var number: String
    package var customer: String?
    package var reference: String?
    /// The revision that `take`, `release` or `outcomes` names.
    package var revision: Int?
    /// For `outcomes` the outcome; for `ingest` something that is equal exactly if the rest of the content is.
    package var value: String?

    package init(
        _ number: String, operatorCode: String? = nil, customer: String? = nil, reference: String? = nil,
        revision: Int? = nil, value: String? = nil
    ) {
        self.operatorCode = operatorCode
        self.number = number
        self.customer = customer
        self.reference = reference
        self.revision = revision
        self.value = value
    }
}
