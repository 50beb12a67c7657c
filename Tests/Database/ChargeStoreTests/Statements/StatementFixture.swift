import ChargeStore
import Charges
import TestSupport

extension TestDatabase {
    /// Gives the outcome of an accepted charge.
    func process(_ number: String, _ outcome: String = "APPROVED", operatorCode: String = "ACME") async throws
    {
        try await session.execute(
            """
            SELECT FROM countersign.process(
                'outcome', 0, clock_timestamp() + interval '1 minute', ARRAY['\(operatorCode)'], ARRAY['\(number)'],
                ARRAY[NULL::integer], ARRAY['\(outcome)'])
            """)
    }

    /// Gives the first operator a zone where the day has just begun, whatever the time is, and lets its first statement
    /// begin in that day.
    func beginDay() async throws {
        try await session.execute(
            """
            UPDATE countersign.operator SET zone = 'Etc/GMT' || CASE
                WHEN hour = 0 THEN '' WHEN hour <= 12 THEN '+' || hour ELSE '-' || 24 - hour
            END
            FROM (SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::integer AS hour) AS time
            WHERE operator_id = 1;
            UPDATE countersign.statement_schedule AS schedule SET next_end_on = countersign.end_of_day(now(), zone)
            FROM countersign.operator WHERE operator.operator_id = 1 AND schedule.operator_id = 1;
            SET session_replication_role = replica;
            UPDATE countersign.operator SET created_on = now() WHERE operator_id = 1;
            RESET session_replication_role
            """)
    }

    /// Closes what is due, and an operator's statement under way, as an administrator.
    @discardableResult
    func closeStatement(operatorCode: String = "ACME") async throws -> ClosedStatement {
        try await administer { try $0.closeStatement(operatorCode: operatorCode) }
    }

    func statements(operatorCode: String = "ACME") async throws -> [ClosedStatement] {
        try await administer { try $0.statements(operatorCode: operatorCode) }
    }

    /// The events of a statement.
    func events(of statement: ClosedStatement) async throws -> [StatementEvent] {
        try await administer { session in
            var all: [StatementEvent] = []
            try session.forEachReading(of: statement) { all += $0 }
            return all
        }
    }

    /// The bytes of a statement's file.
    func file(of statement: ClosedStatement, after predecessors: [[UInt8]]) async throws -> [UInt8] {
        try await administer { session in
            var bytes: [UInt8] = []
            _ = try session.writeStatement(statement, after: predecessors) { bytes += $0 }
            return bytes
        }
    }

    private func administer<Value: Sendable>(
        _ body: @escaping @Sendable (AdministrationSession) throws -> Value
    ) async throws -> Value {
        let connectionString = administrationConnectionString
        return try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return try body(session)
        }
    }
}

extension StatementEvent {
    /// The event as `NUMBER KIND CHARGE`.
    var summary: String { "\(eventNumber) \(kind.rawValue) \(number.string)" }
}
