import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests that an operator's account is the same whichever way it is found.
@Suite struct OperatorAccountTests {
    @Test("An operator's account is the same found by code, by user or by key", .database)
    func everyLookupKnowsTheSame() async throws {
        let database = TestDatabase.current!
        let administration = try AdministrationSession(database: database.administrationConnectionString)
        try administration.addUser(operatorCode: "ACME", username: "anna", passwordHash: "no hash")
        try administration.addKey(
            operatorCode: "ACME", name: "billing", hash: [UInt8](repeating: 7, count: 32))
        administration.close()
        try await database.session.execute(
            """
            UPDATE countersign.operator
            SET suspended_on = now(), error_http_status = 'always-200', repeated_decision = 'success'
            WHERE code = 'ACME'
            """)
        let expected = OperatorAccount(
            identifier: TestDatabase.acme.identifier, code: "ACME", isSuspended: true,
            errorStatusPolicy: .always200, repeatedDecisionsSucceed: true)
        try await database.withStore { (store: Store) async throws in
            let deadline = ContinuousClock.now + .seconds(30)
            #expect(try await store.operators.account(code: "ACME", deadline: deadline) == expected)
            let user = try await store.users.user(named: "anna", operatorCode: "ACME", deadline: deadline)
            #expect(user?.operatorAccount == expected)
            let key = try await store.apiKeys.key(
                hash: [UInt8](repeating: 7, count: 32), deadline: deadline)
            #expect(key?.operatorAccount == expected)
        }
    }
}
