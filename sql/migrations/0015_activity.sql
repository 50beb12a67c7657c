-- Activity: the record of sign-ins and of each change of accounts; and the changes that an operator's administrators make
-- in the console.
-- oldest-build: 1

-- 1. The record.

-- Append-only: the functions here add rows, and the purge deletes them. No login may do either by itself.
CREATE TABLE countersign.activity (
    activity_number bigint GENERATED ALWAYS AS IDENTITY,
    operator_id bigint,
    made_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    actor text COLLATE "C",
    subject text COLLATE "C",
    address text COLLATE "C",
    old_value text COLLATE "C",
    new_value text COLLATE "C",
    count integer NOT NULL DEFAULT 1,
    CONSTRAINT activity_pkey PRIMARY KEY (activity_number),
    CONSTRAINT activity_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT activity_kind_check CHECK (kind IN (
        'SIGNED_IN', 'SIGN_IN_FAILED',
        'USER_ADDED', 'USER_ROLE_CHANGED', 'USER_SUSPENDED', 'USER_RESUMED', 'PASSWORD_CHANGED', 'TOKENS_REVOKED',
        'KEY_ADDED', 'KEY_ROLE_CHANGED', 'KEY_REVOKED',
        'OPERATOR_ADDED', 'OPERATOR_SUSPENDED', 'OPERATOR_RESUMED', 'SETTINGS_CHANGED', 'POLICY_CHANGED',
        'PROVIDER_KEY_ADDED', 'PROVIDER_KEY_REVOKED', 'SIGNING_KEY_ADDED', 'SIGNING_KEY_DROPPED')),
    CONSTRAINT activity_channel_check CHECK (channel IN ('console', 'admin', 'command-line')),
    CONSTRAINT activity_actor_check CHECK (actor IS NOT NULL OR kind = 'SIGN_IN_FAILED'),
    CONSTRAINT activity_address_check CHECK (length(address) BETWEEN 1 AND 64),
    CONSTRAINT activity_count_check CHECK (count = 1 OR count > 1 AND kind = 'SIGN_IN_FAILED')
);
COMMENT ON TABLE countersign.activity IS
    'Sign-ins, and each change of accounts, roles, keys, policies and suspensions. The rows are kept for 400 days.';
COMMENT ON COLUMN countersign.activity.activity_number IS 'The row''s number, by which lists are ordered.';
COMMENT ON COLUMN countersign.activity.operator_id IS 'The operator; NULL for what is the service''s own.';
COMMENT ON COLUMN countersign.activity.made_on IS 'When it was done; of failed sign-ins, the first of the hour.';
COMMENT ON COLUMN countersign.activity.kind IS 'What was done, such as USER_ADDED.';
COMMENT ON COLUMN countersign.activity.channel IS 'Where it was done: console, admin, or command-line.';
COMMENT ON COLUMN countersign.activity.actor IS
    'Who did it: the user of the operator (console), the administrator of the service (admin), or the login of the database (command-line); NULL of a failed sign-in.';
COMMENT ON COLUMN countersign.activity.subject IS
    'What it was done to: the name of a user or a key, the code of an operator, or the name of a setting; NULL of a failed sign-in with an unknown name.';
COMMENT ON COLUMN countersign.activity.address IS 'The client''s address, where it is known.';
COMMENT ON COLUMN countersign.activity.old_value IS 'The value before, such as a role; never a secret.';
COMMENT ON COLUMN countersign.activity.new_value IS 'The value afterwards; never a secret.';
COMMENT ON COLUMN countersign.activity.count IS
    'How many times: failed sign-ins have one row for each operator, user, address and hour.';

-- The lists' order is not that of the primary key, whose rows of all operators would be read for the few of one.
CREATE INDEX activity_operator_id_idx ON countersign.activity (operator_id, activity_number DESC NULLS LAST);
CREATE INDEX activity_kind_idx ON countersign.activity (operator_id, kind, activity_number DESC NULLS LAST);
CREATE UNIQUE INDEX activity_sign_in_failed_key
    ON countersign.activity (coalesce(operator_id, 0), date_trunc('hour', made_on AT TIME ZONE 'UTC'), subject, address)
    NULLS NOT DISTINCT WHERE kind = 'SIGN_IN_FAILED';

