import LibPQ
import Testing

/// Tests of SQL as an interpolated string: its text, and its parameters' types.
@Suite struct SQLTests {
    private struct Order: Sendable {
        let number: Int64
        let customer: String?
        let tags: [String?]
        let lines: Lines

        struct Lines: Sendable {
            let amounts: [Int32]
        }
    }

    @Test("Parameters are numbered in the order of their first appearance")
    func parametersAreNumberedByTheirFirstAppearance() {
        let statement = Statement<Order, Void>(
            "",
            """
            SELECT \(\.customer), \(\.number) WHERE \(\.customer) IS NULL AND \(\.lines.amounts) <> \(\.tags)
            """)
        #expect(statement.sql == "SELECT $1, $2 WHERE $1 IS NULL AND $3 <> $4")
        #expect(statement.parameterTypes == [.text, .int8, .int4.array, .text.array])
    }

    @Test("Raw text is spliced, and a part brings its parameters")
    func rawTextIsSplicedAndAPartBringsItsParameters() {
        let columns = "number, customer"
        let condition: SQL<Order> = "number = \(\.number) AND customer = \(\.customer)"
        let statement = Statement<Order, Void>(
            "",
            "SELECT \(raw: columns) FROM note WHERE tag > \(\.customer) AND (\(condition)) LIMIT \(raw: 5)")
        #expect(
            statement.sql
                == "SELECT number, customer FROM note WHERE tag > $1 AND (number = $2 AND customer = $1) LIMIT 5"
        )
        #expect(statement.parameterTypes == [.text, .int8])
    }

    @Test("SQL without parameters is the text as it stands")
    func sqlWithoutParametersIsTheText() {
        let statement = Statement<Void, Void>("", "SELECT '$1', '\\n'")
        #expect(statement.sql == "SELECT '$1', '\\n'")
        #expect(statement.parameterTypes == [])
    }
}
