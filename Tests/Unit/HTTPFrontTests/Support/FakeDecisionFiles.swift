import Authentication
import Charges
import Synchronization

/// Decision files: one that is kept, with the number 1, of the operator 1, and what is done with files.
final class FakeDecisionFiles: DecisionFileRepository {
    /// A file as it was uploaded.
    struct Upload: Sendable {
        let bytes: [UInt8]
        let name: String?
        let action: ChargeAction
        let key: ExactText?
    }

    private let received = Mutex((uploads: [Upload](), changes: [String]()))

    var uploads: [Upload] { received.withLock { $0.uploads } }
    /// What was done with files, each as a line.
    var changes: [String] { received.withLock { $0.changes } }

    /// The state of the file, and the rows that its check found good.
    let state: DecisionFile.State
    let decidableRows: Int

    init(state: DecisionFile.State = .checked, decidableRows: Int = 1) {
        self.state = state
        self.decidableRows = decidableRows
    }

    /// A name with markup, as any file may have.
    static let file = DecisionFile(
        operatorIdentifier: FakeAccounts.acme.identifier, number: 1, name: "<b>may.csv</b>", action: .accept,
        state: .checked, uploadedBy: "alice", uploadedOn: TestServerFixture.now, rows: 2,
        fileDigest: [1], username: "alice", role: "decider", checkedRows: 2, decidedRows: 0, startedOn: nil,
        finishedOn: nil, pauseReason: nil, cancelledBy: nil, failure: nil)

    func create(
        _ bytes: [UInt8], name: String?, action: ChargeAction, login: DecisionFileLogin,
        idempotencyKey: ExactText?, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> DecisionFile {
        received.withLock {
            $0.uploads.append(Upload(bytes: bytes, name: name, action: action, key: idempotencyKey))
        }
        return Self.file
    }

    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFile] {
        operatorIdentifier == FakeAccounts.acme.identifier ? [Self.file] : []
    }

    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> (file: DecisionFile, counts: DecisionFileCounts)?
    {
        guard operatorIdentifier == FakeAccounts.acme.identifier, number == 1 else { return nil }
        var counts = DecisionFileCounts()
        counts.faults = 1
        counts.expected.succeeded = decidableRows
        counts.results.open = 1
        var file = Self.file
        file.state = state
        return (file, counts)
    }

    func sums(of file: DecisionFile, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> [DecisionFileSum]
    {
        [
            DecisionFileSum(
                localCurrency: "EUR", charges: decidableRows, localCurrencyAmount: "18.20",
                changes: decidableRows, withoutReference: 2)
        ]
    }

    func rows(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, filter: DecisionFileRowFilter,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> [DecisionFileRow] {
        [
            DecisionFileRow(
                position: 1, line: 2, number: "N1", customer: nil, referenceNumber: "<b>R1</b>", fault: nil,
                expected: .succeeded, result: nil, decidedOn: nil, revision: nil),
            DecisionFileRow(
                position: 2, line: 3, number: nil, customer: nil, referenceNumber: nil,
                fault: "number is empty", expected: nil, result: nil, decidedOn: nil, revision: nil),
        ]
    }

    func results(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int, forSpreadsheets: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(DecisionFileFailure) -> (csv: [UInt8], next: Int?) {
        after == 0 ? (Array("line,number\n2,N1\n".utf8), 1) : (Array("3,\n".utf8), nil)
    }

    private func change(_ line: String, _ number: Int) throws(DecisionFileFailure) -> DecisionFile {
        guard number == 1 else { throw .noSuchFile }
        received.withLock { $0.changes.append(line) }
        return Self.file
    }

    func start(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    { try change("start \(number) by \(login.username)", number) }

    func resume(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    { try change("resume \(number) by \(login.username)", number) }

    func cancel(number: Int, login: DecisionFileLogin, deadline: ContinuousClock.Instant)
        async throws(DecisionFileFailure) -> DecisionFile
    { try change("cancel \(number) by \(login.username)", number) }
}
