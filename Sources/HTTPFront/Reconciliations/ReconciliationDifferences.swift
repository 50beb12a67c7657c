import Authentication
import Charges
import DelimitedText
import HTTPTypes
import NIOCore
import Scheduling
import StrictJSON

/// `GET netflix/reconciliations/differences`: the kept differences page by page, or with `format=csv` all of them,
/// streamed.
struct ReconciliationDifferencesController: OperatorController {
    let reconciliations: any ReconciliationRepository
    let transfers: TransferTurns

    let fileTransfer = FileTransfer.downloadAsCSV

    func respond(to request: RequestContext, _ query: TokenQuery, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let number = try request.reconciliationNumber()
        let selection = DifferenceSelection(
            reconciliations: reconciliations, operatorIdentifier: principal.operatorAccount.identifier,
            number: number, reconciliationClass: try Self.reconciliationClass(request))
        switch try request.queryParameter("format") {
        case nil, "json":
            return try await page(request, selection, operatorCode: principal.operatorAccount.code)
        case "csv": return try await file(request, selection)
        default: throw RequestFailure(.invalidParameter, "format must be json or csv.")
        }
    }

    private func page(_ request: RequestContext, _ selection: DifferenceSelection, operatorCode: String)
        async throws(RequestFailure) -> Response
    {
        let count = try request.pageLength()
        let list = "differences \(selection.number) \(selection.reconciliationClass?.rawValue ?? "")"
        let after = try request.number(after: list, operatorCode: operatorCode) ?? 0
        try await selection.requireReconciliation(deadline: request.deadline)
        let found = try await selection.differences(
            after: after, count: count + 1, deadline: request.deadline)
        let page = found.prefix(count)
        let next = (found.count > count ? page.last : nil).map {
            NumberCursor.text($0.identifier, of: list, operatorCode: operatorCode)
        }
        var response = Response(
            .object([
                .init("differences_set", .array(page.map(\.json))),
                .init("next", .string(orNull: next)),
            ]))
        response.itemCount = page.count
        return response
    }

    private func file(_ request: RequestContext, _ selection: DifferenceSelection)
        async throws(RequestFailure) -> Response
    {
        guard try request.queryParameter("after") == nil else {
            throw RequestFailure(.invalidParameter, "after and format=csv cannot be combined.")
        }
        let forSpreadsheets = try request.isForSpreadsheets()
        try await selection.requireReconciliation(deadline: request.deadline)
        let headers: HTTPFields = [
            .xContentTypeOptions: "nosniff",
            .contentDisposition: "attachment; filename=\"differences-\(selection.number).csv\"",
        ]
        let file = DifferenceFilePieces(
            selection: selection, forSpreadsheets: forSpreadsheets, pieceTime: transfers.limits.pieceTime)
        return try await transfers.response(
            to: request, of: .operator(selection.operatorIdentifier.value),
            type: FileTransfer.csv, headers: headers, file)
    }

    private static func reconciliationClass(_ request: RequestContext) throws(RequestFailure)
        -> ReconciliationClass?
    {
        guard let name = try request.queryParameter("class") else { return nil }
        guard let known = ReconciliationClass(rawValue: name), known != .matched else {
            let names = ReconciliationClass.allCases.filter { $0 != .matched }.map(\.rawValue)
            throw RequestFailure(.invalidParameter, "class must be one of \(names.joined(separator: ", ")).")
        }
        return known
    }
}

/// The differences of one reconciliation that a call asks for.
struct DifferenceSelection: Sendable {
    let reconciliations: any ReconciliationRepository
    let operatorIdentifier: OperatorIdentifier
    let number: Int
    let reconciliationClass: ReconciliationClass?

    func differences(after: Int64, count: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [ReconciliationDifference]
    {
        try await ReconciliationFailure.mapping(number: number) { () throws(ReconciliationFailure) in
            try await reconciliations.differences(
                operatorIdentifier: operatorIdentifier, number: number, after: after,
                reconciliationClass: reconciliationClass, count: count, deadline: deadline)
        }
    }

    /// - Throws: `notFound` if the operator has no such reconciliation.
    func requireReconciliation(deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        let found = try await ReconciliationFailure.mapping(number: number) {
            () throws(ReconciliationFailure) in
            try await reconciliations.show(
                operatorIdentifier: operatorIdentifier, number: number, deadline: deadline)
        }
        if found == nil { throw ReconciliationFailure.noSuchReconciliation.requestFailure(number: number) }
    }
}

/// The pieces of the file of all kept differences, each made from one reading.
actor DifferenceFilePieces: FilePieces {
    private static let countOfReading = 1000

    private let selection: DifferenceSelection
    private let pieceTime: Duration
    private var writer: CSVWriter
    private var last: Int64 = 0
    private var hasBegun = false
    private var hasEnded = false

    init(selection: DifferenceSelection, forSpreadsheets: Bool, pieceTime: Duration) {
        self.selection = selection
        self.pieceTime = pieceTime
        writer = CSVWriter(forSpreadsheets: forSpreadsheets)
    }

    /// The next piece; `nil` after the last one.
    func next() async throws(RequestFailure) -> ByteBuffer? {
        guard !hasEnded else { return nil }
        let found = try await selection.differences(
            after: last, count: Self.countOfReading, deadline: .now + pieceTime)
        hasEnded = found.count < Self.countOfReading
        if !hasBegun { writeHeader() }
        for difference in found { write(difference) }
        last = found.last?.identifier ?? last
        defer { writer.removeAll() }
        return ByteBuffer(bytes: writer.bytes)
    }

    private func writeHeader() {
        hasBegun = true
        let values = ["there", "here"].flatMap { side in
            ReconciliationColumn.allCases.map { "\(side)_\($0.rawValue)" }
        }
        let columns =
            ["id", "class", "line", "reason", "fields", "other_number"] + values
            + ["decided_on", "imported", "closed_on", "closed_by", "closing_reason"]
        for column in columns { writer.write(column) }
        writer.endRecord()
    }

    private func write(_ difference: ReconciliationDifference) {
        writer.write(String(difference.identifier), isText: false)
        writer.write(difference.reconciliationClass.rawValue)
        writer.write(difference.line.map(String.init) ?? "", isText: false)
        writer.write(difference.reason ?? "")
        writer.write(difference.fields.joined(separator: " "))
        writer.write(difference.otherNumber?.string ?? "")
        for side in [difference.there, difference.here] {
            for column in ReconciliationColumn.allCases { writer.write(side?[column] ?? "") }
        }
        writer.write(difference.decidedOn?.text ?? "", isText: false)
        writer.write(difference.isImported ? "true" : "false", isText: false)
        writer.write(difference.closing?.closedOn.text ?? "", isText: false)
        writer.write(difference.closing?.username ?? "")
        writer.write(difference.closing?.reason ?? "")
        writer.endRecord()
    }
}
