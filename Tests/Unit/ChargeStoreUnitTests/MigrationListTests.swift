import ChargeStore
import Foundation
import Testing

/// Tests of the list of migrations.
@Suite struct MigrationListTests {
    @Test("The list of migrations matches sql/migrations")
    func theListIsTheFolder() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../..")
        let folder = root.appendingPathComponent("sql/migrations").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            files.map { String($0.dropLast(4)) }
                == Migration.all.map {
                    String(repeating: "0", count: 4 - "\($0.number)".count) + "\($0.number)_\($0.name)"
                })
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
        for (file, migration) in zip(files, Migration.all) {
            #expect(
                try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) == migration.sql)
        }
    }
}
