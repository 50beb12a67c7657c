import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the changes that an operator's own users make, through a node's login.
@Suite struct AccountAdministrationTests {
    private let database = TestDatabase.current!

    /// A change as a page makes it. Its users are anna and ada (administrators), dan (decider) and vera (viewer), and
    /// its key is billing.
    private struct Change: Sendable {
        let row: String
        let make: Make
    }

    private typealias Make =
        @Sendable (any AccountAdministration, ActingUser) async throws(AccountFailure) -> Void

    private static let changes: [Change] = [
        Change(row: "USER_ADDED erik - > decider") { accounts, acting throws(AccountFailure) in
            try await accounts.addUser(
                "erik", passwordHash: "hash", role: .decider, by: acting, deadline: Self.later)
        },
        Change(row: "USER_ROLE_CHANGED vera viewer > decider") { accounts, acting throws(AccountFailure) in
            try await accounts.setRole(ofUser: "vera", to: .decider, by: acting, deadline: Self.later)
        },
        Change(row: "USER_SUSPENDED vera - > -") { accounts, acting throws(AccountFailure) in
            try await accounts.setSuspension(ofUser: "vera", to: true, by: acting, deadline: Self.later)
        },
        Change(row: "USER_RESUMED vera - > -") { accounts, acting throws(AccountFailure) in
            try await accounts.setSuspension(ofUser: "vera", to: false, by: acting, deadline: Self.later)
        },
        Change(row: "PASSWORD_CHANGED vera - > -") { accounts, acting throws(AccountFailure) in
            try await accounts.setPassword(ofUser: "vera", toHash: "new", by: acting, deadline: Self.later)
        },
        Change(row: "TOKENS_REVOKED vera - > -") { accounts, acting throws(AccountFailure) in
            try await accounts.revokeTokens(ofUser: "vera", by: acting, deadline: Self.later)
        },
        Change(row: "KEY_ADDED reports - > viewer") { accounts, acting throws(AccountFailure) in
            try await accounts.addKey(
                "reports", hash: [UInt8](repeating: 1, count: 32), role: .viewer, by: acting,
                deadline: Self.later)
        },
        Change(row: "KEY_ROLE_CHANGED billing decider > administrator") {
            accounts, acting throws(AccountFailure) in
            try await accounts.setRole(ofKey: "billing", to: .administrator, by: acting, deadline: Self.later)
        },
        Change(row: "KEY_REVOKED billing - > -") { accounts, acting throws(AccountFailure) in
            try await accounts.revokeKey("billing", by: acting, deadline: Self.later)
        },
        Change(row: "SETTINGS_CHANGED zone UTC > Europe/Athens") { accounts, acting throws(AccountFailure) in
            var change = OperatorSettingsChange()
            change.zone = "europe/athens"
            try await accounts.change(settings: change, by: acting, deadline: Self.later)
        },
        Change(row: "SETTINGS_CHANGED error_http_status - > always-200") {
            accounts, acting throws(AccountFailure) in
            var change = OperatorSettingsChange()
            change.errorStatusPolicy = .some(.always200)
            try await accounts.change(settings: change, by: acting, deadline: Self.later)
        },
        Change(row: "SETTINGS_CHANGED error_http_status always-200 > -") {
            accounts, acting throws(AccountFailure) in
            var change = OperatorSettingsChange()
            change.errorStatusPolicy = .some(nil)
            try await accounts.change(settings: change, by: acting, deadline: Self.later)
        },
        Change(row: "SETTINGS_CHANGED repeated_decision failure > success") {
            accounts, acting throws(AccountFailure) in
            var change = OperatorSettingsChange()
            change.repeatedDecisionsSucceed = true
            try await accounts.change(settings: change, by: acting, deadline: Self.later)
        },
    ]

