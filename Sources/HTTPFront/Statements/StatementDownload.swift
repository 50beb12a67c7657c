import Authentication
import Charges
import HTTPTypes
import NIOCore
import Scheduling

/// `GET …/statements/download`: the file of a statement, streamed.
struct StatementDownload: StatementCall {
    let statements: any StatementRepository
    let transfers: TransferTurns

    let fileTransfer = FileTransfer.download

    /// The seconds after which a digest that is missing is likely to be there.
    private static let secondsForDigest = 10

    func respond(to request: RequestContext, about account: OperatorAccount, share: QueueShare)
        async throws(RequestFailure) -> Response
    {
        let number = try request.requiredNumber("number", in: 1...Int(Int32.max))
        let form = try Self.form(request)
        let found = try await statements.statement(number, of: account.identifier, deadline: request.deadline)
        guard let found else {
            throw RequestFailure(.notFound, "The operator has no statement \(number).")
        }
        guard let digest = found.statement.digest else {
            throw RequestFailure(
                .serviceUnavailable, "The digest of statement \(number) is being computed; try again.",
                retryAfterSeconds: Self.secondsForDigest)
        }
        let tag = "\"\(Hexadecimal.text(digest)).\(form.ending)\""
        let headers: HTTPFields = [
            .eTag: tag, .xContentTypeOptions: "nosniff",
            .contentDisposition: "attachment; filename=\"statement-\(number).\(form.ending)\"",
        ]
        if Self.isCurrent(tag, request.headers) {
            var response = Response(RawResponse(type: form.mediaType, body: .none, headers: headers))
            response.ownStatus = .notModified
            return response
        }
        let file = StatementFilePieces(
            statement: found.statement, statements: statements,
            rendering: form.rendering(of: found, from: statements), pieceTime: transfers.limits.pieceTime)
        return try await transfers.response(
            to: request, of: share, type: form.mediaType, headers: headers, file)
    }

    private static func form(_ request: RequestContext) throws(RequestFailure) -> StatementForm {
        let format = try request.queryParameter("format") ?? "csv"
        guard ["csv", "ndjson"].contains(format) else {
            throw RequestFailure(.invalidParameter, "format must be csv or ndjson.")
        }
        switch (format, try request.isForSpreadsheets()) {
        case ("csv", false): return .canonical
        case ("csv", true): return .spreadsheet
        case (_, false): return .ndjson
        default:
            throw RequestFailure(.invalidParameter, "spreadsheet and format=ndjson cannot be combined.")
        }
    }

    /// Whether the client has the file already (RFC 9110, 13.1.2).
    private static func isCurrent(_ tag: String, _ headers: HTTPFields) -> Bool {
        headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.contains { one in
            let one = one.trimmed
            return one == "*" || one == tag || one == "W/" + tag
        }
    }
}

/// The pieces of a statement's file, each made from one reading of its events. The next events are read while a piece is
/// made and sent.
actor StatementFilePieces: FilePieces {
    private let statement: ClosedStatement
    private let statements: any StatementRepository
    private let pieceTime: Duration
    private var rendering: any StatementRendering
    private var nextEvent: Int64
    /// The reading of the next events, which ends within the time of a piece.
    private var reading: Task<Result<[StatementEvent], RequestFailure>, Never>?
    private var hasBegun = false
    private var hasEnded = false

    init(
        statement: ClosedStatement, statements: any StatementRepository, rendering: any StatementRendering,
        pieceTime: Duration
    ) {
        self.statement = statement
        self.statements = statements
        self.rendering = rendering
        self.pieceTime = pieceTime
        nextEvent = statement.firstEventNumber
    }

    /// The next piece; `nil` after the last one.
    ///
    /// - Throws: `serviceUnavailable` if the database does not answer in time, `internalError` for a damaged statement.
    func next() async throws(RequestFailure) -> ByteBuffer? {
        guard !hasEnded else { return nil }
        var bytes: [UInt8] = []
        if !hasBegun {
            hasBegun = true
            bytes = rendering.begin()
        }
        if nextEvent <= statement.lastEventNumber {
            let events = try await nextEvents()
            guard let last = events.last?.eventNumber else { throw .internalError }
            nextEvent = last + 1
            readAhead()
            bytes += rendering.append(events)
        }
        if nextEvent > statement.lastEventNumber {
            hasEnded = true
            bytes += try rendering.finish()
        }
        return ByteBuffer(bytes: bytes)
    }

    private func nextEvents() async throws(RequestFailure) -> [StatementEvent] {
        let ahead = reading
        reading = nil
        // A reading that failed may be long ago, if the client is slow.
        if case .success(let events) = await ahead?.value { return events }
        return try await statements.events(of: statement, from: nextEvent, deadline: .now + pieceTime)
    }

    private func readAhead() {
        guard nextEvent <= statement.lastEventNumber else { return }
        reading = Task { [statements, statement, nextEvent, pieceTime] in
            do throws(RequestFailure) {
                return .success(
                    try await statements.events(of: statement, from: nextEvent, deadline: .now + pieceTime))
            } catch {
                return .failure(error)
            }
        }
    }

    deinit { reading?.cancel() }
}
