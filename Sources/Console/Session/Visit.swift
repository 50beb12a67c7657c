import Authentication
import Charges
import HTTPFront

/// A person's request for a page, once the session is known.
struct Visit: Sendable {
    let request: SiteRequest
    let principal: Principal
    let session: Session
    /// The database's time when the request was read.
    let now: Timestamp

    var account: OperatorAccount { principal.operatorAccount }
    var operatorIdentifier: OperatorIdentifier { account.identifier }
    var deadline: ContinuousClock.Instant { request.deadline }
    var query: FormFields { request.query }
    var mayDecide: Bool { principal.role >= .decider }
}

/// A page of the console.
protocol Page: Sendable {
    /// The path below the console's: `/charges`.
    var path: String { get }
    /// The lowest role that sees the page.
    var minimumRole: Role { get }
    /// The lowest role that may send the page's form; `nil` if the page has none.
    var formRole: Role? { get }

    /// The most bytes of the page's form, if a file comes with it.
    var maximumUploadBytes: Int? { get }

    /// The page as it is read.
    func show(_ visit: Visit) async throws(RequestFailure) -> View

    /// The page after its form was sent.
    ///
    /// - Parameter form: The form's fields, which were made for this session.
    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View

    /// The page with its form as it was sent, after a session ended in between and its person signed in again. It
    /// changes nothing.
    func resume(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View
}

/// A page whose form has a file that is passed on as it arrives, and never held as a whole.
protocol StreamingPage: Page {
    /// The page after its form was sent.
    ///
    /// - Parameter check: Throws for a form that was not made for this session. Nothing is stored before.
    func receive(_ visit: Visit, check: (FormFields) throws(RequestFailure) -> Void)
        async throws(RequestFailure) -> View
}

extension Page {
    var minimumRole: Role { .viewer }

    var formRole: Role? { nil }
    var maximumUploadBytes: Int? { nil }

    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await show(visit)
    }

    func resume(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        try await show(visit)
    }
}
