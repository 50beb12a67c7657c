import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// Works on the decision files: makes their dry runs, and carries out those that were started, in calls like those of
/// the API. Every node does so at intervals; the database gives each file to one worker, and takes it from one that is
/// silent for half a minute.
///
/// A row is never decided twice: the rows of a call, and its Idempotency-Key, follow from the file alone, so a call that
/// is made again repeats the first. An outcome is stored only by the worker that has the file. A call is answered long
/// before its file can be given to another worker, and nothing of it is applied after its deadline, so no outcome of a
/// row changes once it is stored.
package struct DecisionFileRunner: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    let decisions: any DecisionRepository
    /// The node, in the database.
    let worker: PostgresUUID
    let logger: Logger
    /// The time of a call, from before its file is found to be this worker's still, and of a statement. It is well below
    /// the silence after which another worker is given the file.
    var callTime = Duration.seconds(10)

    /// The number of calls after which a file gives way to others.
    private static let callsPerTurn = 20
    /// How often a call with a locked charge is made.
    private static let lockedTries = 3

    /// Works on all files that wait, the one that has waited longest first. A failure is logged, and the rest is left to
    /// the next run.
    package func run() async {
        while !Task.isCancelled {
            guard let key = await attempt(.claimDecisionFile, worker)?.first ?? nil,
                await takeTurn(DecisionFileWork(file: key, worker: worker))
            else { return }
        }
    }

    /// Deletes the files that have been kept for seven days, each in a transaction of its own.
    package func purge() async {
        var purged = 1
        while purged > 0, !Task.isCancelled {
            purged = await attempt(.purgeDecisionFile, ())?.first ?? 0
        }
    }

    /// Works on a file for some steps.
    ///
    /// - Returns: False after a failure, which the next run may not meet.
    private func takeTurn(_ work: DecisionFileWork) async -> Bool {
        var tries = CallTries()
        for _ in 0..<Self.callsPerTurn {
            guard !Task.isCancelled else { return false }
            let deadline = ContinuousClock.now + callTime
            guard let step = await attempt(.beginDecisionFileStep, work)?.first else { return false }
            guard let part = step.part(of: work.file) else {
                logger.info("work on a decision file has ended", metadata: work.metadata)
                return true
            }
            do {
                guard try await take(step, part, work, deadline, &tries) else { return false }
            } catch {
                var metadata = work.metadata
                metadata["error"] = "\(error.code.rawValue)"
                logger.warning("a call of a decision file failed", metadata: metadata)
                return false
            }
        }
        return await attempt(.releaseDecisionFile, work) != nil
    }

    /// Takes a step.
    ///
    /// - Returns: False if the file is to wait for the next run.
    private func take(
        _ step: DecisionFileStep, _ part: DecisionFilePart, _ work: DecisionFileWork,
        _ deadline: ContinuousClock.Instant, _ tries: inout CallTries
    ) async throws(RequestFailure) -> Bool {
        let items = try await reader.operatorRows(
            .decisionFileItems, part, replicated: false, deadline: deadline, share: .background)
        let known = items.filter { $0.customer != nil }
        var call = step.call(known, part, deadline)
        var findings = items.filter { $0.customer == nil }.map {
            DecisionFileFindings.Finding(position: $0.position, failure: ItemFailure(.chargeNotFound))
        }
        var isResolved = false
        switch step.kind {
        case .check:
            let outcomes = known.isEmpty ? [] : try await decisions.dryRun(call)
            findings += zip(known, outcomes).map { DecisionFileFindings.Finding($0.position, $1) }
        case .resolve:
            // A charge that was decided so by another call is none of this one's.
            call.repeatsSucceed = false
            let outcomes = known.isEmpty ? [] : try await decisions.dryRun(call)
            findings = zip(known, outcomes).map { DecisionFileFindings.Finding($0.position, $1) }
                .filter(\.isOfRepeat)
            isResolved = true
        case .call:
            tries.begin(part, isRepeat: step.isRepeat ?? false)
            let outcomes = known.isEmpty ? [] : try await decisions.decide(call)
            findings += zip(known, outcomes).map { DecisionFileFindings.Finding($0.position, $1) }
            if findings.contains(where: { $0.failure?.code == .chargeLocked }) {
                // A call of which it is not known what became may hold the charge itself.
                if tries.mayBeUnderWay { return false }
                if tries.count < Self.lockedTries { return true }
            }
        case .ended, .lost: return true
        }
        let found = DecisionFileFindings(
            work: work, lastPosition: part.lastPosition, isResolved: isResolved, findings: findings)
        return await attempt(step.kind == .check ? .endDecisionFileCheck : .endDecisionFileCall, found) != nil
    }

    private func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input
    ) async -> [Row]? {
        await pool.attempt(
            statement, input, doing: "working on decision files", within: callTime, logger: logger)
    }

    /// How often a call has been made in this turn.
    private struct CallTries {
        private(set) var count = 0
        /// Whether the call was begun before this turn.
        private(set) var mayBeUnderWay = false
        private var firstPosition = 0

        mutating func begin(_ part: DecisionFilePart, isRepeat: Bool) {
            if part.firstPosition != firstPosition {
                (firstPosition, count, mayBeUnderWay) = (part.firstPosition, 0, isRepeat)
            }
            count += 1
        }
    }
}

extension DecisionFileWork {
    fileprivate var metadata: Logger.Metadata {
        ["operator_id": "\(file.operatorIdentifier.value)", "decision_file": "\(file.number)"]
    }
}

extension DecisionFileStep {
    /// The rows of the step; `nil` if there is nothing to do.
    fileprivate func part(of file: DecisionFileKeyInput) -> DecisionFilePart? {
        switch kind {
        case .ended, .lost: nil
        case .check, .call, .resolve:
            firstPosition.flatMap { first in
                lastPosition.map { DecisionFilePart(file: file, firstPosition: first, lastPosition: $0) }
            }
        }
    }

    /// The call of the step.
    fileprivate func call(
        _ items: [DecisionFileItem], _ part: DecisionFilePart, _ deadline: ContinuousClock.Instant
    ) -> DecisionCall {
        DecisionCall(
            operatorIdentifier: part.operatorIdentifier, operatorCode: operatorCode ?? "",
            username: username ?? "", action: action ?? .accept,
            items: items.compactMap { item in
                item.customer.map {
                    DecisionItem(
                        number: item.number, billingSystemCustomerIdentifier: $0,
                        referenceNumber: item.referenceNumber)
                }
            },
            idempotencyKey: DecisionFileKey.text(
                file: part.file.number, call: (part.firstPosition - 1) / DecisionCall.maximumItems + 1),
            repeatsSucceed: repeatsSucceed ?? false, deadline: deadline)
    }
}

extension DecisionFileFindings.Finding {
    fileprivate init(_ position: Int, _ outcome: DryRunOutcome) {
        switch outcome {
        case .decidable: self.init(position: position, failure: nil)
        case .repeated(let made): self.init(position: position, failure: nil, made: made)
        case .failed(let failure): self.init(position: position, failure: failure)
        }
    }

    fileprivate init(_ position: Int, _ outcome: ItemOutcome) {
        switch outcome {
        case .decided(let made): self.init(position: position, failure: nil, made: made)
        case .failed(let failure): self.init(position: position, failure: failure)
        }
    }

    /// Whether the row was decided by a call that this dry run repeats.
    fileprivate var isOfRepeat: Bool { made != nil || failure?.code == .decisionSuperseded }
}