CALL countersign.separate_operators('countersign.activity');
GRANT SELECT ON countersign.activity
    TO countersign_application, countersign_administration, countersign_reader;

-- Adds a row for a change that the transaction makes. The settings countersign.actor, countersign.actor_channel and
-- countersign.actor_address, all for the transaction alone, say who makes it; without them it is the session's login, at
-- the command line.
CREATE FUNCTION countersign.add_activity(
    of_operator bigint, of_kind text, of_subject text, value_before text DEFAULT NULL, value_after text DEFAULT NULL
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO countersign.activity (operator_id, kind, channel, actor, subject, address, old_value, new_value)
    VALUES (
        of_operator, of_kind,
        coalesce(nullif(current_setting('countersign.actor_channel', true), ''), 'command-line'),
        coalesce(nullif(current_setting('countersign.actor', true), ''), session_user),
        of_subject, left(nullif(current_setting('countersign.actor_address', true), ''), 64), value_before, value_after)
$$;

-- Deletes the oldest rows that are more than 400 days old, at most as many as given, and returns how many. Numbers are
-- given in the order of time, but for transactions that overlap.
CREATE FUNCTION countersign.purge_activity(maximum integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH purged AS (
        DELETE FROM countersign.activity
        WHERE activity_number IN (
            SELECT oldest.activity_number
            FROM (
                SELECT activity_number, made_on FROM countersign.activity ORDER BY activity_number LIMIT maximum
            ) AS oldest
            WHERE oldest.made_on < clock_timestamp() - interval '400 days')
        RETURNING 1
    )
    SELECT count(*) FROM purged
$$;

-- 2. Every change is recorded by a trigger, whoever makes it.

-- The policy as the commands write it, such as `accept after 72h`.
CREATE FUNCTION countersign.policy_text(policy text, after interval) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT policy || ' after ' || CASE
        WHEN seconds % 3600 = 0 THEN seconds / 3600 || 'h'
        WHEN seconds % 60 = 0 THEN seconds / 60 || 'm'
        ELSE seconds || 's'
    END
    FROM (SELECT extract(epoch FROM after)::bigint AS seconds) AS length
$$;

CREATE FUNCTION countersign.record_operator_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'OPERATOR_ADDED', NEW.code);
        RETURN NULL;
    END IF;
    IF (OLD.suspended_on IS NULL) <> (NEW.suspended_on IS NULL) THEN
        PERFORM countersign.add_activity(
            NEW.operator_id,
            CASE WHEN NEW.suspended_on IS NULL THEN 'OPERATOR_RESUMED' ELSE 'OPERATOR_SUSPENDED' END, NEW.code);
    END IF;
    IF (OLD.undecided_policy, OLD.undecided_window) <> (NEW.undecided_policy, NEW.undecided_window) THEN
        PERFORM countersign.add_activity(
            NEW.operator_id, 'POLICY_CHANGED', NEW.code,
            countersign.policy_text(OLD.undecided_policy, OLD.undecided_window),
            countersign.policy_text(NEW.undecided_policy, NEW.undecided_window));
    END IF;
    PERFORM countersign.add_activity(
        NEW.operator_id, 'SETTINGS_CHANGED', setting.name, setting.value_before, setting.value_after)
    FROM (VALUES
        ('code', OLD.code, NEW.code),
        ('currency', OLD.currency, NEW.currency),
        ('error_http_status', OLD.error_http_status, NEW.error_http_status),
        ('repeated_decision', OLD.repeated_decision, NEW.repeated_decision),
        ('zone', OLD.zone, NEW.zone)
    ) AS setting (name, value_before, value_after)
    WHERE setting.value_before IS DISTINCT FROM setting.value_after;
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_activity
    AFTER INSERT OR UPDATE ON countersign.operator
    FOR EACH ROW EXECUTE FUNCTION countersign.record_operator_change();

CREATE FUNCTION countersign.record_user_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'USER_ADDED', NEW.username, NULL, NEW.role);
        RETURN NULL;
    END IF;
    IF NEW.role <> OLD.role THEN
        PERFORM countersign.add_activity(
            NEW.operator_id, 'USER_ROLE_CHANGED', NEW.username, OLD.role, NEW.role);
    END IF;
    IF NEW.password_hash <> OLD.password_hash THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'PASSWORD_CHANGED', NEW.username);
    END IF;
    IF (OLD.suspended_on IS NULL) <> (NEW.suspended_on IS NULL) THEN
        PERFORM countersign.add_activity(
            NEW.operator_id, CASE WHEN NEW.suspended_on IS NULL THEN 'USER_RESUMED' ELSE 'USER_SUSPENDED' END,
            NEW.username);
    ELSIF NEW.token_generation <> OLD.token_generation AND NEW.role = OLD.role
        AND NEW.password_hash = OLD.password_hash THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'TOKENS_REVOKED', NEW.username);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_user_activity
    AFTER INSERT OR UPDATE ON countersign.operator_user
    FOR EACH ROW EXECUTE FUNCTION countersign.record_user_change();

