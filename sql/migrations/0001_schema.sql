-- The foundation: the schema, and the table of applied migrations. sql/roles.sql has made the roles.
-- oldest-build: 1

-- The right to make a schema is the migrating login's. From the second migration on it acts as the owner from the start.
CREATE SCHEMA countersign AUTHORIZATION countersign_owner;
SET LOCAL ROLE countersign_owner;
COMMENT ON SCHEMA countersign IS 'Countersign: charges, and what operators decide about them.';
GRANT USAGE ON SCHEMA countersign TO countersign_application, countersign_administration;

CREATE TABLE countersign.migration (
    number integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum bytea NOT NULL,
    oldest_build integer NOT NULL,
    applied_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT migration_pkey PRIMARY KEY (number),
    CONSTRAINT migration_checksum_check CHECK (length(checksum) = 32)
);
COMMENT ON TABLE countersign.migration IS 'The migrations applied to this database, one row each.';
COMMENT ON COLUMN countersign.migration.number IS 'The migration''s number, from 1.';
COMMENT ON COLUMN countersign.migration.name IS 'The name of its file, without the number.';
COMMENT ON COLUMN countersign.migration.checksum IS
    'The SHA-256 of the file. It reveals a migration that was edited after its release.';
COMMENT ON COLUMN countersign.migration.oldest_build IS 'The oldest build that may run once the migration is applied.';
COMMENT ON COLUMN countersign.migration.applied_on IS 'When the migration was applied.';
GRANT SELECT ON countersign.migration TO countersign_application, countersign_administration;
