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
        return View(
            .files, title: "Decide by file",
            DecisionFilesView(
                Array(found.prefix(Self.count)), hasMore: found.count > Self.count, isFirst: before == nil,
                error: error))
    }
}

/// The values of the page of decision files.
private struct DecisionFilesView: Sendable {
    struct Row: Sendable {
        let link: Link
        let name: String
        let action: String
        let state: StateView
        let rows: String
        let decided: String
        let by: String
        let uploadedOn: String
    }

    let rows: [Row]
    let isEmpty: Bool
    let maximumRows = Format.count(Int64(DecisionFile.maximumRows))
    let keptDays = DecisionFile.keptDays
    let key = RandomText.new
    let error: String?
    let next: Link?
    let first: Link?

    init(_ files: [DecisionFile], hasMore: Bool, isFirst: Bool, error: String?) {
        rows = files.map { file in
            Row(
                link: Link("File \(file.number)", DecisionFilePage.path(file.number)),
                name: file.name ?? "", action: DecisionForm.name(of: file.action),
                state: StateView(file.state), rows: Format.count(Int64(file.rows)),
                decided: Format.count(Int64(file.decidedRows)), by: file.uploadedBy,
                uploadedOn: Format.time(file.uploadedOn))
        }
        isEmpty = rows.isEmpty
        self.error = error
        next =
            hasMore
            ? files.last.map { Link("Older files", "/files", ["before": String($0.number)]) } : nil
        first = isFirst ? nil : Link("Newest files", "/files")
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
