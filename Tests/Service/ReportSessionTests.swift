import ChargeStore
import Foundation
import TestSupport
import Testing

/// Tests of what a report leaves behind in the session of psql that runs it.
@Suite struct ReportSessionTests {
    private static let reports = URL(filePath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../sql/reports").standardizedFileURL.path

    /// What a session of psql has before and after a report: its variables and formats, the server's settings, and
    /// its temporary objects. The results of the last statement are left out.
    private func difference(_ report: String, setting: String, fails: Bool) async throws -> String {
        let state = """
            \\set
            \\pset
            SELECT name, setting FROM pg_settings ORDER BY name;
            SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema();
            SELECT pg_current_xact_id_if_assigned();
            """
        let script = """
            \\set ON_ERROR_STOP \(setting)
            \\set mine 1
            SET DateStyle = 'SQL, DMY';
            -- A session has its settings once it has run any function of it.
            LOAD 'plpgsql';
            \(state)
            \\o /dev/null
            \(fails ? "\\set operator NOBODY" : "")
            \\i \(Self.reports)/\(report).sql
            \(fails ? "\\unset operator" : "")
            \\o
            \\echo after
            \(state)
            """
        let result = try await Program.bash(
            """
            folder=$(mktemp -d)
            psql -qX "$DATABASE_URL" >"$folder/all" 2>"$folder/errors" <<SQL || echo "psql: $?"
            \(script.replacing("\\", with: "\\\\"))
            SQL
            \(fails ? "grep -q NOBODY $folder/errors || echo 'no error'" : "cat $folder/errors")
            last="^(ERROR|LAST_ERROR_.*|ROW_COUNT|SQLSTATE) = "
            diff <(sed '/^after$/,$d' $folder/all | grep -Ev "$last") \\
                <(sed '1,/^after$/d' $folder/all | grep -Ev "$last") || true
            grep -q "^AUTOCOMMIT" $folder/all
            rm -r "$folder"
            """,
            environment: ["DATABASE_URL": TestDatabase.current.ownerConnectionString], in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        return result.output
    }

    @Test("A report leaves the psql session as it was", .database)
    func aReportLeavesTheSessionAsItWas() async throws {
        for report in Report.all where report.name != "database-statements" {
            let difference = try await difference(report.name, setting: "off", fails: false)
            #expect(difference == "", "\(report.name)")
        }
        #expect(try await difference("money", setting: "on", fails: false) == "")
    }

    @Test("A report that fails leaves the psql session as it was", .database)
    func aFailedReportLeavesTheSessionAsItWas() async throws {
        #expect(try await difference("money", setting: "off", fails: true) == "")
    }
}
