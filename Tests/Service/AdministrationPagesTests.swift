import Foundation
import TestSupport
import Testing

/// Tests of the pages of administration on a node with a database, through curl as a browser.
@Suite struct AdministrationPagesTests {
    private let database = TestDatabase.current!

    /// The functions of a script that signs in: `page PATH` prints a page, `send PATH FIELD=VALUE …` sends its form.
    private static let browser = """
        set -euo pipefail
        cd "$(mktemp -d)"
        page() { curl -s -b jar -c jar "$base$1" | tee page; }
        send() {
            path=$1; shift
            token=$(page "$path" | sed -n 's/.*name="form_token" value="\\([^"]*\\)".*/\\1/p' | head -1)
            fields=(); for field in "$@"; do fields+=(--data-urlencode "$field"); done
            curl -s -b jar -c jar -o answer -w '%{http_code}\\n' -H "Origin: $base" \\
                --data-urlencode "form_token=$token" "${fields[@]}" "$base${path%%\\?*}"
        }
        """

    private func onNode(_ options: [String], _ script: String) async throws -> Program.Result {
        let port = TestServer.freePort()
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--admin-port", "\(port)",
            environment: [
                "DATABASE_URL": database.applicationConnectionString,
                "COUNTERSIGN_ADMINISTRATION_DATABASE": options.contains("administration")
                    ? database.administrationConnectionString : "",
                "COUNTERSIGN_REPORTING_DATABASE": options.contains("reporting")
                    ? database.reportingConnectionString : "",
            ])
        _ = try await node.ports()
        let result = try await Program.bash(
            """
            \(Self.browser)
            echo 'a long password' | countersign admin add maria 2>/dev/null
            curl -s -o /dev/null --retry 60 --retry-connrefused --retry-delay 1 "$base/livez"
            \(script)
            """,
            environment: [
                "DATABASE_URL": database.administrationConnectionString, "base": "http://127.0.0.1:\(port)",
            ], in: "/tmp")
        #expect(await node.end() == 0)
        return result
    }

    @Test("An administrator signs in, reads every page, runs a report, and signs out", .database)
    func story() async throws {
        let result = try await onNode(
            ["administration", "reporting"],
            """
            send /admin/sign-in username=maria 'password=a wrong password'
            send /admin/sign-in username=maria 'password=a long password'
            for path in '' /operators '/operator?code=ACME' /provider-keys /signing-keys /reports /activity \\
                /administrators /password '/report?name=charges-by-day&run=1'; do
                page "/admin$path" >page.html
                grep -q 'Countersign administration' page.html && ! grep -q '<h1>Sign in</h1>' page.html \\
                    || echo "wrong: $path"
            done
            page /admin/operators | grep -c ACME || true
            curl -s -b jar "$base/admin/report/download?name=charges-by-day" | head -1
            """)
        #expect(result.status == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "422" && lines.dropFirst().first == "303", "\(result.output)")
        #expect(!result.output.contains("wrong:"), "\(result.output)")
        #expect(lines.last?.contains("operator,") == true, "\(result.output)")
        #expect(
            try await database.session.texts(
                """
                SELECT kind || ' ' || channel || ' ' || subject FROM countersign.activity
                WHERE channel = 'admin' ORDER BY activity_number
                """) == ["SIGN_IN_FAILED admin maria", "SIGNED_IN admin maria"])
    }

    @Test(
        "Without the connection strings, pages name the setting that is missing", .database
    )
    func missingSettings() async throws {
        let result = try await onNode(
            [],
            """
            send /admin/sign-in username=maria 'password=a long password'
            page /admin/operators | grep -o 'administration-database' | head -1
            page '/admin/report?name=money&run=1' | grep -o 'reporting-database' | head -1
            """)
        #expect(result.output == "303\nadministration-database\nreporting-database\n", "\(result)")
    }
}