    /// Changes that the database refuses to an administrator, with the refusal.
    private static let refused: [(AccountRefusal, Make)] = [
        (
            .nameTaken,
            { accounts, acting throws(AccountFailure) in
                try await accounts.addUser(
                    "vera", passwordHash: "x", role: .viewer, by: acting, deadline: Self.later)
            }
        ),
        (
            .nameTaken,
            { accounts, acting throws(AccountFailure) in
                try await accounts.addKey(
                    "billing", hash: [UInt8](repeating: 1, count: 32), role: .viewer, by: acting,
                    deadline: Self.later)
            }
        ),
        (
            .invalidName,
            { accounts, acting throws(AccountFailure) in
                try await accounts.addUser(
                    "key:x", passwordHash: "x", role: .viewer, by: acting, deadline: Self.later)
            }
        ),
        (
            .invalidName,
            { accounts, acting throws(AccountFailure) in
                try await accounts.addKey("a b", hash: [], role: .viewer, by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchUser,
            { accounts, acting throws(AccountFailure) in
                try await accounts.setRole(ofUser: "gina", to: .viewer, by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchUser,
            { accounts, acting throws(AccountFailure) in
                try await accounts.setSuspension(ofUser: "gi\0na", to: true, by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchUser,
            { accounts, acting throws(AccountFailure) in
                try await accounts.revokeTokens(ofUser: "gina", by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchUser,
            { accounts, acting throws(AccountFailure) in
                try await accounts.setPassword(ofUser: "gina", toHash: "x", by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchKey,
            { accounts, acting throws(AccountFailure) in
                try await accounts.setRole(ofKey: "none", to: .viewer, by: acting, deadline: Self.later)
            }
        ),
        (
            .noSuchKey,
            { accounts, acting throws(AccountFailure) in
                try await accounts.revokeKey("none", by: acting, deadline: Self.later)
            }
        ),
        (
            .unknownZone,
            { accounts, acting throws(AccountFailure) in
                var change = OperatorSettingsChange()
                change.zone = "Nowhere/Else"
                change.repeatedDecisionsSucceed = true
                try await accounts.change(settings: change, by: acting, deadline: Self.later)
            }
        ),
        // The own password needs the current one.
        (
            .notPermitted,
            { accounts, acting throws(AccountFailure) in
                try await accounts.setPassword(ofUser: "anna", toHash: "x", by: acting, deadline: Self.later)
            }
        ),
    ]

    private static var later: ContinuousClock.Instant { .now + .patience }

    private func addAccounts() async throws {
        try await database.addUsers([
            "anna": .administrator, "ada": .administrator, "dan": .decider, "vera": .viewer,
        ])
        try await database.session.execute(
            """
            INSERT INTO countersign.api_key (operator_id, name, key_hash, role)
            VALUES (1, 'billing', sha256('billing'), 'decider')
            """)
    }

    /// The refusal of a change; `nil` if it is made.
    private func refusal(_ change: () async throws(AccountFailure) -> Void) async -> AccountRefusal? {
        do throws(AccountFailure) {
            try await change()
            return nil
        } catch {
            guard case .refused(let refusal) = error else {
                Issue.record("\(error)")
                return nil
            }
            return refusal
        }
    }

    @Test("The refusals are those of the database's functions, and that of a name", .database)
    func refusals() async throws {
        let returned = try await database.session.texts(
            """
            SELECT DISTINCT code[1] FROM pg_proc, regexp_matches(prosrc, 'RETURN ''([A-Z_]+)''', 'g') AS code
            WHERE proname ~ '_in_console$|^refuse_acting_user$'
            """)
        let known = Set(AccountRefusal.allCases.map(\.rawValue)).subtracting(["INVALID_NAME"])
        #expect(Set(returned.compactMap(\.self)) == known)
    }

    @Test("Each change in the console leaves exactly its row, in the acting user's name", .database)
    func activity() async throws {
        try await addAccounts()
        let anna = try await database.acting("anna")
        try await database.withStore { store in
            for change in Self.changes {
                let rows = try await database.activity {
                    try await change.make(store.accountAdministration, anna)
                }
                let words = change.row.split(separator: " ", maxSplits: 2)
                #expect(rows == ["\(words[0]) console anna \(words[1]) 192.0.2.1 \(words[2])"])
            }
            // What is so already is not recorded.
            let rows = try await database.activity {
                try await store.accountAdministration.setSuspension(
                    ofUser: "vera", to: false, by: anna, deadline: Self.later)
                try await store.accountAdministration.revokeKey("billing", by: anna, deadline: Self.later)
            }
            #expect(rows == [])
            let settings = try await store.accountAdministration.settings(
                of: TestDatabase.acme.identifier, deadline: Self.later)
            #expect(
                settings
                    == OperatorSettings(
                        currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600,
                        zone: "Europe/Athens", errorStatusPolicy: nil, repeatedDecisionsSucceed: true))
        }
    }

    @Test("A change is refused, and changes nothing, by whoever may not make it", .database)
    func refusedLogins() async throws {
        try await addAccounts()
        try await database.addUsers(["sue": .administrator, "gina": .administrator])
        let anna = try await database.acting("anna")
        let sue = try await database.acting("sue")
        try await database.session.execute(
            "UPDATE countersign.operator_user SET suspended_on = now() WHERE username = 'sue'")
        func changed(ofOperator: Int = 1, ofLogin: Int = 1, name: String = "anna", of: Int64 = 1)
            -> ActingUser
        {
            ActingUser(
                operatorIdentifier: OperatorIdentifier(of), username: name,
                tokenGeneration: TokenGeneration(ofOperator: ofOperator, ofLogin: ofLogin), address: nil)
        }
        let refused: [(ActingUser, AccountRefusal)] = [
            (try await database.acting("vera"), .notPermitted),
            (try await database.acting("dan"), .notPermitted),
            (changed(ofLogin: 2), .loginEnded), (changed(ofOperator: 2), .loginEnded),
            (sue, .loginEnded), (try await database.acting("sue"), .loginEnded),
            (changed(name: "nobody"), .loginEnded), (changed(name: "key:billing"), .loginEnded),
            (changed(name: "an\0na"), .loginEnded),
            // An administrator of another operator with the same name does not exist.
            (changed(of: 2), .loginEnded), (changed(of: 9), .loginEnded),
        ]
        try await database.withStore { store in
            let users = "SELECT operator_user::text FROM countersign.operator_user ORDER BY 1"
            let before = try await database.session.texts(users)
            for (acting, expected) in refused {
                for change in Self.changes {
                    let grantsMore =
                        change.row.contains("> administrator") && expected == .notPermitted
                        || change.row.hasSuffix("> decider") && acting.username == "vera"
                    // Everybody may revoke the own tokens.
                    if change.row.contains("TOKENS_REVOKED vera"), acting.username == "vera" { continue }
                    let found = await refusal { () throws(AccountFailure) in
                        try await change.make(store.accountAdministration, acting)
                    }
                    #expect(found == (grantsMore ? .roleAboveOwn : expected), "\(change.row) by \(acting)")
                }
                let found = await refusal { () throws(AccountFailure) in
                    _ = try await store.accountAdministration.accounts(by: acting, deadline: Self.later)
                }
                #expect(found == expected, "\(acting)")
            }
            #expect(try await database.session.texts(users) == before)
            // While its operator is suspended, nobody's login counts.
            try await database.session.execute(
                "UPDATE countersign.operator SET suspended_on = now() WHERE operator_id = 1")
            for acting in [anna, try await database.acting("anna")] {
                let found = await refusal { () throws(AccountFailure) in
                    try await Self.changes[0].make(store.accountAdministration, acting)
                }
                #expect(found == .loginEnded)
            }
        }
    }

    @Test("A change that cannot be made is refused with its reason", .database)
    func refusedChanges() async throws {
        try await addAccounts()
        let anna = try await database.acting("anna")
        try await database.withStore { store in
            let accounts = store.accountAdministration
            try await database.addUsers(["gina": .administrator], operatorCode: "GLOBEX")
            let rows = try await database.activity {
                for (place, (expected, make)) in Self.refused.enumerated() {
                    let found = await refusal { () throws(AccountFailure) in try await make(accounts, anna) }
                    #expect(found == expected, "change \(place)")
                }
            }
            #expect(rows == [])
            #expect(
                try await accounts.settings(of: TestDatabase.acme.identifier, deadline: Self.later)?
                    .repeatedDecisionsSucceed == false)
        }
    }

    @Test("Every role changes its own password, given the hash that was verified, and that once", .database)
    func ownPassword() async throws {
        try await addAccounts()
        try await database.withStore { store in
            for name in ["vera", "dan", "anna"] {
                let acting = try await database.acting(name)
                func change(_ verified: String) async -> AccountRefusal? {
                    await refusal { () throws(AccountFailure) in
                        try await store.accountAdministration.setOwnPassword(
                            toHash: "new", verifiedHash: verified, by: acting, deadline: Self.later)
                    }
                }
                let rows = try await database.activity {
                    #expect(await change("another hash") == .loginEnded)
                    #expect(await change("hash of \(name)") == nil)
                    #expect(await change("new") == .loginEnded)
                }
                #expect(rows == ["PASSWORD_CHANGED console \(name) \(name) 192.0.2.1 - > -"])
            }
        }
    }

    @Test("A role, a suspension, a password and a revocation end the tokens of before", .database)
    func generations() async throws {
        try await addAccounts()
        let anna = try await database.acting("anna")
        try await database.withStore { store in
            for (place, change) in Self.changes[1...5].enumerated() where place != 2 {
                let before = try await database.acting("vera").tokenGeneration
                try await change.make(store.accountAdministration, anna)
                let revoked = try await database.session.texts(
                    """
                    SELECT generation::text FROM countersign.token_revocation
                    WHERE kind = 'login' AND name = 'vera' ORDER BY generation DESC LIMIT 1
                    """)
                #expect(revoked == ["\(before.ofLogin)"], "\(change.row)")
                let after = try await database.acting("vera").tokenGeneration
                #expect(after.ofLogin == before.ofLogin + 1, "\(change.row)")
            }
            // Every role revokes its own tokens, and then needs a new login.
            let dan = try await database.acting("dan")
            for expected in [nil, AccountRefusal.loginEnded] {
                let found = await refusal { () throws(AccountFailure) in
                    try await store.accountAdministration.revokeTokens(
                        ofUser: "dan", by: dan, deadline: Self.later)
                }
                #expect(found == expected)
            }
        }
    }

    @Test("An administrator sees the users and keys of its own operator alone", .database)
    func accounts() async throws {
        try await addAccounts()
        try await database.addUsers(["anna": .administrator, "gina": .viewer], operatorCode: "GLOBEX")
        try await database.withStore { store in
            func names(_ acting: ActingUser) async throws -> [[String]] {
                let found = try await store.accountAdministration.accounts(by: acting, deadline: Self.later)
                return [found.users, found.keys].map { $0.map { "\($0.name) \($0.role)" } }
            }
            let anna = try await database.acting("anna")
            #expect(
                try await names(anna)
                    == [
                        ["ada administrator", "anna administrator", "dan decider", "vera viewer"],
                        ["billing decider"],
                    ])
            let other = try await database.acting("anna", of: TestDatabase.globex)
            #expect(try await names(other) == [["anna administrator", "gina viewer"], []])
            for name in ["vera", "ada"] {
                let found = await refusal { () throws(AccountFailure) in
                    try await store.accountAdministration.setRole(
                        ofUser: name, to: .viewer, by: other, deadline: Self.later)
                }
                #expect(found == .noSuchUser)
            }
            // Its activity is its own, too.
            let page = try await store.activity.page(
                ActivityQuery(
                    operatorIdentifier: TestDatabase.globex.identifier, deadline: Self.later))
            #expect(page.activities.map(\.subject) == ["gina", "anna", "GLOBEX"])
        }
    }

    @Test("The last active administrator is neither demoted nor suspended, and keys are none", .database)
    func lastAdministrator() async throws {
        try await addAccounts()
        let anna = try await database.acting("anna")
        try await database.withStore { store in
            let accounts = store.accountAdministration
            try await accounts.setRole(ofKey: "billing", to: .administrator, by: anna, deadline: Self.later)
            func demote(_ name: String) async -> AccountRefusal? {
                await refusal { () throws(AccountFailure) in
                    try await accounts.setRole(ofUser: name, to: .decider, by: anna, deadline: Self.later)
                }
            }
            func suspend(_ name: String, _ isSuspended: Bool) async -> AccountRefusal? {
                await refusal { () throws(AccountFailure) in
                    try await accounts.setSuspension(
                        ofUser: name, to: isSuspended, by: anna, deadline: Self.later)
                }
            }
            #expect(await suspend("ada", true) == nil)
            #expect(await demote("anna") == .lastAdministrator)
            #expect(await suspend("anna", true) == .lastAdministrator)
            // A suspended administrator is none, so it may be demoted.
            #expect(await demote("ada") == nil)
            #expect(await suspend("ada", false) == nil)
            #expect(await demote("anna") == .lastAdministrator)
            try await accounts.setRole(ofUser: "ada", to: .administrator, by: anna, deadline: Self.later)
            #expect(await demote("anna") == nil)
        }
        // The command line may.
        let connectionString = database.administrationConnectionString
        let changed = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return try session.setRole(operatorCode: "ACME", username: "ada", .viewer)
        }
        #expect(changed)
    }

    @Test("Of two administrators who step down at once, the second waits and stays", .database)
    func steppingDown() async throws {
        try await addAccounts()
        let ada = try await database.acting("ada")
        let first = TestSession(database.applicationParameters)
        try await database.withStore { store in
            try await first.execute(
                """
                BEGIN;
                SELECT countersign.set_user_role_in_console(
                    ROW(1, 'anna', 1, 1, NULL)::countersign.acting_user, 'anna', 'viewer')
                """)
            async let second = refusal { () throws(AccountFailure) in
                try await store.accountAdministration.setRole(
                    ofUser: "ada", to: .viewer, by: ada, deadline: Self.later)
            }
            try await database.session.wait(
                until: """
                    EXISTS (
                        SELECT FROM pg_stat_activity
                        WHERE wait_event_type = 'Lock' AND datname = current_database())
                    """)
            try await first.execute("COMMIT")
            #expect(await second == .lastAdministrator)
        }
        await first.close()
    }

    @Test("Of two administrators who demote one another at once, exactly one wins in each round", .database)
    func mutualDemotion() async throws {
        try await addAccounts()
        try await database.withStore { store in
            for round in 0..<50 {
                let anna = try await database.acting("anna")
                let ada = try await database.acting("ada")
                async let one = refusal { () throws(AccountFailure) in
                    try await store.accountAdministration.setRole(
                        ofUser: "ada", to: .viewer, by: anna, deadline: Self.later)
                }
                async let other = refusal { () throws(AccountFailure) in
                    try await store.accountAdministration.setRole(
                        ofUser: "anna", to: .viewer, by: ada, deadline: Self.later)
                }
                let refusals = [await one, await other]
                #expect(refusals == [nil, .loginEnded] || refusals == [.loginEnded, nil], "round \(round)")
                let left = try await database.session.count(
                    "SELECT count(*) FROM countersign.operator_user WHERE role = 'administrator'")
                #expect(left == 1)
                try await database.session.execute(
                    """
                    UPDATE countersign.operator_user SET role = 'administrator'
                    WHERE username IN ('anna', 'ada')
                    """)
            }
        }
    }
}