CREATE FUNCTION countersign.record_key_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'KEY_ADDED', NEW.name, NULL, NEW.role);
        RETURN NULL;
    END IF;
    IF NEW.role <> OLD.role THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'KEY_ROLE_CHANGED', NEW.name, OLD.role, NEW.role);
    END IF;
    IF OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL THEN
        PERFORM countersign.add_activity(NEW.operator_id, 'KEY_REVOKED', NEW.name);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER api_key_activity
    AFTER INSERT OR UPDATE ON countersign.api_key
    FOR EACH ROW EXECUTE FUNCTION countersign.record_key_change();

CREATE FUNCTION countersign.record_provider_key_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NULL, 'PROVIDER_KEY_ADDED', NEW.name);
    ELSIF OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL THEN
        PERFORM countersign.add_activity(NULL, 'PROVIDER_KEY_REVOKED', NEW.name);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER provider_key_activity
    AFTER INSERT OR UPDATE ON countersign.provider_key
    FOR EACH ROW EXECUTE FUNCTION countersign.record_provider_key_change();

CREATE FUNCTION countersign.record_signing_key_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NULL, 'SIGNING_KEY_ADDED', NEW.identifier);
    ELSE
        PERFORM countersign.add_activity(NULL, 'SIGNING_KEY_DROPPED', OLD.identifier);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER signing_key_activity
    AFTER INSERT OR DELETE ON countersign.signing_key
    FOR EACH ROW EXECUTE FUNCTION countersign.record_signing_key_change();

-- A raised generation is a revocation too: it ends the user's tokens, and changes nothing else.
CREATE OR REPLACE FUNCTION countersign.revoke_user_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password_hash <> OLD.password_hash OR NEW.role <> OLD.role OR NEW.token_generation <> OLD.token_generation
        OR (OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL) THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', OLD.username, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER operator_user_revoke_tokens
    BEFORE UPDATE OF password_hash, suspended_on, role, token_generation ON countersign.operator_user
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_user_tokens();

-- 3. The changes of accounts, for the commands and for the console. They run with the rights of their caller. A change of
-- what is there returns whether it changed anything; NULL if there is no such user or key.

-- Adds a user, and returns its role; NULL if the name is taken. Without a role the operator's first user becomes an
-- administrator, and later ones deciders.
CREATE FUNCTION countersign.add_user(of_operator bigint, new_username text, new_password_hash text, new_role text)
RETURNS text
LANGUAGE sql AS $$
    INSERT INTO countersign.operator_user (operator_id, username, password_hash, role)
    SELECT of_operator, new_username, new_password_hash, coalesce(new_role, CASE
        WHEN EXISTS (SELECT FROM countersign.operator_user WHERE operator_id = of_operator) THEN 'decider'
        ELSE 'administrator'
    END)
    ON CONFLICT (operator_id, username) DO NOTHING
    RETURNING role
$$;

