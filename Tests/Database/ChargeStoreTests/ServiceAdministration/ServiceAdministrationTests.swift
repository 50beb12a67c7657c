import Authentication
import Charges
import ChargeStore
import TestSupport
import Testing

/// Tests of the changes that administrators of the service make.
@Suite struct ServiceAdministrationTests {
    private let database = TestDatabase.current!

    private typealias Make =
        @Sendable (any ServiceAdministration, ActingAdministrator)
        async throws(ServiceAdministrationFailure) -> Void

    private static var later: ContinuousClock.Instant { .now + .patience }

    /// The changes, in an order in which each is possible, with the rows that they leave.
    private static let changes: [(rows: [String], make: Make)] = [
        (
            ["OPERATOR_ADDED HOOLI - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addOperator(
                    NewOperatorAccount(code: "HOOLI", currency: "EUR"), by: acting, deadline: later)
            }
        ),
        (
            [
                "SETTINGS_CHANGED zone UTC > Europe/Athens",
                "POLICY_CHANGED HOOLI hold after 72h > accept after 1h",
                "SETTINGS_CHANGED currency EUR > CHF", "SETTINGS_CHANGED error_http_status - > always-200",
                "SETTINGS_CHANGED repeated_decision failure > success",
            ],
            { service, acting throws(ServiceAdministrationFailure) in
                var change = OperatorChange()
                change.zone = "Europe/Athens"
                change.currency = "CHF"
                change.undecidedPolicy = .accept
                change.undecidedWindowSeconds = 3600
                change.errorStatusPolicy = .some(.always200)
                change.repeatedDecisionsSucceed = true
                try await service.change(operator: "HOOLI", change, by: acting, deadline: later)
            }
        ),
        (
            ["OPERATOR_SUSPENDED HOOLI - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(ofOperator: "HOOLI", to: true, by: acting, deadline: later)
            }
        ),
        (
            [],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(ofOperator: "HOOLI", to: true, by: acting, deadline: later)
            }
        ),
        (
            ["OPERATOR_RESUMED HOOLI - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(ofOperator: "HOOLI", to: false, by: acting, deadline: later)
            }
        ),
        (
            ["USER_ADDED anna - > administrator"],
            { service, acting throws(ServiceAdministrationFailure) in
                let role = try await service.addUser(
                    "anna", ofOperator: "HOOLI", passwordHash: "hash", role: nil, by: acting, deadline: later)
                #expect(role == .administrator)
            }
        ),
        (
            ["PASSWORD_CHANGED anna - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setPassword(
                    ofUser: "anna", ofOperator: "HOOLI", toHash: "new", by: acting, deadline: later)
            }
        ),
        (
            ["USER_ROLE_CHANGED anna administrator > viewer"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setRole(
                    ofUser: "anna", ofOperator: "HOOLI", to: .viewer, by: acting, deadline: later)
            }
        ),
        (
            ["USER_SUSPENDED anna - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofUser: "anna", ofOperator: "HOOLI", to: true, by: acting, deadline: later)
            }
        ),
        (
            ["USER_RESUMED anna - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofUser: "anna", ofOperator: "HOOLI", to: false, by: acting, deadline: later)
            }
        ),
        (
            ["KEY_REVOKED billing - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.revokeKey("billing", ofOperator: "ACME", by: acting, deadline: later)
            }
        ),
        (
            ["PROVIDER_KEY_ADDED bridge - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addProviderKey(
                    "bridge", hash: [UInt8](repeating: 1, count: 32), by: acting, deadline: later)
            }
        ),
        (
            ["PROVIDER_KEY_REVOKED bridge - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.revokeProviderKey("bridge", by: acting, deadline: later)
            }
        ),
        (
            ["ADMINISTRATOR_ADDED eve - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addAdministrator("eve", passwordHash: "hash", by: acting, deadline: later)
            }
        ),
        (
            ["ADMINISTRATOR_PASSWORD_CHANGED eve - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setPassword(
                    ofAdministrator: "eve", toHash: "new", by: acting, deadline: later)
            }
        ),
        (
            ["ADMINISTRATOR_SUSPENDED eve - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofAdministrator: "eve", to: true, by: acting, deadline: later)
            }
        ),
        (
            ["ADMINISTRATOR_RESUMED eve - > -"],
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofAdministrator: "eve", to: false, by: acting, deadline: later)
            }
        ),
    ]

    /// Changes that cannot be made, with the refusal.
    private static let refused: [(ServiceAdministrationRefusal, Make)] = [
        (
            .nameTaken,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addOperator(
                    NewOperatorAccount(code: "ACME", currency: "EUR"), by: acting, deadline: later)
            }
        ),
        (
            .invalidCode,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addOperator(
                    NewOperatorAccount(code: "A B", currency: "EUR"), by: acting, deadline: later)
            }
        ),
        (
            .invalidCurrency,
            { service, acting throws(ServiceAdministrationFailure) in
                var change = OperatorChange()
                change.currency = "euro"
                try await service.change(operator: "ACME", change, by: acting, deadline: later)
            }
        ),
        (
            .invalidWindow,
            { service, acting throws(ServiceAdministrationFailure) in
                var change = OperatorChange()
                change.undecidedWindowSeconds = 0
                try await service.change(operator: "ACME", change, by: acting, deadline: later)
            }
        ),
        (
            .unknownZone,
            { service, acting throws(ServiceAdministrationFailure) in
                var change = OperatorChange()
                change.zone = "Nowhere/Else"
                change.currency = "USD"
                try await service.change(operator: "ACME", change, by: acting, deadline: later)
            }
        ),
        (
            .noSuchOperator,
            { service, acting throws(ServiceAdministrationFailure) in
                var change = OperatorChange()
                change.zone = "UTC"
                try await service.change(operator: "NOBODY", change, by: acting, deadline: later)
            }
        ),
        (
            .noSuchOperator,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(ofOperator: "NOBODY", to: true, by: acting, deadline: later)
            }
        ),
        (
            .noSuchOperator,
            { service, acting throws(ServiceAdministrationFailure) in
                _ = try await service.logins(ofOperator: "NO\0BODY", deadline: later)
            }
        ),
        (
            .noSuchUser,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setRole(
                    ofUser: "nobody", ofOperator: "ACME", to: .viewer, by: acting, deadline: later)
            }
        ),
        (
            .invalidName,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addUser(
                    "key:x", ofOperator: "ACME", passwordHash: "x", role: nil, by: acting, deadline: later)
            }
        ),
        (
            .noSuchKey,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.revokeKey("none", ofOperator: "ACME", by: acting, deadline: later)
            }
        ),
        (
            .noSuchKey,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.revokeProviderKey("none", by: acting, deadline: later)
            }
        ),
        (
            .noSuchKey,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.dropSigningKey("none", by: acting, deadline: later)
            }
        ),
        (
            .noSuchAdministrator,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofAdministrator: "nobody", to: true, by: acting, deadline: later)
            }
        ),
        (
            .nameTaken,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addAdministrator("maria", passwordHash: "x", by: acting, deadline: later)
            }
        ),
        (
            .invalidName,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.addAdministrator("", passwordHash: "x", by: acting, deadline: later)
            }
        ),
        (
            .ownPassword,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setPassword(
                    ofAdministrator: "maria", toHash: "x", by: acting, deadline: later)
            }
        ),
        (
            .lastAdministrator,
            { service, acting throws(ServiceAdministrationFailure) in
                try await service.setSuspension(
                    ofAdministrator: "maria", to: true, by: acting, deadline: later)
            }
        ),
    ]

    private func prepare() async throws {
        try await database.addAdministrators("maria")
        try await database.session.execute(
            """
            INSERT INTO countersign.api_key (operator_id, name, key_hash, role)
            VALUES (1, 'billing', sha256('billing'), 'decider')
            """)
    }

    @Test("Each change leaves exactly its rows, in the administrator's name", .database)
    func activity() async throws {
        try await prepare()
        let maria = try await database.actingAdministrator("maria")
        try await database.withAdministrationStore { store in
            for change in Self.changes {
                let rows = try await database.activity {
                    try await change.make(store.serviceAdministration, maria)
                }
                let expected = change.rows.map { row in
                    let words = row.split(separator: " ", maxSplits: 2)
                    return "\(words[0]) admin maria \(words[1]) 192.0.2.1 \(words[2])"
                }
                #expect(Set(rows.compactMap(\.self)) == Set(expected))
                #expect(rows.count == expected.count)
            }
        }
    }

    @Test("A session that has ended changes nothing", .database)
    func endedSessions() async throws {
        try await prepare()
        try await database.addAdministrators("sue")
        let sue = try await database.actingAdministrator("sue")
        try await database.session.execute(
            "UPDATE countersign.administrator SET suspended_on = now() WHERE name = 'sue'")
        let ended = [
            sue, try await database.actingAdministrator("sue"),
            ActingAdministrator(name: "maria", tokenGeneration: 2, address: nil),
            ActingAdministrator(name: "nobody", tokenGeneration: 1, address: nil),
            ActingAdministrator(name: "ma\0ria", tokenGeneration: 1, address: nil),
        ]
        try await database.withAdministrationStore { store in
            let rows = try await database.activity {
                for acting in ended {
                    for change in Self.changes where !change.rows.isEmpty {
                        let refusal = await ServiceAdministrationRefusal.of {
                            () throws(ServiceAdministrationFailure) in
                            try await change.make(store.serviceAdministration, acting)
                        }
                        // Operators and their users are looked up before.
                        let isLookedUpFirst = change.rows[0].contains("anna")
                        #expect(
                            refusal == .sessionEnded || isLookedUpFirst && refusal == .noSuchOperator,
                            "\(change.rows)")
                    }
                }
            }
            #expect(rows == [])
        }
    }

    @Test("A change that cannot be made is refused with its reason, and records nothing", .database)
    func refusedChanges() async throws {
        try await prepare()
        let maria = try await database.actingAdministrator("maria")
        try await database.withAdministrationStore { store in
            let rows = try await database.activity {
                for (place, (expected, make)) in Self.refused.enumerated() {
                    let refusal = await ServiceAdministrationRefusal.of {
                        () throws(ServiceAdministrationFailure) in
                        try await make(store.serviceAdministration, maria)
                    }
                    #expect(refusal == expected, "change \(place)")
                }
            }
            #expect(rows == [])
        }
    }

    @Test("Of two administrators who suspend each other at once, one stays active", .database)
    func lastAdministrator() async throws {
        try await database.addAdministrators("maria", "eve")
        try await database.withAdministrationStore { store in
            for _ in 0..<10 {
                let maria = try await database.actingAdministrator("maria")
                let eve = try await database.actingAdministrator("eve")
                @Sendable func suspend(_ name: String, by acting: ActingAdministrator) async
                    -> ServiceAdministrationRefusal?
                {
                    await ServiceAdministrationRefusal.of { () throws(ServiceAdministrationFailure) in
                        try await store.serviceAdministration.setSuspension(
                            ofAdministrator: name, to: true, by: acting, deadline: Self.later)
                    }
                }
                async let first = suspend("eve", by: maria)
                async let second = suspend("maria", by: eve)
                let refusals = await [first, second]
                #expect(refusals.compactMap(\.self) == [.sessionEnded])
                #expect(
                    try await database.session.count(
                        "SELECT count(*) FROM countersign.administrator WHERE suspended_on IS NULL") == 1)
                try await database.session.execute(
                    "UPDATE countersign.administrator SET suspended_on = NULL")
            }
        }
    }

    @Test("A new own password needs the hash that was verified, and ends the session", .database)
    func ownPassword() async throws {
        try await database.addAdministrators("maria")
        let maria = try await database.actingAdministrator("maria")
        try await database.withAdministrationStore { store in
            func change(_ verified: String) async -> ServiceAdministrationRefusal? {
                await ServiceAdministrationRefusal.of { () throws(ServiceAdministrationFailure) in
                    try await store.serviceAdministration.setOwnPassword(
                        toHash: "new", verifiedHash: verified, by: maria, deadline: Self.later)
                }
            }
            #expect(await change("another hash") == .sessionEnded)
            #expect(await change("hash of maria") == nil)
            #expect(await change("new") == .sessionEnded)
        }
    }

    @Test("Signing keys are listed by what they do, and only those that sign no more are dropped", .database)
    func signingKeys() async throws {
        try await database.addAdministrators("maria")
        let maria = try await database.actingAdministrator("maria")
        try await database.session.execute(
            """
            DELETE FROM countersign.signing_key;
            INSERT INTO countersign.signing_key (identifier, secret, signs_from)
            SELECT name, sha256(name::bytea), now() + since
            FROM (VALUES ('expired', interval '-9 hours'), ('verifying', '-8 hours'), ('signing', '-1 hour'))
                AS key (name, since)
            """)
        try await database.withAdministrationStore { store in
            let service = store.serviceAdministration
            _ = try await service.addSigningKey(dropsOthers: false, by: maria, deadline: Self.later)
            let keys = try await service.signingKeys(deadline: Self.later)
            #expect(keys.map(\.state) == [.coming, .signing, .verifying, .expired])
            for (place, expected) in [
                (0, ServiceAdministrationRefusal.signingKeyInUse), (1, .signingKeyInUse),
            ] {
                let refusal = await ServiceAdministrationRefusal.of {
                    () throws(ServiceAdministrationFailure) in
                    try await service.dropSigningKey(
                        keys[place].identifier, by: maria, deadline: Self.later)
                }
                #expect(refusal == expected)
            }
            try await service.dropSigningKey("verifying", by: maria, deadline: Self.later)
            // What is known of a key's last token is when the next key began to sign, which is now a later one.
            #expect(
                try await service.signingKeys(deadline: Self.later).map(\.state)
                    == [.coming, .signing, .verifying])
            _ = try await service.addSigningKey(dropsOthers: true, by: maria, deadline: Self.later)
            #expect(try await service.signingKeys(deadline: Self.later).map(\.state) == [.coming])
        }
    }

    @Test("Operators are listed by pages, each with its users, keys and undecided charges", .database)
    func operators() async throws {
        try await prepare()
        try await database.addUsers(["anna": .administrator, "dan": .decider])
        try await database.addCharges(3, prefix: "N")
        try await database.session.execute(
            """
            INSERT INTO countersign.operator (code, currency)
            SELECT 'OPERATOR-' || i, 'EUR' FROM generate_series(10, 69) AS i
            """)
        try await database.withAdministrationStore { store in
            let service = store.serviceAdministration
            let first = try await service.operators(after: nil, deadline: Self.later)
            #expect(first.operators.count == 50)
            #expect(first.operators.map(\.code) == first.operators.map(\.code).sorted())
            let second = try await service.operators(after: first.next, deadline: Self.later)
            #expect(second.operators.count == 12 && second.next == nil)
            let acme = try #require(first.operators.first)
            #expect(acme.code == "ACME")
            #expect((acme.activeUserCount, acme.activeAdministratorCount, acme.activeKeyCount) == (2, 1, 1))
            #expect(acme.undecidedCount == .exactly(3) && acme.oldestUndecidedOn != nil)
            #expect(try await service.serviceOperator(code: "ACME", deadline: Self.later) == acme)
            #expect(try await service.serviceOperator(code: "NOBODY", deadline: Self.later) == nil)
            let logins = try await service.logins(ofOperator: "ACME", deadline: Self.later)
            #expect(logins.users.map(\.name) == ["anna", "dan"] && logins.keys.map(\.name) == ["billing"])
            let feed = try await service.feed(deadline: Self.later)
            #expect(feed.epoch.utf8.count == 32 && feed.lastPosition == 0)
            #expect(feed.unpublishedDecisionCount == 0 && feed.lagMilliseconds == 0)
        }
    }

    @Test("The activity is listed of all, of the service alone, or of one operator", .database)
    func activityLists() async throws {
        try await prepare()
        try await database.addUsers(["anna": .administrator], operatorCode: "GLOBEX")
        try await database.withAdministrationStore { store in
            func list(_ scope: ServiceActivityQuery.Scope, before: Int64? = nil, count: Int = 50)
                async throws -> ServiceActivityPage
            {
                try await store.serviceAdministration.activity(
                    ServiceActivityQuery(scope: scope, before: before, count: count, deadline: Self.later))
            }
            let all = try await list(.all)
            #expect(all.rows.first?.activity.kind == .userAdded)
            #expect(all.rows.first?.operatorCode == "GLOBEX")
            #expect(Set(all.rows.map(\.operatorCode)).count == 3)
            let own = try await list(.service)
            #expect(own.rows.allSatisfy { $0.operatorCode == nil })
            #expect(own.rows.contains { $0.activity.kind == .administratorAdded })
            let globex = try await list(.operatorCode("GLOBEX"))
            #expect(globex.rows.map(\.activity.kind) == [.userAdded, .operatorAdded])
            let first = try await list(.all, count: 1)
            #expect(first.next == first.rows.last?.activity.number)
            let second = try await list(.all, before: first.next, count: 1)
            #expect(second.rows == [all.rows[1]])
        }
    }

    @Test("A node without the connection string says which setting is missing", .database)
    func notConfigured() async throws {
        try await database.withStore { store in
            await #expect(
                throws: ServiceAdministrationFailure.notConfigured(setting: "administration-database")
            ) {
                try await store.serviceAdministration.nodes(deadline: Self.later)
            }
            await #expect(throws: ReportFailure.notConfigured(setting: "reporting-database")) {
                try await store.reports.run("money", [:], maximumRows: 1, deadline: Self.later)
            }
        }
    }
}
