import Authentication
import Charges
import HTTPFront

/// A person's request for a page, once the session is known.
protocol SessionVisit: Sendable {
    var request: SiteRequest { get }
    var session: Session { get }
    /// The database's time when the request was read.
    var now: Timestamp { get }
    var role: Role { get }
    /// The person, as every page names it.
    var person: String { get }
    /// The operator whose session it is; `nil` if it is the service's.
    var operatorAccount: OperatorAccount? { get }
}

extension SessionVisit {
    var deadline: ContinuousClock.Instant { request.deadline }
    var query: FormFields { request.query }
    var mayDecide: Bool { role >= .decider }
}

/// A request for a page of the console.
struct Visit: SessionVisit {
    let request: SiteRequest
    let principal: Principal
    let session: Session
    let now: Timestamp

    var account: OperatorAccount { principal.operatorAccount }
    var operatorIdentifier: OperatorIdentifier { account.identifier }
    var operatorAccount: OperatorAccount? { account }
    var role: Role { principal.role }
    var person: String { "\(principal.username) of \(account.code), \(role.rawValue)" }
}

/// A page of a site whose visits are of one type.
protocol Page<Visitor>: Sendable {
    associatedtype Visitor: SessionVisit

    /// The path below the site's: `/charges`.
    var path: String { get }
    /// The lowest role that sees the page.
    var minimumRole: Role { get }
    /// The lowest role that may send the page's form; `nil` if the page has none.
    var formRole: Role? { get }

    /// The most bytes of the page's form, if a file comes with it.
    var maximumUploadBytes: Int? { get }

    /// The page as it is read.
    func show(_ visit: Visitor) async throws(RequestFailure) -> View

    /// The page after its form was sent.
    ///
    /// - Parameter form: The form's fields, which were made for this session.
    func submit(_ visit: Visitor, _ form: FormFields) async throws(RequestFailure) -> View

    /// The page with its form as it was sent, after a session ended in between and its person signed in again. It
    /// changes nothing.
    func resume(_ visit: Visitor, _ form: FormFields) async throws(RequestFailure) -> View
}

/// A page whose form has a file that is passed on as it arrives, and never held as a whole.
protocol StreamingPage<Visitor>: Page {
    /// The page after its form was sent.
    ///
    /// - Parameter check: Throws for a form that was not made for this session. Nothing is stored before.
    func receive(_ visit: Visitor, check: (FormFields) throws(RequestFailure) -> Void)
        async throws(RequestFailure) -> View
}

extension Page {
    var minimumRole: Role { .viewer }

    var formRole: Role? { nil }
    var maximumUploadBytes: Int? { nil }

    func submit(_ visit: Visitor, _ form: FormFields) async throws(RequestFailure) -> View {
        try await show(visit)
    }

    func resume(_ visit: Visitor, _ form: FormFields) async throws(RequestFailure) -> View {
        try await show(visit)
    }
}