CREATE FUNCTION countersign.set_user_role(of_operator bigint, of_username text, new_role text) RETURNS boolean
LANGUAGE sql AS $$
    WITH changed AS (
        UPDATE countersign.operator_user SET role = new_role
        WHERE operator_id = of_operator AND username = of_username AND role <> new_role
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.operator_user WHERE operator_id = of_operator AND username = of_username
$$;

CREATE FUNCTION countersign.set_user_suspension(of_operator bigint, of_username text, is_suspended boolean)
RETURNS boolean
LANGUAGE sql AS $$
    WITH changed AS (
        UPDATE countersign.operator_user SET suspended_on = CASE WHEN is_suspended THEN clock_timestamp() END
        WHERE operator_id = of_operator AND username = of_username
            AND (suspended_on IS NOT NULL) <> is_suspended
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.operator_user WHERE operator_id = of_operator AND username = of_username
$$;

CREATE FUNCTION countersign.set_user_password(of_operator bigint, of_username text, new_password_hash text)
RETURNS boolean
LANGUAGE sql AS $$
    UPDATE countersign.operator_user SET password_hash = new_password_hash
    WHERE operator_id = of_operator AND username = of_username
    RETURNING true
$$;

-- Adds a key, and returns its role; NULL if there is or was a key of that name.
CREATE FUNCTION countersign.add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text) RETURNS text
LANGUAGE sql AS $$
    INSERT INTO countersign.api_key (operator_id, name, key_hash, role)
    VALUES (of_operator, new_name, new_key_hash, new_role)
    ON CONFLICT (operator_id, name) DO NOTHING
    RETURNING role
$$;

CREATE FUNCTION countersign.set_key_role(of_operator bigint, of_name text, new_role text) RETURNS boolean
LANGUAGE sql AS $$
    WITH changed AS (
        UPDATE countersign.api_key SET role = new_role
        WHERE operator_id = of_operator AND name = of_name AND role <> new_role
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.api_key WHERE operator_id = of_operator AND name = of_name
$$;

CREATE FUNCTION countersign.revoke_key(of_operator bigint, of_name text) RETURNS boolean
LANGUAGE sql AS $$
    WITH changed AS (
        UPDATE countersign.api_key SET revoked_on = clock_timestamp()
        WHERE operator_id = of_operator AND name = of_name AND revoked_on IS NULL
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.api_key WHERE operator_id = of_operator AND name = of_name
$$;

-- 4. The same for an operator's administrators. A node's login has no right on accounts: it calls these functions, which
-- have their owner's rights, check the acting user, and leave the activity in its name. Each returns what it refuses; NULL
-- if it is done.

CREATE TYPE countersign.acting_user AS (
    operator_id bigint,
    username text,
    operator_generation bigint,
    user_generation bigint,
    address text
);
COMMENT ON TYPE countersign.acting_user IS
    'The user who makes a change, with the generations of its token and the client''s address.';

-- The role of the acting user; NULL if its token has ended, or it or its operator is suspended.
CREATE FUNCTION countersign.acting_role(acting countersign.acting_user) RETURNS text
LANGUAGE sql AS $$
    SELECT operator_user.role
    FROM countersign.operator
    JOIN countersign.operator_user USING (operator_id)
    WHERE operator.operator_id = acting.operator_id AND operator.suspended_on IS NULL
        AND operator.token_generation = acting.operator_generation
        AND operator_user.username = acting.username AND operator_user.suspended_on IS NULL
        AND operator_user.token_generation = acting.user_generation
$$;

-- Locks the operator, so that the changes of its accounts in the console come one after the other, and checks the acting
-- user. From there on the transaction's activity is the user's.
--
-- It returns LOGIN_ENDED, ROLE_ABOVE_OWN if the user would grant a higher role than its own, NOT_PERMITTED unless it is an
-- administrator, or changes itself where that is open to every role; NULL if the change may be made.
CREATE FUNCTION countersign.refuse_acting_user(
    acting countersign.acting_user, granted_role text DEFAULT NULL, changes_itself boolean DEFAULT false
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    ranks constant text[] := '{viewer,decider,administrator}';
    own_role text;
BEGIN
    PERFORM FROM countersign.operator WHERE operator_id = acting.operator_id FOR NO KEY UPDATE;
    own_role := countersign.acting_role(acting);
    IF own_role IS NULL THEN RETURN 'LOGIN_ENDED'; END IF;
    IF array_position(ranks, granted_role) > array_position(ranks, own_role) THEN RETURN 'ROLE_ABOVE_OWN'; END IF;
    IF own_role <> 'administrator' AND NOT changes_itself THEN RETURN 'NOT_PERMITTED'; END IF;
    PERFORM set_config('countersign.actor', acting.username, true),
        set_config('countersign.actor_channel', 'console', true),
        set_config('countersign.actor_address', coalesce(acting.address, ''), true);
    RETURN NULL;
END
$$;

-- Whether the user is the operator's only administrator that is not suspended.
CREATE FUNCTION countersign.is_last_administrator(of_operator bigint, of_username text) RETURNS boolean
LANGUAGE sql AS $$
    SELECT count(*) = 1 AND bool_and(username = of_username)
    FROM countersign.operator_user
    WHERE operator_id = of_operator AND role = 'administrator' AND suspended_on IS NULL
$$;

-- The users and keys of the acting user's operator, revoked keys included; or one row with a refusal.
CREATE FUNCTION countersign.accounts_in_console(acting countersign.acting_user)
RETURNS TABLE (
    refusal text, is_key boolean, name text, role text, created_on timestamptz, ended_on timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own_role text := countersign.acting_role(acting);
BEGIN
    IF own_role IS DISTINCT FROM 'administrator' THEN
        RETURN QUERY SELECT CASE WHEN own_role IS NULL THEN 'LOGIN_ENDED' ELSE 'NOT_PERMITTED' END,
            false, '', 'viewer', 'epoch'::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;
    RETURN QUERY
        SELECT NULL, false, login.username, login.role, login.created_on, login.suspended_on
        FROM countersign.operator_user AS login WHERE login.operator_id = acting.operator_id
        UNION ALL
        SELECT NULL, true, key.name, key.role, key.created_on, key.revoked_on
        FROM countersign.api_key AS key WHERE key.operator_id = acting.operator_id
        ORDER BY 2, 3;
END
$$;

CREATE FUNCTION countersign.add_user_in_console(
    acting countersign.acting_user, new_username text, new_password_hash text, new_role text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, granted_role => new_role);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.add_user(acting.operator_id, new_username, new_password_hash, new_role) IS NULL THEN
        RETURN 'NAME_TAKEN';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION countersign.set_user_role_in_console(
    acting countersign.acting_user, of_username text, new_role text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, granted_role => new_role);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF new_role <> 'administrator' AND countersign.is_last_administrator(acting.operator_id, of_username) THEN
        RETURN 'LAST_ADMINISTRATOR';
    END IF;
    IF countersign.set_user_role(acting.operator_id, of_username, new_role) IS NULL THEN RETURN 'NO_SUCH_USER'; END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION countersign.set_user_suspension_in_console(
    acting countersign.acting_user, of_username text, is_suspended boolean
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF is_suspended AND countersign.is_last_administrator(acting.operator_id, of_username) THEN
        RETURN 'LAST_ADMINISTRATOR';
    END IF;
    IF countersign.set_user_suspension(acting.operator_id, of_username, is_suspended) IS NULL THEN
        RETURN 'NO_SUCH_USER';
    END IF;
    RETURN NULL;
END
$$;

-- Sets the password of another user.
CREATE FUNCTION countersign.set_user_password_in_console(
    acting countersign.acting_user, of_username text, new_password_hash text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    -- A session that was left open must not be enough to take the account over.
    IF of_username = acting.username THEN RETURN 'NOT_PERMITTED'; END IF;
    IF countersign.set_user_password(acting.operator_id, of_username, new_password_hash) IS NULL THEN
        RETURN 'NO_SUCH_USER';
    END IF;
    RETURN NULL;
END
$$;

-- Sets the acting user's own password, given the hash that the current one was verified with.
CREATE FUNCTION countersign.set_own_password_in_console(
    acting countersign.acting_user, verified_hash text, new_password_hash text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, changes_itself => true);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF NOT EXISTS (
        SELECT FROM countersign.operator_user
        WHERE operator_id = acting.operator_id AND username = acting.username AND password_hash = verified_hash) THEN
        RETURN 'LOGIN_ENDED';
    END IF;
    PERFORM countersign.set_user_password(acting.operator_id, acting.username, new_password_hash);
    RETURN NULL;
END
$$;

-- Revokes the tokens of a user, the acting one's own included.
CREATE FUNCTION countersign.revoke_user_tokens_in_console(acting countersign.acting_user, of_username text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, changes_itself => of_username = acting.username);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    UPDATE countersign.operator_user SET token_generation = token_generation + 1
    WHERE operator_id = acting.operator_id AND username = of_username;
    IF NOT FOUND THEN RETURN 'NO_SUCH_USER'; END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION countersign.add_key_in_console(
    acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, granted_role => new_role);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.add_key(acting.operator_id, new_name, new_key_hash, new_role) IS NULL THEN
        RETURN 'NAME_TAKEN';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION countersign.set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, granted_role => new_role);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.set_key_role(acting.operator_id, of_name, new_role) IS NULL THEN RETURN 'NO_SUCH_KEY'; END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION countersign.revoke_key_in_console(acting countersign.acting_user, of_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.revoke_key(acting.operator_id, of_name) IS NULL THEN RETURN 'NO_SUCH_KEY'; END IF;
    RETURN NULL;
END
$$;

-- Changes the settings that are the operator's own; NULL leaves one as it is. Currency and policy are agreed with the
-- service, so its administrators alone change them.
--
--   new_error_http_status   an empty text leaves the status to the node's setting
CREATE FUNCTION countersign.change_settings_in_console(
    acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refusal text;
BEGIN
    -- countersign.change_zone takes the publisher's lock before that of the operator, and so must this.
    IF new_zone IS NOT NULL THEN PERFORM countersign.close_statements(10000); END IF;
    refusal := countersign.refuse_acting_user(acting);
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF new_zone IS NOT NULL THEN
        BEGIN
            PERFORM countersign.change_zone(operator.code, new_zone)
            FROM countersign.operator WHERE operator.operator_id = acting.operator_id;
        EXCEPTION WHEN invalid_parameter_value THEN
            RETURN 'UNKNOWN_ZONE';
        END;
    END IF;
    UPDATE countersign.operator
    SET error_http_status = CASE
            WHEN new_error_http_status IS NULL THEN error_http_status ELSE nullif(new_error_http_status, '') END,
        repeated_decision = coalesce(new_repeated_decision, repeated_decision)
    WHERE operator_id = acting.operator_id;
    RETURN NULL;
END
$$;

-- 5. Sign-ins.

-- Records a sign-in to the console. Failed ones are counted, in a row for each operator, user, address and hour. Only
-- names that exist are recorded, since a person may type the password into the wrong field; and beyond 1,000 rows of an
-- operator in an hour, further ones are counted without their address, so that guessing from many addresses cannot fill
-- the table.
CREATE FUNCTION countersign.record_sign_in(
    of_code text, of_username text, from_address text, has_succeeded boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hour constant timestamp := date_trunc('hour', clock_timestamp() AT TIME ZONE 'UTC');
    of_operator bigint;
    known_username text;
    known_address text := left(nullif(from_address, ''), 64);
BEGIN
    SELECT operator.operator_id, operator_user.username INTO of_operator, known_username
    FROM countersign.operator
    LEFT JOIN countersign.operator_user
        ON operator_user.operator_id = operator.operator_id AND operator_user.username = of_username
    WHERE operator.code = of_code;
    IF has_succeeded THEN
        INSERT INTO countersign.activity (operator_id, kind, channel, actor, subject, address)
        VALUES (of_operator, 'SIGNED_IN', 'console', known_username, known_username, known_address);
        RETURN;
    END IF;
    IF (
        SELECT count(*) FROM (
            SELECT FROM countersign.activity
            WHERE kind = 'SIGN_IN_FAILED' AND coalesce(operator_id, 0) = coalesce(of_operator, 0)
                AND date_trunc('hour', made_on AT TIME ZONE 'UTC') = hour
            LIMIT 1000
        ) AS earlier
    ) = 1000 THEN
        known_address := NULL;
    END IF;
    INSERT INTO countersign.activity (operator_id, kind, channel, subject, address)
    VALUES (of_operator, 'SIGN_IN_FAILED', 'console', known_username, known_address)
    ON CONFLICT (coalesce(operator_id, 0), date_trunc('hour', made_on AT TIME ZONE 'UTC'), subject, address)
        WHERE kind = 'SIGN_IN_FAILED'
        DO UPDATE SET count = activity.count + 1;
END
$$;

-- 6. Rights.

REVOKE EXECUTE ON FUNCTION
    countersign.add_activity, countersign.purge_activity, countersign.policy_text,
    countersign.record_operator_change, countersign.record_user_change, countersign.record_key_change,
    countersign.record_provider_key_change, countersign.record_signing_key_change,
    countersign.add_user, countersign.set_user_role, countersign.set_user_suspension, countersign.set_user_password,
    countersign.add_key, countersign.set_key_role, countersign.revoke_key,
    countersign.acting_role, countersign.refuse_acting_user, countersign.is_last_administrator,
    countersign.accounts_in_console, countersign.add_user_in_console, countersign.set_user_role_in_console,
    countersign.set_user_suspension_in_console, countersign.set_user_password_in_console,
    countersign.set_own_password_in_console, countersign.revoke_user_tokens_in_console,
    countersign.add_key_in_console, countersign.set_key_role_in_console, countersign.revoke_key_in_console,
    countersign.change_settings_in_console, countersign.record_sign_in FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    countersign.add_user, countersign.set_user_role, countersign.set_user_suspension, countersign.set_user_password,
    countersign.add_key, countersign.set_key_role, countersign.revoke_key TO countersign_administration;
GRANT EXECUTE ON FUNCTION
    countersign.accounts_in_console, countersign.add_user_in_console, countersign.set_user_role_in_console,
    countersign.set_user_suspension_in_console, countersign.set_user_password_in_console,
    countersign.set_own_password_in_console, countersign.revoke_user_tokens_in_console,
    countersign.add_key_in_console, countersign.set_key_role_in_console, countersign.revoke_key_in_console,
    countersign.change_settings_in_console, countersign.record_sign_in, countersign.purge_activity
    TO countersign_application;

-- 7. Reporting.

CREATE VIEW reporting.activity AS
SELECT
    operator_id, operator.code AS operator, activity.activity_number, activity.made_on, activity.kind, activity.channel,
    activity.actor, activity.subject, activity.address, activity.old_value, activity.new_value, activity.count
FROM countersign.activity
LEFT JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.activity IS
    'Sign-ins, and each change of accounts, roles, keys, policies and suspensions, of the last 400 days.';
COMMENT ON COLUMN reporting.activity.operator_id IS
    'The operator''s number; NULL for what is the service''s own, such as a provider key.';
COMMENT ON COLUMN reporting.activity.operator IS 'The operator''s code; NULL for what is the service''s own.';
COMMENT ON COLUMN reporting.activity.activity_number IS 'The row''s number, in the order of the lists.';
COMMENT ON COLUMN reporting.activity.made_on IS 'When it was done; of failed sign-ins, the first of the hour.';
COMMENT ON COLUMN reporting.activity.kind IS 'What was done, such as USER_ADDED.';
COMMENT ON COLUMN reporting.activity.channel IS 'Where it was done: console, admin, or command-line.';
COMMENT ON COLUMN reporting.activity.actor IS
    'The user of the operator (console), the administrator of the service (admin), or the login of the database (command-line).';
COMMENT ON COLUMN reporting.activity.subject IS 'The user, the key, the operator or the setting.';
COMMENT ON COLUMN reporting.activity.address IS 'The client''s address, where it is known.';
COMMENT ON COLUMN reporting.activity.old_value IS 'The value before, such as a role.';
COMMENT ON COLUMN reporting.activity.new_value IS 'The value afterwards.';
COMMENT ON COLUMN reporting.activity.count IS 'How many times; more than 1 for failed sign-ins alone.';
GRANT SELECT ON reporting.activity TO countersign_reporting;
