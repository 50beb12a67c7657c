import Authentication
import Charges
import HTTPFront
import HTTPTypes

/// One decision file: its state and progress, what the dry run said, what became of its rows, and the buttons that start,
/// resume and cancel it.
struct DecisionFilePage: Page {
    let files: any DecisionFileRepository
    let charges: any ChargeRepository

    let path = "/file"
    let formRole: Role? = .decider

    private static let count = 50

    /// The path of a file's page.
    static func path(_ number: Int) -> String { "/file?number=\(number)" }

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        try await view(visit, number: try visit.query.number("number") ?? 0)
    }

    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        let number = try form.number("number") ?? 0
        let login = visit.principal.decisionFileLogin
        do throws(DecisionFileFailure) {
            switch form.values("action").first {
            case "start": _ = try await files.start(number: number, login: login, deadline: visit.deadline)
            case "resume":
                _ = try await files.resume(number: number, login: login, deadline: visit.deadline)
            case "cancel":
                _ = try await files.cancel(number: number, login: login, deadline: visit.deadline)
            default: throw .wrongState
            }
        } catch {
            guard error == .wrongState else { throw error.requestFailure }
            return try await view(
                visit, number: number, error: "The file has changed meanwhile; look at its state.")
        }
        return View(seeOther: Self.path(number))
    }

    func resume(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await view(visit, number: try form.number("number") ?? 0)
    }

    private func view(_ visit: Visit, number: Int, error: String? = nil) async throws(RequestFailure) -> View
    {
        let after = try visit.query.number("after") ?? 0
        let filter = try visit.query.parsed(DecisionFileRowFilter.self, "rows") ?? .all
        let found: (file: DecisionFile, counts: DecisionFileCounts)
        let rows: [DecisionFileRow]
        // They are what a person must know before the start.
        var sums: [DecisionFileSum] = []
        do throws(DecisionFileFailure) {
            found = try await file(number, visit)
            if found.file.state == .checked {
                sums = try await files.sums(of: found.file, deadline: visit.deadline)
            }
            rows = try await files.rows(
                operatorIdentifier: visit.operatorIdentifier, number: number, after: after, filter: filter,
                count: Self.count + 1, deadline: visit.deadline)
        } catch { throw error.requestFailure }
        let shown = Array(rows.prefix(Self.count))
        let records = try await charges.found(shown.compactMap { $0.number.map { ExactText($0) } }, visit)
        var view = View(
            .file, title: "File \(number)",
            DecisionFileView(
                found.file, found.counts, sums, shown, charges: records,
                hasMore: rows.count > Self.count, filter,
                mayChange: found.file.mayBeChanged(by: visit.principal), error: error))
        // A form that was sent would be sent again.
        if visit.request.method == .get, found.file.isUnderWay {
            view.reloadSeconds = View.progressSeconds
        }
        return view
    }

    private func file(_ number: Int, _ visit: Visit) async throws(DecisionFileFailure)
        -> (file: DecisionFile, counts: DecisionFileCounts)
    {
        guard
            let found = try await files.show(
                operatorIdentifier: visit.operatorIdentifier, number: number, deadline: visit.deadline)
        else { throw .noSuchFile }
        return found
    }

    /// The rows with their outcomes, as a CSV file for spreadsheets.
    func download(_ visit: Visit) async throws(RequestFailure) -> SiteResponse {
        let number = try visit.query.number("number") ?? 0
        var csv: [UInt8] = []
        do throws(DecisionFileFailure) {
            _ = try await file(number, visit)
            // A file has at most 10,000 rows.
            var after: Int? = 0
            while let position = after {
                let part = try await files.results(
                    operatorIdentifier: visit.operatorIdentifier, number: number, after: position,
                    forSpreadsheets: true,
                    deadline: visit.deadline)
                csv += part.csv
                after = part.next
            }
        } catch { throw error.requestFailure }
        return SiteResponse(file: csv, type: "text/csv; charset=utf-8", named: "file-\(number).csv")
    }
}

