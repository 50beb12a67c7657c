/// The limits of one operator, which keep its load from the other operators' calls and from the nodes' memory. A call
/// beyond a limit is refused with `RATE_LIMITED`: nothing of it was applied, and `Retry-After` says when to try again.
///
/// The limits of a single call, such as its number of charges, are with the type of the call. Failed logins are limited
/// for a user and an address, by `LoginLimit`.
package struct OperatorLimits: Sendable {
    /// The maximum number of an operator's calls that wait in a queue of a node: in the batcher's for a decision, in the
    /// pool's for a connection.
    package var waitingCalls = 256
    /// The maximum number of revoked tokens of an operator that have not expired. Every node keeps them in memory.
    package static let revokedTokens = 50_000
    /// The maximum number of an operator's transfers of files that wait for their turn on a node, which has one transfer
    /// under way at a time.
    package static let waitingTransfers = 4
    /// The maximum number of an operator's decision files that are neither done nor cancelled.
    package static let unfinishedDecisionFiles = 20
    /// The maximum number of an operator's decision files that are kept, of all states. Each has up to 10,000 rows.
    package static let keptDecisionFiles = 100

    package init() {}
}

extension RequestFailure {
    /// The failure of a call of an operator that has `waitingCalls` calls waiting.
    package static let operatorBeyondShare = RequestFailure(
        .rateLimited, "The operator has too many calls waiting; send fewer at a time.", retryAfterSeconds: 1)

    /// The failure of a transfer of an operator that has `waitingTransfers` transfers waiting.
    package static let operatorBeyondTransfers = RequestFailure(
        .rateLimited, "The operator has too many transfers waiting; start one after the other.",
        retryAfterSeconds: 30)

    /// The failure of a transfer whose turn does not come in time.
    package static let noTurnForTransfer = RequestFailure(
        .serviceUnavailable, "The service is busy with other transfers. Nothing was transferred; try again.",
        retryAfterSeconds: 30)

    /// The failure of the upload of a decision file of an operator that has `unfinishedDecisionFiles` such files.
    package static let tooManyDecisionFiles = RequestFailure(
        .rateLimited,
        "The operator has \(OperatorLimits.unfinishedDecisionFiles) unfinished decision files; "
            + "start or cancel one.",
        retryAfterSeconds: 60)

    /// The failure of the upload of a decision file of an operator that has `keptDecisionFiles` such files.
    package static let tooManyKeptDecisionFiles = RequestFailure(
        .rateLimited,
        "The operator has \(OperatorLimits.keptDecisionFiles) decision files; "
            + "each is deleted \(DecisionFile.keptDays) days after its upload.",
        retryAfterSeconds: 3600)

    /// The failure of the release of a token of an operator that has `revokedTokens` revoked.
    package static let tooManyRevokedTokens = RequestFailure(
        .rateLimited, "The operator has released too many tokens; let them expire instead.",
        retryAfterSeconds: 60)
}
