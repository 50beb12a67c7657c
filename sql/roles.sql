-- The roles of the service and their settings. `countersign migrate` runs this file each time, before the migrations:
-- roles belong to the whole server, so neither they nor their settings are in a dump of the database.
--
-- Each statement first looks whether there is anything to do. So a login that may not create roles can run the file
-- where an administrator has made the roles. Another database of the server may be doing the same at this moment: who
-- comes second finds the first one's work, as an error that is no failure.

DO $$
DECLARE
    role_name text;
    missing text[] := ARRAY(
        SELECT role.name
        FROM unnest(ARRAY[
            'countersign_owner', 'countersign_application', 'countersign_administration', 'countersign_reporting',
            'countersign_reader']) AS role (name)
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role.name));
BEGIN
    FOREACH role_name IN ARRAY missing LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the login % may not create the roles that are missing; an administrator must run: %',
                    current_user,
                    (SELECT string_agg(format('CREATE ROLE %I NOLOGIN; ', name), '') FROM unnest(missing) AS role (name))
                        || format('GRANT countersign_owner TO %I', current_user)
                        || CASE WHEN 'countersign_reader' = ANY (missing) THEN
                            '; GRANT countersign_reader TO countersign_owner, countersign_application, countersign_administration'
                            ELSE '' END
                    USING ERRCODE = 'insufficient_privilege';
        END;
    END LOOP;
END
$$;

-- The migrating login creates the schemas for the owner, acts as the owner, and reads what is the owner's. So it must
-- be able to SET ROLE to it and inherit its rights. A superuser can do both; another login is made a member. Since
-- PostgreSQL 16 the creator of a role is a member of it, but with neither.
DO $$
DECLARE
    can_set boolean := pg_has_role('countersign_owner',
        CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END);
BEGIN
    IF NOT can_set THEN
        BEGIN
            EXECUTE format('GRANT countersign_owner TO %I', current_user);
        EXCEPTION
            WHEN unique_violation OR internal_error THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the login % must be a member of the owner; an administrator must run: GRANT countersign_owner TO %',
                    current_user, quote_ident(current_user)
                    USING ERRCODE = 'insufficient_privilege';
        END;
    END IF;
    IF NOT pg_has_role('countersign_owner', 'USAGE') THEN
        RAISE EXCEPTION 'the login % does not inherit the rights of countersign_owner; an administrator must run: ALTER ROLE % INHERIT',
            current_user, quote_ident(current_user)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- What reads one operator's data acts as countersign_reader for its transaction (0014_row_security.sql), so the roles
-- that read must be able to SET ROLE to it. That they inherit its rights as well gives them nothing: it can do nothing
-- that they cannot.
DO $$
DECLARE
    role_name text;
    command text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY[
        'countersign_owner', 'countersign_application', 'countersign_administration']
    LOOP
        CONTINUE WHEN pg_has_role(role_name, 'countersign_reader',
            CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END);
        command := format('GRANT countersign_reader TO %I', role_name);
        BEGIN
            EXECUTE command;
        EXCEPTION
            WHEN unique_violation OR internal_error THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the login % may not grant countersign_reader; an administrator must run: %',
                    current_user, command
                    USING ERRCODE = 'insufficient_privilege';
        END;
    END LOOP;
END
$$;

-- Limits for reports. They hold for sessions that log in as the role, not for logins that are members of it
-- (docs/data-model.md).
DO $$
DECLARE
    setting text;
    settings constant text[] := ARRAY[
        'statement_timeout=5min', 'lock_timeout=1s', 'idle_in_transaction_session_timeout=1min',
        'default_transaction_read_only=on', 'TimeZone=UTC'];
    command text;
BEGIN
    FOREACH setting IN ARRAY settings LOOP
        CONTINUE WHEN setting = ANY (
            SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'countersign_reporting');
        command := format('ALTER ROLE countersign_reporting SET %I = %L',
            split_part(setting, '=', 1), split_part(setting, '=', 2));
        BEGIN
            EXECUTE command;
        EXCEPTION
            WHEN unique_violation OR internal_error THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'a limit for reports is missing; an administrator must run: %', command;
        END;
    END LOOP;
END
$$;
