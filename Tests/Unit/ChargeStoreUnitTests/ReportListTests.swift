import ChargeStore
import Foundation
import Testing

/// Tests of the list of reports, and of the document that shows them. `scripts/report-list` makes both.
@Suite struct ReportListTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL

    @Test("The list of reports matches sql/reports")
    func theListIsTheFolder() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/sql/reports")
        #expect(files.sorted() == Report.all.map { $0.name + ".sql" }.sorted())
    }

    @Test("A description ends before the notes for the list and the plan test")
    func aDescriptionHasNoNotes() throws {
        let report = try #require(Report.named("money"))
        #expect(report.description.hasSuffix("\n  local_currency_amount  their sum in local_currency"))
        #expect(report.cost == 2000...14_000)
        for report in Report.all {
            #expect(!report.script.statement { "'\($0)'" }.contains("Sample:"), "\(report.name)")
        }
    }

    @Test("docs/data-model.md has a section for every report")
    func itShowsEveryReport() throws {
        let text = try String(contentsOfFile: Self.root.path + "/docs/data-model.md", encoding: .utf8)
        for file in try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/sql/reports") {
            #expect(text.contains("\n### \(file.dropLast(4))\n"), "\(file)")
        }
    }
}
