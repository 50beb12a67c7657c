import Authentication
import Charges
import HTTPFront

/// The decision files, newest first, and the form that uploads one.
struct DecisionFilesPage: Page {
    let files: any DecisionFileRepository

    let path = "/files"
    let formRole: Role? = .decider
    /// The form's other fields and its boundaries are small.
    let maximumUploadBytes: Int? = DecisionFile.maximumBytes + 64 * 1024

    private static let count = 20
    /// The time that storing an uploaded file may take.
    private static let storingTime = Duration.seconds(10)

    func show(_ visit: Visit) async throws(RequestFailure) -> View { try await view(visit) }

    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        guard let action = try form.text("action").flatMap({ DecisionForm.actions[$0] }) else {
            return try await view(visit, error: "Choose what to do with the charges.")
        }
        guard let file = form.file, !file.name.isEmpty else {
            return try await view(visit, error: "Choose a file.")
        }
        let name = file.name.unicodeScalars.prefix(DecisionFile.maximumNameScalars)
            .filter { $0.properties.generalCategory != .control }
        let key = try form.text("key").flatMap { RandomText.isWellFormed($0) ? ExactText($0) : nil }
        let stored: DecisionFile
        do throws(DecisionFileFailure) {
            stored = try await files.create(
                file.bytes, name: String(String.UnicodeScalarView(name)), action: action,
                login: visit.principal.decisionFileLogin,
                idempotencyKey: key, deadline: .now + Self.storingTime)
        } catch {
            let failure = error.requestFailure
            guard failure.code == .invalidParameter || failure.code == .rateLimited else { throw failure }
            return try await view(visit, error: failure.description)
        }
        return View(seeOther: DecisionFilePage.path(stored.number))
    }

    private func view(_ visit: Visit, error: String? = nil) async throws(RequestFailure) -> View {
        let before = try visit.query.number("before")
        let found: [DecisionFile]
        do throws(DecisionFileFailure) {
            found = try await files.list(
                operatorIdentifier: visit.operatorIdentifier, before: before, count: Self.count + 1,
                deadline: .now + Self.storingTime)
        } catch { throw error.requestFailure }
        var table = TableView(
            "A CSV file with the columns number and reference_number, and any others, decides up to "
                + "\(Format.count(Int64(DecisionFile.maximumRows))) charges. Nothing is decided before you have seen "
                + "what would happen and have started it. Files are kept for \(DecisionFile.keptDays) days.",
            [
                .init("File"), .init("Name"), .init("Action"), .init("State"), .init("Rows", isNumber: true),
                .init("With an outcome", isNumber: true), .init("Uploaded"),
            ],
            found.prefix(Self.count).map(Self.row),
            emptyText: visit.mayDecide
                ? "No file is kept. Upload one to decide many charges at once." : "No file is kept.")
        table.introductionLink = Link(
            "Download the undecided charges as CSV", ChargesFile.path,
            ["status": "PENDING", "decision": "NONE"])
        if visit.mayDecide { table.form = form(error) }
        if found.count > Self.count, let last = found.prefix(Self.count).last {
            table.next = Link("Older files", "/files", ["before": String(last.number)])
        }
        table.first = before.map { _ in Link("Newest files", "/files") }
        return View(.table, title: "Decide by file", table)
    }

    private func form(_ error: String?) -> FormView {
        var form = FormView(
            path,
            [
                .init(
                    "What to do", "action",
                    choices: ["accept", "decline", "acknowledge"].map {
                        FormView.Choice(text: Format.title($0), value: $0, isChosen: $0 == "accept")
                    }),
                FormView.Field("File", "file", type: "file").with {
                    $0.isRequired = true
                    $0.accept = ".csv,text/csv"
                    $0.fault = error
                },
            ], button: "Upload and check")
        form.hidden = [.init(name: "key", value: RandomText.new)]
        form.isUpload = true
        form.isRow = true
        return form
    }

    private static func row(_ file: DecisionFile) -> [TableView.Cell] {
        [
            .link(Link("File \(file.number)", DecisionFilePage.path(file.number))),
            .text(file.name ?? ""), .text(DecisionForm.name(of: file.action)),
            .state(StateView(file.state)), .number(Format.count(Int64(file.rows))),
            .number(Format.count(Int64(file.decidedRows))),
            .text(Format.time(file.uploadedOn), note: file.uploadedBy),
        ]
    }
}

extension StateView {
    init(_ state: DecisionFile.State) {
        let tone =
            switch state {
            case .received, .running: "open"
            case .checked: "plain"
            case .done: "good"
            case .paused, .cancelled, .failed: "bad"
            }
        self.init(Format.words(state.rawValue), tone: tone)
    }
}
