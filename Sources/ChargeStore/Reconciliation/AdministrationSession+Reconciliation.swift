package import Charges
import Crypto
import LibPQ

/// How far a reconciliation is.
package enum ReconciliationStage: Equatable, Sendable {
    case reading(bytes: Int)
    case comparing(done: Int64, total: Int64)
}

extension AdministrationSession {
    private static let reconciling = "the reconciliation"
    /// The time that one part of a comparison may take.
    private static let sliceTime = Duration.seconds(600)

    /// Compares a file with an operator's charges.
    ///
    /// - Parameters:
    ///   - onStage: Takes how far it is.
    ///   - next: The next bytes of the file; none at its end.
    /// - Returns: The reconciliation, which is `done`, and its totals.
    /// - Throws: `ReconciliationFileFault` for a file that cannot be compared, `AdministrationFailure`, or what `next`
    ///   threw.
    package func reconcile(
        operatorCode: String, _ parameters: ReconciliationParameters,
        onStage: (ReconciliationStage) -> Void, next: () throws -> [UInt8]
    ) throws -> (reconciliation: Reconciliation, totals: [ReconciliationTotal]) {
        let identifier = try operatorIdentifier(code: operatorCode)
        // What writes to a pipe may need its time before the first byte.
        let beginning = try next()
        let worker = PostgresUUID.random()
        let new = NewReconciliation(
            operatorIdentifier: identifier, parameters: parameters, username: nil, idempotencyKey: nil,
            worker: worker)
        let created = try change(.createReconciliation, new, doing: Self.reconciling).first
        if created?.refusal == .emptyPeriod {
            throw AdministrationFailure("the period is empty: to must be after from")
        }
        guard let number = created?.number else {
            throw AdministrationFailure("operator \(operatorCode) has too many unfinished reconciliations")
        }
        let work = ReconciliationWork(
            key: ReconciliationKey(operatorIdentifier: identifier, number: number), worker: worker)
        do {
            try upload(work, parameters.format, beginning, onStage: onStage, next: next)
        } catch {
            let fault = error as? ReconciliationFileFault
            let failure = UploadFailure(
                work: work, line: fault?.line, reason: fault?.reason ?? "the upload was interrupted")
            _ = try? run(.failReconciliationUpload, failure, doing: Self.reconciling)
            throw error
        }
        return try compare(work, onStage: onStage)
    }

    private func upload(
        _ work: ReconciliationWork, _ format: ReconciliationParameters.Format, _ beginning: [UInt8],
        onStage: (ReconciliationStage) -> Void, next: () throws -> [UInt8]
    ) throws {
        var reader = ReconciliationReader(format)
        var rows = ReconciliationRows(work.key)
        var digest = SHA256()
        var bytes = 0
        func store() throws {
            do {
                try rows.store(
                    for: work, bytesSoFar: bytes, on: connection, deadline: .now + Self.statementTimeout)
            } catch {
                throw AdministrationFailure(
                    "\(Self.reconciling) failed: \(error)", cause: error)
            }
            rows.removeAll()
        }
        var piece = beginning
        while !piece.isEmpty {
            bytes += piece.count
            guard bytes <= ReconciliationFile.maximumBytes else {
                throw ReconciliationFileFault(line: nil, ReconciliationFile.tooLarge)
            }
            digest.update(data: piece)
            try reader.read(piece) { rows.append($0) }
            if rows.bytes.count >= ReconciliationRows.preferredBytes { try store() }
            onStage(.reading(bytes: bytes))
            piece = try next()
        }
        try reader.finish { rows.append($0) }
        try store()
        let end = UploadEnd(work: work, bytes: bytes, digest: Array(digest.finalize()), comparesItself: true)
        guard try change(.endReconciliationUpload, end, doing: Self.reconciling).first == true else {
            throw AdministrationFailure("the upload was silent for too long; try again")
        }
    }

