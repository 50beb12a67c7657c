-- Administrators of the service, who sign in to /admin; and what each node says of itself.
-- oldest-build: 1

-- 1. Administrators. They are apart from operators' users, and belong to no operator.

CREATE TABLE countersign.administrator (
    name text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    token_generation integer NOT NULL DEFAULT 1,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    suspended_on timestamptz,
    CONSTRAINT administrator_pkey PRIMARY KEY (name),
    CONSTRAINT administrator_name_check CHECK (length(name) BETWEEN 1 AND 128 AND name !~ '[\u0001-\u001F\u007F-\u009F]'),
    CONSTRAINT administrator_token_generation_check CHECK (token_generation > 0)
);
COMMENT ON TABLE countersign.administrator IS
    'The administrators of the service, who sign in to /admin. They belong to no operator.';
COMMENT ON COLUMN countersign.administrator.name IS 'The name at sign-in. Names are not reused.';
COMMENT ON COLUMN countersign.administrator.password_hash IS 'The scrypt hash of the password with its parameters and salt.';
COMMENT ON COLUMN countersign.administrator.token_generation IS
    'The generation of valid tokens. A new password, a suspension and signing out raise it, which ends every session.';
COMMENT ON COLUMN countersign.administrator.created_on IS 'When the administrator was added.';
COMMENT ON COLUMN countersign.administrator.suspended_on IS 'When the administrator was suspended; NULL for an active one.';

CREATE FUNCTION countersign.end_administrator_sessions() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password_hash <> OLD.password_hash OR NEW.token_generation <> OLD.token_generation
        OR (OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL) THEN
        NEW.token_generation := OLD.token_generation + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER administrator_end_sessions
    BEFORE UPDATE OF password_hash, suspended_on, token_generation ON countersign.administrator
    FOR EACH ROW EXECUTE FUNCTION countersign.end_administrator_sessions();

-- 2. Their activity is the service's own. NOT VALID: the rows of before satisfied the narrower rule.

ALTER TABLE countersign.activity
    DROP CONSTRAINT activity_kind_check,
    ADD CONSTRAINT activity_kind_check CHECK (kind IN (
        'SIGNED_IN', 'SIGN_IN_FAILED',
        'USER_ADDED', 'USER_ROLE_CHANGED', 'USER_SUSPENDED', 'USER_RESUMED', 'PASSWORD_CHANGED', 'TOKENS_REVOKED',
        'KEY_ADDED', 'KEY_ROLE_CHANGED', 'KEY_REVOKED',
        'OPERATOR_ADDED', 'OPERATOR_SUSPENDED', 'OPERATOR_RESUMED', 'SETTINGS_CHANGED', 'POLICY_CHANGED',
        'PROVIDER_KEY_ADDED', 'PROVIDER_KEY_REVOKED', 'SIGNING_KEY_ADDED', 'SIGNING_KEY_DROPPED',
        'ADMINISTRATOR_ADDED', 'ADMINISTRATOR_SUSPENDED', 'ADMINISTRATOR_RESUMED', 'ADMINISTRATOR_PASSWORD_CHANGED'))
        NOT VALID;

CREATE FUNCTION countersign.record_administrator_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NULL, 'ADMINISTRATOR_ADDED', NEW.name);
        RETURN NULL;
    END IF;
    IF NEW.password_hash <> OLD.password_hash THEN
        PERFORM countersign.add_activity(NULL, 'ADMINISTRATOR_PASSWORD_CHANGED', NEW.name);
    END IF;
    IF (OLD.suspended_on IS NULL) <> (NEW.suspended_on IS NULL) THEN
        PERFORM countersign.add_activity(
            NULL, CASE WHEN NEW.suspended_on IS NULL THEN 'ADMINISTRATOR_RESUMED' ELSE 'ADMINISTRATOR_SUSPENDED' END,
            NEW.name);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER administrator_activity
    AFTER INSERT OR UPDATE ON countersign.administrator
    FOR EACH ROW EXECUTE FUNCTION countersign.record_administrator_change();

-- Failed sign-ins of both channels may lack an operator and a name, so they are counted by channel.
DROP INDEX countersign.activity_sign_in_failed_key;
CREATE UNIQUE INDEX activity_sign_in_failed_key
    ON countersign.activity (
        coalesce(operator_id, 0), date_trunc('hour', made_on AT TIME ZONE 'UTC'), channel, subject, address)
    NULLS NOT DISTINCT WHERE kind = 'SIGN_IN_FAILED';

