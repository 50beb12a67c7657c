import Charges
import Crypto
import LibPQ

/// The upload of a file, whose rows are stored some thousand at a time. So no transaction is open while the client is
/// slow.
actor PostgresReconciliationUpload: ReconciliationUpload {
    /// The time after which rows are stored, however few: others take a silent upload for interrupted.
    private static let longestSilence = Duration.seconds(5)
    /// The time that storing may take.
    private static let time = Duration.seconds(30)

    nonisolated let number: Int
    private let repository: PostgresReconciliationRepository
    private let key: ReconciliationKey
    /// Whether the reconciliation exists already, so that the file is only compared with that one's by its digest.
    private let isRepeat: Bool
    private var reader: ReconciliationReader
    private var rows: ReconciliationRows
    private var digest = SHA256()
    private var bytes = 0
    private var storedAt = ContinuousClock.now
    private var isOver = false

    init(
        repository: PostgresReconciliationRepository, key: ReconciliationKey,
        format: ReconciliationParameters.Format, isRepeat: Bool
    ) {
        self.repository = repository
        self.key = key
        self.isRepeat = isRepeat
        number = key.number
        reader = ReconciliationReader(format)
        rows = ReconciliationRows(key)
    }

    func take(_ piece: [UInt8]) async throws(ReconciliationFailure) {
        guard !isOver else { return }
        bytes += piece.count
        digest.update(data: piece)
        guard !isRepeat else { return }
        guard bytes <= ReconciliationFile.maximumBytes else {
            return try await fail(ReconciliationFileFault(line: nil, ReconciliationFile.tooLarge))
        }
        do throws(ReconciliationFileFault) {
            try reader.read(piece) { rows.append($0) }
        } catch {
            return try await fail(error)
        }
        if rows.bytes.count >= ReconciliationRows.preferredBytes || .now - storedAt > Self.longestSilence {
            try await store()
        }
    }

    func finish() async throws(ReconciliationFailure) -> Reconciliation {
        if !isOver && !isRepeat {
            do throws(ReconciliationFileFault) {
                try reader.finish { rows.append($0) }
            } catch {
                try await fail(error)
            }
        }
        let fileDigest = Array(digest.finalize())
        if !isOver && !isRepeat {
            try await store()
            isOver = true
            let end = UploadEnd(work: work, bytes: bytes, digest: fileDigest, comparesItself: false)
            guard
                try await repository.rows(.endReconciliationUpload, end, deadline: .now + Self.time).first
                    == true
            else { throw .request(.serviceUnavailable) }
        }
        guard let reconciliation = try await repository.reconciliation(key, deadline: .now + Self.time) else {
            throw .request(.internalError)
        }
        if isRepeat, reconciliation.fileDigest != fileDigest { throw .idempotencyKeyReused }
        return reconciliation
    }

    func abandon() async {
        guard !isOver, !isRepeat else { return }
        try? await fail(
            ReconciliationFileFault(line: nil, "the upload was interrupted; upload the file again"))
    }

    private var work: ReconciliationWork { ReconciliationWork(key: key, worker: repository.worker) }

    private func fail(_ fault: ReconciliationFileFault) async throws(ReconciliationFailure) {
        isOver = true
        rows.removeAll()
        let failure = UploadFailure(work: work, line: fault.line, reason: fault.reason)
        _ = try await repository.rows(.failReconciliationUpload, failure, deadline: .now + Self.time)
    }

    private func store() async throws(ReconciliationFailure) {
        let (rows, work, bytes, deadline) = (rows, work, bytes, ContinuousClock.now + Self.time)
        self.rows.removeAll()
        do {
            try await repository.run(deadline: deadline) { lease throws(PostgresError) in
                try rows.store(for: work, bytesSoFar: bytes, on: lease.connection, deadline: deadline)
            }
        } catch {
            // Whether these rows are stored is not known, so the upload cannot go on.
            await abandon()
            isOver = true
            throw error
        }
        storedAt = .now
    }
}
