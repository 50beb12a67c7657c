import Testing

@testable import ChargeStore

/// Tests of the databases that can be migrated.
@Suite struct DatabaseRequirementsTests {
    private static func refusal(
        version: Int = 150_018, encoding: String = "UTF8", schemas: [String: String] = [:]
    ) -> String? {
        DatabaseRequirements(serverVersionNumber: version, encoding: encoding, schemaOwners: schemas)
            .refusal(missing: schemas["countersign"] == nil ? Migration.all : [])
    }

    @Test(
        "A server older than PostgreSQL 15 is refused", arguments: [(140_022, "14.22"), (90_624, "9.6.24")])
    func anOldServerIsRefused(version: Int, text: String) {
        #expect(
            Self.refusal(version: version)
                == "the server is PostgreSQL \(text); Countersign needs version 15 or later")
    }

    @Test("A server of version 15 or later is admitted", arguments: [150_000, 150_018, 180_001])
    func aLaterServerIsAdmitted(version: Int) {
        #expect(Self.refusal(version: version) == nil)
    }

    @Test(
        "A database in another encoding than UTF8 is refused", arguments: ["LATIN1", "SQL_ASCII", "EUC_JP"])
    func anotherEncodingIsRefused(encoding: String) {
        #expect(Self.refusal(encoding: encoding)?.hasPrefix("the database's encoding is \(encoding)") == true)
    }

    @Test("A schema that a missing migration creates may not exist", arguments: ["countersign", "reporting"])
    func aSchemaOfThatNameIsRefused(schema: String) {
        let requirements = DatabaseRequirements(
            serverVersionNumber: 150_018, encoding: "UTF8",
            schemaOwners: [schema: "countersign_owner", "public": "postgres"])
        let refusal = requirements.refusal(missing: Migration.all)
        #expect(refusal?.hasPrefix("the database has a schema named \(schema)") == true)
        #expect(requirements.refusal(missing: [Migration]()) == nil)
    }

    @Test("A schema that was restored without its owner is refused")
    func aSchemaWithoutItsOwnerIsRefused() {
        #expect(Self.refusal(schemas: ["countersign": "countersign_owner"]) == nil)
        #expect(Self.refusal(schemas: ["countersign": "postgres"])?.contains("belongs to postgres") == true)
    }
}
