import ChargeStore
import Testing

/// Tests of the scripts that the program takes for reports.
@Suite struct ReportScriptTests {
    @Test(
        "A script with anything but parameters and one statement is refused",
        arguments: [
            "\\set x 'y'\nSELECT 1;", "\\if :{?x} \\else \\set y '' \\endif\nSELECT 1;", "SELECT 1",
            "SELECT 1; SELECT 2;",
            "SELECT :'x';", "SELECT 1;\n\\if :{?x} \\else \\set x '' \\endif",
        ])
    func whatIsNotReadIsRefused(text: String) {
        #expect(throws: ReportScript.Failure.self) { try ReportScript(text) }
    }
}
