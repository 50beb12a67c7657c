/// The store of decision files, as operators use it. Any thread may call it.
package protocol DecisionFileRepository: Sendable {
    /// Stores a file. Its dry run begins in the background.
    ///
    /// A file that cannot be read is stored as `failed`, with its line and reason. The same file with the same action by
    /// the same login under the same key is the same file; a failed file frees its key.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, as CSV.
    ///   - name: A name for people, of 1 to 128 Unicode scalars.
    ///   - login: The caller, in whose name the file is carried out.
    ///   - idempotencyKey: 1 to 128 visible ASCII characters; `nil` for a file of its own.
    /// - Throws: `invalidName`; `notPermitted` if the login may not decide; `tooManyUnfinished`, `tooManyKept`;
    ///   `idempotencyKeyReused` for another file; `request`.
    func create(
        _ bytes: [UInt8], name: String?, action: ChargeAction, login: DecisionFileLogin,
        idempotencyKey: ExactText?, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> DecisionFile

    /// One page of an operator's files, newest first: those with numbers below `before`; `nil` for the first page.
    ///
    /// - Throws: `request`.
    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFile]

    /// A file with the numbers of its rows; `nil` if the operator has none with the number.
    ///
    /// - Throws: `request`.
    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> (file: DecisionFile, counts: DecisionFileCounts)?

    /// What the rows of a file that succeed, or would, amount to, a currency each. It looks up the charge of every row.
    ///
    /// - Throws: `request`.
    func sums(of file: DecisionFile, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> [DecisionFileSum]

    /// One page of a file's rows, in their order: those whose position is above `after`, 0 for the first page. There are
    /// none if the operator has no such file.
    ///
    /// - Throws: `request`.
    func rows(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, filter: DecisionFileRowFilter,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFileRow]

    /// A part of a file's rows with their outcomes, as CSV. The first part has the header. `next` is the `after` of the
    /// next part; `nil` after the last one.
    ///
    /// - Parameters:
    ///   - after: The `next` of the part before; 0 for the first.
    ///   - forSpreadsheets: Whether texts that a spreadsheet would run are made harmless.
    /// - Throws: `request`.
    func results(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, forSpreadsheets: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> (csv: [UInt8], next: Int?)

    /// Starts a file whose dry run is done. It is carried out in the background, under the caller's login.
    ///
    /// Only the login that uploaded it, and administrators of the operator, may start, resume or cancel a file. A file
    /// that runs already goes on.
    ///
    /// - Throws: `noSuchFile`; `notPermitted`; `wrongState` if it is not `checked`; `request`.
    func start(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile

    /// Resumes a paused file, under the caller's login and its present generations.
    ///
    /// - Throws: As `start`; `wrongState` if it is not `paused`.
    func resume(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile

    /// Cancels a file: no further call of it begins. What was decided stays. If a call is under way, the file is `running`
    /// until its outcome is known.
    ///
    /// - Throws: As `start`; `wrongState` if it is `done` or `failed`.
    func cancel(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
}

/// The failure of a call about decision files.
package enum DecisionFileFailure: Error, Equatable, Sendable {
    /// The name is empty, too long, or has a NUL.
    case invalidName
    /// The operator has as many unfinished files as it may.
    case tooManyUnfinished
    /// The operator has as many files as are kept.
    case tooManyKept
    /// Another file, action or login under the key of an earlier file.
    case idempotencyKeyReused
    case noSuchFile
    /// The login may not decide, or not do this with this file.
    case notPermitted(DecisionFile.PauseReason)
    /// The file is not in a state in which this can be done.
    case wrongState
    /// The service cannot take the call.
    case request(RequestFailure)

    /// The failure as that of a call.
    package var requestFailure: RequestFailure {
        switch self {
        case .invalidName:
            RequestFailure(
                .invalidParameter, "name must have 1 to \(DecisionFile.maximumNameScalars) characters.")
        case .tooManyUnfinished: .tooManyDecisionFiles
        case .tooManyKept: .tooManyKeptDecisionFiles
        case .idempotencyKeyReused:
            RequestFailure(
                .idempotencyKeyReused,
                "The Idempotency-Key was used for another file, action or login; use another key.")
        case .noSuchFile: RequestFailure(.notFound, "The operator has no decision file with this number.")
        case .notPermitted(.operatorSuspended): .operatorSuspended
        case .notPermitted(.loginEnded):
            RequestFailure(.invalidToken, "The login has ended; log in again.")
        case .notPermitted(.notPermitted):
            RequestFailure(
                .notPermitted,
                "Only a login that may decide, and that uploaded the file or is an administrator, may do this."
            )
        case .wrongState:
            RequestFailure(.invalidParameter, "The file is not in a state in which this can be done.")
        case .request(let failure): failure
        }
    }
}