-- Counts a failed sign-in, in a row for each operator, channel, name, address and hour. Beyond 1,000 rows of an operator
-- in an hour, further ones are counted without their address, so that guessing from many addresses cannot fill the table.
--
--   known_name   the name, if there is such a login: a person may type the password into the wrong field
CREATE FUNCTION countersign.count_failed_sign_in(
    of_operator bigint, of_channel text, known_name text, from_address text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    hour constant timestamp := date_trunc('hour', clock_timestamp() AT TIME ZONE 'UTC');
    known_address text := left(nullif(from_address, ''), 64);
BEGIN
    IF (
        SELECT count(*) FROM (
            SELECT FROM countersign.activity
            WHERE kind = 'SIGN_IN_FAILED' AND coalesce(operator_id, 0) = coalesce(of_operator, 0)
                AND date_trunc('hour', made_on AT TIME ZONE 'UTC') = hour AND channel = of_channel
            LIMIT 1000
        ) AS earlier
    ) = 1000 THEN
        known_address := NULL;
    END IF;
    INSERT INTO countersign.activity (operator_id, kind, channel, subject, address)
    VALUES (of_operator, 'SIGN_IN_FAILED', of_channel, known_name, known_address)
    ON CONFLICT (
        coalesce(operator_id, 0), date_trunc('hour', made_on AT TIME ZONE 'UTC'), channel, subject, address)
        WHERE kind = 'SIGN_IN_FAILED'
        DO UPDATE SET count = activity.count + 1;
END
$$;

-- Records a sign-in to the console.
CREATE OR REPLACE FUNCTION countersign.record_sign_in(
    of_code text, of_username text, from_address text, has_succeeded boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_operator bigint;
    known_username text;
BEGIN
    SELECT operator.operator_id, operator_user.username INTO of_operator, known_username
    FROM countersign.operator
    LEFT JOIN countersign.operator_user
        ON operator_user.operator_id = operator.operator_id AND operator_user.username = of_username
    WHERE operator.code = of_code;
    IF has_succeeded THEN
        INSERT INTO countersign.activity (operator_id, kind, channel, actor, subject, address)
        VALUES (
            of_operator, 'SIGNED_IN', 'console', known_username, known_username,
            left(nullif(from_address, ''), 64));
        RETURN;
    END IF;
    PERFORM countersign.count_failed_sign_in(of_operator, 'console', known_username, from_address);
END
$$;

-- Records a sign-in of an administrator to /admin.
CREATE FUNCTION countersign.record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known_name constant text := (SELECT name FROM countersign.administrator WHERE name = of_name);
BEGIN
    IF has_succeeded THEN
        INSERT INTO countersign.activity (kind, channel, actor, subject, address)
        VALUES ('SIGNED_IN', 'admin', known_name, known_name, left(nullif(from_address, ''), 64));
        RETURN;
    END IF;
    PERFORM countersign.count_failed_sign_in(NULL, 'admin', known_name, from_address);
END
$$;

-- 3. What a node's login may do for the sessions of administrators, and what /admin does in their names.

-- Ends the sessions of an administrator whose tokens are of the generation. It does nothing if the generation has passed.
CREATE FUNCTION countersign.sign_out_administrator(of_name text, of_generation integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE countersign.administrator SET token_generation = token_generation + 1
    WHERE name = of_name AND token_generation = of_generation
$$;

-- Checks the administrator who makes a change, and ends the transaction with the code CS002 unless it is active and the
-- generation of its token is valid. From there on the transaction's activity is the administrator's. It holds off a
-- suspension until the transaction has ended.
CREATE FUNCTION countersign.act_as_administrator(acting_name text, acting_generation integer, acting_address text)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM countersign.administrator
    WHERE name = acting_name AND token_generation = acting_generation AND suspended_on IS NULL
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session of the administrator has ended' USING ERRCODE = 'CS002';
    END IF;
    PERFORM set_config('countersign.actor', acting_name, true),
        set_config('countersign.actor_channel', 'admin', true),
        set_config('countersign.actor_address', coalesce(acting_address, ''), true);
END
$$;

-- Whether the administrator is the only one that is not suspended. The caller has locked all of them.
CREATE FUNCTION countersign.is_last_active_administrator(of_name text) RETURNS boolean
LANGUAGE sql AS $$
    SELECT count(*) = 1 AND bool_and(name = of_name) FROM countersign.administrator WHERE suspended_on IS NULL
$$;

GRANT SELECT (name, password_hash, token_generation, suspended_on) ON countersign.administrator
    TO countersign_application;
GRANT SELECT, INSERT (name, password_hash), UPDATE (password_hash, suspended_on)
    ON countersign.administrator TO countersign_administration;
REVOKE EXECUTE ON FUNCTION
    countersign.end_administrator_sessions, countersign.record_administrator_change,
    countersign.count_failed_sign_in, countersign.record_administrator_sign_in, countersign.sign_out_administrator,
    countersign.act_as_administrator, countersign.is_last_active_administrator FROM PUBLIC;
GRANT EXECUTE ON FUNCTION countersign.record_administrator_sign_in, countersign.sign_out_administrator
    TO countersign_application;
GRANT EXECUTE ON FUNCTION countersign.act_as_administrator, countersign.is_last_active_administrator
    TO countersign_administration;

-- 4. What each node says of itself, every few seconds.

CREATE TABLE countersign.node_status (
    name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    build integer NOT NULL,
    database_role text COLLATE "C" NOT NULL,
    open_connections integer NOT NULL,
    busy_connections integer NOT NULL,
    maximum_connections integer NOT NULL,
    waiting_for_connections integer NOT NULL,
    queued_calls integer NOT NULL,
    unknown_outcomes bigint NOT NULL,
    started_on timestamptz NOT NULL,
    last_seen_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT node_status_pkey PRIMARY KEY (name),
    CONSTRAINT node_status_name_check CHECK (length(name) BETWEEN 1 AND 320),
    CONSTRAINT node_status_database_role_check CHECK (database_role IN ('primary', 'standby')),
    CONSTRAINT node_status_counts_check CHECK (
        least(
            open_connections, busy_connections, maximum_connections, waiting_for_connections, queued_calls,
            unknown_outcomes) >= 0)
);
COMMENT ON TABLE countersign.node_status IS
    'What each node says of itself every few seconds. A row that nobody has written for a day is deleted.';
COMMENT ON COLUMN countersign.node_status.name IS 'The node''s name.';
COMMENT ON COLUMN countersign.node_status.version IS 'The version of its build.';
COMMENT ON COLUMN countersign.node_status.build IS 'The number of its build, which says what it needs of the schema.';
COMMENT ON COLUMN countersign.node_status.database_role IS
    'Whether the server that it wrote this to was a primary or a standby.';
COMMENT ON COLUMN countersign.node_status.open_connections IS 'The connections of its pools.';
COMMENT ON COLUMN countersign.node_status.busy_connections IS 'How many of them work.';
COMMENT ON COLUMN countersign.node_status.maximum_connections IS 'How many they may be at most.';
COMMENT ON COLUMN countersign.node_status.waiting_for_connections IS 'How many calls wait for one.';
COMMENT ON COLUMN countersign.node_status.queued_calls IS 'How many calls wait to be decided in a batch.';
COMMENT ON COLUMN countersign.node_status.unknown_outcomes IS
    'How many commits, since it started, whose answer was lost and whose outcome it could not find out.';
COMMENT ON COLUMN countersign.node_status.started_on IS 'When it started.';
COMMENT ON COLUMN countersign.node_status.last_seen_on IS 'When it last wrote the row, by the database''s clock.';

-- Deletes the rows that nobody has written for a day, except a node's own, and returns how many.
CREATE FUNCTION countersign.purge_node_status(kept_name text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH purged AS (
        DELETE FROM countersign.node_status
        WHERE last_seen_on < clock_timestamp() - interval '1 day' AND name <> kept_name
        RETURNING 1
    )
    SELECT count(*) FROM purged
$$;

REVOKE EXECUTE ON FUNCTION countersign.purge_node_status FROM PUBLIC;
GRANT EXECUTE ON FUNCTION countersign.purge_node_status TO countersign_application;
GRANT SELECT, INSERT, UPDATE ON countersign.node_status TO countersign_application;
GRANT SELECT ON countersign.node_status TO countersign_administration;
