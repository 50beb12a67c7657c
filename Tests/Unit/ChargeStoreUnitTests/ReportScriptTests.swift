@testable import ChargeStore
import Testing

/// Tests of the scripts that the program takes for reports.
@Suite struct ReportScriptTests {
    @Test("A statement has the lines of the variables that are given, and the other lines of the rest")
    func aStatementHasTheLinesOfGivenVariables() throws {
        let script = try ReportScript(
            """
            SELECT 1
            \\if :{?x}
            , :'x', :'x'
            \\endif
            LIMIT
            \\if :{?y}
            :'y'
            \\else
            20
            \\endif
            \(ReportScript.ending)
            """)
        #expect(script.variables == ["x", "y"])
        #expect(script.statement { "'\($0)'" } == "SELECT 1\nLIMIT\n20\n\n")
        #expect(
            script.statement(["x": "a", "y": "b"]) { "'\($0)'" } == "SELECT 1\n, 'a', 'a'\nLIMIT\n'b'\n\n")
    }

    @Test(
        "A script with anything but conditions and one statement is refused",
        arguments: [
            "\\set x 'y'\nSELECT 1", "SELECT 1;", "SELECT 1; SELECT 2", "SELECT :'x'", "\\if :{?x}\nSELECT 1",
            "\\else\nSELECT 1", "\\endif\nSELECT 1", "\\if :{?x}\nSELECT :'y'\n\\endif",
            "\\if :{?x}\nSELECT 1\n\\else\nSELECT :'x'\n\\endif", "\\if :{?x}\n\\if :{?y}\n\\endif\n\\endif",
            "\\if :{?x}\n\\else\n\\else\n\\endif",
        ])
    func whatIsNotReadIsRefused(text: String) {
        #expect(throws: ReportScript.Failure.self) { try ReportScript(text + "\n" + ReportScript.ending) }
    }

    @Test("A script that does not end with the lines that run it is refused")
    func anotherEndIsRefused() {
        #expect(throws: ReportScript.Failure.self) { try ReportScript("SELECT 1\n\\g\n") }
    }
}
