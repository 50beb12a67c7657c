import Authentication
import Charges
import Foundation
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of the record of sign-ins and changes.
@Suite struct ActivityTests {
    private let database = TestDatabase.current!

    /// A change by a command, with the rows that it must leave.
    private struct Change: Sendable {
        let rows: [String]
        let make: @Sendable (AdministrationSession) throws -> Void

        init(_ rows: String..., make: @escaping @Sendable (AdministrationSession) throws -> Void) {
            self.rows = rows.map { $0.replacing(" by ", with: " command-line countersign_admin ") }
            self.make = make
        }
    }

    private static let changes: [Change] = [
        Change("OPERATOR_ADDED by HOOLI - - > -") {
            try $0.addOperator(
                code: "HOOLI", currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
        },
        Change("POLICY_CHANGED by HOOLI - hold after 1h > accept after 90m") {
            try $0.change(
                operator: "HOOLI",
                .with {
                    $0.undecidedPolicy = .accept
                    $0.undecidedWindowSeconds = 5400
                })
        },
        Change(
            "SETTINGS_CHANGED by currency - EUR > CHF",
            "SETTINGS_CHANGED by error_http_status - - > always-200",
            "SETTINGS_CHANGED by repeated_decision - failure > success",
            "SETTINGS_CHANGED by zone - UTC > Europe/Athens"
        ) {
            try $0.change(
                operator: "HOOLI",
                .with {
                    $0.currency = "CHF"
                    $0.errorStatusPolicy = .always200
                    $0.repeatedDecisionsSucceed = true
                    $0.zone = "Europe/Athens"
                })
        },
        Change { try $0.change(operator: "HOOLI", .with { $0.currency = "CHF" }) },
        Change("USER_ADDED by anna - - > administrator") {
            try $0.addUser(operatorCode: "HOOLI", username: "anna", passwordHash: "a hash")
        },
        Change("USER_ADDED by bob - - > viewer") {
            try $0.addUser(operatorCode: "HOOLI", username: "bob", passwordHash: "a hash", role: .viewer)
        },
        Change("USER_ROLE_CHANGED by bob - viewer > decider") {
            _ = try $0.setRole(operatorCode: "HOOLI", username: "bob", .decider)
        },
        Change { _ = try $0.setRole(operatorCode: "HOOLI", username: "bob", .decider) },
        Change("USER_SUSPENDED by bob - - > -") {
            _ = try $0.setSuspension(operatorCode: "HOOLI", username: "bob", true)
        },
        Change("USER_RESUMED by bob - - > -") {
            _ = try $0.setSuspension(operatorCode: "HOOLI", username: "bob", false)
        },
        Change { _ = try $0.setSuspension(operatorCode: "HOOLI", username: "bob", false) },
        Change("PASSWORD_CHANGED by bob - - > -") {
            try $0.setPassword(operatorCode: "HOOLI", username: "bob", passwordHash: "another hash")
        },
        Change("KEY_ADDED by billing - - > decider") {
            try $0.addKey(operatorCode: "HOOLI", name: "billing", hash: [UInt8](repeating: 7, count: 32))
        },
        Change("KEY_ROLE_CHANGED by billing - decider > viewer") {
            _ = try $0.setKeyRole(operatorCode: "HOOLI", name: "billing", .viewer)
        },
        Change("KEY_REVOKED by billing - - > -") {
            _ = try $0.revokeKey(operatorCode: "HOOLI", name: "billing")
        },
        Change { _ = try $0.revokeKey(operatorCode: "HOOLI", name: "billing") },
        Change("OPERATOR_SUSPENDED by HOOLI - - > -") { _ = try $0.setSuspension(operator: "HOOLI", true) },
        Change("OPERATOR_RESUMED by HOOLI - - > -") { _ = try $0.setSuspension(operator: "HOOLI", false) },
        Change("PROVIDER_KEY_ADDED by bridge - - > -") {
            try $0.addProviderKey(name: "bridge", hash: [UInt8](repeating: 8, count: 32))
        },
        Change("PROVIDER_KEY_REVOKED by bridge - - > -") { try $0.revokeProviderKey(name: "bridge") },
    ]

    @Test("Each change by a command leaves exactly its row, and none where nothing changed", .database)
    func commands() async throws {
        let connectionString = database.administrationConnectionString
        for (place, change) in Self.changes.enumerated() {
            let rows = try await database.activity {
                try await onThread {
                    let session = try AdministrationSession(database: connectionString)
                    defer { session.close() }
                    try change.make(session)
                }
            }
            #expect(rows == change.rows, "change \(place)")
        }
        #expect(
            try await database.session.count(
                "SELECT count(*) FROM countersign.activity WHERE (operator_id IS NULL) <> (kind ~ '^(PROV|SIGNI)')"
            ) == 0)
        let listed = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            let own = try session.activity(operatorCode: "HOOLI", kind: nil, count: 100)
            let all = try session.activity(operatorCode: nil, kind: .keyAdded, count: 100)
            return (own.map(\.activity.kind), own.allSatisfy { $0.operatorCode == "HOOLI" }, all.count)
        }
        #expect(listed.0.first == .operatorResumed && listed.0.last == .operatorAdded)
        #expect(listed.0.count == 17 && listed.1 && listed.2 == 1)
    }

    @Test("The kinds of activity are those of the database and of docs/activity.md", .database)
    func kinds() async throws {
        let kinds = ActivityKind.allCases.map(\.rawValue).sorted()
        let admitted = try await database.session.texts(
            """
            SELECT kind[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([A-Z_]+)''', 'g') AS kind
            WHERE conname = 'activity_kind_check' ORDER BY kind[1] COLLATE "C"
            """)
        #expect(admitted == kinds)
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../../../docs/activity.md"), encoding: .utf8)
        let documented = page.matches(of: #/`([A-Z_]+)`(?=.* \| )/#).map { String($0.output.1) }
        #expect(documented.sorted() == kinds)
    }

    @Test(
        "A rotation of the signing key leaves a row for the new key and one for each that it drops", .database
    )
    func signingKeys() async throws {
        let connectionString = database.administrationConnectionString
        let rows = try await database.activity {
            try await onThread {
                let session = try AdministrationSession(database: connectionString)
                defer { session.close() }
                _ = try session.rotateSigningKey(dropsOthers: true)
            }
        }
        let kinds = rows.compactMap { $0?.prefix { $0 != " " } }.sorted()
        #expect(kinds == ["SIGNING_KEY_ADDED", "SIGNING_KEY_DROPPED"])
    }

    @Test(
        "A change by a database administrator's UPDATE is recorded, with each thing that it changes",
        .database)
    func updates() async throws {
        try await database.addUsers(["anna": .viewer])
        let rows = try await database.activity {
            try await database.session.execute(
                """
                UPDATE countersign.operator_user
                SET role = 'decider', suspended_on = now(), password_hash = 'other' WHERE username = 'anna'
                """)
        }
        #expect(
            rows == [
                "USER_ROLE_CHANGED command-line postgres anna - viewer > decider",
                "PASSWORD_CHANGED command-line postgres anna - - > -",
                "USER_SUSPENDED command-line postgres anna - - > -",
            ])
    }

    @Test("The settings of a transaction name the actor of its changes, and of no later one's", .database)
    func actor() async throws {
        try await database.addUsers(["anna": .viewer])
        func setRole(_ role: String) -> String {
            "UPDATE countersign.operator_user SET role = '\(role)' WHERE username = 'anna'"
        }
        let rows = try await database.activity {
            try await database.session.execute(
                """
                BEGIN;
                SET LOCAL countersign.actor = 'root';
                SET LOCAL countersign.actor_channel = 'admin';
                SET LOCAL countersign.actor_address = '::1';
                \(setRole("decider"));
                COMMIT
                """)
            try await database.session.execute(setRole("viewer"))
        }
        #expect(
            rows == [
                "USER_ROLE_CHANGED admin root anna ::1 viewer > decider",
                "USER_ROLE_CHANGED command-line postgres anna - decider > viewer",
            ])
    }

    @Test("A change that is rolled back leaves no activity", .database)
    func rollback() async throws {
        let rows = try await database.activity {
            try await database.session.execute(
                "BEGIN; UPDATE countersign.operator SET currency = 'USD'; ROLLBACK")
        }
        #expect(rows == [])
    }

    @Test("Pages of activity, newest first, have every row once, of one operator and one kind", .database)
    func pages() async throws {
        try await database.addUsers(["gina": .viewer], operatorCode: "GLOBEX")
        try await database.session.execute(
            """
            INSERT INTO countersign.operator_user (operator_id, username, password_hash, role)
            SELECT 1, 'user' || i, 'x', 'viewer' FROM generate_series(1, 120) AS i;
            UPDATE countersign.operator_user SET role = 'decider' WHERE username = 'user7'
            """)
        try await database.withStore { store in
            func pages(of kind: ActivityKind?) async throws -> [[String]] {
                var query = ActivityQuery(
                    operatorIdentifier: TestDatabase.acme.identifier, kind: kind, deadline: .now + .patience)
                var pages: [[String]] = []
                repeat {
                    let page = try await store.activity.page(query)
                    pages.append(page.activities.map { "\($0.kind.rawValue) \($0.subject ?? "")" })
                    query.before = page.next
                } while query.before != nil
                return pages
            }
            let added = (1...120).reversed().map { "USER_ADDED user\($0)" }
            let all = try await pages(of: nil)
            #expect(all.map(\.count) == [50, 50, 22])
            #expect(
                all.flatMap(\.self) == ["USER_ROLE_CHANGED user7"] + added + ["OPERATOR_ADDED ACME"])
            #expect(try await pages(of: .userAdded).flatMap(\.self) == added)
            #expect(try await pages(of: .userRoleChanged) == [["USER_ROLE_CHANGED user7"]])
            #expect(try await pages(of: .keyRevoked) == [[]])
        }
    }

    @Test("A page walks along its own index, whatever the table holds", .database)
    func plans() async throws {
        for setting in SessionSettings.all {
            try await database.session.execute(
                "SELECT set_config('\(setting.name)', '\(setting.value)', false)")
        }
        let all = Statement<ActivityListInput, Activity>.activity.sql
        let ofKind = Statement<ActivityListInput, Activity>.activityOfKind.sql
        for (index, prepare, execute) in [
            ("activity_operator_id_idx", "(bigint, bigint, bigint) AS \(all)", "(1, NULL, 51)"),
            (
                "activity_kind_idx", "(bigint, text, bigint, bigint) AS \(ofKind)",
                "(1, 'KEY_ADDED', NULL, 51)"
            ),
        ] {
            try await database.session.execute("PREPARE page_by_\(index) \(prepare)")
            let plan = try await database.session.texts(
                "EXPLAIN (COSTS off) EXECUTE page_by_\(index) \(execute)"
            )
            .compactMap(\.self)
            #expect(plan.contains { $0.contains("Index Scan using \(index) ") }, "\(plan)")
            #expect(!plan.contains { $0.contains("Sort") }, "\(plan)")
        }
    }

    @Test("Failed sign-ins have one row for each operator, known user, address and hour", .database)
    func signIns() async throws {
        try await database.addUsers(["anna": .viewer])
        try await database.withStore { store in
            for (code, username, address, succeeded) in [
                ("ACME", "anna", "192.0.2.1", false), ("ACME", "anna", "192.0.2.1", false),
                ("ACME", "anna", "192.0.2.2", false), ("ACME", "my password", "192.0.2.1", false),
                ("ACME", "my pass\0word", "192.0.2.1", false), ("GLOBEX", "anna", "192.0.2.1", false),
                ("NOBODY", "anna", "192.0.2.1", false), ("NO\0BODY", "anna", "192.0.2.1", false),
                ("ACME", "anna", "192.0.2.1", true), ("ACME", "anna", "192.0.2.1", true),
            ] {
                try await store.activity.record(
                    SignIn(operatorCode: code, username: username, address: address, succeeded: succeeded),
                    deadline: .now + .patience)
            }
        }
        // The test may run while an hour ends.
        let rows = try await database.session.texts(
            """
            SELECT concat_ws(' ', kind, coalesce(operator_id::text, '-'), coalesce(actor, '-'), coalesce(subject, '-'),
                address, sum(count))
            FROM countersign.activity WHERE kind ~ 'SIGN'  AND channel = 'console'
            GROUP BY kind, operator_id, actor, subject, address ORDER BY 1
            """)
        #expect(
            rows == [
                "SIGNED_IN 1 anna anna 192.0.2.1 2", "SIGN_IN_FAILED - - - 192.0.2.1 2",
                "SIGN_IN_FAILED 1 - - 192.0.2.1 2", "SIGN_IN_FAILED 1 - anna 192.0.2.1 2",
                "SIGN_IN_FAILED 1 - anna 192.0.2.2 1", "SIGN_IN_FAILED 2 - - 192.0.2.1 1",
            ])
    }

    @Test("Failed sign-ins from any number of addresses leave a bounded number of rows", .database)
    func manyAddresses() async throws {
        try await database.session.execute(
            """
            SELECT count(countersign.record_sign_in('ACME', 'x', '10.0.' || i, false)::text)
            FROM generate_series(1, 3000) AS i
            """)
        let failed = "FROM countersign.activity WHERE kind = 'SIGN_IN_FAILED'"
        #expect(try await database.session.count("SELECT sum(count) \(failed)") == 3000)
        // Two hours' worth, should one end meanwhile.
        #expect(try await database.session.count("SELECT count(*) \(failed)") <= 2002)
    }

    @Test("The purge deletes what is more than 400 days old, in steps, and nothing else", .database)
    func purge() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.activity (activity_number, operator_id, made_on, kind, channel, actor)
            OVERRIDING SYSTEM VALUE
            SELECT i - 100000, 1, now() - CASE WHEN i <= 25000 THEN interval '401 days' ELSE interval '399 days' END,
                'SIGNED_IN', 'console', 'anna'
            FROM generate_series(1, 25010) AS i
            """)
        let newer = try await database.session.count(
            "SELECT count(*) FROM countersign.activity WHERE made_on > now() - interval '400 days'")
        try await database.withStore { await $0.purgeActivity() }
        #expect(try await database.session.count("SELECT count(*) FROM countersign.activity") == newer)
    }

    @Test("No row of the activity has a password, a key or a hash of one", .database)
    func secrets() async throws {
        let connectionString = database.administrationConnectionString
        let key = APIKey()
        let hash = PasswordHash(password: "a long password").text
        try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            try session.addUser(operatorCode: "ACME", username: "anna", passwordHash: hash)
            try session.setPassword(operatorCode: "ACME", username: "anna", passwordHash: hash + "2")
            try session.addKey(operatorCode: "ACME", name: "billing", hash: key.hash)
            _ = try session.revokeKey(operatorCode: "ACME", name: "billing")
            try session.addProviderKey(name: "bridge", hash: key.hash)
        }
        let text = try await database.session.texts(
            "SELECT string_agg(activity::text, ' ') FROM countersign.activity AS activity")[0]!
        #expect(text.contains("PROVIDER_KEY_ADDED") && !text.contains("scrypt"))
        #expect(!text.contains(Hexadecimal.text(key.hash)) && !text.contains("a long"))
    }
}

extension OperatorChange {
    fileprivate static func with(_ body: (inout OperatorChange) -> Void) -> OperatorChange {
        var change = OperatorChange()
        body(&change)
        return change
    }
}
