/// The store of reconciliations, as operators use it. Any thread may call it.
package protocol ReconciliationRepository: Sendable {
    /// Begins a reconciliation, whose file then comes in through the upload.
    ///
    /// The same file with the same parameters under the same key is the same reconciliation: the upload's `finish`
    /// returns it, or throws `idempotencyKeyReused` for another file. A failed reconciliation frees its key.
    ///
    /// - Parameters:
    ///   - username: The user, or `key:NAME`.
    ///   - idempotencyKey: 1 to 128 visible ASCII characters; `nil` for a reconciliation of its own.
    /// - Throws: `tooMany` if the operator has as many unfinished ones as it may; `stillReceiving` if the file comes in
    ///   under the same key at this moment; `idempotencyKeyReused` for other parameters; `request`.
    func create(
        _ parameters: ReconciliationParameters, operatorIdentifier: OperatorIdentifier, username: String?,
        idempotencyKey: ExactText?
    ) async throws(ReconciliationFailure) -> any ReconciliationUpload

    /// One page of an operator's reconciliations, newest first: those with numbers below `before`.
    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [Reconciliation]

    /// A reconciliation with its totals; `nil` if the operator has none with the number.
    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(ReconciliationFailure) -> (
            reconciliation: Reconciliation, totals: [ReconciliationTotal]
        )?

    /// One page of the kept differences, in the order of their identifiers: those above `after`, 0 for the first page.
    /// For all of them it is called with a large count, page after page. The reconciliation must exist.
    func differences(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int64,
        reconciliationClass: ReconciliationClass?,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationDifference]

    /// Closes differences, all or none. One that is closed already keeps its first closing, which is returned.
    ///
    /// - Throws: `noSuchReconciliation`, `noSuchDifference` for the first that does not exist; `request`.
    func close(
        _ closings: [(difference: Int64, reason: String)], operatorIdentifier: OperatorIdentifier,
        number: Int,
        username: String?, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationClosing]
}

/// The upload of a reconciliation's file. One task at a time calls it: `take` for each piece of the file, then `finish`
/// or `abandon`.
package protocol ReconciliationUpload: Sendable {
    /// The number of the reconciliation.
    var number: Int { get }

    /// Takes the next bytes of the file, as they came. It returns when there is room for more: that is the
    /// back-pressure. Call it at least every 30 s.
    ///
    /// A fault of the file is no error: the reconciliation is `failed`, the rest of the bytes is passed over, and
    /// `finish` returns it.
    ///
    /// - Throws: `request` if the database does not take the rows. The upload is over then.
    func take(_ bytes: [UInt8]) async throws(ReconciliationFailure)

    /// Ends the file, and returns the reconciliation: `waiting` for its comparison, or `failed` for a fault of the file.
    ///
    /// - Throws: `idempotencyKeyReused`, `request`.
    func finish() async throws(ReconciliationFailure) -> Reconciliation

    /// Gives up an upload whose client is gone: the reconciliation is `failed`. It has no effect after `finish`.
    func abandon() async
}

/// The maximum size of a reconciliation's file.
package enum ReconciliationFile {
    package static let maximumBytes = 256 * 1024 * 1024
    /// Why a larger file is refused.
    package static let tooLarge =
        "the file is larger than 256 MB; compare it in parts, each with its own period"
}

/// The failure of a call about reconciliations.
package enum ReconciliationFailure: Error, Equatable, Sendable {
    /// The operator has as many unfinished reconciliations as it may: 429.
    case tooMany
    /// A file comes in under the same key at this moment: 503, to be tried again after some seconds.
    case stillReceiving
    /// Another file, or other parameters, under the key of an earlier reconciliation: 409.
    case idempotencyKeyReused
    case noSuchReconciliation
    case noSuchDifference(Int64)
    /// The parameters name a statement that the operator does not have: 404.
    case noSuchStatement
    /// `to` is not after `from` in the operator's zone: 400.
    case emptyPeriod
    /// The service cannot take the call.
    case request(RequestFailure)
}
