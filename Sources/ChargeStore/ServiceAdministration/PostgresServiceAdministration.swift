package import Authentication
package import Charges
import Crypto
import LibPQ

/// The administration of the service on PostgreSQL, by the statements of the commands, with a login in the role
/// countersign_administration. The database checks the acting administrator (`sql/migrations/0017_administrators.sql`).
package struct PostgresServiceAdministration: ServiceAdministration {
    let pool: AdministrationPool

    /// The longest window of a policy, in seconds: a hundred years.
    private static let maximumWindowSeconds = 100 * 366 * 24 * 60 * 60
    /// The most pending charges that are looked at for the undecided ones of one operator, and for those of a page of
    /// operators in all.
    private static let walkLength = 20_000

    // MARK: Operators

    package func operators(after code: String?, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperatorPage
    {
        let count = ServiceOperatorPage.maximumCount
        let selection = ServiceOperatorSelection(
            code: nil, after: code.flatMap { $0.utf8.contains(0) ? nil : $0 }, count: count + 1,
            walkLength: Self.walkLength / count)
        let rows = try await pool.read(.serviceOperators, selection, deadline: deadline)
        let page = Array(rows.prefix(count))
        return ServiceOperatorPage(operators: page, next: rows.count > count ? page.last?.code : nil)
    }

    package func serviceOperator(code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> ServiceOperator?
    {
        guard AccountNameRule.isOperatorCode(code) else { return nil }
        let selection = ServiceOperatorSelection(
            code: code, after: nil, count: 1, walkLength: Self.walkLength)
        return try await pool.read(.serviceOperators, selection, deadline: deadline).first
    }

    package func addOperator(
        _ new: NewOperatorAccount, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isOperatorCode(new.code) else { throw .refused(.invalidCode) }
        try Self.check(currency: new.currency, windowSeconds: new.undecidedWindowSeconds)
        let added = try await pool.change(
            .addOperator, new, by: acting, doing: "adding an operator", deadline: deadline)
        guard !added.isEmpty else { throw .refused(.nameTaken) }
    }

    package func change(
        operator code: String, _ change: OperatorChange, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isOperatorCode(code) else { throw .refused(.noSuchOperator) }
        try Self.check(currency: change.currency, windowSeconds: change.undecidedWindowSeconds)
        let purpose = "changing an operator"
        let changed = ChangedOperator(code: code, change: change)
        let rows: [Bool]
        if let zone = change.zone {
            guard !zone.utf8.contains(0) else { throw .refused(.unknownZone) }
            // The zone comes first: its change takes the publisher's lock before that of the operator.
            rows = try await pool.change(
                (.changeZone, ZoneChange(code: code, zone: zone)), then: (.changeOperator, changed),
                by: acting, doing: purpose, deadline: deadline
            ).second
        } else {
            rows = try await pool.change(
                .changeOperator, changed, by: acting, doing: purpose, deadline: deadline)
        }
        guard !rows.isEmpty else { throw .refused(.noSuchOperator) }
    }

    package func setSuspension(
        ofOperator code: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isOperatorCode(code) else { throw .refused(.noSuchOperator) }
        let known = try await pool.change(
            (.setOperatorSuspension, OperatorSuspension(code: code, isSuspended: isSuspended)),
            then: (.operatorExists, code), by: acting, doing: "changing an operator's suspension",
            deadline: deadline
        ).second
        guard !known.isEmpty else { throw .refused(.noSuchOperator) }
    }

    private static func check(currency: String?, windowSeconds: Int?) throws(ServiceAdministrationFailure) {
        if let currency, !CurrencyCode.isValid(currency) { throw .refused(.invalidCurrency) }
        if let windowSeconds, !(1...maximumWindowSeconds).contains(windowSeconds) {
            throw .refused(.invalidWindow)
        }
    }

    // MARK: Users and keys of an operator

    package func logins(ofOperator code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> OperatorLogins
    {
        _ = try await identifier(of: code, deadline: deadline)
        return OperatorLogins(
            users: try await pool.read(.users, code, deadline: deadline).compactMap(\.login),
            keys: try await pool.read(.keys, code, deadline: deadline).compactMap(\.login))
    }

    @discardableResult
    package func addUser(
        _ username: String, ofOperator code: String, passwordHash: String, role: Role?,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Role {
        guard AccountNameRule.isUsername(username) else { throw .refused(.invalidName) }
        let new = NewUser(
            operatorIdentifier: try await identifier(of: code, deadline: deadline), username: username,
            passwordHash: passwordHash, role: role)
        let added = try await pool.change(
            .addUser, new, by: acting, doing: "adding a user", deadline: deadline)
        guard let role = added.first ?? nil else { throw .refused(.nameTaken) }
        return role
    }

    package func setPassword(
        ofUser username: String, ofOperator code: String, toHash passwordHash: String,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let operatorIdentifier = try await identifier(of: code, user: username, deadline: deadline)
        try await changeLogin(
            .setUserPassword,
            UserPassword(
                operatorIdentifier: operatorIdentifier, username: username, passwordHash: passwordHash),
            otherwise: .noSuchUser, by: acting, doing: "changing a password", deadline: deadline)
    }

    package func setSuspension(
        ofUser username: String, ofOperator code: String, to isSuspended: Bool,
        by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let operatorIdentifier = try await identifier(of: code, user: username, deadline: deadline)
        try await changeLogin(
            .setUserSuspension,
            UserSuspension(
                operatorIdentifier: operatorIdentifier, username: username, isSuspended: isSuspended),
            otherwise: .noSuchUser, by: acting, doing: "changing a user's suspension", deadline: deadline)
    }

    package func setRole(
        ofUser username: String, ofOperator code: String, to role: Role, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let operatorIdentifier = try await identifier(of: code, user: username, deadline: deadline)
        try await changeLogin(
            .setUserRole, LoginRole(operatorIdentifier: operatorIdentifier, name: username, role: role),
            otherwise: .noSuchUser, by: acting, doing: "changing a user's role", deadline: deadline)
    }

    package func revokeKey(
        _ name: String, ofOperator code: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.noSuchKey) }
        let key = NamedKey(
            operatorIdentifier: try await identifier(of: code, deadline: deadline), name: name)
        try await changeLogin(
            .revokeKey, key, otherwise: .noSuchKey, by: acting, doing: "revoking a key", deadline: deadline)
    }

    /// The identifier of an operator, which never changes.
    private func identifier(of code: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> OperatorIdentifier
    {
        guard AccountNameRule.isOperatorCode(code),
            let account = try await pool.read(.operatorAccount, ExactText(code), deadline: deadline).first
        else { throw .refused(.noSuchOperator) }
        return account.identifier
    }

    /// The identifier of an operator whose user is to be changed.
    private func identifier(of code: String, user username: String, deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> OperatorIdentifier
    {
        let found = try await identifier(of: code, deadline: deadline)
        guard AccountNameRule.isUsername(username) else { throw .refused(.noSuchUser) }
        return found
    }

    /// Changes a user or a key. The row of the statement is nothing if there is none.
    private func changeLogin<Input: Sendable>(
        _ statement: Statement<Input, Bool?>, _ input: Input, otherwise refusal: ServiceAdministrationRefusal,
        by acting: ActingAdministrator, doing purpose: String, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let rows = try await pool.change(statement, input, by: acting, doing: purpose, deadline: deadline)
        guard rows.first ?? nil != nil else { throw .refused(refusal) }
    }

    // MARK: Keys of the provider

    package func providerKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [ProviderKeySummary]
    {
        try await pool.read(.providerKeys, (), deadline: deadline)
    }

    package func addProviderKey(
        _ name: String, hash: [UInt8], by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.invalidName) }
        let added = try await pool.change(
            .addProviderKey, NewProviderKey(name: name, hash: hash), by: acting,
            doing: "adding a provider key", deadline: deadline)
        guard !added.isEmpty else { throw .refused(.nameTaken) }
    }

    package func revokeProviderKey(
        _ name: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isKeyName(name) else { throw .refused(.noSuchKey) }
        let revoked = try await pool.change(
            .revokeProviderKey, name, by: acting, doing: "revoking a provider key", deadline: deadline)
        guard !revoked.isEmpty else { throw .refused(.noSuchKey) }
    }

    // MARK: Signing keys

    package func signingKeys(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [SigningKeySummary]
    {
        try await pool.read(.signingKeySummaries, (), deadline: deadline)
    }

    package func addSigningKey(
        dropsOthers: Bool, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> Timestamp {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let made = try await pool.change(
            dropsOthers ? .replaceSigningKeys : .addSigningKey, secret, by: acting,
            doing: "adding a signing key", deadline: deadline)
        guard let signsFrom = made.first else { throw .request(.internalError) }
        return signsFrom
    }

    package func dropSigningKey(
        _ identifier: String, by acting: ActingAdministrator, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard !identifier.utf8.contains(0) else { throw .refused(.noSuchKey) }
        let (known, dropped) = try await pool.change(
            (.signingKeyExists, identifier), then: (.dropSigningKey, identifier), by: acting,
            doing: "dropping a signing key", deadline: deadline)
        guard !known.isEmpty else { throw .refused(.noSuchKey) }
        guard !dropped.isEmpty else { throw .refused(.signingKeyInUse) }
    }

    // MARK: Administrators of the service

    package func administrators(deadline: ContinuousClock.Instant)
        async throws(ServiceAdministrationFailure) -> [AdministratorSummary]
    {
        try await pool.read(.administrators, (), deadline: deadline)
    }

    package func addAdministrator(
        _ name: String, passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isAdministratorName(name) else { throw .refused(.invalidName) }
        let added = try await pool.change(
            .addAdministrator, AdministratorPassword(name: name, passwordHash: passwordHash), by: acting,
            locksAdministrators: true, doing: "adding an administrator", deadline: deadline)
        guard !added.isEmpty else { throw .refused(.nameTaken) }
    }

    package func setSuspension(
        ofAdministrator name: String, to isSuspended: Bool, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isAdministratorName(name) else { throw .refused(.noSuchAdministrator) }
        let outcome = try await pool.change(
            .setAdministratorSuspension,
            AdministratorSuspension(name: name, isSuspended: isSuspended, keepsLast: true), by: acting,
            locksAdministrators: true, doing: "changing an administrator's suspension", deadline: deadline
        ).first
        switch outcome {
        case .changed, .unchanged: return
        case .refused: throw .refused(.lastAdministrator)
        case nil: throw .refused(.noSuchAdministrator)
        }
    }

    package func setPassword(
        ofAdministrator name: String, toHash passwordHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        guard AccountNameRule.isAdministratorName(name) else { throw .refused(.noSuchAdministrator) }
        guard !name.utf8.elementsEqual(acting.name.utf8) else { throw .refused(.ownPassword) }
        let changed = try await pool.change(
            .setAdministratorPassword, AdministratorPassword(name: name, passwordHash: passwordHash),
            by: acting, locksAdministrators: true, doing: "changing an administrator's password",
            deadline: deadline)
        guard !changed.isEmpty else { throw .refused(.noSuchAdministrator) }
    }

    package func setOwnPassword(
        toHash passwordHash: String, verifiedHash: String, by acting: ActingAdministrator,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) {
        let changed = try await pool.change(
            .setOwnAdministratorPassword,
            OwnAdministratorPassword(
                name: acting.name, verifiedHash: verifiedHash, passwordHash: passwordHash),
            by: acting, locksAdministrators: true, doing: "changing an administrator's password",
            deadline: deadline)
        guard !changed.isEmpty else { throw .refused(.sessionEnded) }
    }

    // MARK: State

    package func nodes(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> [NodeStatus]
    {
        try await pool.read(.nodeStatuses, (), deadline: deadline)
    }

    package func feed(deadline: ContinuousClock.Instant) async throws(ServiceAdministrationFailure)
        -> FeedStatus
    {
        guard let status = try await pool.read(.feedStatus, (), deadline: deadline).first else {
            throw .request(.internalError)
        }
        return status
    }

    package func activity(_ query: ServiceActivityQuery) async throws(ServiceAdministrationFailure)
        -> ServiceActivityPage
    {
        let found: [(operatorCode: String?, activity: Activity)]
        let recent = RecentActivity(kind: query.kind, before: query.before, count: query.count + 1)
        switch query.scope {
        case .all: found = try await pool.read(.allActivity, recent, deadline: query.deadline)
        case .service: found = try await pool.read(.serviceActivity, recent, deadline: query.deadline)
        case .operatorCode(let code):
            let input = ActivityListInput(
                operatorIdentifier: try await identifier(of: code, deadline: query.deadline),
                kind: query.kind, before: query.before, count: query.count + 1)
            let rows = try await pool.readOperator(
                .activityList(of: query.kind), input, deadline: query.deadline)
            found = rows.map { (code, $0) }
        }
        let page = found.prefix(query.count).map {
            ServiceActivityPage.Row(operatorCode: $0.operatorCode, activity: $0.activity)
        }
        return ServiceActivityPage(
            rows: page, next: found.count > query.count ? page.last?.activity.number : nil)
    }
}

extension LoginOverview {
    /// The user or key, as an operator's own list has it.
    fileprivate var login: OperatorLogins.Login? {
        Role(rawValue: role).map {
            OperatorLogins.Login(name: name, role: $0, createdOn: createdOn, endedOn: endedOn)
        }
    }
}
