-- The house of everything that follows: three roles, the schema, and the record of its migrations.
-- oldest-build: 1

-- Roles belong to the whole server: another database of it may have made them already, or be making them now.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['countersign_owner', 'countersign_application', 'countersign_reporting']
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

-- Whoever migrates acts as the owner from the second migration on, and so must be able to become it. A
-- superuser can; another role is made a member. From PostgreSQL 16 on whoever makes a role is a member of it at
-- once, but one that may not become it. GRANT waits for nobody, but two databases of one server migrating at the
-- same moment may collide in it: the second one then starts again.
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
GRANT USAGE ON SCHEMA countersign TO countersign_application;

SET LOCAL ROLE countersign_owner;

CREATE TABLE countersign.migration (
    number integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    -- SHA-256 of the file, so that a migration edited after its release is noticed.
    checksum bytea NOT NULL,
    -- The oldest build that may run once this migration is applied.
    oldest_build integer NOT NULL,
    applied_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT migration_pkey PRIMARY KEY (number),
    CONSTRAINT migration_checksum_check CHECK (length(checksum) = 32)
);
COMMENT ON TABLE countersign.migration IS 'The migrations applied to this database, one row each.';
GRANT SELECT ON countersign.migration TO countersign_application;