extension DecisionFile {
    /// Whether its state is to change by itself.
    fileprivate var isUnderWay: Bool { [.received, .running].contains(state) }

    /// Whether a person may start, resume and cancel it. The database checks that again.
    fileprivate func mayBeChanged(by principal: Principal) -> Bool {
        principal.role == .administrator
            || principal.role >= .decider && ExactText(principal.username) == ExactText(uploadedBy)
    }
}

/// The values of a decision file's page.
private struct DecisionFileView: Sendable {
    struct Row: Sendable {
        let line: String
        let charge: Link?
        let customer: String
        let amount: AmountView?
        let reference: String
        let result: StateView?
        let reason: String
    }

    struct Count: Sendable {
        let name: String
        let expected: String
        let actual: String
    }

    let number: Int
    let name: String
    let action: String
    let state: StateView
    let failure: String?
    let pause: String?
    let isUnderWay: Bool
    let canStart: Bool
    /// Whether none of the rows would be decided.
    let isFruitless: Bool
    /// Whether the person may start, resume and cancel the file, and whether others must do it.
    let mayChange: Bool
    let isOfOthers: Bool
    /// What the action makes of a charge: `accepted`.
    let doneText: String
    let canResume: Bool
    let canCancel: Bool
    let cancelledBy: String?
    let rowCount: String
    let checked: String
    let decided: String
    let uploadedBy: String
    let uploadedOn: String
    let startedOn: String
    let finishedOn: String
    let expiresOn: String
    let counts: [Count]
    let startText: String
    /// The sums of the rows that succeed, or would, a currency each.
    let sums: [AmountView]
    let hasSums: Bool
    /// What a person should know before the start, a sentence each.
    let warnings: [String]
    let hasDecided: Bool
    let rows: [Row]
    let isEmpty: Bool
    let all: Link
    let failed: Link
    let next: Link?
    let download: Link
    let reload: Link
    let error: String?

    init(
        _ file: DecisionFile, _ counts: DecisionFileCounts, _ sums: [DecisionFileSum],
        _ rows: [DecisionFileRow],
        charges: [ExactText: ChargeRecord], hasMore: Bool, _ filter: DecisionFileRowFilter, mayChange: Bool,
        error: String?
    ) {
        self.mayChange = mayChange
        isOfOthers = !mayChange && (file.state == .checked || file.state == .paused)
        number = file.number
        name = file.name ?? ""
        action = DecisionForm.name(of: file.action)
        state = StateView(file.state)
        failure = file.failure?.description
        pause = file.pauseReason.map(Self.text)
        isUnderWay = file.isUnderWay
        canStart = file.state == .checked && counts.expected.succeeded > 0
        doneText = DecisionForm.done(file.action)
        isFruitless = file.state == .checked && counts.expected.succeeded == 0
        canResume = file.state == .paused
        canCancel = [.received, .checked, .running, .paused].contains(file.state) && file.cancelledBy == nil
        cancelledBy = file.cancelledBy
        rowCount = Format.count(Int64(file.rows))
        checked = Format.count(Int64(file.checkedRows))
        decided = Format.count(Int64(file.decidedRows))
        uploadedBy = file.uploadedBy
        uploadedOn = Format.time(file.uploadedOn)
        startedOn = Format.time(file.startedOn)
        finishedOn = Format.time(file.finishedOn)
        expiresOn = Format.time(file.expiresOn)
        self.counts = Self.counts(counts, file.action, hasEnded: [.cancelled, .failed].contains(file.state))
        startText =
            "\(Format.title(action)) \(Format.count(Int64(counts.expected.succeeded))) "
            + (counts.expected.succeeded == 1 ? "charge" : "charges")
        self.sums = sums.map { AmountView(digits: $0.localCurrencyAmount, $0.localCurrency) }
        hasSums = !sums.isEmpty
        hasDecided = counts.results.succeeded > 0
        warnings = DecisionView.warnings(
            changes: sums.reduce(0) { $0 + $1.changes },
            withoutReference: sums.reduce(0) { $0 + $1.withoutReference }, action: file.action)
        let hasEnded = [.cancelled, .failed].contains(file.state)
        self.rows = rows.map {
            Self.row(
                $0, $0.number.flatMap { charges[ExactText($0)]?.listed },
                done: DecisionForm.done(file.action),
                hasEnded: hasEnded)
        }
        isEmpty = rows.isEmpty
        self.error = error
        let key = String(file.number)
        all = Link("All rows", "/file", ["number": key], isCurrent: filter == .all)
        failed = Link(
            "Failed rows", "/file", ["number": key, "rows": DecisionFileRowFilter.failed.rawValue],
            isCurrent: filter == .failed)
        next =
            hasMore
            ? rows.last.map {
                Link(
                    "Next rows", "/file",
                    [
                        "number": key, "rows": filter == .all ? nil : filter.rawValue,
                        "after": String($0.position),
                    ])
            } : nil
        download = Link("Download the rows with their results", "/file/download", ["number": key])
        reload = Link("Look again", "/file", ["number": key])
    }

