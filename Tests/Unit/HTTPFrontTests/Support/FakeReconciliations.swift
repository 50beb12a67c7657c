import Authentication
import Charges
import Synchronization

@testable import HTTPFront

/// Reconciliations of the operator 1, which keep what they are given.
final class FakeReconciliations: ReconciliationRepository {
    /// What was called so far.
    struct Received {
        var parameters: [ReconciliationParameters] = []
        var keys: [ExactText?] = []
        var file: [UInt8] = []
        var ends: [String] = []
        var closings: [String] = []
        var classes: [ReconciliationClass?] = []
    }

    private let state = Mutex(Received())
    private let failure: ReconciliationFailure?
    private let count: Int
    private let differenceCount: Int
    private let fileFault: ReconciliationFileFault?
    private let closedBefore: [Int64: String]

    /// - Parameters:
    ///   - failure: What creating and closing fail with.
    ///   - fileFault: What is wrong with every file.
    ///   - count: The number of reconciliations that the operator has.
    ///   - closedBefore: The reasons of differences that were closed when the page that shows them was open already.
    init(
        failure: ReconciliationFailure? = nil, count: Int = 3, differenceCount: Int = 5,
        fileFault: ReconciliationFileFault? = nil, closedBefore: [Int64: String] = [:]
    ) {
        self.closedBefore = closedBefore
        self.fileFault = fileFault
        self.failure = failure
        self.count = count
        self.differenceCount = differenceCount
    }

    var received: Received { state.withLock { $0 } }

    static func reconciliation(_ number: Int, bytes: Int = 0) -> Reconciliation {
        Reconciliation(
            operatorIdentifier: FakeAccounts.acme.identifier, number: number, state: .waiting,
            beginsOn: Timestamp("2026-11-01")!, endsOn: Timestamp("2026-12-01")!, decision: .accepted,
            name: "November", username: "alice", createdOn: Timestamp("2026-12-01T08:00:00")!,
            asOf: Timestamp("2026-12-01T08:00:05")!, finishedOn: nil, rows: 5, bytes: Int64(bytes),
            fileDigest: Array(repeating: 1, count: 32), comparedRows: 0, differences: 0, keptDifferences: 0,
            closedDifferences: 0, failure: nil)
    }

    private struct Upload: ReconciliationUpload {
        let owner: FakeReconciliations
        let number = 4

        func take(_ bytes: [UInt8]) async throws(ReconciliationFailure) {
            owner.state.withLock { $0.file += bytes }
        }

        func finish() async throws(ReconciliationFailure) -> Reconciliation {
            let bytes = owner.state.withLock {
                $0.ends.append("finish")
                return $0.file.count
            }
            var stored = FakeReconciliations.reconciliation(number, bytes: bytes)
            if let fault = owner.fileFault {
                stored.state = .failed
                stored.failure = fault
            }
            return stored
        }

        func abandon() async { owner.state.withLock { $0.ends.append("abandon") } }
    }

    func create(
        _ parameters: ReconciliationParameters, operatorIdentifier: OperatorIdentifier, username: String?,
        idempotencyKey: ExactText?
    ) async throws(ReconciliationFailure) -> any ReconciliationUpload {
        if let failure { throw failure }
        state.withLock {
            $0.parameters.append(parameters)
            $0.keys.append(idempotencyKey)
        }
        return Upload(owner: self)
    }

    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [Reconciliation] {
        guard operatorIdentifier == FakeAccounts.acme.identifier else { return [] }
        return (1...self.count).reversed().filter { $0 < before ?? .max }.prefix(count).map {
            Self.reconciliation($0)
        }
    }

    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(ReconciliationFailure) -> (
            reconciliation: Reconciliation, totals: [ReconciliationTotal]
        )?
    {
        guard operatorIdentifier == FakeAccounts.acme.identifier, number <= count else { return nil }
        let total = ReconciliationTotal(
            reconciliationClass: .amountDiffers, side: .there, currency: "USD", localCurrency: "", rows: 1,
            amount: "9.90", localCurrencyAmount: nil, amountDifference: "-0.10",
            localCurrencyAmountDifference: nil)
        return (Self.reconciliation(number), [total])
    }

    func differences(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int64,
        reconciliationClass: ReconciliationClass?,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationDifference] {
        state.withLock { $0.classes.append(reconciliationClass) }
        return (1...Int64(differenceCount)).filter { $0 > after }.prefix(count).map { identifier in
            ReconciliationDifference(
                identifier: identifier, reconciliationClass: .amountDiffers, line: identifier + 1,
                reason: nil,
                fields: ["amount", "customer"], otherNumber: nil,
                there: ReconciledValues(
                    number: "I\(identifier)", referenceNumber: "=1+1", customer: "c", amount: "9.80",
                    currency: "USD", localCurrencyAmount: nil, localCurrency: nil, decision: nil,
                    chargeStatus: nil),
                here: nil, decidedOn: nil, isImported: false, closing: nil)
        }
    }

    func close(
        _ closings: [(difference: Int64, reason: String)], operatorIdentifier: OperatorIdentifier,
        number: Int,
        username: String?, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationClosing] {
        if let failure { throw failure }
        state.withLock { $0.closings += closings.map { "\($0.difference) \($0.reason)" } }
        return closings.map {
            ReconciliationClosing(
                difference: $0.difference, reason: closedBefore[$0.difference] ?? $0.reason,
                username: username,
                closedOn: Timestamp("2026-12-02T09:00:00")!)
        }
    }
}