    private func compare(
        _ work: ReconciliationWork, onStage: (ReconciliationStage) -> Void
    ) throws -> (reconciliation: Reconciliation, totals: [ReconciliationTotal]) {
        _ = try run(
            .claimReconciliation, ReconciliationClaim(worker: work.worker, key: work.key),
            doing: Self.reconciling,
            timeout: Self.sliceTime)
        let slice = ReconciliationSlice(work: work)
        var reconciliation: Reconciliation
        var isUnfinished: Bool
        repeat {
            isUnfinished =
                try run(.compareReconciliationSlice, slice, doing: Self.reconciling, timeout: Self.sliceTime)
                .first ?? false
            reconciliation = try self.reconciliation(work.key)
            onStage(.comparing(done: reconciliation.comparedRows, total: reconciliation.rows))
        } while isUnfinished
        if let fault = reconciliation.failure { throw fault }
        guard reconciliation.state == .done else {
            throw AdministrationFailure("another node took over; see reconciliation \(work.key.number)")
        }
        // The rows are not needed any more. A node would delete them otherwise.
        _ = try? run(
            .claimReconciliation, ReconciliationClaim(worker: work.worker, key: work.key),
            doing: Self.reconciling,
            timeout: Self.sliceTime)
        return (reconciliation, try read(.reconciliationTotals, work.key, doing: Self.reconciling))
    }

    private func reconciliation(_ key: ReconciliationKey) throws(AdministrationFailure) -> Reconciliation {
        let input = ReconciliationListInput(
            operatorIdentifier: key.operatorIdentifier, before: key.number + 1, count: 1)
        guard let found = try read(.reconciliationList, input, doing: "reading the reconciliation").first,
            found.number == key.number
        else { throw AdministrationFailure("the operator has no reconciliation \(key.number)") }
        return found
    }

    /// Reads a reconciliation with its totals.
    package func reconciliation(operatorCode: String, number: Int) throws(AdministrationFailure)
        -> (reconciliation: Reconciliation, totals: [ReconciliationTotal])
    {
        let key = ReconciliationKey(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), number: number)
        return (
            try reconciliation(key), try read(.reconciliationTotals, key, doing: "reading the reconciliation")
        )
    }

    /// Reads all reconciliations of an operator, newest first.
    package func reconciliations(operatorCode: String) throws(AdministrationFailure) -> [Reconciliation] {
        let identifier = try operatorIdentifier(code: operatorCode)
        var all: [Reconciliation] = []
        while true {
            let input = ReconciliationListInput(
                operatorIdentifier: identifier, before: all.last?.number, count: Self.pageLength)
            let page = try read(.reconciliationList, input, doing: "listing reconciliations")
            all += page
            if page.count < Self.pageLength { return all }
        }
    }

    private static let pageLength = 1000

    /// Reads the kept differences of a reconciliation, some at a time, in the order of their identifiers.
    package func forEachDifference(
        operatorCode: String, number: Int, _ body: (ReconciliationDifference) throws -> Void
    ) throws {
        let key = ReconciliationKey(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), number: number)
        var after: Int64 = 0
        while true {
            let input = DifferenceListInput(
                key: key, after: after, reconciliationClass: nil, count: Self.pageLength)
            let page = try read(.reconciliationDifferences, input, doing: "reading differences")
            for difference in page { try body(difference) }
            guard page.count == Self.pageLength, let last = page.last else { return }
            after = last.identifier
        }
    }

    /// Closes differences of a reconciliation for one reason, all or none.
    package func closeDifferences(
        operatorCode: String, number: Int, differences: [Int64], reason: String
    ) throws(AdministrationFailure) {
        let key = ReconciliationKey(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), number: number)
        _ = try reconciliation(key)
        let input = DifferenceClosings(
            key: key, identifiers: differences, reasons: differences.map { _ in reason }, username: nil)
        if let missing = try change(.closeReconciliationDifferences, input, doing: "closing differences")
            .first ?? nil
        {
            throw AdministrationFailure("reconciliation \(number) has no difference \(missing)")
        }
    }
}
