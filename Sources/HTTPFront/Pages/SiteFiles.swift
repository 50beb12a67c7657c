package import Authentication
package import Charges
import HTTPTypes
import Scheduling

/// The downloads of a site: the same files as the API's, in the same turns.
package struct SiteFiles: Sendable {
    private let statements: StatementDownload
    private let differences: ReconciliationDifferencesController
    private let transfers: TransferTurns
    /// The turns of forms with a small file. They are apart, so that no slow form holds up the transfers of others.
    private let forms: TransferTurns

    private static let formLimits: TransferLimits = {
        var limits = TransferLimits()
        limits.pieceTime = .seconds(10)
        limits.time = .seconds(60)
        return limits
    }()

    package init(
        statements: any StatementRepository, reconciliations: any ReconciliationRepository,
        transfers: TransferTurns
    ) {
        self.transfers = transfers
        forms = transfers.apart(limits: Self.formLimits)
        self.statements = StatementDownload(statements: statements, transfers: transfers)
        differences = ReconciliationDifferencesController(
            reconciliations: reconciliations, transfers: transfers)
    }

    /// The file of the statement that the query names.
    package func statement(_ request: SiteRequest, of account: OperatorAccount) async throws(RequestFailure)
        -> SiteResponse
    {
        SiteResponse(
            passing: try await statements.respond(
                to: request.context, about: account, share: .operator(account.identifier.value)))
    }

    /// The fields of a form with a file, once the upload has its turn.
    ///
    /// - Parameter maximumBytes: The most bytes of the form.
    /// - Throws: `requestTooLarge`, `requestTimeout`, `rateLimited`, `serviceUnavailable`, `invalidParameter`.
    package func form(_ request: SiteRequest, of account: OperatorAccount, maximumBytes: Int)
        async throws(RequestFailure) -> FormFields
    {
        let turn = try await forms.turn(
            of: .operator(account.identifier.value), address: request.address,
            deadline: request.context.request.arrived + forms.limits.turnTime)
        defer { turn.leave() }
        let upload = UploadBody(request.context, limits: turn.limits)
        turn.onCut { upload.cut() }
        var body: [UInt8] = []
        try await upload.forEach { (bytes) throws(RequestFailure) in
            guard body.count + bytes.count <= maximumBytes else {
                throw RequestFailure(
                    .requestTooLarge, "The file must have at most \(maximumBytes / 1_048_576) MB.")
            }
            body += bytes
        }
        return try MultipartForm.read(body, type: request.headers[.contentType] ?? "")
    }

    /// Passes the file of a form on as it arrives, once the upload has its turn. The fields come before the file.
    ///
    /// - Parameter begin: Takes the fields and the name of the file, which is empty if none was chosen. The file is read
    ///   and dropped if it returns `nil`, so that the browser shows the page that answers.
    /// - Returns: The reconciliation; `nil` if there is none.
    /// - Throws: `requestTooLarge`, `requestTimeout`, `rateLimited`, `serviceUnavailable`, `invalidParameter`, or what
    ///   `begin` throws.
    package func reconciliation(
        _ request: SiteRequest, of account: OperatorAccount,
        begin: (FormFields, _ fileName: String) async throws(RequestFailure) -> (any ReconciliationUpload)?
    ) async throws(RequestFailure) -> Reconciliation? {
        let maximum = transfers.limits.maximumBytes
        if let declared = request.declaredBytes, declared > maximum {
            throw RequestFailure(.requestTooLarge, "The file must have at most \(maximum / 1_048_576) MB.")
        }
        var reader = try MultipartReader(type: request.headers[.contentType] ?? "")
        let turn = try await transfers.turn(
            of: .operator(account.identifier.value), address: request.address,
            deadline: request.context.request.arrived + transfers.limits.turnTime)
        defer { turn.leave() }
        let body = UploadBody(request.context, limits: turn.limits)
        turn.onCut { body.cut() }
        var fields: [(name: String, value: String)] = []
        var upload: (any ReconciliationUpload)?
        do throws(RequestFailure) {
            try await body.forEach { (bytes) throws(RequestFailure) in
                for event in try reader.read(bytes) {
                    switch event {
                    case .field(let name, let value): fields.append((name, value))
                    case .file(let name): upload = try await begin(FormFields(fields), name)
                    case .bytes(let bytes):
                        try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
                            try await upload?.take(bytes)
                        }
                    }
                }
            }
            try reader.finish()
            return try await ReconciliationFailure.mapping { () throws(ReconciliationFailure) in
                try await upload?.finish()
            }
        } catch {
            await upload?.abandon()
            throw error
        }
    }

    /// The file of the differences of the reconciliation that the query names.
    package func differences(_ request: SiteRequest, of principal: Principal) async throws(RequestFailure)
        -> SiteResponse
    {
        SiteResponse(
            passing: try await differences.respond(
                to: request.context, TokenQuery(token: .absent), from: principal))
    }
}
