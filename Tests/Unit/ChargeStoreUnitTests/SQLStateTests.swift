import Charges
import LibPQ
import Testing

@testable import ChargeStore

/// Tests of the meaning of PostgreSQL's codes. The table below is the whole appendix A of the manual, up to
/// PostgreSQL 17: each code is in it on purpose, and in one place.
@Suite struct SQLStateTests {
    /// What the service does when a statement is refused with a code.
    enum Handling: String, CaseIterable {
        /// The transaction runs again; if that does not help, the call fails as unavailable.
        case runAgain
        /// The call fails as unavailable at once. Nothing was applied.
        case failAsUnavailable
        /// The call fails by an error of the service. Nothing was applied.
        case failAsDefect
        /// The transaction may have been applied, and is looked for.
        case resolve
    }

    static func codes(_ handling: Handling) -> [String] {
        let text =
            switch handling {
            case .runAgain:
                """
                25006 25P03 26000
                40000 40001 40P01
                55P03
                57000 57P01 57P02 57P03 57P04 57P05
                72000
                """
            case .failAsUnavailable:
                """
                25P04
                28000 28P01
                3D000
                53000 53100 53200 53300 53400
                55006
                57014
                58000 58030 58P01 58P02
                F0000 F0001
                CS001
                """
            case .failAsDefect:
                """
                00000
                01000 01003 01004 01006 01007 01008 0100C 01P01
                02000 02001
                03000
                09000
                0A000
                0B000
                0F000 0F001
                0L000 0LP01
                0P000
                0Z000 0Z002
                10608
                20000
                21000
                22000 22001 22002 22003 22004 22005 22007 22008 22009 2200B 2200C 2200D 2200F 2200G 2200H 2200L
                2200M 2200N 2200S 2200T 22010 22011 22012 22013 22014 22015 22016 22018 22019 2201B 2201E 2201F
                2201G 2201W 2201X 22021 22022 22023 22024 22025 22026 22027 2202E 2202G 2202H 22030 22031 22032
                22033 22034 22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G 22P01 22P02
                22P03 22P04 22P05 22P06
                23000 23001 23502 23503 23505 23514 23P01
                24000
                25000 25001 25002 25003 25004 25005 25007 25008 25P01 25P02
                27000
                2B000 2BP01
                2D000
                2F000 2F002 2F003 2F004 2F005
                34000
                38000 38001 38002 38003 38004
                39000 39001 39004 39P01 39P02 39P03
                3B000 3B001
                3F000
                40002
                42000 42501 42601 42602 42611 42622 42701 42702 42703 42704 42710 42712 42723 42725 42803 42804
                42809 42830 42846 42883 428C9 42939 42P01 42P02 42P03 42P04 42P05 42P06 42P07 42P08 42P09 42P10
                42P11 42P12 42P13 42P14 42P15 42P16 42P17 42P18 42P19 42P20 42P21 42P22
                44000
                54000 54001 54011 54023
                55000 55P02 55P04
                HV000 HV001 HV002 HV004 HV005 HV006 HV007 HV008 HV009 HV00A HV00B HV00C HV00D HV00J HV00K HV00L
                HV00M HV00N HV00P HV00Q HV00R HV010 HV014 HV021 HV024 HV090 HV091
                P0000 P0001 P0002 P0003 P0004
                XX000 XX001 XX002
                CS002
                """
            case .resolve:
                """
                08000 08001 08003 08004 08006 08007 08P01
                40003
                """
            }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// The server's refusal of a statement before the COMMIT.
    static func refusal(_ code: String, severity: String = "ERROR") -> PostgresError {
        var message = ServerMessage(severity: severity, sqlState: SQLState(code), message: "refused")
        message.file = "postgres.c"
        return .server(message, statement: 1)
    }

    static func handling(of error: PostgresError) -> Handling {
        if error.effect == .unknown { return .resolve }
        if error.requestFailure.code == .internalError { return .failAsDefect }
        return error.isWorthRetrying ? .runAgain : .failAsUnavailable
    }

    @Test("Each SQLSTATE is handled on purpose", arguments: Handling.allCases)
    func eachCodeIsHandledOnPurpose(_ expected: Handling) {
        for code in Self.codes(expected) {
            let handling = Self.handling(of: Self.refusal(code))
            #expect(handling == expected, "\(code): \(handling.rawValue), not \(expected.rawValue)")
        }
    }

    @Test("A code that this build does not know is handled as its class is")
    func anUnknownCodeIsHandledAsItsClass() {
        let expected: [(String, Handling)] = [
            ("57P99", .runAgain), ("53999", .failAsUnavailable), ("58999", .failAsUnavailable),
            ("40P99", .runAgain), ("08P99", .resolve), ("42P99", .failAsDefect), ("ZZ000", .failAsDefect),
        ]
        for (code, handling) in expected {
            #expect(Self.handling(of: Self.refusal(code)) == handling, "\(code)")
        }
    }

    @Test("A call that fails as unavailable says when to try again")
    func anUnavailableServiceSaysWhenToTryAgain() {
        for code in Self.codes(.runAgain) + Self.codes(.failAsUnavailable) {
            let failure = Self.refusal(code).requestFailure
            #expect(failure.code == .serviceUnavailable, "\(code)")
            #expect(failure.retryAfterSeconds != nil, "\(code)")
        }
    }

    /// The server's own messages name its source file. A pooler's do not, and it may have lost the server's answer.
    @Test("A message that is not the server's own says nothing about the transaction")
    func aPoolersMessageSaysNothing() {
        let message = ServerMessage(
            severity: "FATAL", sqlState: .adminShutdown, message: "server conn crashed?")
        #expect(PostgresError.server(message, statement: 0).effect == .unknown)
    }

    @Test("A value that cannot be sent is a defect, and is not tried again")
    func aValueThatCannotBeSentIsADefect() {
        #expect(Self.handling(of: .invalidInput("a NUL")) == .failAsDefect)
        #expect(!PostgresError.invalidInput("a NUL").isWorthRetrying)
    }
}
