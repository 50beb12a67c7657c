package import Authentication
package import Charges
package import ChargeStore
import Logging
package import Telemetry

extension TestDatabase {
    /// The operators that every test database has.
    package static let acme = OperatorAccount(
        identifier: OperatorIdentifier(1), code: "ACME", isSuspended: false)
    package static let globex = OperatorAccount(
        identifier: OperatorIdentifier(2), code: "GLOBEX", isSuspended: false)

    /// Adds pending charges `PREFIX1`, `PREFIX2`, … of customers `cPREFIX1`, `cPREFIX2`, ….
    package func addCharges(_ count: Int, prefix: String, operatorIdentifier: Int64 = 1) async throws {
        try await session.execute(
            """
            INSERT INTO countersign.charge (
                operator_id, number, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date)
            SELECT
                operator_id, '\(prefix)' || i, 'c' || '\(prefix)' || i, 9.90, 'USD', 9.10, currency, '2026-12-01'
            FROM countersign.operator, generate_series(1, \(count)) AS i
            WHERE operator_id = \(operatorIdentifier)
            """)
    }

    /// Makes and starts a node's store on this database. The caller ends it with `shutdown`.
    package func makeStore(
        metrics: MetricsRecorder = MetricsRecorder(), configure: (inout StoreConfiguration) -> Void = { _ in }
    ) throws -> Store {
        var configuration = StoreConfiguration(database: applicationConnectionString)
        configure(&configuration)
        let store = try Store(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
        store.start()
        return store
    }

    /// Runs a body with a node's store.
    package func withStore(
        metrics: MetricsRecorder = MetricsRecorder(),
        configure: (inout StoreConfiguration) -> Void = { _ in },
        _ body: (Store) async throws -> Void
    ) async throws {
        let store = try makeStore(metrics: metrics, configure: configure)
        do {
            try await body(store)
            await store.shutdown(deadline: .now + .patience)
        } catch {
            await store.shutdown(deadline: .now + .patience)
            throw error
        }
    }
}

extension DecisionCall {
    /// A call that accepts charges, of an operator of the tests; with time enough by default.
    package static func accepting(
        _ items: [DecisionItem], of account: OperatorAccount = TestDatabase.acme,
        decision: Decision = .accepted, idempotencyKey: ExactText? = nil,
        within time: Duration = .patience
    ) -> DecisionCall {
        .call(
            decision == .accepted ? .accept : .decline, items, of: account, idempotencyKey: idempotencyKey,
            within: time)
    }

    /// A call of any kind, with the same defaults.
    package static func call(
        _ action: ChargeAction, _ items: [DecisionItem], of account: OperatorAccount = TestDatabase.acme,
        idempotencyKey: ExactText? = nil, repeatsSucceed: Bool = false,
        within time: Duration = .patience
    ) -> DecisionCall {
        DecisionCall(
            operatorIdentifier: account.identifier, operatorCode: account.code, username: "tester",
            action: action, items: items, idempotencyKey: idempotencyKey, repeatsSucceed: repeatsSucceed,
            deadline: .now + time)
    }
}

extension DecisionItem {
    /// A charge that `addCharges` made, with its own customer.
    package static func charge(_ number: String, reference: String? = nil) -> DecisionItem {
        DecisionItem(
            number: ExactText(number), billingSystemCustomerIdentifier: ExactText("c" + number),
            referenceNumber: reference.map { ExactText($0) })
    }
}

extension DryRunOutcome {
    /// The failure's code, or `OK`.
    package var text: String {
        switch self {
        case .decidable, .repeated: "OK"
        case .failed(let failure): failure.code.rawValue
        }
    }
}

extension ItemOutcome {
    /// The failure's code, or `OK`.
    package var text: String {
        switch self {
        case .decided: "OK"
        case .failed(let failure): failure.code.rawValue
        }
    }
}
