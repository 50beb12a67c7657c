import LibPQ
import TestSupport
import Testing

/// Tests of a statement's parameters: the values that are sent, and their types.
@Suite(.ownThread) struct ParameterTests {
    /// An input with a parameter of every kind.
    private struct Order: Sendable {
        var number: Int64 = 7
        var customer: String?
        var tags: [String?] = []
        var digest: [UInt8] = [0, 0xFF]
        var lines = Lines()

        struct Lines: Sendable {
            var amounts: [Int32] = [3, 4]
        }
    }

    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("Each parameter is sent with its own value, NULL and arrays included", .database)
    func eachParameterIsSentWithItsOwnValue() throws {
        let statement = Statement<Order, [String?]>(
            "orders",
            """
            SELECT ARRAY[
                \(\.number)::text, \(\.customer), \(\.tags)::text, \(\.digest)::text, \(\.lines.amounts)::text,
                \(\.number)::text]
            """)
        #expect(
            try connection.run(statement, Order(), deadline: .inGoodTime) == [
                ["7", nil, "{}", "\\x00ff", "{3,4}", "7"]
            ])
        let other = Order(
            number: -1, customer: "", tags: ["a", nil, ""], digest: [], lines: .init(amounts: []))
        #expect(
            try connection.run(statement, other, deadline: .inGoodTime) == [
                ["-1", "", "{a,NULL,\"\"}", "\\x", "{}", "-1"]
            ])
    }

    @Test("A key path through an optional is NULL where there is none", .database)
    func aKeyPathThroughAnOptionalIsNullWhereThereIsNone() throws {
        let statement = Statement<Order?, String?>(
            "", "SELECT \(\.?.number)::text || coalesce(\(\.?.customer), '')")
        #expect(statement.parameterTypes == [.int8, .text])
        #expect(try connection.run(statement, nil, deadline: .inGoodTime) == [nil])
        #expect(try connection.run(statement, Order(customer: "x"), deadline: .inGoodTime) == ["7x"])
    }

    @Test("The declared types are those that the server infers", .database)
    func theDeclaredTypesAreThoseThatTheServerInfers() throws {
        try connection.execute(
            "CREATE TABLE purchase (number int8, customer text, tags text[], digest bytea)")
        let statement = Statement<Order, Void>(
            "", "INSERT INTO purchase VALUES (\(\.number), \(\.customer), \(\.tags), \(\.digest))")
        let inferred = Statement<Void, Void>("", "\(raw: statement.sql)")
        #expect(
            try connection.describe(inferred, deadline: .inGoodTime).parameterTypeOIDs
                == statement.parameterTypes.map(\.oid))
    }
}