    private static func counts(
        _ counts: DecisionFileCounts, _ action: ChargeAction, hasEnded: Bool
    ) -> [Count] {
        let number = { (count: Int) in Format.count(Int64(count)) }
        var lines = [
            Count(
                name: DecisionForm.done(action), expected: number(counts.expected.succeeded),
                actual: number(counts.results.succeeded))
        ]
        for code in ItemFailureCode.allCases {
            let expected = counts.expected.failed[code] ?? 0
            let actual = counts.results.failed[code] ?? 0
            guard expected > 0 || actual > 0 else { continue }
            lines.append(
                Count(
                    name: Format.words(code.rawValue), expected: number(expected), actual: number(actual)))
        }
        if counts.faults > 0 {
            lines.append(
                Count(
                    name: "rows that cannot be read", expected: number(counts.faults),
                    actual: number(counts.faults)))
        }
        lines.append(
            Count(
                name: hasEnded ? "not decided" : "not known yet", expected: number(counts.expected.open),
                actual: number(counts.results.open)))
        return lines
    }

    private static func row(_ row: DecisionFileRow, _ charge: ListedCharge?, done: String, hasEnded: Bool)
        -> Row
    {
        var result: StateView?
        var reason = ""
        if let fault = row.fault {
            result = StateView("cannot be read", tone: "bad")
            reason = fault
        } else if row.result == nil, hasEnded {
            result = StateView("not decided", tone: "plain")
        } else if let known = row.result ?? row.expected {
            switch known {
            case .succeeded:
                result = StateView(row.result == nil ? "will be \(done)" : done, tone: "good")
                reason =
                    row.result == nil
                    ? charge.map(DecisionView.present) ?? "" : row.decidedOn.map(Format.time) ?? ""
            case .failed(let code, let description):
                result = StateView(Format.words(code.rawValue), tone: "bad")
                reason = description
            }
        }
        return Row(
            line: String(row.line),
            charge: row.number.map { Link($0, ChargeDetailsPage.path(ExactText($0))) },
            customer: row.customer ?? charge?.terms.billingSystemCustomerIdentifier.string ?? "",
            amount: charge.map { AmountView($0.terms.localCurrencyAmount, $0.terms.localCurrency) },
            reference: row.referenceNumber ?? "", result: result, reason: reason)
    }

    private static func text(_ reason: DecisionFile.PauseReason) -> String {
        switch reason {
        case .operatorSuspended: "The operator is suspended. Resume the file once it is not."
        case .loginEnded:
            "The login under which it is carried out has ended: by a new password or role, or a suspension. "
                + "Resume it to go on under yours."
        case .notPermitted: "The login under which it is carried out may not decide. Resume it under another."
        }
    }
}
