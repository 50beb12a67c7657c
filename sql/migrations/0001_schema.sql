-- The foundation: four roles, the schema, and the table of applied migrations.
-- oldest-build: 1

-- Roles belong to the whole server. Another database of the server may have created them, or may be creating them now.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY[
        'countersign_owner', 'countersign_application', 'countersign_administration', 'countersign_reporting']
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

-- From the second migration on, the migrating login acts as the owner, so it must be able to SET ROLE to it. A
-- superuser can do that; another login is made a member. Since PostgreSQL 16 the creator of a role is a member of it,
-- but without SET ROLE. GRANT does not wait: if two databases of one server migrate at the same time, it may fail with
-- a conflict, and the second migration then starts again.
DO $$
BEGIN
    IF NOT pg_has_role(
        current_user, 'countersign_owner',
        CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END)
    THEN
        EXECUTE format('GRANT countersign_owner TO %I', current_user);
    END IF;
END
$$;

CREATE SCHEMA countersign AUTHORIZATION countersign_owner;
COMMENT ON SCHEMA countersign IS 'Countersign: charges, and what operators decide about them.';
GRANT USAGE ON SCHEMA countersign TO countersign_application, countersign_administration;

SET LOCAL ROLE countersign_owner;

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
