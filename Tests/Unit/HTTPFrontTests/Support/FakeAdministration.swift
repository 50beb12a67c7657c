import Authentication
import Charges
import Synchronization

/// The accounts of an operator, whose changes are recorded and all succeed, but for names that begin with `refused-` and
/// a refusal's code.
final class FakeAdministration: AccountAdministration {
    private let received = Mutex<[String]>([])

    /// The changes so far, each as a line.
    var changes: [String] { received.withLock { $0 } }

    private func change(_ line: String, _ name: String) throws(AccountFailure) {
        if name.hasPrefix("refused-"), let refusal = AccountRefusal(rawValue: String(name.dropFirst(8))) {
            throw .refused(refusal)
        }
        received.withLock { $0.append(line) }
    }

    func accounts(by acting: ActingUser, deadline: ContinuousClock.Instant) async throws(AccountFailure)
        -> OperatorLogins
    {
        let login = { (name: String, role: Role, isEnded: Bool) in
            OperatorLogins.Login(
                name: name, role: role, createdOn: TestServerFixture.now,
                endedOn: isEnded ? TestServerFixture.now : nil)
        }
        return OperatorLogins(
            users: [login("alice", .administrator, false), login("<b>bob</b>", .viewer, true)],
            keys: [login("billing", .decider, false), login("old", .viewer, true)])
    }

    func addUser(
        _ username: String, passwordHash: String, role: Role, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change(
            "add user \(username) \(role) \(passwordHash.hasPrefix("$scrypt$")) by \(acting.username)",
            username)
    }

    func setRole(
        ofUser username: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("role of user \(username) \(role)", username)
    }

    func setSuspension(
        ofUser username: String, to isSuspended: Bool, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("suspension of \(username) \(isSuspended)", username)
    }

    func setPassword(
        ofUser username: String, toHash passwordHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("password of \(username)", username)
    }

    func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingUser,
        deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("own password of \(acting.username)", "")
    }

    func revokeTokens(
        ofUser username: String, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("tokens of \(username)", username)
    }

    func addKey(
        _ name: String, hash: [UInt8], role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        try change("add key \(name) \(role) \(hash.count)", name)
    }

    func setRole(ofKey name: String, to role: Role, by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure)
    {
        try change("role of key \(name) \(role)", name)
    }

    func revokeKey(_ name: String, by acting: ActingUser, deadline: ContinuousClock.Instant)
        async throws(AccountFailure)
    {
        try change("revoke key \(name)", name)
    }

    func settings(of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant)
        async throws(AccountFailure) -> OperatorSettings?
    {
        OperatorSettings(
            currency: "EUR", undecidedPolicy: .accept, undecidedWindowSeconds: 72 * 3600,
            zone: "<b>UTC</b>", errorStatusPolicy: nil, repeatedDecisionsSucceed: false)
    }

    func change(
        settings: OperatorSettingsChange, by acting: ActingUser, deadline: ContinuousClock.Instant
    ) async throws(AccountFailure) {
        let errors = settings.errorStatusPolicy.map { $0?.rawValue ?? "service" } ?? "-"
        try change(
            "settings \(settings.zone ?? "-") \(errors) "
                + "\(settings.repeatedDecisionsSucceed.map(String.init) ?? "-") by \(acting.username)",
            settings.zone ?? "")
    }
}

/// An activity that keeps what is recorded.
final class FakeActivity: ActivityRepository {
    private let received = Mutex<[SignIn]>([])

    var signIns: [SignIn] { received.withLock { $0 } }

    func page(_ query: ActivityQuery) async throws(RequestFailure) -> ActivityPage {
        ActivityPage(
            activities: [
                Activity(
                    number: 7, madeOn: TestServerFixture.now, kind: .userRoleChanged, channel: .console,
                    actor: "alice", subject: "<b>bob</b>", address: "192.0.2.1", oldValue: "viewer",
                    newValue: "decider", count: 1)
            ], next: 7)
    }

    func record(_ signIn: SignIn, deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        received.withLock { $0.append(signIn) }
    }
}
