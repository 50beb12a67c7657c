--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: countersign; Type: SCHEMA; Schema: -; Owner: countersign_owner
--

CREATE SCHEMA countersign;

ALTER SCHEMA countersign OWNER TO countersign_owner;

--
-- Name: SCHEMA countersign; Type: COMMENT; Schema: -; Owner: countersign_owner
--

COMMENT ON SCHEMA countersign IS 'Countersign: charges, and what operators decide about them.';

--
-- Name: reporting; Type: SCHEMA; Schema: -; Owner: countersign_owner
--

CREATE SCHEMA reporting;

ALTER SCHEMA reporting OWNER TO countersign_owner;

--
-- Name: SCHEMA reporting; Type: COMMENT; Schema: -; Owner: countersign_owner
--

COMMENT ON SCHEMA reporting IS 'What reports may rely on: views whose names, columns and types stay. They run with their owner''s rights, so that who may read them needs no right to the tables.';

--
-- Name: acting_user; Type: TYPE; Schema: countersign; Owner: countersign_owner
--

CREATE TYPE countersign.acting_user AS (
	operator_id bigint,
	username text,
	operator_generation bigint,
	user_generation bigint,
	address text
);

ALTER TYPE countersign.acting_user OWNER TO countersign_owner;

--
-- Name: TYPE acting_user; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TYPE countersign.acting_user IS 'The user who makes a change, with the generations of its token and the client''s address.';

--
-- Name: calendar_date; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.calendar_date AS timestamp without time zone
	CONSTRAINT calendar_date_check CHECK (((VALUE >= '0001-01-01 00:00:00'::timestamp without time zone) AND (VALUE < '10000-01-01 00:00:00'::timestamp without time zone)));

ALTER DOMAIN countersign.calendar_date OWNER TO countersign_owner;

--
-- Name: DOMAIN calendar_date; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.calendar_date IS 'A date, or a date and time, in a year from 1 to 9999; a calendar value without a zone.';

--
-- Name: charge_number; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.charge_number AS text COLLATE pg_catalog."C"
	CONSTRAINT charge_number_check CHECK ((VALUE ~ '^[!-~]{1,32}$'::text));

ALTER DOMAIN countersign.charge_number OWNER TO countersign_owner;

--
-- Name: DOMAIN charge_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.charge_number IS 'A charge''s number: 1 to 32 visible ASCII characters.';

--
-- Name: currency_code; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.currency_code AS text COLLATE pg_catalog."C"
	CONSTRAINT currency_code_check CHECK ((VALUE ~ '^[A-Z]{3}$'::text));

ALTER DOMAIN countersign.currency_code OWNER TO countersign_owner;

--
-- Name: DOMAIN currency_code; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.currency_code IS 'Three capital letters.';

--
-- Name: customer_identifier; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.customer_identifier AS text COLLATE pg_catalog."C"
	CONSTRAINT customer_identifier_check CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 64)));

ALTER DOMAIN countersign.customer_identifier OWNER TO countersign_owner;

--
-- Name: DOMAIN customer_identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.customer_identifier IS 'A customer, as the operator''s billing system names it.';

--
-- Name: moment; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.moment AS timestamp with time zone
	CONSTRAINT moment_check CHECK (((VALUE >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (VALUE < '10000-01-01 00:00:00+00'::timestamp with time zone)));

ALTER DOMAIN countersign.moment OWNER TO countersign_owner;

--
-- Name: DOMAIN moment; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.moment IS 'A moment in a year from 1 to 9999.';

--
-- Name: money; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.money AS numeric
	CONSTRAINT money_check CHECK (((VALUE >= (0)::numeric) AND (VALUE < '1000000000000000'::numeric) AND (scale(VALUE) <= 4)));

ALTER DOMAIN countersign.money OWNER TO countersign_owner;

--
-- Name: DOMAIN money; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.money IS 'An amount of at most 15 digits and 4 decimals, kept as it was sent.';

--
-- Name: provider_charge_id; Type: DOMAIN; Schema: countersign; Owner: countersign_owner
--

CREATE DOMAIN countersign.provider_charge_id AS text COLLATE pg_catalog."C"
	CONSTRAINT provider_charge_id_check CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 128)));

ALTER DOMAIN countersign.provider_charge_id OWNER TO countersign_owner;

--
-- Name: DOMAIN provider_charge_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON DOMAIN countersign.provider_charge_id IS 'The provider''s own name for a charge.';

--
-- Name: accounts_in_console(countersign.acting_user); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.accounts_in_console(acting countersign.acting_user) RETURNS TABLE(refusal text, is_key boolean, name text, role text, created_on timestamp with time zone, ended_on timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.accounts_in_console(acting countersign.acting_user) OWNER TO countersign_owner;

--
-- Name: act_as_administrator(text, integer, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.act_as_administrator(acting_name text, acting_generation integer, acting_address text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION countersign.act_as_administrator(acting_name text, acting_generation integer, acting_address text) OWNER TO countersign_owner;

--
-- Name: acting_role(countersign.acting_user); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.acting_role(acting countersign.acting_user) RETURNS text
    LANGUAGE sql
    AS $$
    SELECT operator_user.role
    FROM countersign.operator
    JOIN countersign.operator_user USING (operator_id)
    WHERE operator.operator_id = acting.operator_id AND operator.suspended_on IS NULL
        AND operator.token_generation = acting.operator_generation
        AND operator_user.username = acting.username AND operator_user.suspended_on IS NULL
        AND operator_user.token_generation = acting.user_generation
$$;

ALTER FUNCTION countersign.acting_role(acting countersign.acting_user) OWNER TO countersign_owner;

--
-- Name: add_activity(bigint, text, text, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_activity(of_operator bigint, of_kind text, of_subject text, value_before text DEFAULT NULL::text, value_after text DEFAULT NULL::text) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO countersign.activity (operator_id, kind, channel, actor, subject, address, old_value, new_value)
    VALUES (
        of_operator, of_kind,
        coalesce(nullif(current_setting('countersign.actor_channel', true), ''), 'command-line'),
        coalesce(nullif(current_setting('countersign.actor', true), ''), session_user),
        of_subject, left(nullif(current_setting('countersign.actor_address', true), ''), 64), value_before, value_after)
$$;

ALTER FUNCTION countersign.add_activity(of_operator bigint, of_kind text, of_subject text, value_before text, value_after text) OWNER TO countersign_owner;

--
-- Name: add_charge_number_counter(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_charge_number_counter() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO countersign.charge_number_counter (operator_id) VALUES (NEW.operator_id);
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.add_charge_number_counter() OWNER TO countersign_owner;

--
-- Name: add_key(bigint, text, bytea, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text) RETURNS text
    LANGUAGE sql
    AS $$
    INSERT INTO countersign.api_key (operator_id, name, key_hash, role)
    VALUES (of_operator, new_name, new_key_hash, new_role)
    ON CONFLICT (operator_id, name) DO NOTHING
    RETURNING role
$$;

ALTER FUNCTION countersign.add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text) OWNER TO countersign_owner;

--
-- Name: add_key_in_console(countersign.acting_user, text, bytea, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_key_in_console(acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.add_key_in_console(acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text) OWNER TO countersign_owner;

--
-- Name: add_statement_schedule(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_statement_schedule() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO countersign.statement_schedule (operator_id, next_end_on)
    VALUES (NEW.operator_id, countersign.end_of_day(NEW.created_on, NEW.zone));
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.add_statement_schedule() OWNER TO countersign_owner;

--
-- Name: add_user(bigint, text, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_user(of_operator bigint, new_username text, new_password_hash text, new_role text) RETURNS text
    LANGUAGE sql
    AS $$
    INSERT INTO countersign.operator_user (operator_id, username, password_hash, role)
    SELECT of_operator, new_username, new_password_hash, coalesce(new_role, CASE
        WHEN EXISTS (SELECT FROM countersign.operator_user WHERE operator_id = of_operator) THEN 'decider'
        ELSE 'administrator'
    END)
    ON CONFLICT (operator_id, username) DO NOTHING
    RETURNING role
$$;

ALTER FUNCTION countersign.add_user(of_operator bigint, new_username text, new_password_hash text, new_role text) OWNER TO countersign_owner;

--
-- Name: add_user_in_console(countersign.acting_user, text, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.add_user_in_console(acting countersign.acting_user, new_username text, new_password_hash text, new_role text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.add_user_in_console(acting countersign.acting_user, new_username text, new_password_hash text, new_role text) OWNER TO countersign_owner;

--
-- Name: admit_to_decision_file(bigint, integer, text, integer, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.admit_to_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, OUT found_state text, OUT found_role text, OUT refusal text) RETURNS record
    LANGUAGE plpgsql
    AS $$
DECLARE
    uploader text;
    login record;
BEGIN
    SELECT state, uploaded_by INTO found_state, uploader FROM countersign.decision_file
    WHERE operator_id = of_operator AND number = of_number
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        refusal := 'NOT_FOUND';
        RETURN;
    END IF;
    login := countersign.check_file_login(of_operator, of_username, of_operator_generation, of_login_generation);
    found_role := login.current_role_name;
    refusal := coalesce(
        login.reason, CASE WHEN of_username <> uploader AND found_role <> 'administrator' THEN 'NOT_PERMITTED' END);
END
$$;

ALTER FUNCTION countersign.admit_to_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, OUT found_state text, OUT found_role text, OUT refusal text) OWNER TO countersign_owner;

--
-- Name: append_reconciliation_rows(bigint, integer, uuid, bigint, bigint); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE countersign.reconciliation
    SET rows = rows + more_rows, bytes = bytes_so_far, heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING';
    IF NOT FOUND THEN RAISE EXCEPTION 'the upload of reconciliation % was given up', of_number; END IF;
END
$$;

ALTER FUNCTION countersign.append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint) OWNER TO countersign_owner;

--
-- Name: batch_identifier(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.batch_identifier() RETURNS uuid
    LANGUAGE sql
    AS $$
    SELECT encode(
        set_byte(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1),
            6, 112 | (get_byte(uuid_send(gen_random_uuid()), 6) & 15)),
        'hex')::uuid
$$;

ALTER FUNCTION countersign.batch_identifier() OWNER TO countersign_owner;

--
-- Name: begin_decision_file_step(bigint, integer, uuid, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.begin_decision_file_step(of_operator bigint, of_number integer, of_worker uuid, call_rows integer, OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text, OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    file countersign.decision_file;
    refusal text;
BEGIN
    SELECT * INTO file FROM countersign.decision_file
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state IN ('RECEIVED', 'RUNNING')
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        step := 'LOST';
        RETURN;
    END IF;
    of_action := file.action;
    of_username := file.username;
    SELECT operator.code, operator.repeated_decision = 'success' INTO operator_code, repeats_succeed
    FROM countersign.operator WHERE operator_id = of_operator;
    step := 'ENDED';
    file.heartbeat_on := clock_timestamp();
    IF file.state = 'RECEIVED' THEN
        IF file.checked_rows = file.rows THEN
            file.state := 'CHECKED';
        ELSE
            step := 'CHECK';
            first_position := file.checked_rows + 1;
            last_position := least(file.checked_rows + call_rows, file.rows);
        END IF;
    ELSIF file.decided_rows = file.rows THEN
        file.state := 'DONE';
        file.finished_on := clock_timestamp();
    ELSE
        first_position := file.decided_rows + 1;
        last_position := least(file.decided_rows + call_rows, file.rows);
        IF file.cancelled_by IS NULL THEN
            SELECT reason INTO refusal
            FROM countersign.check_file_login(
                of_operator, file.username, file.operator_generation, file.login_generation);
        END IF;
        is_repeat := file.called_rows > file.decided_rows;
        IF file.cancelled_by IS NULL AND refusal IS NULL THEN
            step := 'CALL';
            file.called_rows := last_position;
        ELSIF is_repeat THEN
            step := 'RESOLVE';
        ELSIF file.cancelled_by IS NOT NULL THEN
            file.state := 'CANCELLED';
            file.finished_on := clock_timestamp();
        ELSE
            file.state := 'PAUSED';
            file.pause_reason := refusal;
        END IF;
    END IF;
    UPDATE countersign.decision_file
    SET state = file.state, called_rows = file.called_rows, finished_on = file.finished_on,
        pause_reason = file.pause_reason, heartbeat_on = file.heartbeat_on,
        worker = CASE WHEN step <> 'ENDED' THEN of_worker END
    WHERE operator_id = of_operator AND number = of_number;
END
$$;

ALTER FUNCTION countersign.begin_decision_file_step(of_operator bigint, of_number integer, of_worker uuid, call_rows integer, OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text, OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean) OWNER TO countersign_owner;

--
-- Name: cancel_decision_file(bigint, integer, text, integer, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.cancel_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    admission record;
BEGIN
    admission := countersign.admit_to_decision_file(
        of_operator, of_number, of_username, of_operator_generation, of_login_generation);
    IF admission.refusal IS NOT NULL THEN RETURN admission.refusal; END IF;
    IF admission.found_state = 'CANCELLED' THEN RETURN NULL; END IF;
    IF admission.found_state IN ('DONE', 'FAILED') THEN RETURN 'WRONG_STATE'; END IF;
    UPDATE countersign.decision_file
    SET cancelled_by = coalesce(cancelled_by, of_username),
        state = CASE WHEN called_rows > decided_rows THEN state ELSE 'CANCELLED' END,
        finished_on = CASE WHEN called_rows > decided_rows THEN NULL ELSE clock_timestamp() END,
        pause_reason = NULL
    WHERE operator_id = of_operator AND number = of_number;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.cancel_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer) OWNER TO countersign_owner;

--
-- Name: change_settings_in_console(countersign.acting_user, text, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.change_settings_in_console(acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.change_settings_in_console(acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text) OWNER TO countersign_owner;

--
-- Name: change_zone(text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.change_zone(of_code text, new_zone text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM countersign.close_statements(10000);
    UPDATE countersign.operator SET zone = reporting.time_zone(new_zone) WHERE code = of_code;
    RETURN FOUND;
END
$$;

ALTER FUNCTION countersign.change_zone(of_code text, new_zone text) OWNER TO countersign_owner;

--
-- Name: charge_number(bigint); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.charge_number(count bigint) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT 'I' || lpad(count::text, greatest(8, length(count::text)), '0') $$;

ALTER FUNCTION countersign.charge_number(count bigint) OWNER TO countersign_owner;

--
-- Name: check_file_login(bigint, text, integer, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.check_file_login(of_operator bigint, of_username text, of_operator_generation integer, of_login_generation integer, OUT reason text, OUT current_role_name text) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    SELECT
        CASE
            WHEN operator.suspended_on IS NOT NULL THEN 'OPERATOR_SUSPENDED'
            WHEN login.role IS NULL OR login.ended_on IS NOT NULL
                OR operator.token_generation <> of_operator_generation
                OR login.token_generation <> of_login_generation THEN 'LOGIN_ENDED'
            WHEN login.role NOT IN ('decider', 'administrator') THEN 'NOT_PERMITTED'
        END,
        login.role
    FROM countersign.operator
    LEFT JOIN LATERAL (
        SELECT role, token_generation, suspended_on AS ended_on
        FROM countersign.operator_user
        WHERE operator_user.operator_id = operator.operator_id AND operator_user.username = of_username
        UNION ALL
        SELECT role, token_generation, revoked_on
        FROM countersign.api_key
        WHERE api_key.operator_id = operator.operator_id AND 'key:' || api_key.name = of_username
    ) AS login ON true
    WHERE operator.operator_id = of_operator
$$;

ALTER FUNCTION countersign.check_file_login(of_operator bigint, of_username text, of_operator_generation integer, of_login_generation integer, OUT reason text, OUT current_role_name text) OWNER TO countersign_owner;

--
-- Name: claim_decision_file(uuid); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.claim_decision_file(of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    SELECT operator_id, number INTO claimed_operator, claimed_number
    FROM countersign.decision_file
    WHERE state IN ('RECEIVED', 'RUNNING')
        AND (worker IS NULL OR worker = of_worker OR heartbeat_on < clock_timestamp() - interval '30 seconds')
    ORDER BY heartbeat_on LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE countersign.decision_file SET worker = of_worker, heartbeat_on = clock_timestamp()
    WHERE operator_id = claimed_operator AND number = claimed_number;
END
$$;

ALTER FUNCTION countersign.claim_decision_file(of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer) OWNER TO countersign_owner;

--
-- Name: claim_reconciliation(uuid, bigint, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.claim_reconciliation(of_worker uuid, of_operator bigint DEFAULT NULL::bigint, of_number integer DEFAULT NULL::integer, OUT claimed_operator bigint, OUT claimed_number integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    job countersign.reconciliation;
BEGIN
    FOR job IN
        SELECT * FROM countersign.reconciliation
        WHERE state = 'RECEIVING' AND heartbeat_on < clock_timestamp() - interval '45 seconds'
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM countersign.set_reconciliation_failed(
            job.operator_id, job.number, NULL, 'the upload was interrupted; upload the file again');
    END LOOP;
    SELECT * INTO job FROM countersign.reconciliation
    WHERE holds_rows AND state IN ('DONE', 'FAILED') LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        DELETE FROM countersign.reconciliation_row
        WHERE reconciliation_operator_id = job.operator_id AND reconciliation_number = job.number;
        UPDATE countersign.reconciliation SET holds_rows = false
        WHERE operator_id = job.operator_id AND number = job.number;
    END IF;
    SELECT * INTO job FROM countersign.reconciliation
    WHERE (
            state = 'WAITING'
            OR state = 'COMPARING'
                AND (worker = of_worker OR heartbeat_on < clock_timestamp() - interval '30 seconds'))
        AND (of_number IS NULL OR operator_id = of_operator AND number = of_number)
    ORDER BY created_on LIMIT 1
    FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    IF job.rows <> (
        SELECT count(*) FROM countersign.reconciliation_row
        WHERE reconciliation_operator_id = job.operator_id AND reconciliation_number = job.number)
    THEN
        PERFORM countersign.set_reconciliation_failed(
            job.operator_id, job.number, NULL, 'the rows were lost when the database restarted; upload the file again');
        RETURN;
    END IF;
    UPDATE countersign.reconciliation
    SET state = 'COMPARING', worker = of_worker, heartbeat_on = clock_timestamp()
    WHERE operator_id = job.operator_id AND number = job.number;
    claimed_operator := job.operator_id;
    claimed_number := job.number;
    IF job.rows > 1000 THEN ANALYZE countersign.reconciliation_row; END IF;
END
$$;

ALTER FUNCTION countersign.claim_reconciliation(of_worker uuid, of_operator bigint, of_number integer, OUT claimed_operator bigint, OUT claimed_number integer) OWNER TO countersign_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: reconciliation; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.reconciliation (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    state text DEFAULT 'RECEIVING'::text NOT NULL COLLATE pg_catalog."C",
    begins_on timestamp with time zone NOT NULL,
    ends_on timestamp with time zone NOT NULL,
    decision text NOT NULL COLLATE pg_catalog."C",
    format text NOT NULL COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    idempotency_key text COLLATE pg_catalog."C",
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    as_of timestamp with time zone,
    finished_on timestamp with time zone,
    rows bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    file_digest bytea,
    holds_rows boolean DEFAULT true NOT NULL,
    worker uuid NOT NULL,
    heartbeat_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    stage text DEFAULT 'PAIRING'::text NOT NULL COLLATE pg_catalog."C",
    stage_number text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    stage_line bigint DEFAULT 0 NOT NULL,
    compared_rows bigint DEFAULT 0 NOT NULL,
    differences bigint DEFAULT 0 NOT NULL,
    kept_differences bigint DEFAULT 0 NOT NULL,
    fault_line bigint,
    fault text COLLATE pg_catalog."C",
    CONSTRAINT reconciliation_as_of_check CHECK (((as_of IS NULL) = (file_digest IS NULL))),
    CONSTRAINT reconciliation_decision_check CHECK ((decision = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text, 'ANY'::text]))),
    CONSTRAINT reconciliation_ends_on_check CHECK ((ends_on > begins_on)),
    CONSTRAINT reconciliation_fault_check CHECK (((fault IS NULL) = (state <> 'FAILED'::text))),
    CONSTRAINT reconciliation_file_digest_check CHECK ((length(file_digest) = 32)),
    CONSTRAINT reconciliation_finished_on_check CHECK (((finished_on IS NULL) = (state <> ALL (ARRAY['DONE'::text, 'FAILED'::text])))),
    CONSTRAINT reconciliation_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'ndjson'::text]))),
    CONSTRAINT reconciliation_idempotency_key_check CHECK ((idempotency_key ~ '^[!-~]{1,128}$'::text)),
    CONSTRAINT reconciliation_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128))),
    CONSTRAINT reconciliation_number_check CHECK ((number > 0)),
    CONSTRAINT reconciliation_stage_check CHECK ((stage = ANY (ARRAY['PAIRING'::text, 'UNPAIRED'::text, 'CHARGES'::text]))),
    CONSTRAINT reconciliation_state_check CHECK ((state = ANY (ARRAY['RECEIVING'::text, 'WAITING'::text, 'COMPARING'::text, 'DONE'::text, 'FAILED'::text])))
);

ALTER TABLE ONLY countersign.reconciliation FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.reconciliation OWNER TO countersign_owner;

--
-- Name: TABLE reconciliation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.reconciliation IS 'The reconciliations: each a comparison of an operator''s file with the operator''s charges.';

--
-- Name: COLUMN reconciliation.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.operator_id IS 'The operator.';

--
-- Name: COLUMN reconciliation.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.number IS 'The reconciliation''s number, from 1, without gaps.';

--
-- Name: COLUMN reconciliation.state; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.state IS 'RECEIVING, WAITING, COMPARING, DONE or FAILED.';

--
-- Name: COLUMN reconciliation.begins_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.begins_on IS 'The decisions that count here were made at this time or later.';

--
-- Name: COLUMN reconciliation.ends_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.ends_on IS 'The decisions that count here were made before this time.';

--
-- Name: COLUMN reconciliation.decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.decision IS 'The decisions that count here: ACCEPTED, DECLINED or ANY.';

--
-- Name: COLUMN reconciliation.format; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.format IS 'The form of the file: csv or ndjson.';

--
-- Name: COLUMN reconciliation.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.name IS 'A name for people; NULL if none was given.';

--
-- Name: COLUMN reconciliation.username; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.username IS 'The user that began it, or key:NAME; NULL for the command line.';

--
-- Name: COLUMN reconciliation.idempotency_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.idempotency_key IS 'The Idempotency-Key of the upload; NULL if it had none.';

--
-- Name: COLUMN reconciliation.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.created_on IS 'When it began.';

--
-- Name: COLUMN reconciliation.as_of; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.as_of IS 'The end of the upload, whose state of the charges is compared; NULL before it.';

--
-- Name: COLUMN reconciliation.finished_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.finished_on IS 'When it was done or failed; NULL before.';

--
-- Name: COLUMN reconciliation.rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.rows IS 'The number of the file''s rows that have come in.';

--
-- Name: COLUMN reconciliation.bytes; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.bytes IS 'The number of the file''s bytes that have come in.';

--
-- Name: COLUMN reconciliation.file_digest; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.file_digest IS 'The SHA-256 of the file; NULL before the end of the upload.';

--
-- Name: COLUMN reconciliation.holds_rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.holds_rows IS 'Whether reconciliation_row may still hold its rows.';

--
-- Name: COLUMN reconciliation.worker; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.worker IS 'The node or command that works on it, by a random number of its own.';

--
-- Name: COLUMN reconciliation.heartbeat_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.heartbeat_on IS 'When the worker last did a part of the work. Another one takes over from a worker that is silent.';

--
-- Name: COLUMN reconciliation.stage; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.stage IS 'The part of the comparison under way: PAIRING, UNPAIRED or CHARGES.';

--
-- Name: COLUMN reconciliation.stage_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.stage_number IS 'The last charge number that the stage has passed.';

--
-- Name: COLUMN reconciliation.stage_line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.stage_line IS 'The last line that the stage has passed, within that number.';

--
-- Name: COLUMN reconciliation.compared_rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.compared_rows IS 'The number of the file''s rows that have been compared.';

--
-- Name: COLUMN reconciliation.differences; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.differences IS 'The number of differences that were found.';

--
-- Name: COLUMN reconciliation.kept_differences; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.kept_differences IS 'The number of differences in reconciliation_difference, 100,000 at most.';

--
-- Name: COLUMN reconciliation.fault_line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.fault_line IS 'The line of the file at which it failed; NULL for the file as a whole.';

--
-- Name: COLUMN reconciliation.fault; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation.fault IS 'Why it failed, for a person; NULL unless it did.';

--
-- Name: classify_reconciliation_slice(countersign.reconciliation, boolean, text, text, bigint, bigint, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.classify_reconciliation_slice(job countersign.reconciliation, is_unpaired boolean, after_number text, last_number text, after_line bigint, last_line bigint, difference_limit integer, OUT more_rows bigint, OUT more_differences bigint, OUT more_kept bigint) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS $$
BEGIN
    WITH there AS (
        SELECT
            uploaded.*, count(*) OVER same_charge AS charge_rows,
            row_number() OVER (same_charge ORDER BY uploaded.line) AS charge_row
        FROM countersign.reconciliation_row AS uploaded
        WHERE uploaded.reconciliation_operator_id = job.operator_id AND uploaded.reconciliation_number = job.number
            AND CASE WHEN is_unpaired
                THEN uploaded.charge_number = '' AND uploaded.line > after_line AND uploaded.line <= last_line
                ELSE uploaded.charge_number > after_number
                    AND (last_number IS NULL OR uploaded.charge_number <= last_number)
            END
        WINDOW same_charge AS (PARTITION BY uploaded.charge_number)
    ), here AS (
        SELECT
            charge.number::text AS number, charge.billing_system_customer_identifier::text AS customer,
            charge.amount::numeric AS amount, charge.currency::text AS currency,
            charge.local_currency_amount::numeric AS local_currency_amount,
            charge.local_currency::text AS local_currency, charge.imported_on IS NOT NULL AS is_imported,
            CASE WHEN charge.decided_on > job.as_of THEN earlier.kind ELSE charge.decision END AS decision,
            CASE WHEN charge.decided_on > job.as_of THEN earlier.made_on ELSE charge.decided_on END AS decided_on,
            CASE WHEN charge.decided_on > job.as_of THEN earlier.reference_number ELSE charge.decision_reference_number
            END AS reference_number,
            CASE WHEN coalesce(
                    charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on,
                    charge.set_as_rejected_request_on) > job.as_of
                THEN 'PENDING' ELSE charge.charge_status
            END AS charge_status
        FROM countersign.charge
        LEFT JOIN LATERAL (
            SELECT history.kind, history.made_on::timestamptz AS made_on, history.reference_number
            FROM countersign.charge_history AS history
            WHERE charge.decided_on > job.as_of
                AND history.operator_id = job.operator_id AND history.number = charge.number AND history.revision > 0
                AND history.made_on <= job.as_of
            ORDER BY history.revision DESC LIMIT 1
        ) AS earlier ON true
        WHERE NOT is_unpaired AND charge.operator_id = job.operator_id AND charge.number > after_number
            AND (last_number IS NULL OR charge.number <= last_number)
    ), own_reference AS (
        SELECT history.number, history.reference_number
        FROM countersign.charge_history AS history
        WHERE NOT is_unpaired AND history.operator_id = job.operator_id AND history.number > after_number
            AND (last_number IS NULL OR history.number <= last_number)
            AND history.takes_reference AND history.made_on <= job.as_of
    ), pair AS (
        SELECT
            coalesce(there.charge_number, here.number) AS place, there.line, there.fault, there.charge_rows,
            coalesce(there.charge_row, 1) = 1 AS is_first_of_charge,
            there.number AS there_number, there.reference_number AS there_reference_number,
            there.customer AS there_customer, there.amount AS there_amount, there.currency AS there_currency,
            there.local_currency_amount AS there_local_currency_amount, there.local_currency AS there_local_currency,
            coalesce(there.decision, CASE WHEN there.line IS NOT NULL THEN nullif(job.decision, 'ANY') END)
                AS there_decision,
            there.charge_status AS there_charge_status,
            here.number AS here_number, here.reference_number AS here_reference_number, here.customer AS here_customer,
            here.amount AS here_amount, here.currency AS here_currency,
            here.local_currency_amount AS here_local_currency_amount, here.local_currency AS here_local_currency,
            here.decision AS here_decision, here.charge_status AS here_charge_status,
            here.decided_on AS here_decided_on, here.is_imported,
            coalesce(here.decided_on >= job.begins_on AND here.decided_on < job.ends_on, false) AS is_in_period,
            own_reference.number IS NOT NULL AS is_own_reference, other.number AS other_number
        FROM there
        FULL JOIN here ON here.number = there.charge_number
        LEFT JOIN own_reference
            ON own_reference.number = there.charge_number AND own_reference.reference_number = there.reference_number
        LEFT JOIN LATERAL (
            SELECT history.number FROM countersign.charge_history AS history
            WHERE own_reference.number IS NULL
                AND history.operator_id = job.operator_id AND history.reference_number = there.reference_number
                AND history.takes_reference AND history.made_on <= job.as_of
            -- With a limit it stays a look-up of its own, which most rows do not need.
            LIMIT 1
        ) AS other ON true
    ), difference AS (
        SELECT
            pair.*,
            is_in_period AND (job.decision = 'ANY' OR here_decision = job.decision) AS is_here,
            -- A number that is not the charge's was passed over for the reference.
            here_number IS NOT NULL AND there_number <> here_number AS number_differs,
            here_number IS NOT NULL AND there_reference_number IS NOT NULL AND NOT is_own_reference
                AS reference_differs,
            there_customer <> here_customer AS customer_differs,
            there_currency <> here_currency AS currency_differs,
            there_local_currency <> here_local_currency AS local_currency_differs,
            there_amount <> here_amount AS amount_differs,
            there_local_currency_amount <> here_local_currency_amount AS local_currency_amount_differs,
            line IS NOT NULL AND here_number IS NOT NULL
                AND coalesce(there_decision <> here_decision, here_decision IS NULL) AS decision_differs,
            line IS NOT NULL AND here_decision IS NOT NULL AND NOT is_in_period AS period_differs,
            there_charge_status <> here_charge_status AS status_differs
        FROM pair
    ), compared AS MATERIALIZED (
        SELECT
            difference.*,
            CASE
                WHEN line IS NULL THEN 'ONLY_HERE'
                WHEN fault IS NOT NULL THEN 'MALFORMED'
                WHEN here_number IS NULL THEN 'ONLY_THERE'
                WHEN charge_rows > 1 THEN 'DUPLICATE_THERE'
                WHEN number_differs OR reference_differs THEN 'REFERENCE_DIFFERS'
                WHEN customer_differs THEN 'CUSTOMER_DIFFERS'
                WHEN currency_differs OR local_currency_differs THEN 'CURRENCY_DIFFERS'
                WHEN amount_differs OR local_currency_amount_differs THEN 'AMOUNT_DIFFERS'
                WHEN decision_differs THEN 'DECISION_DIFFERS'
                WHEN period_differs THEN 'OTHER_PERIOD'
                WHEN status_differs THEN 'STATUS_DIFFERS'
                ELSE 'MATCHED'
            END AS class
        FROM difference
        WHERE line IS NOT NULL OR is_here
    ), counted AS (
        INSERT INTO countersign.reconciliation_total AS total (
            operator_id, reconciliation_number, class, side, currency, local_currency, rows, amount,
            local_currency_amount, amount_difference, local_currency_amount_difference)
        SELECT
            job.operator_id, job.number, class, 'THERE', coalesce(there_currency, here_currency, ''),
            coalesce(there_local_currency, here_local_currency, ''), count(*), sum(there_amount),
            sum(there_local_currency_amount),
            sum(there_amount - here_amount) FILTER (WHERE coalesce(there_currency = here_currency, true)),
            sum(there_local_currency_amount - here_local_currency_amount)
                FILTER (WHERE coalesce(there_local_currency = here_local_currency, true))
        FROM compared WHERE line IS NOT NULL
        GROUP BY 3, 5, 6
        UNION ALL
        SELECT
            job.operator_id, job.number, CASE WHEN charge_rows > 1 THEN 'DUPLICATE_THERE' ELSE class END, 'HERE',
            here_currency, here_local_currency, count(*), sum(here_amount), sum(here_local_currency_amount), NULL, NULL
        FROM compared WHERE is_here AND is_first_of_charge
        GROUP BY 3, 5, 6
        ON CONFLICT (operator_id, reconciliation_number, class, side, currency, local_currency) DO UPDATE SET
            rows = total.rows + excluded.rows,
            amount = coalesce(total.amount + excluded.amount, total.amount, excluded.amount),
            local_currency_amount = coalesce(
                total.local_currency_amount + excluded.local_currency_amount, total.local_currency_amount,
                excluded.local_currency_amount),
            amount_difference = coalesce(
                total.amount_difference + excluded.amount_difference, total.amount_difference,
                excluded.amount_difference),
            local_currency_amount_difference = coalesce(
                total.local_currency_amount_difference + excluded.local_currency_amount_difference,
                total.local_currency_amount_difference, excluded.local_currency_amount_difference)
    ), kept AS (
        INSERT INTO countersign.reconciliation_difference (
            operator_id, reconciliation_number, identifier, class, line, reason, fields, other_number,
            there_number, there_reference_number, there_customer, there_amount, there_currency,
            there_local_currency_amount, there_local_currency, there_decision, there_charge_status,
            here_number, here_reference_number, here_customer, here_amount, here_currency, here_local_currency_amount,
            here_local_currency, here_decision, here_charge_status, here_decided_on, is_imported)
        SELECT
            job.operator_id, job.number,
            job.kept_differences + row_number() OVER (ORDER BY place COLLATE "C", line) AS identifier,
            class, line, fault,
            array_remove(ARRAY[
                CASE WHEN number_differs THEN 'number' END,
                CASE WHEN reference_differs THEN 'reference_number' END,
                CASE WHEN customer_differs THEN 'billing_system_customer_identifier' END,
                CASE WHEN amount_differs THEN 'amount' END,
                CASE WHEN currency_differs THEN 'currency' END,
                CASE WHEN local_currency_amount_differs THEN 'local_currency_amount' END,
                CASE WHEN local_currency_differs THEN 'local_currency' END,
                CASE WHEN decision_differs THEN 'decision' END,
                CASE WHEN period_differs THEN 'decided_on' END,
                CASE WHEN status_differs THEN 'charge_status' END
            ], NULL),
            nullif(other_number, here_number),
            there_number, there_reference_number, there_customer, there_amount, there_currency,
            there_local_currency_amount, there_local_currency, there_decision, there_charge_status,
            here_number, here_reference_number, here_customer, here_amount, here_currency, here_local_currency_amount,
            here_local_currency, here_decision, here_charge_status, here_decided_on, coalesce(is_imported, false)
        FROM compared WHERE class <> 'MATCHED'
        ORDER BY place COLLATE "C", line
        LIMIT greatest(0, difference_limit - job.kept_differences)
        RETURNING identifier
    )
    SELECT count(line), count(*) FILTER (WHERE class <> 'MATCHED'), (SELECT count(*) FROM kept)
    INTO more_rows, more_differences, more_kept
    FROM compared;
END
$$;

ALTER FUNCTION countersign.classify_reconciliation_slice(job countersign.reconciliation, is_unpaired boolean, after_number text, last_number text, after_line bigint, last_line bigint, difference_limit integer, OUT more_rows bigint, OUT more_differences bigint, OUT more_kept bigint) OWNER TO countersign_owner;

--
-- Name: close_reconciliation_differences(bigint, integer, bigint[], text[], text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    missing bigint;
BEGIN
    SELECT given.identifier INTO missing
    FROM unnest(identifiers) WITH ORDINALITY AS given (identifier, place)
    WHERE NOT EXISTS (
        SELECT FROM countersign.reconciliation_difference AS difference
        WHERE difference.operator_id = of_operator AND difference.reconciliation_number = of_number
            AND difference.identifier = given.identifier)
    ORDER BY given.place LIMIT 1;
    IF FOUND THEN RETURN missing; END IF;
    INSERT INTO countersign.reconciliation_closing (operator_id, reconciliation_number, identifier, reason, username)
    SELECT of_operator, of_number, given.identifier, given.reason, of_username
    FROM unnest(identifiers, reasons) AS given (identifier, reason)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text) OWNER TO countersign_owner;

--
-- Name: close_statements(integer, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    due record;
    closed integer := 0;
BEGIN
    IF at_once_of IS NULL AND NOT EXISTS (
        SELECT FROM countersign.statement_schedule WHERE next_end_on <= clock_timestamp()) THEN
        RETURN 0;
    END IF;
    IF NOT countersign.lock_publication(lock_wait_milliseconds) THEN RETURN NULL; END IF;
    PERFORM countersign.publish_decisions(0);
    FOR due IN
        SELECT schedule.operator_id, schedule.next_end_on, operator.zone
        FROM countersign.statement_schedule AS schedule JOIN countersign.operator USING (operator_id)
        WHERE schedule.next_end_on <= clock_timestamp()
        ORDER BY schedule.operator_id
    LOOP
        WHILE due.next_end_on <= clock_timestamp() LOOP
            PERFORM countersign.cut_statement(due.operator_id, due.next_end_on);
            closed := closed + 1;
            due.next_end_on := countersign.end_of_day(due.next_end_on, due.zone);
        END LOOP;
        UPDATE countersign.statement_schedule SET next_end_on = due.next_end_on
        WHERE operator_id = due.operator_id;
    END LOOP;
    IF at_once_of IS NOT NULL THEN
        -- After the last publication, which belongs to it.
        SELECT operator.operator_id, operator.zone, greatest(
            clock_timestamp(), feed.last_published_on + interval '1 microsecond',
            operator.created_on + interval '1 microsecond') AS moment
        INTO due
        FROM countersign.feed, countersign.operator WHERE operator.code = at_once_of;
        IF FOUND THEN
            PERFORM countersign.cut_statement(due.operator_id, due.moment);
            closed := closed + 1;
            -- The clock may have been set back before it.
            UPDATE countersign.statement_schedule SET next_end_on = countersign.end_of_day(due.moment, due.zone)
            WHERE operator_id = due.operator_id AND next_end_on <= due.moment;
        END IF;
    END IF;
    RETURN closed;
END
$$;

ALTER FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text) OWNER TO countersign_owner;

--
-- Name: compare_reconciliation_slice(bigint, integer, uuid, integer, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
DECLARE
    job countersign.reconciliation;
    last_number text;
    end_line bigint;
    slice record;
BEGIN
    SELECT * INTO job FROM countersign.reconciliation
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'COMPARING'
    FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    IF job.rows > 0 AND NOT EXISTS (
        SELECT FROM countersign.reconciliation_row
        WHERE reconciliation_operator_id = of_operator AND reconciliation_number = of_number)
    THEN
        PERFORM countersign.set_reconciliation_failed(
            of_operator, of_number, NULL, 'the rows were lost when the database restarted; upload the file again');
        RETURN false;
    END IF;
    IF job.stage = 'PAIRING' THEN
        PERFORM countersign.pair_reconciliation_slice(job, slice_rows);
        RETURN true;
    END IF;
    IF job.stage = 'UNPAIRED' THEN
        SELECT max(line) INTO end_line
        FROM (
            SELECT line FROM countersign.reconciliation_row
            WHERE reconciliation_operator_id = of_operator AND reconciliation_number = of_number AND charge_number = ''
                AND line > job.stage_line
            ORDER BY line LIMIT slice_rows
        ) AS ahead;
        IF end_line IS NULL THEN
            UPDATE countersign.reconciliation SET stage = 'CHARGES', heartbeat_on = clock_timestamp()
            WHERE operator_id = of_operator AND number = of_number;
            RETURN true;
        END IF;
        slice := countersign.classify_reconciliation_slice(
            job, true, NULL, NULL, job.stage_line, end_line, difference_limit);
    ELSE
        -- The slice ends with a charge, so that all rows of a charge are in one; NULL stands for the end of all.
        last_number := least(
            (SELECT charge.number::text FROM countersign.charge
                WHERE charge.operator_id = of_operator AND charge.number > job.stage_number
                ORDER BY charge.number OFFSET slice_rows - 1 LIMIT 1) COLLATE "C",
            (SELECT charge_number FROM countersign.reconciliation_row
                WHERE reconciliation_operator_id = of_operator AND reconciliation_number = of_number
                    AND charge_number > job.stage_number
                ORDER BY charge_number OFFSET slice_rows - 1 LIMIT 1));
        slice := countersign.classify_reconciliation_slice(
            job, false, job.stage_number, last_number, NULL, NULL, difference_limit);
    END IF;
    UPDATE countersign.reconciliation
    SET stage_number = coalesce(last_number, stage_number), stage_line = coalesce(end_line, stage_line),
        compared_rows = compared_rows + slice.more_rows, differences = differences + slice.more_differences,
        kept_differences = kept_differences + slice.more_kept, heartbeat_on = clock_timestamp(),
        state = CASE WHEN stage = 'CHARGES' AND last_number IS NULL THEN 'DONE' ELSE state END,
        finished_on = CASE WHEN stage = 'CHARGES' AND last_number IS NULL THEN clock_timestamp() END
    WHERE operator_id = of_operator AND number = of_number;
    RETURN job.stage = 'UNPAIRED' OR last_number IS NOT NULL;
END
$$;

ALTER FUNCTION countersign.compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer) OWNER TO countersign_owner;

--
-- Name: count_failed_sign_in(bigint, text, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.count_failed_sign_in(of_operator bigint, of_channel text, known_name text, from_address text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION countersign.count_failed_sign_in(of_operator bigint, of_channel text, known_name text, from_address text) OWNER TO countersign_owner;

--
-- Name: create_decision_file(bigint, text, text, text, integer, integer, text, bytea, integer, text, integer[], text[], text[], text[], text[], integer, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.create_decision_file(of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer, of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text, lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[], unfinished_limit integer, kept_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    earlier countersign.decision_file;
    login record;
BEGIN
    -- One at a time of each operator, so that each counts the others.
    PERFORM FROM countersign.operator WHERE operator_id = of_operator FOR NO KEY UPDATE;
    is_new := false;
    login := countersign.check_file_login(of_operator, of_username, of_operator_generation, of_login_generation);
    refusal := login.reason;
    IF refusal IS NOT NULL THEN RETURN; END IF;
    SELECT * INTO earlier FROM countersign.decision_file
    WHERE operator_id = of_operator AND idempotency_key = of_key AND state <> 'FAILED';
    IF FOUND THEN
        IF (earlier.action, earlier.file_digest, earlier.uploaded_by) IS DISTINCT FROM
            (of_action, of_digest, of_username)
        THEN
            refusal := 'KEY_REUSED';
        ELSE
            new_number := earlier.number;
        END IF;
        RETURN;
    END IF;
    SELECT CASE
        WHEN count(*) >= kept_limit THEN 'TOO_MANY_KEPT'
        WHEN count(*) FILTER (WHERE state IN ('RECEIVED', 'CHECKED', 'RUNNING', 'PAUSED')) >= unfinished_limit
        THEN 'TOO_MANY_UNFINISHED'
    END
    INTO refusal
    FROM countersign.decision_file WHERE operator_id = of_operator;
    IF refusal IS NOT NULL THEN RETURN; END IF;
    UPDATE countersign.operator SET decision_files = decision_files + 1 WHERE operator_id = of_operator
    RETURNING decision_files INTO new_number;
    INSERT INTO countersign.decision_file (
        operator_id, number, name, action, state, uploaded_by, idempotency_key, file_digest, rows, username, role,
        operator_generation, login_generation, finished_on, fault_line, fault)
    VALUES (
        of_operator, new_number, of_name, of_action, CASE WHEN why IS NULL THEN 'RECEIVED' ELSE 'FAILED' END,
        of_username, of_key, of_digest, cardinality(lines), of_username, login.current_role_name,
        of_operator_generation, of_login_generation, CASE WHEN why IS NOT NULL THEN clock_timestamp() END, at_line,
        why);
    INSERT INTO countersign.decision_file_row (
        operator_id, file_number, position, line, number, billing_system_customer_identifier, reference_number, fault)
    SELECT of_operator, new_number, given.position, given.line, given.number, given.customer, given.reference_number,
        given.fault
    FROM unnest(lines, numbers, customers, reference_numbers, faults) WITH ORDINALITY
        AS given (line, number, customer, reference_number, fault, position);
    is_new := true;
END
$$;

ALTER FUNCTION countersign.create_decision_file(of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer, of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text, lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[], unfinished_limit integer, kept_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) OWNER TO countersign_owner;

--
-- Name: create_reconciliation(bigint, timestamp without time zone, timestamp without time zone, text, text, text, text, text, uuid, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    of_zone text;
    first_moment timestamptz;
    end_moment timestamptz;
    earlier countersign.reconciliation;
BEGIN
    -- One at a time of each operator, so that the numbers have no gaps.
    SELECT zone INTO of_zone FROM countersign.operator WHERE operator_id = of_operator FOR NO KEY UPDATE;
    first_moment := reporting.first_moment(from_local, of_zone);
    end_moment := reporting.first_moment(to_local, of_zone);
    is_new := false;
    IF end_moment <= first_moment THEN
        refusal := 'EMPTY_PERIOD';
        RETURN;
    END IF;
    SELECT * INTO earlier FROM countersign.reconciliation
    WHERE operator_id = of_operator AND idempotency_key = of_key AND state <> 'FAILED';
    IF FOUND THEN
        IF (earlier.begins_on, earlier.ends_on, earlier.decision, earlier.format) IS DISTINCT FROM
            (first_moment, end_moment, of_decision, of_format)
        THEN
            refusal := 'KEY_REUSED';
        ELSIF earlier.state = 'RECEIVING' THEN
            refusal := 'STILL_RECEIVING';
        ELSE
            new_number := earlier.number;
        END IF;
        RETURN;
    END IF;
    IF unfinished_limit <= (
        SELECT count(*) FROM countersign.reconciliation
        WHERE operator_id = of_operator AND state IN ('RECEIVING', 'WAITING', 'COMPARING'))
    THEN
        refusal := 'TOO_MANY';
        RETURN;
    END IF;
    new_number := 1 + coalesce((SELECT max(number) FROM countersign.reconciliation WHERE operator_id = of_operator), 0);
    INSERT INTO countersign.reconciliation (
        operator_id, number, begins_on, ends_on, decision, format, name, username, idempotency_key, worker)
    VALUES (
        of_operator, new_number, first_moment, end_moment, of_decision, of_format, of_name, of_username, of_key,
        of_worker);
    is_new := true;
END
$$;

ALTER FUNCTION countersign.create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) OWNER TO countersign_owner;

--
-- Name: cut_statement(bigint, timestamp with time zone); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.cut_statement(of_operator bigint, moment timestamp with time zone) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO countersign.statement (
        operator_id, number, begins_on, ends_on, first_event_number, last_event_number, other_predecessor)
    SELECT
        of_operator, coalesce(schedule.resume_after, last.number, 0) + 1, coalesce(last.ends_on, operator.created_on), moment,
        coalesce(last.last_event_number, 0) + 1,
        coalesce((
            SELECT event_batch.last_event_number FROM countersign.event_batch
            WHERE event_batch.operator_id = of_operator AND event_batch.published_on < moment
            ORDER BY event_batch.last_event_number DESC LIMIT 1), 0),
        schedule.resume_digest
    FROM countersign.operator
    JOIN countersign.statement_schedule AS schedule USING (operator_id)
    LEFT JOIN LATERAL (
        SELECT * FROM countersign.statement
        WHERE statement.operator_id = of_operator ORDER BY statement.number DESC LIMIT 1
    ) AS last ON true
    WHERE operator.operator_id = of_operator;
    UPDATE countersign.statement_schedule SET resume_after = NULL, resume_digest = NULL
    WHERE operator_id = of_operator AND resume_after IS NOT NULL;
    UPDATE countersign.feed SET last_published_on = greatest(last_published_on, moment);
$$;

ALTER FUNCTION countersign.cut_statement(of_operator bigint, moment timestamp with time zone) OWNER TO countersign_owner;

--
-- Name: decide(uuid, integer, bigint[], timestamp with time zone[], text[], text[], text[], text[], text[], text[], boolean[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[] DEFAULT NULL::boolean[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT current_status text, OUT current_reference_number text, OUT other_number text) RETURNS SETOF record
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    wait_until timestamptz := clock_timestamp() + make_interval(secs => lock_wait_milliseconds / 1000.0);
    locked integer[] := '{}';
    candidate record;
    moment timestamptz;
    -- By item: what became of it, and what to say of it.
    outcomes text[];
    decided timestamptz[];
    revisions integer[];
    statuses text[];
    current_references text[];
    others text[];
    takes boolean[];
    -- The earlier item of this call that is to have the reference number, if there is one.
    earlier integer[];
    -- The items to decide, in the order of their reference numbers.
    ordered integer[];
    inserted integer[] := '{}';
    position integer := 1;
    width integer;
BEGIN
    -- 1. Lock the charges in the order of their keys.
    IF lock_wait_milliseconds = 0 THEN
        FOR candidate IN
            SELECT asked.item
            FROM unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
            JOIN countersign.charge
                ON charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number
            -- By the items, not by the charges: an index in that order would be read whole.
            ORDER BY asked.operator_id, asked.number COLLATE "C"
            FOR NO KEY UPDATE OF charge SKIP LOCKED
        LOOP
            locked := locked || candidate.item::integer;
        END LOOP;
    ELSE
        FOR candidate IN
            SELECT asked.operator_id, asked.number, asked.item
            FROM unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
            ORDER BY asked.operator_id, asked.number COLLATE "C"
        LOOP
            BEGIN
                PERFORM countersign.limit_lock_wait(wait_until);
                PERFORM FROM countersign.charge
                WHERE operator_id = candidate.operator_id AND number = candidate.number
                FOR NO KEY UPDATE;
                -- A charge that is not there is not locked, and may be there by the time of the check.
                IF FOUND THEN
                    locked := locked || candidate.item::integer;
                END IF;
            EXCEPTION WHEN lock_not_available THEN
                NULL;
            END;
        END LOOP;
    END IF;

    -- 2. Check, by a snapshot younger than the locks. With a lock wait there is no later try.
    moment := clock_timestamp();
    SELECT
        array_agg(expected.outcome ORDER BY expected.item),
        array_agg(expected.decided_on ORDER BY expected.item),
        array_agg(expected.revision ORDER BY expected.item),
        array_agg(expected.current_status ORDER BY expected.item),
        array_agg(expected.current_reference_number ORDER BY expected.item),
        array_agg(expected.other_number ORDER BY expected.item),
        array_agg(expected.takes_reference ORDER BY expected.item),
        array_agg(expected.earlier_item ORDER BY expected.item)
    INTO outcomes, decided, revisions, statuses, current_references, others, takes, earlier
    FROM countersign.expected_outcomes(
        operator_ids, idempotency_keys, kinds, numbers, customers, reference_numbers, repeats_succeed,
        deadlines, moment, locked, lock_wait_milliseconds > 0
    ) AS expected;

    -- 3. Write the history, and take the references with it, in the order of their keys. Where one is held by
    -- an uncommitted rival, the rest goes item by item, so that it costs its own item alone.
    SELECT coalesce(
        array_agg(asked.item ORDER BY asked.operator_id, asked.reference_number COLLATE "C", asked.item), '{}')
    INTO ordered
    FROM unnest(operator_ids, reference_numbers, outcomes)
        WITH ORDINALITY AS asked (operator_id, reference_number, outcome, item)
    WHERE asked.outcome = 'DECIDED';
    IF lock_wait_milliseconds = 0 THEN
        -- Rivals that are about to commit are common, and looking past one is not possible.
        wait_until := clock_timestamp() + interval '50 milliseconds';
    END IF;
    width := cardinality(ordered);
    WHILE position <= cardinality(ordered) LOOP
        BEGIN
            PERFORM countersign.limit_lock_wait(wait_until);
            WITH written AS (
                INSERT INTO countersign.charge_history (
                    operator_id, number, revision, kind, made_by, username, made_on,
                    reference_number, takes_reference, idempotency_key, batch_id)
                SELECT
                    operator_ids[i], numbers[i], revisions[i], kinds[i], 'operator', usernames[i], moment,
                    reference_numbers[i], takes[i], idempotency_keys[i], batch
                FROM unnest(ordered[position : position + width - 1]) WITH ORDINALITY AS chosen (i, place)
                ORDER BY place
                ON CONFLICT DO NOTHING
                RETURNING operator_id, number
            )
            SELECT inserted || coalesce(array_agg(asked.item::integer), '{}')
            INTO inserted
            FROM written
            JOIN unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
                USING (operator_id, number);
            position := position + width;
        EXCEPTION WHEN lock_not_available THEN
            IF width > 1 THEN
                width := 1;
            ELSE
                outcomes[ordered[position]] := 'CHARGE_LOCKED';
                position := position + 1;
            END IF;
        END;
    END LOOP;

    -- 4. An item that was not inserted wants a reference that another charge has taken since the check. A statement
    -- that begins now sees which one.
    FOREACH position IN ARRAY ordered LOOP
        CONTINUE WHEN outcomes[position] <> 'DECIDED' OR position = ANY (inserted);
        others[position] := (
            SELECT owner.number
            FROM countersign.charge_history AS owner
            WHERE owner.operator_id = operator_ids[position]
                AND owner.reference_number = reference_numbers[position]
                AND owner.takes_reference);
        IF others[position] IS NULL OR others[position] = numbers[position] THEN
            RAISE EXCEPTION 'a row of charge_history was refused, and not for its reference number'
                USING ERRCODE = 'CS002';
        END IF;
        outcomes[position] := 'REFERENCE_NUMBER_IN_USE';
    END LOOP;
    -- An item that gave way to an earlier one fails as that one did, if that did not get the reference either.
    IF cardinality(inserted) < cardinality(ordered) THEN
        FOR position IN 1 .. cardinality(outcomes) LOOP
            IF outcomes[position] = 'REFERENCE_NUMBER_IN_USE' AND outcomes[earlier[position]] <> 'DECIDED' THEN
                outcomes[position] := outcomes[earlier[position]];
                others[position] := others[earlier[position]];
            END IF;
        END LOOP;
    END IF;

    -- 5. All waiting is over. Nothing is applied for a caller that has given up by now.
    IF EXISTS (SELECT FROM unnest(inserted) AS i WHERE deadlines[i] < clock_timestamp()) THEN
        RAISE EXCEPTION 'the deadline of a call passed while it was decided' USING ERRCODE = 'CS001';
    END IF;
    UPDATE countersign.charge
    SET revision = revisions[chosen.i],
        decision = kinds[chosen.i],
        decided_on = moment,
        decision_made_by = 'operator',
        decision_reference_number = reference_numbers[chosen.i]
    FROM unnest(inserted) AS chosen (i)
    WHERE charge.operator_id = ANY (ARRAY[operator_ids[chosen.i]]) AND charge.number = numbers[chosen.i]
        AND kinds[chosen.i] <> 'ACKNOWLEDGED';
    -- Apart from the decisions, since setting this column is what the trigger watches.
    IF 'ACKNOWLEDGED' = ANY (kinds) THEN
        UPDATE countersign.charge
        SET acknowledged_on = moment
        FROM unnest(inserted) AS chosen (i)
        WHERE charge.operator_id = ANY (ARRAY[operator_ids[chosen.i]]) AND charge.number = numbers[chosen.i]
            AND kinds[chosen.i] = 'ACKNOWLEDGED';
    END IF;

    IF cardinality(inserted) > 0 THEN
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch, count(*) FILTER (WHERE kinds[i] <> 'ACKNOWLEDGED') FROM unnest(inserted) AS i;
    END IF;

    RETURN QUERY
    SELECT
        asked.item::integer, asked.outcome, asked.decided_on, asked.revision, asked.current_status,
        asked.current_reference_number, asked.other_number
    FROM unnest(outcomes, decided, revisions, statuses, current_references, others) WITH ORDINALITY
        AS asked (outcome, decided_on, revision, current_status, current_reference_number, other_number, item)
    ORDER BY asked.item;
END
$$;

ALTER FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT current_status text, OUT current_reference_number text, OUT other_number text) OWNER TO countersign_owner;

--
-- Name: charge; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.charge (
    operator_id bigint NOT NULL,
    number countersign.charge_number NOT NULL,
    provider_charge_id countersign.provider_charge_id,
    billing_system_customer_identifier countersign.customer_identifier NOT NULL,
    amount countersign.money NOT NULL,
    currency countersign.currency_code NOT NULL,
    local_currency_amount countersign.money NOT NULL,
    local_currency countersign.currency_code NOT NULL,
    paid_through_date countersign.calendar_date NOT NULL,
    charge_status text DEFAULT 'PENDING'::text NOT NULL COLLATE pg_catalog."C",
    received_on countersign.moment DEFAULT clock_timestamp() NOT NULL,
    imported_on countersign.moment,
    set_as_approved_on timestamp with time zone,
    set_as_declined_on timestamp with time zone,
    set_as_bad_request_on timestamp with time zone,
    set_as_rejected_request_on timestamp with time zone,
    taken_on timestamp with time zone,
    acknowledged_on timestamp with time zone,
    revision integer DEFAULT 0 NOT NULL,
    decision text COLLATE pg_catalog."C",
    decided_on timestamp with time zone,
    decision_made_by text COLLATE pg_catalog."C",
    decision_reference_number text COLLATE pg_catalog."C",
    CONSTRAINT charge_charge_status_check CHECK (
CASE charge_status
    WHEN 'PENDING'::text THEN ((COALESCE(set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on, acknowledged_on) IS NULL) AND ((taken_on IS NULL) OR (isfinite(taken_on) AND (revision > 0))))
    WHEN 'APPROVED'::text THEN ((isfinite(set_as_approved_on) IS TRUE) AND (isfinite(acknowledged_on) IS NOT FALSE) AND (COALESCE(set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on, taken_on) IS NULL))
    WHEN 'DECLINED'::text THEN ((isfinite(set_as_declined_on) IS TRUE) AND (isfinite(acknowledged_on) IS NOT FALSE) AND (COALESCE(set_as_approved_on, set_as_bad_request_on, set_as_rejected_request_on, taken_on) IS NULL))
    WHEN 'BAD_REQUEST'::text THEN ((isfinite(set_as_bad_request_on) IS TRUE) AND (isfinite(acknowledged_on) IS NOT FALSE) AND (COALESCE(set_as_approved_on, set_as_declined_on, set_as_rejected_request_on, taken_on) IS NULL))
    WHEN 'REJECTED'::text THEN ((isfinite(set_as_rejected_request_on) IS TRUE) AND (isfinite(acknowledged_on) IS NOT FALSE) AND (COALESCE(set_as_approved_on, set_as_declined_on, set_as_bad_request_on, taken_on) IS NULL))
    ELSE false
END),
    CONSTRAINT charge_revision_check CHECK (
CASE
    WHEN (revision > 0) THEN ((decision IS NOT NULL) AND (decision = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text])) AND (isfinite(decided_on) IS TRUE) AND (decision_made_by IS NOT NULL) AND (decision_made_by = ANY (ARRAY['operator'::text, 'policy'::text])))
    ELSE ((revision = 0) AND (decided_on IS NULL) AND (COALESCE(decision, decision_made_by, decision_reference_number) IS NULL))
END)
)
WITH (fillfactor='42', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_vacuum_insert_threshold='10000', autovacuum_analyze_scale_factor='0.02', autovacuum_analyze_threshold='10000');

ALTER TABLE ONLY countersign.charge FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.charge OWNER TO countersign_owner;

--
-- Name: TABLE charge; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge IS 'What the provider asks an operator to bill, with its current decision.';

--
-- Name: COLUMN charge.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.operator_id IS 'The operator that bills the charge.';

--
-- Name: COLUMN charge.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.number IS 'The charge''s number, unique per operator.';

--
-- Name: COLUMN charge.provider_charge_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.provider_charge_id IS 'The provider''s own name for the charge; NULL if it was imported under its number alone.';

--
-- Name: COLUMN charge.billing_system_customer_identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.billing_system_customer_identifier IS 'The customer, as the operator''s billing system names it.';

--
-- Name: COLUMN charge.amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.amount IS 'What the provider asks, in currency.';

--
-- Name: COLUMN charge.currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.currency IS 'The currency of amount.';

--
-- Name: COLUMN charge.local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.local_currency_amount IS 'What the customer pays, in local_currency.';

--
-- Name: COLUMN charge.local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.local_currency IS 'The operator''s currency when the charge came in.';

--
-- Name: COLUMN charge.paid_through_date; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.paid_through_date IS 'Until when the customer has paid: a calendar value, never shifted between zones.';

--
-- Name: COLUMN charge.charge_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.charge_status IS 'The provider''s side: PENDING until processed, then permanently APPROVED, DECLINED, BAD_REQUEST or REJECTED.';

--
-- Name: COLUMN charge.received_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.received_on IS 'When the charge came in.';

--
-- Name: COLUMN charge.imported_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.imported_on IS 'When the charge came in from a file, which may give an earlier received_on; NULL if the provider''s bridge sent it. A policy counts its window from the later one.';

--
-- Name: COLUMN charge.set_as_approved_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.set_as_approved_on IS 'When the provider approved the charge; NULL unless it did.';

--
-- Name: COLUMN charge.set_as_declined_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.set_as_declined_on IS 'When the provider declined the charge; NULL unless it did.';

--
-- Name: COLUMN charge.set_as_bad_request_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.set_as_bad_request_on IS 'When the provider set the charge as a bad request; NULL unless it did.';

--
-- Name: COLUMN charge.set_as_rejected_request_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.set_as_rejected_request_on IS 'When the provider rejected the charge; NULL unless it did.';

--
-- Name: COLUMN charge.taken_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.taken_on IS 'Since when the provider processes the charge, whose decision cannot change meanwhile; NULL before that and afterwards.';

--
-- Name: COLUMN charge.acknowledged_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.acknowledged_on IS 'When the operator acknowledged the final status; NULL until then.';

--
-- Name: COLUMN charge.revision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.revision IS 'The number of the current decision, from 1; 0 without one. Each decision raises it by one.';

--
-- Name: COLUMN charge.decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.decision IS 'The current decision, ACCEPTED or DECLINED; NULL if there is none. charge_history has all of them.';

--
-- Name: COLUMN charge.decided_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.decided_on IS 'When the current decision was made; NULL if there is none.';

--
-- Name: COLUMN charge.decision_made_by; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.decision_made_by IS 'Who made the current decision: operator or policy; NULL if there is none.';

--
-- Name: COLUMN charge.decision_reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge.decision_reference_number IS 'The operator''s reference given with the current decision; NULL if none was.';

--
-- Name: operator; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.operator (
    operator_id bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    undecided_policy text DEFAULT 'hold'::text NOT NULL COLLATE pg_catalog."C",
    undecided_window interval DEFAULT '72:00:00'::interval NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    suspended_on timestamp with time zone,
    error_http_status text COLLATE pg_catalog."C",
    repeated_decision text DEFAULT 'failure'::text NOT NULL COLLATE pg_catalog."C",
    token_generation integer DEFAULT 1 NOT NULL,
    undecided_counts_from timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL COLLATE pg_catalog."C",
    decision_files integer DEFAULT 0 NOT NULL,
    CONSTRAINT operator_code_check CHECK ((code ~ '^[!-~]{1,64}$'::text)),
    CONSTRAINT operator_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT operator_decision_files_check CHECK ((decision_files >= 0)),
    CONSTRAINT operator_error_http_status_check CHECK ((error_http_status = ANY (ARRAY['standard'::text, 'always-200'::text]))),
    CONSTRAINT operator_repeated_decision_check CHECK ((repeated_decision = ANY (ARRAY['failure'::text, 'success'::text]))),
    CONSTRAINT operator_undecided_policy_check CHECK ((undecided_policy = ANY (ARRAY['hold'::text, 'accept'::text, 'decline'::text]))),
    CONSTRAINT operator_undecided_window_check CHECK ((undecided_window > '00:00:00'::interval)),
    CONSTRAINT operator_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);

ALTER TABLE ONLY countersign.operator FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.operator OWNER TO countersign_owner;

--
-- Name: TABLE operator; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.operator IS 'A company that bills subscriptions on the provider''s behalf.';

--
-- Name: COLUMN operator.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.operator_id IS 'The operator''s number, the first part of every key of its data.';

--
-- Name: COLUMN operator.code; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.code IS 'The operator''s code, which clients name as organisation at login.';

--
-- Name: COLUMN operator.currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.currency IS 'The local currency: what the operator''s own customers pay in.';

--
-- Name: COLUMN operator.undecided_policy; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.undecided_policy IS 'The policy for charges that stay undecided for longer than the window: hold, accept or decline.';

--
-- Name: COLUMN operator.undecided_window; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.undecided_window IS 'How long a charge may stay undecided before the policy decides it.';

--
-- Name: COLUMN operator.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.created_on IS 'When the operator was added.';

--
-- Name: COLUMN operator.suspended_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.suspended_on IS 'Since when the operator is suspended; NULL if it is not.';

--
-- Name: COLUMN operator.error_http_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.error_http_status IS 'The HTTP status of errors: the matching one (standard), always 200 (always-200), or by NULL the node''s setting.';

--
-- Name: COLUMN operator.repeated_decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.repeated_decision IS 'The result of accepting an accepted charge, or of declining a declined one: failure or success.';

--
-- Name: COLUMN operator.token_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.token_generation IS 'The generation of the operator''s tokens, which a suspension raises.';

--
-- Name: COLUMN operator.undecided_counts_from; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.undecided_counts_from IS 'The start of a charge''s window, unless the charge was received later: the last change of the policy or the end of the last suspension.';

--
-- Name: COLUMN operator.zone; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.zone IS 'The zone in which the operator''s statements end with the day: a name of the time zone database.';

--
-- Name: COLUMN operator.decision_files; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator.decision_files IS 'The number of the operator''s last decision file; 0 before it.';

--
-- Name: decide_by(countersign.charge, countersign.operator); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
        WHEN charge.revision = 0 AND charge.charge_status = 'PENDING' AND charge.taken_on IS NULL
            AND operator.undecided_policy <> 'hold' AND operator.suspended_on IS NULL
        THEN greatest(charge.received_on, charge.imported_on, operator.undecided_counts_from) + operator.undecided_window
    END
$$;

ALTER FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) OWNER TO countersign_owner;

--
-- Name: decide_undecided(uuid, bigint, timestamp with time zone, text, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.decide_undecided(batch uuid, of_operator bigint, after_received_on timestamp with time zone, after_number text, maximum integer, OUT decided integer, OUT last_received_on timestamp with time zone, OUT last_number text) RETURNS record
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := clock_timestamp();
    kind text;
    received_until timestamptz;
    numbers text[];
BEGIN
    SELECT
        CASE undecided_policy WHEN 'accept' THEN 'ACCEPTED' WHEN 'decline' THEN 'DECLINED' END,
        moment - undecided_window
    INTO kind, received_until
    FROM countersign.operator, countersign.heartbeat
    WHERE operator_id = of_operator
        AND undecided_policy <> 'hold'
        AND suspended_on IS NULL
        AND undecided_counts_from <= moment - undecided_window
        AND last_heartbeat_on >= moment - interval '1 minute'
        AND (outage_ended_on IS NULL OR outage_ended_on <= moment - interval '1 hour');
    decided := 0;
    IF kind IS NULL THEN RETURN; END IF;

    SELECT array_agg(due.number ORDER BY due.received_on, due.number), count(*)
    INTO numbers, decided
    FROM (
        SELECT charge.number, charge.received_on
        FROM countersign.charge
        -- A pending charge is never acknowledged; saying so makes the list's index fit.
        WHERE operator_id = of_operator AND charge_status = 'PENDING' AND acknowledged_on IS NULL
            AND received_on <= received_until
            -- An imported charge came in when it was imported, whatever received_on the file gave it.
            AND (imported_on IS NULL OR imported_on <= received_until)
            AND (received_on, number) > (after_received_on, after_number)
            AND decision IS NULL AND taken_on IS NULL
        ORDER BY received_on, number
        LIMIT maximum
        FOR NO KEY UPDATE SKIP LOCKED) AS due;
    IF decided = 0 THEN RETURN; END IF;

    UPDATE countersign.charge
    SET revision = 1, decision = kind, decided_on = moment, decision_made_by = 'policy'
    WHERE operator_id = of_operator AND number = ANY (numbers);
    INSERT INTO countersign.charge_history (
        operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
    SELECT of_operator, asked.number, 1, kind, 'policy', moment, false, batch
    FROM unnest(numbers) AS asked (number);
    INSERT INTO countersign.batch (batch_id, decisions) VALUES (batch, decided);
    last_number := numbers[decided];
    SELECT received_on INTO last_received_on
    FROM countersign.charge WHERE operator_id = of_operator AND number = last_number;
END
$$;

ALTER FUNCTION countersign.decide_undecided(batch uuid, of_operator bigint, after_received_on timestamp with time zone, after_number text, maximum integer, OUT decided integer, OUT last_received_on timestamp with time zone, OUT last_number text) OWNER TO countersign_owner;

--
-- Name: draw_charge_numbers(bigint, integer, bigint); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint) RETURNS text[]
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_indexscan TO 'on'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
    candidate bigint;
    missing integer := asked_count;
    free text[];
    drawn text[] := '{}';
    reach double precision := 1;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT greatest(counter.next_charge_number, beyond + 1) INTO candidate
    FROM countersign.charge_number_counter AS counter
    WHERE counter.operator_id = asked_operator_id
    FOR NO KEY UPDATE;
    WHILE missing > 0 LOOP
        SELECT coalesce(array_agg(made.number ORDER BY made.place), '{}') INTO free
        FROM (
            SELECT place, countersign.charge_number(candidate + place) AS number
            FROM generate_series(0, missing - 1) AS place
        ) AS made
        WHERE (
            SELECT true FROM countersign.charge
            WHERE charge.operator_id = asked_operator_id AND charge.number = made.number
        ) IS NULL;
        drawn := drawn || free;
        candidate := candidate + missing;
        IF 2 * cardinality(free) < missing THEN
            candidate := candidate + missing * floor(random() * reach)::bigint;
            reach := 2 * reach;
        END IF;
        missing := asked_count - cardinality(drawn);
    END LOOP;
    UPDATE countersign.charge_number_counter AS counter SET next_charge_number = candidate
    WHERE counter.operator_id = asked_operator_id AND counter.next_charge_number <> candidate;
    RETURN drawn;
END
$$;

ALTER FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint) OWNER TO countersign_owner;

--
-- Name: draw_ingest_numbers(integer, text[], text[], text[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.draw_ingest_numbers(lock_wait_milliseconds integer, operators text[], provider_charge_ids text[], problems text[]) RETURNS text[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    wait_until timestamptz := clock_timestamp() + make_interval(secs => lock_wait_milliseconds / 1000.0);
    numbers text[] := array_fill(NULL::text, ARRAY[cardinality(operators)]);
    needed record;
    drawn text[];
BEGIN
    FOR needed IN
        SELECT operator.operator_id, array_agg(asked.item::integer ORDER BY asked.item) AS items
        FROM unnest(operators, provider_charge_ids, problems) WITH ORDINALITY
            AS asked (code, provider_charge_id, problem, item)
        JOIN countersign.operator USING (code)
        LEFT JOIN LATERAL (
            SELECT known.number FROM countersign.charge AS known
            WHERE known.operator_id = operator.operator_id
                AND known.provider_charge_id = asked.provider_charge_id
            LIMIT 1
        ) AS charge ON true
        WHERE asked.problem IS NULL AND charge.number IS NULL
        GROUP BY operator.operator_id
        ORDER BY operator.operator_id
    LOOP
        BEGIN
            PERFORM countersign.limit_lock_wait(wait_until);
            drawn := countersign.draw_charge_numbers(needed.operator_id, cardinality(needed.items), NULL);
            FOR place IN 1 .. cardinality(needed.items) LOOP
                numbers[needed.items[place]] := drawn[place];
            END LOOP;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    RETURN numbers;
END
$$;

ALTER FUNCTION countersign.draw_ingest_numbers(lock_wait_milliseconds integer, operators text[], provider_charge_ids text[], problems text[]) OWNER TO countersign_owner;

--
-- Name: end_administrator_sessions(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.end_administrator_sessions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.password_hash <> OLD.password_hash OR NEW.token_generation <> OLD.token_generation
        OR (OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL) THEN
        NEW.token_generation := OLD.token_generation + 1;
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION countersign.end_administrator_sessions() OWNER TO countersign_owner;

--
-- Name: end_decision_file_call(bigint, integer, uuid, boolean, integer[], text[], text[], timestamp with time zone[], integer[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.end_decision_file_call(of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[], descriptions text[], decided_ons timestamp with time zone[], revisions integer[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE countersign.decision_file
    SET called_rows = CASE WHEN is_resolved THEN decided_rows ELSE called_rows END,
        decided_rows = CASE WHEN is_resolved THEN decided_rows ELSE called_rows END,
        heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RUNNING';
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE countersign.decision_file_row AS stored
    SET result = given.result, description = given.description, decided_on = given.decided_on,
        revision = given.revision
    FROM unnest(positions, results, descriptions, decided_ons, revisions)
        AS given (position, result, description, decided_on, revision)
    WHERE stored.operator_id = of_operator AND stored.file_number = of_number AND stored.position = given.position;
    RETURN true;
END
$$;

ALTER FUNCTION countersign.end_decision_file_call(of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[], descriptions text[], decided_ons timestamp with time zone[], revisions integer[]) OWNER TO countersign_owner;

--
-- Name: end_decision_file_check(bigint, integer, uuid, integer, integer[], text[], text[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.end_decision_file_check(of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[], results text[], descriptions text[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE countersign.decision_file SET checked_rows = last_position, heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVED';
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE countersign.decision_file_row AS stored
    SET expected_result = given.result, expected_description = given.description
    FROM unnest(positions, results, descriptions) AS given (position, result, description)
    WHERE stored.operator_id = of_operator AND stored.file_number = of_number AND stored.position = given.position;
    RETURN true;
END
$$;

ALTER FUNCTION countersign.end_decision_file_check(of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[], results text[], descriptions text[]) OWNER TO countersign_owner;

--
-- Name: end_of_day(timestamp with time zone, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.end_of_day(moment timestamp with time zone, time_zone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    SELECT reporting.first_moment((reporting.day(moment, time_zone) + 1)::timestamp, time_zone)
$$;

ALTER FUNCTION countersign.end_of_day(moment timestamp with time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: end_reconciliation_upload(bigint, integer, uuid, bigint, bytea, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE countersign.reconciliation
    SET state = CASE WHEN compares_itself THEN 'COMPARING' ELSE 'WAITING' END, bytes = all_bytes,
        file_digest = new_file_digest, as_of = clock_timestamp(), heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING';
    RETURN FOUND;
END
$$;

ALTER FUNCTION countersign.end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean) OWNER TO countersign_owner;

--
-- Name: expected_outcomes(bigint[], text[], text[], text[], text[], text[], boolean[], timestamp with time zone[], timestamp with time zone, integer[], boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.expected_outcomes(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], deadlines timestamp with time zone[], moment timestamp with time zone, locked integer[], is_last_try boolean) RETURNS TABLE(item bigint, outcome text, decided_on timestamp with time zone, revision integer, current_status text, current_reference_number text, other_number text, takes_reference boolean, earlier_item bigint)
    LANGUAGE sql STABLE
    AS $$
    WITH checked AS (
        SELECT
            refusal.item, refusal.operator_id, refusal.reference_number, refusal.number,
            locked IS NULL OR refusal.item = ANY (locked) AS is_locked,
            CASE WHEN deadlines[refusal.item] < moment THEN 'DEADLINE_PASSED' ELSE refusal.verdict END AS verdict,
            refusal.found_on, refusal.found_revision, refusal.next_revision,
            refusal.current_status, refusal.current_reference_number, refusal.owner_number
        FROM countersign.explain_refusal(
            operator_ids, idempotency_keys, kinds, numbers, customers, reference_numbers, repeats_succeed
        ) AS refusal
    ), ranked AS (
        SELECT
            checked.*,
            first_value(item) OVER same_reference AS first_item,
            first_value(number) OVER same_reference AS first_number,
            first_value(is_locked) OVER same_reference AS first_is_locked
        FROM checked
        WINDOW same_reference AS (
            PARTITION BY operator_id, reference_number
            -- At the last try an item whose charge is still held is out.
            ORDER BY verdict IS NOT NULL, is_last_try AND NOT is_locked, item)
    )
    SELECT
        item,
        CASE
            WHEN verdict IS NOT NULL THEN verdict
            WHEN NOT is_locked THEN 'CHARGE_LOCKED'
            WHEN reference_number IS NULL OR first_item = item THEN 'DECIDED'
            WHEN first_is_locked THEN 'REFERENCE_NUMBER_IN_USE'
            ELSE 'CHARGE_LOCKED'
        END,
        CASE WHEN verdict IN ('REPEATED', 'UNCHANGED') THEN found_on ELSE moment END,
        CASE WHEN verdict IN ('REPEATED', 'UNCHANGED') THEN found_revision ELSE next_revision END,
        current_status,
        current_reference_number,
        CASE WHEN verdict IS NULL AND owner_number IS NULL THEN first_number ELSE owner_number END,
        reference_number IS NOT NULL AND owner_number IS NULL,
        CASE WHEN verdict IS NULL AND reference_number IS NOT NULL AND first_item <> item THEN first_item END
    FROM ranked
$$;

ALTER FUNCTION countersign.expected_outcomes(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], deadlines timestamp with time zone[], moment timestamp with time zone, locked integer[], is_last_try boolean) OWNER TO countersign_owner;

--
-- Name: explain_refusal(bigint[], text[], text[], text[], text[], text[], boolean[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.explain_refusal(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[]) RETURNS TABLE(item bigint, operator_id bigint, number text, reference_number text, verdict text, found_on timestamp with time zone, found_revision integer, next_revision integer, current_status text, current_reference_number text, owner_number text)
    LANGUAGE sql STABLE
    AS $$
    SELECT
        asked.item, asked.operator_id, asked.number, asked.reference_number,
        CASE
            -- An acknowledgement is never superseded.
            WHEN repeated.revision IN (0, charge.revision) THEN 'REPEATED'
            WHEN repeated.revision IS NOT NULL THEN 'DECISION_SUPERSEDED'
            WHEN charge.number IS NULL THEN 'CHARGE_NOT_FOUND'
            WHEN charge.billing_system_customer_identifier IS DISTINCT FROM asked.customer THEN 'CUSTOMER_MISMATCH'
            WHEN asked.kind = 'ACKNOWLEDGED' THEN
                CASE
                    WHEN charge.charge_status = 'PENDING' THEN 'CHARGE_NOT_PROCESSED'
                    WHEN charge.acknowledged_on IS NOT NULL THEN 'CHARGE_ALREADY_ACKNOWLEDGED'
                    WHEN owner.number <> asked.number THEN 'REFERENCE_NUMBER_IN_USE'
                END
            WHEN charge.charge_status <> 'PENDING' THEN 'CHARGE_ALREADY_PROCESSED'
            WHEN charge.taken_on IS NOT NULL THEN 'CHARGE_IN_PROCESS'
            WHEN charge.decision = asked.kind AND charge.decision_made_by = 'operator' THEN
                CASE
                    WHEN charge.decision_reference_number IS DISTINCT FROM asked.reference_number
                    THEN CASE asked.kind
                        WHEN 'ACCEPTED' THEN 'CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE'
                        ELSE 'CHARGE_DECLINED_UNDER_OTHER_REFERENCE'
                    END
                    WHEN asked.repeat_succeeds THEN 'UNCHANGED'
                    WHEN asked.kind = 'ACCEPTED' THEN 'CHARGE_ALREADY_ACCEPTED'
                    ELSE 'CHARGE_ALREADY_DECLINED'
                END
            WHEN owner.number <> asked.number THEN 'REFERENCE_NUMBER_IN_USE'
        END,
        coalesce(repeated.made_on, charge.decided_on),
        coalesce(repeated.revision, charge.revision),
        CASE asked.kind WHEN 'ACKNOWLEDGED' THEN 0 ELSE charge.revision + 1 END,
        charge.charge_status, charge.decision_reference_number,
        owner.number
    FROM unnest(operator_ids, idempotency_keys, kinds, numbers, customers, reference_numbers, repeats_succeed)
        WITH ORDINALITY AS asked (
            operator_id, idempotency_key, kind, number, customer, reference_number, repeat_succeeds, item)
    LEFT JOIN countersign.charge
        ON charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number
    LEFT JOIN LATERAL (
        SELECT history.number FROM countersign.charge_history AS history
        WHERE history.operator_id = asked.operator_id
            AND history.reference_number = asked.reference_number
            AND history.takes_reference
        LIMIT 1
    ) AS owner ON true
    LEFT JOIN LATERAL (
        SELECT history.revision, history.made_on
        FROM countersign.charge_history AS history
        WHERE asked.idempotency_key IS NOT NULL
            AND history.operator_id = asked.operator_id
            AND history.number = asked.number
            AND history.kind = asked.kind
            AND history.idempotency_key = asked.idempotency_key
            AND history.reference_number IS NOT DISTINCT FROM asked.reference_number
            AND charge.billing_system_customer_identifier = asked.customer
        ORDER BY history.revision DESC
        LIMIT 1
    ) AS repeated ON true
$$;

ALTER FUNCTION countersign.explain_refusal(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[]) OWNER TO countersign_owner;

--
-- Name: fail_reconciliation_upload(bigint, integer, uuid, bigint, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT countersign.set_reconciliation_failed(operator_id, number, at_line, why)
    FROM countersign.reconciliation
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING'
    FOR UPDATE
$$;

ALTER FUNCTION countersign.fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text) OWNER TO countersign_owner;

--
-- Name: ingest(integer, timestamp with time zone, text[], text[], text[], text[], text[], text[], text[], text[], text[], text[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.ingest(lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], provider_charge_ids text[], customers text[], amounts text[], currencies text[], local_currency_amounts text[], local_currencies text[], paid_through_dates text[], problems text[], numbers text[], OUT item integer, OUT outcome text, OUT number text, OUT conflicting_fields text) RETURNS SETOF record
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    wait_until timestamptz := clock_timestamp() + make_interval(secs => lock_wait_milliseconds / 1000.0);
    moment timestamptz := clock_timestamp();
    first integer := 1;
    width integer := cardinality(operators);
    last integer;
BEGIN
    -- a. Create charges. Where one is locked, a run of items is halved until it stands alone, and is passed over.
    WHILE first <= cardinality(operators) LOOP
        last := first + width - 1;
        BEGIN
            PERFORM countersign.limit_lock_wait(wait_until);
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, received_on)
            SELECT
                operator.operator_id, asked.number, asked.provider_charge_id, asked.customer, asked.amount::numeric,
                asked.currency, asked.local_currency_amount::numeric, asked.local_currency,
                asked.paid_through_date::timestamp, moment
            FROM unnest(
                operators[first : last], provider_charge_ids[first : last], customers[first : last],
                amounts[first : last], currencies[first : last], local_currency_amounts[first : last],
                local_currencies[first : last], paid_through_dates[first : last], problems[first : last],
                numbers[first : last]) WITH ORDINALITY
                AS asked (
                    code, provider_charge_id, customer, amount, currency, local_currency_amount,
                    local_currency, paid_through_date, problem, number, item)
            JOIN countersign.operator USING (code)
            WHERE asked.problem IS NULL AND asked.number IS NOT NULL AND asked.local_currency = operator.currency
            ORDER BY asked.item
            ON CONFLICT DO NOTHING;
            first := last + 1;
            width := 2 * width;
        EXCEPTION WHEN lock_not_available THEN
            IF width = 1 THEN
                first := first + 1;
            END IF;
            width := greatest(1, width / 2);
        END;
    END LOOP;

    IF deadline < clock_timestamp() THEN
        RAISE EXCEPTION 'the deadline of a call has passed' USING ERRCODE = 'CS001';
    END IF;

    -- b. Look at what is there now, by a snapshot younger than every wait.
    RETURN QUERY
    WITH compared AS (
        SELECT
            asked.*, operator.operator_id, charge.number AS known_number,
            operator.currency AS operator_currency,
            -- Digit for digit: 9.90 is not 9.9.
            concat_ws(', ',
                CASE WHEN charge.billing_system_customer_identifier <> asked.customer
                    THEN 'billing_system_customer_identifier' END,
                CASE WHEN charge.amount::text <> asked.amount THEN 'amount' END,
                CASE WHEN charge.currency <> asked.currency THEN 'currency' END,
                CASE WHEN charge.local_currency_amount::text <> asked.local_currency_amount
                    THEN 'local_currency_amount' END,
                CASE WHEN charge.local_currency <> asked.local_currency THEN 'local_currency' END,
                CASE WHEN charge.paid_through_date <> asked.paid_through_date
                    THEN 'paid_through_date' END) AS differences
        FROM unnest(
            operators, provider_charge_ids, customers, amounts, currencies, local_currency_amounts,
            local_currencies, paid_through_dates::timestamp[], problems, numbers) WITH ORDINALITY
            AS asked (
                code, provider_charge_id, customer, amount, currency, local_currency_amount,
                local_currency, paid_through_date, problem, new_number, item)
        LEFT JOIN countersign.operator USING (code)
        LEFT JOIN LATERAL (
            SELECT known.* FROM countersign.charge AS known
            WHERE known.operator_id = operator.operator_id
                AND known.provider_charge_id = asked.provider_charge_id
            LIMIT 1
        ) AS charge ON true
    )
    SELECT
        compared.item::integer,
        CASE
            WHEN operator_id IS NULL THEN 'OPERATOR_NOT_FOUND'
            WHEN problem IN ('INVALID_CUSTOMER', 'INVALID_AMOUNT', 'INVALID_CURRENCY') THEN problem
            -- What came in once is known, though the operator may bill in another currency since.
            WHEN problem IS NULL AND known_number = new_number AND differences = '' THEN 'CREATED'
            WHEN problem IS NULL AND known_number IS NOT NULL AND differences = '' THEN 'KNOWN'
            WHEN local_currency <> operator_currency THEN 'INVALID_CURRENCY'
            WHEN problem IS NOT NULL THEN problem
            WHEN known_number IS NOT NULL THEN 'CHARGE_CONFLICT'
            -- It was locked, or an import has taken its number meanwhile: the next try draws another one.
            ELSE 'CHARGE_LOCKED'
        END,
        known_number::text, differences
    FROM compared
    ORDER BY compared.item;
END
$$;

ALTER FUNCTION countersign.ingest(lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], provider_charge_ids text[], customers text[], amounts text[], currencies text[], local_currency_amounts text[], local_currencies text[], paid_through_dates text[], problems text[], numbers text[], OUT item integer, OUT outcome text, OUT number text, OUT conflicting_fields text) OWNER TO countersign_owner;

--
-- Name: is_last_active_administrator(text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.is_last_active_administrator(of_name text) RETURNS boolean
    LANGUAGE sql
    AS $$
    SELECT count(*) = 1 AND bool_and(name = of_name) FROM countersign.administrator WHERE suspended_on IS NULL
$$;

ALTER FUNCTION countersign.is_last_active_administrator(of_name text) OWNER TO countersign_owner;

--
-- Name: is_last_administrator(bigint, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.is_last_administrator(of_operator bigint, of_username text) RETURNS boolean
    LANGUAGE sql
    AS $$
    SELECT count(*) = 1 AND bool_and(username = of_username)
    FROM countersign.operator_user
    WHERE operator_id = of_operator AND role = 'administrator' AND suspended_on IS NULL
$$;

ALTER FUNCTION countersign.is_last_administrator(of_operator bigint, of_username text) OWNER TO countersign_owner;

--
-- Name: last_event_number(bigint); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.last_event_number(of_operator bigint) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    SELECT coalesce((
        SELECT event_batch.last_event_number FROM countersign.event_batch
        WHERE event_batch.operator_id = of_operator
        ORDER BY event_batch.last_event_number DESC LIMIT 1), 0)
$$;

ALTER FUNCTION countersign.last_event_number(of_operator bigint) OWNER TO countersign_owner;

--
-- Name: limit_lock_wait(timestamp with time zone); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) RETURNS void
    LANGUAGE sql
    AS $$
    SELECT set_config(
        'lock_timeout',
        greatest(1, ceil(extract(epoch FROM wait_until - clock_timestamp()) * 1000))::text, true)
$$;

ALTER FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) OWNER TO countersign_owner;

--
-- Name: lock_publication(integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.lock_publication(lock_wait_milliseconds integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    -- An arbitrary number that only publishing locks, one database at a time.
    publishing CONSTANT bigint := 4270665316002;
BEGIN
    IF pg_try_advisory_xact_lock(publishing) THEN RETURN true; END IF;
    IF lock_wait_milliseconds = 0 THEN RETURN false; END IF;
    PERFORM set_config('lock_timeout', lock_wait_milliseconds::text, true);
    PERFORM pg_advisory_xact_lock(publishing);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END
$$;

ALTER FUNCTION countersign.lock_publication(lock_wait_milliseconds integer) OWNER TO countersign_owner;

--
-- Name: pair_reconciliation_slice(countersign.reconciliation, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.pair_reconciliation_slice(job countersign.reconciliation, slice_rows integer) RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS $$
DECLARE
    last_number text;
    last_line bigint;
BEGIN
    SELECT uploaded.charge_number, uploaded.line INTO last_number, last_line
    FROM countersign.reconciliation_row AS uploaded
    WHERE uploaded.reconciliation_operator_id = job.operator_id AND uploaded.reconciliation_number = job.number
        AND (uploaded.charge_number, uploaded.line) > (job.stage_number, job.stage_line)
    ORDER BY uploaded.charge_number, uploaded.line OFFSET slice_rows - 1 LIMIT 1;
    WITH unknown AS MATERIALIZED (
        SELECT uploaded.charge_number, uploaded.line, uploaded.reference_number
        FROM countersign.reconciliation_row AS uploaded
        WHERE uploaded.reconciliation_operator_id = job.operator_id AND uploaded.reconciliation_number = job.number
            AND (uploaded.charge_number, uploaded.line) > (job.stage_number, job.stage_line)
            AND (last_number IS NULL OR (uploaded.charge_number, uploaded.line) <= (last_number, last_line))
            AND uploaded.reference_number IS NOT NULL
            -- A number that cannot be read does not let the reference stand in for it.
            AND (uploaded.number IS NULL OR uploaded.charge_number <> '')
            AND NOT EXISTS (
                SELECT FROM countersign.charge
                WHERE charge.operator_id = job.operator_id AND charge.number = uploaded.charge_number
                    AND charge.number >= job.stage_number AND (last_number IS NULL OR charge.number <= last_number))
    )
    UPDATE countersign.reconciliation_row AS uploaded SET charge_number = reference.number
    FROM unknown
    JOIN countersign.charge_history AS reference
        ON reference.operator_id = job.operator_id AND reference.reference_number = unknown.reference_number
        AND reference.takes_reference AND reference.made_on <= job.as_of
    WHERE uploaded.reconciliation_operator_id = job.operator_id AND uploaded.reconciliation_number = job.number
        AND uploaded.charge_number = unknown.charge_number AND uploaded.line = unknown.line;
    UPDATE countersign.reconciliation
    SET stage = CASE WHEN last_number IS NULL THEN 'UNPAIRED' ELSE 'PAIRING' END,
        stage_number = coalesce(last_number, ''), stage_line = coalesce(last_line, 0), heartbeat_on = clock_timestamp()
    WHERE operator_id = job.operator_id AND number = job.number;
END
$$;

ALTER FUNCTION countersign.pair_reconciliation_slice(job countersign.reconciliation, slice_rows integer) OWNER TO countersign_owner;

--
-- Name: policy_text(text, interval); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.policy_text(policy text, after interval) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT policy || ' after ' || CASE
        WHEN seconds % 3600 = 0 THEN seconds / 3600 || 'h'
        WHEN seconds % 60 = 0 THEN seconds / 60 || 'm'
        ELSE seconds || 's'
    END
    FROM (SELECT extract(epoch FROM after)::bigint AS seconds) AS length
$$;

ALTER FUNCTION countersign.policy_text(policy text, after interval) OWNER TO countersign_owner;

--
-- Name: process(text, integer, timestamp with time zone, text[], text[], integer[], text[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.process(action text, lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], numbers text[], revisions integer[], new_statuses text[], OUT item integer, OUT outcome text, OUT current_status text, OUT current_decision text, OUT current_revision integer) RETURNS SETOF record
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    wait_until timestamptz := clock_timestamp() + make_interval(secs => lock_wait_milliseconds / 1000.0);
    locked integer[] := '{}';
    candidate record;
    moment timestamptz;
    batch uuid;
    operator_ids bigint[];
    outcomes text[];
    statuses text[];
    decisions text[];
    current_revisions integer[];
BEGIN
    SELECT array_agg(operator.operator_id ORDER BY asked.item)
    INTO operator_ids
    FROM unnest(operators) WITH ORDINALITY AS asked (code, item)
    LEFT JOIN countersign.operator USING (code);

    -- a. Lock the charges in the order of their keys.
    IF lock_wait_milliseconds = 0 THEN
        SELECT coalesce(array_agg(held.item::integer), '{}')
        INTO locked
        FROM (
            SELECT asked.item
            FROM unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
            JOIN countersign.charge
                ON charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number
            -- By the items, not by the charges: an index in that order would be read whole.
            ORDER BY asked.operator_id, asked.number COLLATE "C"
            FOR NO KEY UPDATE OF charge SKIP LOCKED) AS held;
    ELSE
        FOR candidate IN
            SELECT asked.operator_id, asked.number, asked.item
            FROM unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
            ORDER BY asked.operator_id, asked.number COLLATE "C"
        LOOP
            BEGIN
                PERFORM countersign.limit_lock_wait(wait_until);
                PERFORM FROM countersign.charge
                WHERE operator_id = candidate.operator_id AND number = candidate.number
                FOR NO KEY UPDATE;
                locked := locked || candidate.item::integer;
            EXCEPTION WHEN lock_not_available THEN
                NULL;
            END;
        END LOOP;
    END IF;

    -- b. Check, by a snapshot younger than the locks. The order of the cases is the order of the failures.
    moment := clock_timestamp();
    IF deadline < moment THEN
        RAISE EXCEPTION 'the deadline of a call has passed' USING ERRCODE = 'CS001';
    END IF;
    SELECT
        array_agg(
            CASE
                WHEN asked.operator_id IS NULL THEN 'OPERATOR_NOT_FOUND'
                WHEN charge.number IS NULL THEN 'CHARGE_NOT_FOUND'
                WHEN action = 'outcome' AND asked.new_status IS NULL THEN 'INVALID_OUTCOME'
                WHEN action = 'outcome' AND charge.charge_status = asked.new_status THEN 'DONE'
                WHEN charge.charge_status <> 'PENDING' THEN 'CHARGE_ALREADY_PROCESSED'
                -- A taking that was released stays so, whatever was decided since.
                WHEN action = 'release' AND charge.taken_on IS NULL AND asked.revision <= charge.revision
                    THEN 'DONE'
                WHEN charge.decision IS NULL AND (action <> 'outcome' OR asked.new_status IN ('APPROVED', 'DECLINED'))
                    THEN 'DECISION_REQUIRED'
                WHEN asked.revision <> charge.revision THEN 'DECISION_CONFLICT'
                WHEN asked.new_status = 'APPROVED' AND charge.decision <> 'ACCEPTED' THEN 'DECISION_CONFLICT'
                WHEN asked.new_status = 'DECLINED' AND charge.decision <> 'DECLINED' THEN 'DECISION_CONFLICT'
                WHEN action = 'take' AND charge.taken_on IS NOT NULL THEN 'DONE'
                WHEN asked.item = ANY (locked) THEN 'CHANGED'
                ELSE 'CHARGE_LOCKED'
            END
            ORDER BY asked.item),
        array_agg(charge.charge_status ORDER BY asked.item),
        array_agg(charge.decision ORDER BY asked.item),
        array_agg(charge.revision ORDER BY asked.item)
    INTO outcomes, statuses, decisions, current_revisions
    FROM unnest(operator_ids, numbers, revisions, new_statuses) WITH ORDINALITY
        AS asked (operator_id, number, revision, new_status, item)
    LEFT JOIN countersign.charge
        ON charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number;

    -- c. Change what is to be changed.
    IF action = 'outcome' THEN
        UPDATE countersign.charge
        SET charge_status = asked.new_status,
            set_as_approved_on = CASE asked.new_status WHEN 'APPROVED' THEN moment END,
            set_as_declined_on = CASE asked.new_status WHEN 'DECLINED' THEN moment END,
            set_as_bad_request_on = CASE asked.new_status WHEN 'BAD_REQUEST' THEN moment END,
            set_as_rejected_request_on = CASE asked.new_status WHEN 'REJECTED' THEN moment END,
            taken_on = NULL
        FROM unnest(operator_ids, numbers, new_statuses, outcomes)
            AS asked (operator_id, number, new_status, outcome)
        WHERE asked.outcome = 'CHANGED'
            AND charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number;
        IF 'CHANGED' = ANY (outcomes) THEN
            batch := countersign.batch_identifier();
            INSERT INTO countersign.charge_outcome (operator_id, number, outcome, made_on, batch_id)
            SELECT asked.operator_id, asked.number, asked.new_status, moment, batch
            FROM unnest(operator_ids, numbers, new_statuses, outcomes)
                AS asked (operator_id, number, new_status, outcome)
            WHERE asked.outcome = 'CHANGED'
            ORDER BY asked.operator_id, asked.number COLLATE "C";
            INSERT INTO countersign.batch (batch_id, decisions) VALUES (batch, 0);
        END IF;
    ELSE
        UPDATE countersign.charge
        SET taken_on = CASE action WHEN 'take' THEN moment END
        FROM unnest(operator_ids, numbers, outcomes) AS asked (operator_id, number, outcome)
        WHERE asked.outcome = 'CHANGED'
            AND charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number;
    END IF;

    RETURN QUERY
    SELECT
        asked.item::integer, CASE asked.outcome WHEN 'CHANGED' THEN 'DONE' ELSE asked.outcome END,
        asked.status, asked.decision, asked.revision
    FROM unnest(outcomes, statuses, decisions, current_revisions) WITH ORDINALITY
        AS asked (outcome, status, decision, revision, item)
    ORDER BY asked.item;
END
$$;

ALTER FUNCTION countersign.process(action text, lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], numbers text[], revisions integer[], new_statuses text[], OUT item integer, OUT outcome text, OUT current_status text, OUT current_decision text, OUT current_revision integer) OWNER TO countersign_owner;

--
-- Name: publish_decisions(integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.publish_decisions(lock_wait_milliseconds integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    known pg_snapshot;
    first_unseen xid8 := '0';
    in_flight xid8[] := '{}';
    moment timestamptz;
    published bigint;
BEGIN
    IF NOT countersign.lock_publication(lock_wait_milliseconds) THEN RETURN 0; END IF;
    -- Never before the last one, whatever becomes of the clock.
    SELECT seen, greatest(clock_timestamp(), last_published_on) INTO known, moment FROM countersign.feed;
    -- Transactions are numbered anew on a server that was filled from a dump: then all is looked at.
    IF pg_snapshot_xmax(known) <= pg_snapshot_xmax(pg_current_snapshot()) THEN
        first_unseen := pg_snapshot_xmax(known);
        in_flight := ARRAY(SELECT pg_snapshot_xip(known));
    END IF;
    WITH taken AS (
        DELETE FROM countersign.unpublished_batch
        WHERE transaction_id >= first_unseen OR transaction_id = ANY (in_flight)
        RETURNING batch_id
    ), batch AS MATERIALIZED (
        SELECT batch.batch_id, batch.sequence_number, batch.decisions
        FROM taken JOIN countersign.batch ON batch.batch_id = ANY (ARRAY[taken.batch_id])
    ), placed AS (
        INSERT INTO countersign.published_batch (position, batch_id, published_on)
        SELECT
            feed.last_position + 1 + sum(batch.decisions) OVER (ORDER BY batch.sequence_number) - batch.decisions,
            batch.batch_id, moment
        FROM batch CROSS JOIN countersign.feed
        WHERE batch.decisions > 0
    ), counted AS MATERIALIZED (
        SELECT event.operator_id, event.batch_id, event.sequence_number, count(*) AS events
        FROM (
            SELECT history.operator_id, batch.batch_id, batch.sequence_number
            FROM batch JOIN countersign.charge_history AS history ON history.batch_id = ANY (ARRAY[batch.batch_id])
            UNION ALL
            SELECT given.operator_id, batch.batch_id, batch.sequence_number
            FROM batch JOIN countersign.charge_outcome AS given ON given.batch_id = ANY (ARRAY[batch.batch_id])
        ) AS event
        GROUP BY event.operator_id, event.batch_id, event.sequence_number
    ), operators AS MATERIALIZED (
        SELECT counted.operator_id, countersign.last_event_number(counted.operator_id) AS last_event_number
        FROM counted GROUP BY counted.operator_id
    ), numbered AS (
        INSERT INTO countersign.event_batch (operator_id, last_event_number, events, batch_id, published_on)
        SELECT
            counted.operator_id,
            operators.last_event_number
                + sum(counted.events) OVER (PARTITION BY counted.operator_id ORDER BY counted.sequence_number),
            counted.events, counted.batch_id, moment
        FROM counted JOIN operators USING (operator_id)
    )
    UPDATE countersign.feed
    SET last_position = last_position + all_batches.decisions, last_published_on = moment, seen = pg_current_snapshot()
    FROM (SELECT sum(batch.decisions) AS decisions FROM batch) AS all_batches
    WHERE all_batches.decisions IS NOT NULL
    RETURNING all_batches.decisions INTO published;
    RETURN coalesce(published, 0);
END
$$;

ALTER FUNCTION countersign.publish_decisions(lock_wait_milliseconds integer) OWNER TO countersign_owner;

--
-- Name: purge_activity(integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.purge_activity(maximum integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.purge_activity(maximum integer) OWNER TO countersign_owner;

--
-- Name: purge_decision_file(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.purge_decision_file() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    due_operator bigint;
    due_number integer;
BEGIN
    SELECT operator_id, number INTO due_operator, due_number FROM countersign.decision_file
    WHERE uploaded_on < clock_timestamp() - interval '7 days' AND state <> 'RUNNING'
    ORDER BY uploaded_on LIMIT 1
    FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN 0; END IF;
    DELETE FROM countersign.decision_file_row WHERE operator_id = due_operator AND file_number = due_number;
    DELETE FROM countersign.decision_file WHERE operator_id = due_operator AND number = due_number;
    RETURN 1;
END
$$;

ALTER FUNCTION countersign.purge_decision_file() OWNER TO countersign_owner;

--
-- Name: purge_expired_token_revocations(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.purge_expired_token_revocations() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH forgotten AS (
        DELETE FROM countersign.token_revocation WHERE revoked_on < clock_timestamp() - interval '1 day' RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$;

ALTER FUNCTION countersign.purge_expired_token_revocations() OWNER TO countersign_owner;

--
-- Name: purge_node_status(text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.purge_node_status(kept_name text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH purged AS (
        DELETE FROM countersign.node_status
        WHERE last_seen_on < clock_timestamp() - interval '1 day' AND name <> kept_name
        RETURNING 1
    )
    SELECT count(*) FROM purged
$$;

ALTER FUNCTION countersign.purge_node_status(kept_name text) OWNER TO countersign_owner;

--
-- Name: purge_published_batches(integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.purge_published_batches(maximum integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
DECLARE
    first_kept bigint;
    last_sequence_number bigint;
    purged bigint;
BEGIN
    IF NOT countersign.lock_publication(0) THEN RETURN 0; END IF;
    -- A position before which every batch was published long ago: published_on never decreases.
    SELECT position INTO first_kept FROM countersign.published_batch
    WHERE published_on >= clock_timestamp() - interval '1 day'
    ORDER BY published_on, position LIMIT 1;
    WITH due AS MATERIALIZED (
        SELECT published.position, published.batch_id
        FROM countersign.feed JOIN countersign.published_batch AS published
            ON published.position > feed.last_purged_position
        WHERE first_kept IS NULL OR published.position < first_kept
        ORDER BY published.position LIMIT maximum
    ), gone AS (
        DELETE FROM countersign.batch USING due WHERE batch.batch_id = due.batch_id
        RETURNING batch.sequence_number
    ), reached AS (
        UPDATE countersign.feed SET last_purged_position = due_last.position
        FROM (SELECT max(position) AS position FROM due) AS due_last
        WHERE due_last.position IS NOT NULL
    )
    SELECT (SELECT count(*) FROM due), (SELECT max(sequence_number) FROM gone)
    INTO purged, last_sequence_number;
    DELETE FROM countersign.batch WHERE decisions = 0 AND sequence_number < last_sequence_number
        AND batch_id NOT IN (SELECT queued.batch_id FROM countersign.unpublished_batch AS queued);
    RETURN purged;
END
$$;

ALTER FUNCTION countersign.purge_published_batches(maximum integer) OWNER TO countersign_owner;

--
-- Name: queue_batch(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.queue_batch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO countersign.unpublished_batch (batch_id) VALUES (NEW.batch_id);
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.queue_batch() OWNER TO countersign_owner;

--
-- Name: record_administrator_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_administrator_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_administrator_change() OWNER TO countersign_owner;

--
-- Name: record_administrator_sign_in(text, text, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean) OWNER TO countersign_owner;

--
-- Name: record_key_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_key_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_key_change() OWNER TO countersign_owner;

--
-- Name: record_operator_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_operator_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_operator_change() OWNER TO countersign_owner;

--
-- Name: record_provider_key_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_provider_key_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NULL, 'PROVIDER_KEY_ADDED', NEW.name);
    ELSIF OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL THEN
        PERFORM countersign.add_activity(NULL, 'PROVIDER_KEY_REVOKED', NEW.name);
    END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.record_provider_key_change() OWNER TO countersign_owner;

--
-- Name: record_sign_in(text, text, text, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_sign_in(of_code text, of_username text, from_address text, has_succeeded boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_sign_in(of_code text, of_username text, from_address text, has_succeeded boolean) OWNER TO countersign_owner;

--
-- Name: record_signing_key_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_signing_key_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM countersign.add_activity(NULL, 'SIGNING_KEY_ADDED', NEW.identifier);
    ELSE
        PERFORM countersign.add_activity(NULL, 'SIGNING_KEY_DROPPED', OLD.identifier);
    END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.record_signing_key_change() OWNER TO countersign_owner;

--
-- Name: record_user_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.record_user_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.record_user_change() OWNER TO countersign_owner;

--
-- Name: refuse_acting_user(countersign.acting_user, text, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.refuse_acting_user(acting countersign.acting_user, granted_role text DEFAULT NULL::text, changes_itself boolean DEFAULT false) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION countersign.refuse_acting_user(acting countersign.acting_user, granted_role text, changes_itself boolean) OWNER TO countersign_owner;

--
-- Name: refuse_change(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'charge % of operator %: %', NEW.number, NEW.operator_id, TG_ARGV[0]
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$;

ALTER FUNCTION countersign.refuse_change() OWNER TO countersign_owner;

--
-- Name: refuse_lower_charge_number(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.refuse_lower_charge_number() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'next_charge_number is never lowered, and it is % of operator %',
        OLD.next_charge_number, OLD.operator_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_number_counter_next_charge_number';
END
$$;

ALTER FUNCTION countersign.refuse_lower_charge_number() OWNER TO countersign_owner;

--
-- Name: refuse_other_local_currency(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.refuse_other_local_currency() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    wrong record;
BEGIN
    SELECT added.number, added.local_currency, operator.code, operator.currency INTO wrong
    FROM added JOIN countersign.operator USING (operator_id)
    WHERE added.local_currency <> operator.currency
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'charge %: local_currency is %, and operator % bills in %',
            wrong.number, wrong.local_currency, wrong.code, wrong.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.refuse_other_local_currency() OWNER TO countersign_owner;

--
-- Name: release_decision_file(bigint, integer, uuid); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.release_decision_file(of_operator bigint, of_number integer, of_worker uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    UPDATE countersign.decision_file SET worker = NULL
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker
$$;

ALTER FUNCTION countersign.release_decision_file(of_operator bigint, of_number integer, of_worker uuid) OWNER TO countersign_owner;

--
-- Name: resume_statements(text, integer, bytea); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.resume_statements(of_code text, last_number integer, last_digest bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT countersign.lock_publication(10000) THEN RETURN NULL; END IF;
    UPDATE countersign.statement_schedule AS schedule SET resume_after = last_number, resume_digest = last_digest
    FROM countersign.operator
    WHERE operator.code = of_code AND schedule.operator_id = operator.operator_id
        AND NOT EXISTS (
            SELECT FROM countersign.statement
            WHERE statement.operator_id = operator.operator_id AND statement.number >= last_number);
    RETURN FOUND;
END
$$;

ALTER FUNCTION countersign.resume_statements(of_code text, last_number integer, last_digest bytea) OWNER TO countersign_owner;

--
-- Name: revoke_key(bigint, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_key(of_operator bigint, of_name text) RETURNS boolean
    LANGUAGE sql
    AS $$
    WITH changed AS (
        UPDATE countersign.api_key SET revoked_on = clock_timestamp()
        WHERE operator_id = of_operator AND name = of_name AND revoked_on IS NULL
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.api_key WHERE operator_id = of_operator AND name = of_name
$$;

ALTER FUNCTION countersign.revoke_key(of_operator bigint, of_name text) OWNER TO countersign_owner;

--
-- Name: revoke_key_in_console(countersign.acting_user, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_key_in_console(acting countersign.acting_user, of_name text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.revoke_key(acting.operator_id, of_name) IS NULL THEN RETURN 'NO_SUCH_KEY'; END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.revoke_key_in_console(acting countersign.acting_user, of_name text) OWNER TO countersign_owner;

--
-- Name: revoke_key_tokens(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_key_tokens() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.revoked_on IS NOT NULL AND NEW.revoked_on IS NULL THEN
        RAISE EXCEPTION 'a key stays revoked' USING ERRCODE = 'check_violation', CONSTRAINT = 'api_key_revoked_on';
    END IF;
    IF (OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL) OR NEW.role <> OLD.role THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', 'key:' || OLD.name, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION countersign.revoke_key_tokens() OWNER TO countersign_owner;

--
-- Name: revoke_operator_tokens(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_operator_tokens() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'operator', '', OLD.token_generation);
    END IF;
    IF NEW.undecided_policy <> OLD.undecided_policy OR NEW.undecided_window <> OLD.undecided_window
        OR (OLD.suspended_on IS NOT NULL AND NEW.suspended_on IS NULL) THEN
        NEW.undecided_counts_from := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION countersign.revoke_operator_tokens() OWNER TO countersign_owner;

--
-- Name: revoke_user_tokens(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_user_tokens() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION countersign.revoke_user_tokens() OWNER TO countersign_owner;

--
-- Name: revoke_user_tokens_in_console(countersign.acting_user, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.revoke_user_tokens_in_console(acting countersign.acting_user, of_username text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.revoke_user_tokens_in_console(acting countersign.acting_user, of_username text) OWNER TO countersign_owner;

--
-- Name: run_decision_file(bigint, integer, text, integer, integer, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.run_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, from_state text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    admission record;
BEGIN
    admission := countersign.admit_to_decision_file(
        of_operator, of_number, of_username, of_operator_generation, of_login_generation);
    IF admission.refusal IS NOT NULL THEN RETURN admission.refusal; END IF;
    IF admission.found_state NOT IN (from_state, 'RUNNING') THEN RETURN 'WRONG_STATE'; END IF;
    UPDATE countersign.decision_file
    SET state = 'RUNNING', pause_reason = NULL, started_on = coalesce(started_on, clock_timestamp()),
        username = of_username, role = admission.found_role, operator_generation = of_operator_generation,
        login_generation = of_login_generation
    WHERE operator_id = of_operator AND number = of_number AND cancelled_by IS NULL
        AND (state = from_state OR username = of_username);
    IF FOUND THEN RETURN NULL; END IF;
    RETURN (
        SELECT CASE WHEN cancelled_by IS NOT NULL THEN 'WRONG_STATE' END FROM countersign.decision_file
        WHERE operator_id = of_operator AND number = of_number);
END
$$;

ALTER FUNCTION countersign.run_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, from_state text) OWNER TO countersign_owner;

--
-- Name: seal_statement(bigint, integer, bytea, text[], text[], text[], bigint[], numeric[], numeric[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE countersign.statement SET digest = new_digest
    WHERE operator_id = of_operator AND number = of_number AND digest IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO countersign.statement_total (
        operator_id, number, event, currency, local_currency, events, amount, local_currency_amount)
    SELECT of_operator, of_number, total.*
    FROM unnest(kinds, currencies, local_currencies, counts, amounts, local_currency_amounts) AS total;
    RETURN true;
END
$$;

ALTER FUNCTION countersign.seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]) OWNER TO countersign_owner;

--
-- Name: separate_operators(regclass); Type: PROCEDURE; Schema: countersign; Owner: countersign_owner
--

CREATE PROCEDURE countersign.separate_operators(IN of_table regclass)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', of_table);
    EXECUTE format(
        'CREATE POLICY every_operator ON %s '
        'TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true)',
        of_table);
    EXECUTE format(
        'CREATE POLICY own_operator ON %s FOR SELECT TO countersign_reader '
        'USING (operator_id = nullif(current_setting(''countersign.operator_id'', true), '''')::bigint)',
        of_table);
END
$$;

ALTER PROCEDURE countersign.separate_operators(IN of_table regclass) OWNER TO countersign_owner;

--
-- Name: PROCEDURE separate_operators(IN of_table regclass); Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON PROCEDURE countersign.separate_operators(IN of_table regclass) IS 'Forces row security on a table with operator_id: countersign_reader sees the rows of its transaction''s operator, the other roles see all.';

--
-- Name: set_key_role(bigint, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_key_role(of_operator bigint, of_name text, new_role text) RETURNS boolean
    LANGUAGE sql
    AS $$
    WITH changed AS (
        UPDATE countersign.api_key SET role = new_role
        WHERE operator_id = of_operator AND name = of_name AND role <> new_role
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.api_key WHERE operator_id = of_operator AND name = of_name
$$;

ALTER FUNCTION countersign.set_key_role(of_operator bigint, of_name text, new_role text) OWNER TO countersign_owner;

--
-- Name: set_key_role_in_console(countersign.acting_user, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    refusal text := countersign.refuse_acting_user(acting, granted_role => new_role);
BEGIN
    IF refusal IS NOT NULL THEN RETURN refusal; END IF;
    IF countersign.set_key_role(acting.operator_id, of_name, new_role) IS NULL THEN RETURN 'NO_SUCH_KEY'; END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION countersign.set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text) OWNER TO countersign_owner;

--
-- Name: set_own_password_in_console(countersign.acting_user, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_own_password_in_console(acting countersign.acting_user, verified_hash text, new_password_hash text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.set_own_password_in_console(acting countersign.acting_user, verified_hash text, new_password_hash text) OWNER TO countersign_owner;

--
-- Name: set_reconciliation_failed(bigint, integer, bigint, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_reconciliation_failed(of_operator bigint, of_number integer, at_line bigint, why text) RETURNS void
    LANGUAGE sql
    AS $$
    UPDATE countersign.reconciliation
    SET state = 'FAILED', finished_on = clock_timestamp(), fault_line = at_line, fault = why
    WHERE operator_id = of_operator AND number = of_number
$$;

ALTER FUNCTION countersign.set_reconciliation_failed(of_operator bigint, of_number integer, at_line bigint, why text) OWNER TO countersign_owner;

--
-- Name: set_user_password(bigint, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_password(of_operator bigint, of_username text, new_password_hash text) RETURNS boolean
    LANGUAGE sql
    AS $$
    UPDATE countersign.operator_user SET password_hash = new_password_hash
    WHERE operator_id = of_operator AND username = of_username
    RETURNING true
$$;

ALTER FUNCTION countersign.set_user_password(of_operator bigint, of_username text, new_password_hash text) OWNER TO countersign_owner;

--
-- Name: set_user_password_in_console(countersign.acting_user, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_password_in_console(acting countersign.acting_user, of_username text, new_password_hash text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.set_user_password_in_console(acting countersign.acting_user, of_username text, new_password_hash text) OWNER TO countersign_owner;

--
-- Name: set_user_role(bigint, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_role(of_operator bigint, of_username text, new_role text) RETURNS boolean
    LANGUAGE sql
    AS $$
    WITH changed AS (
        UPDATE countersign.operator_user SET role = new_role
        WHERE operator_id = of_operator AND username = of_username AND role <> new_role
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.operator_user WHERE operator_id = of_operator AND username = of_username
$$;

ALTER FUNCTION countersign.set_user_role(of_operator bigint, of_username text, new_role text) OWNER TO countersign_owner;

--
-- Name: set_user_role_in_console(countersign.acting_user, text, text); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_role_in_console(acting countersign.acting_user, of_username text, new_role text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.set_user_role_in_console(acting countersign.acting_user, of_username text, new_role text) OWNER TO countersign_owner;

--
-- Name: set_user_suspension(bigint, text, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_suspension(of_operator bigint, of_username text, is_suspended boolean) RETURNS boolean
    LANGUAGE sql
    AS $$
    WITH changed AS (
        UPDATE countersign.operator_user SET suspended_on = CASE WHEN is_suspended THEN clock_timestamp() END
        WHERE operator_id = of_operator AND username = of_username
            AND (suspended_on IS NOT NULL) <> is_suspended
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
    FROM countersign.operator_user WHERE operator_id = of_operator AND username = of_username
$$;

ALTER FUNCTION countersign.set_user_suspension(of_operator bigint, of_username text, is_suspended boolean) OWNER TO countersign_owner;

--
-- Name: set_user_suspension_in_console(countersign.acting_user, text, boolean); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.set_user_suspension_in_console(acting countersign.acting_user, of_username text, is_suspended boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION countersign.set_user_suspension_in_console(acting countersign.acting_user, of_username text, is_suspended boolean) OWNER TO countersign_owner;

--
-- Name: sign_out_administrator(text, integer); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.sign_out_administrator(of_name text, of_generation integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    UPDATE countersign.administrator SET token_generation = token_generation + 1
    WHERE name = of_name AND token_generation = of_generation
$$;

ALTER FUNCTION countersign.sign_out_administrator(of_name text, of_generation integer) OWNER TO countersign_owner;

--
-- Name: age_band(interval); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.age_band(age interval) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (age < '01:00:00'::interval) THEN 'under 1 hour'::text WHEN (age < '24:00:00'::interval) THEN '1 to 24 hours'::text WHEN (age < '3 days'::interval) THEN '1 to 3 days'::text WHEN (age < '7 days'::interval) THEN '3 to 7 days'::text WHEN (age < '30 days'::interval) THEN '7 to 30 days'::text ELSE 'over 30 days'::text END;

ALTER FUNCTION reporting.age_band(age interval) OWNER TO countersign_owner;

--
-- Name: FUNCTION age_band(age interval); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.age_band(age interval) IS 'The band of a waiting time, from under 1 hour to over 30 days.';

--
-- Name: day(timestamp with time zone, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.day(moment timestamp with time zone, time_zone text) RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    local_date date := (moment AT TIME ZONE time_zone)::date;
BEGIN
    -- The next day has begun already where clocks went back across midnight.
    RETURN local_date + (reporting.first_moment(local_date + 1, time_zone) <= moment)::integer;
END
$$;

ALTER FUNCTION reporting.day(moment timestamp with time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION day(moment timestamp with time zone, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.day(moment timestamp with time zone, time_zone text) IS 'The day of a moment in a zone. A day lasts from the first moment of its date to the first of the next.';

--
-- Name: day_begin(timestamp with time zone, timestamp with time zone[]); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (day_begins)[width_bucket(moment, day_begins)];

ALTER FUNCTION reporting.day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]) OWNER TO countersign_owner;

--
-- Name: FUNCTION day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]) IS 'The first moment of the day, of those of a period, in which a moment is.';

--
-- Name: first_moment(timestamp without time zone, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.first_moment(local_time timestamp without time zone, time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    as_utc timestamptz := local_time AT TIME ZONE 'UTC';
    -- The moments of the local time by the zone's offsets of the day before and of the day after.
    one timestamptz := as_utc - (((as_utc - interval '24 hours') AT TIME ZONE time_zone) - (local_time - interval '24 hours'));
    other timestamptz := as_utc - (((as_utc + interval '24 hours') AT TIME ZONE time_zone) - (local_time + interval '24 hours'));
    earlier timestamptz := least(one, other);
    later timestamptz := greatest(one, other);
    middle timestamptz;
BEGIN
    IF earlier AT TIME ZONE time_zone = local_time THEN RETURN earlier; END IF;
    IF later AT TIME ZONE time_zone = local_time THEN RETURN later; END IF;
    -- The clocks skip it. The moment at which they do is between the two.
    WHILE later - earlier > interval '1 microsecond' LOOP
        middle := earlier + (later - earlier) / 2;
        IF middle AT TIME ZONE time_zone < local_time THEN
            earlier := middle;
        ELSE
            later := middle;
        END IF;
    END LOOP;
    RETURN later;
END
$$;

ALTER FUNCTION reporting.first_moment(local_time timestamp without time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION first_moment(local_time timestamp without time zone, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.first_moment(local_time timestamp without time zone, time_zone text) IS 'The first moment at which clocks in a zone show a local time, or have skipped it.';

--
-- Name: day_begins(timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text) RETURNS timestamp with time zone[]
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT array_agg(reporting.first_moment(day.day, day_begins.time_zone) ORDER BY day.day) AS array_agg
    FROM generate_series((reporting.day(day_begins.begins_on, day_begins.time_zone))::timestamp without time zone, (reporting.day(day_begins.ends_on, day_begins.time_zone))::timestamp without time zone, '1 day'::interval) day(day);
END;

ALTER FUNCTION reporting.day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text) IS 'The first moments of the days of a period, in order, for reporting.day_begin.';

--
-- Name: has_limits(); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.has_limits() RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
    AS $$
DECLARE
    missing text := (
        SELECT string_agg(name, ', ' ORDER BY name)
        FROM (
            SELECT split_part(unnest(rolconfig), '=', 1) FROM pg_roles WHERE rolname = 'countersign_reporting'
            EXCEPT
            SELECT split_part(unnest(setconfig), '=', 1)
            FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole
            WHERE rolname = session_user
                AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        ) AS lacking (name));
BEGIN
    IF missing IS NOT NULL
        AND NOT pg_has_role(session_user, 'countersign_owner', 'MEMBER')
        AND (current_setting('transaction_read_only') = 'off' OR '0' IN (
            current_setting('statement_timeout'), current_setting('lock_timeout'),
            current_setting('idle_in_transaction_session_timeout')))
    THEN
        RAISE EXCEPTION 'the login % has no limits for reports: run SELECT reporting.limit_login(%), and log in again',
            session_user, quote_literal(session_user)
            USING ERRCODE = 'insufficient_privilege', DETAIL = format('Missing: %s.', missing);
    END IF;
    RETURN true;
END
$$;

ALTER FUNCTION reporting.has_limits() OWNER TO countersign_owner;

--
-- Name: FUNCTION has_limits(); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.has_limits() IS 'Always true; refuses a login without the limits of countersign_reporting, unless its transaction has set limits, as countersign report does, or it has the owner''s rights.';

--
-- Name: limit_login(name); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.limit_login(login name) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY (SELECT rolconfig FROM pg_roles WHERE rolname = 'countersign_reporting') LOOP
        EXECUTE format('ALTER ROLE %I SET %I = %L', login, split_part(setting, '=', 1),
            substr(setting, strpos(setting, '=') + 1));
    END LOOP;
END
$$;

ALTER FUNCTION reporting.limit_login(login name) OWNER TO countersign_owner;

--
-- Name: FUNCTION limit_login(login name); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.limit_login(login name) IS 'Gives a login the limits of countersign_reporting, from its next session on. It needs the right to alter the login; every login may alter itself.';

--
-- Name: local_date(timestamp with time zone, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.local_date(moment timestamp with time zone, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char((moment AT TIME ZONE time_zone), 'YYYY-MM-DD'::text);

ALTER FUNCTION reporting.local_date(moment timestamp with time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION local_date(moment timestamp with time zone, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.local_date(moment timestamp with time zone, time_zone text) IS 'The date of a moment in a zone, in ISO form.';

--
-- Name: local_time(timestamp with time zone, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.local_time(moment timestamp with time zone, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN rtrim(rtrim(to_char((moment AT TIME ZONE time_zone), 'YYYY-MM-DD HH24:MI:SS.US'::text), '0'::text), '.'::text);

ALTER FUNCTION reporting.local_time(moment timestamp with time zone, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION local_time(moment timestamp with time zone, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.local_time(moment timestamp with time zone, time_zone text) IS 'The date and time of a moment in a zone, in ISO form.';

--
-- Name: moment(text, text, text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.moment(parameter text, given text, time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
    parts text[] := regexp_match(given,
        '^(\d{4})-(\d\d)-(\d\d)'
        '(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?(Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$');
    year integer := parts[1];
    month integer := parts[2];
    day integer := parts[3];
    local_time timestamp;
BEGIN
    IF year BETWEEN 1 AND 9999 AND month BETWEEN 1 AND 12 AND day >= 1
        AND day <= extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day')
    THEN
        local_time := make_timestamp(
            year, month, day, coalesce(parts[4], '0')::integer, coalesce(parts[5], '0')::integer,
            coalesce(parts[6], '0')::double precision);
        RETURN CASE
            WHEN parts[7] IS NULL THEN reporting.first_moment(local_time, time_zone)
            ELSE local_time AT TIME ZONE reporting.time_zone(parts[7])
        END;
    END IF;
    RAISE EXCEPTION '% must be a date such as 2026-10-25, or a date and time such as 2026-10-25T03:00 or 2026-10-25T03:00+02:00, not ''%''', parameter, given
        USING ERRCODE = 'invalid_datetime_format';
END
$_$;

ALTER FUNCTION reporting.moment(parameter text, given text, time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION moment(parameter text, given text, time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.moment(parameter text, given text, time_zone text) IS 'The moment of an ISO date or date and time, in the given zone unless it has one of its own. All else is an error, which names the parameter.';

--
-- Name: parameters(text, text, text, text, interval); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.parameters(operator text DEFAULT ''::text, "from" text DEFAULT ''::text, "to" text DEFAULT ''::text, zone text DEFAULT ''::text, length interval DEFAULT '30 days'::interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
#variable_conflict use_variable
DECLARE
    is_date constant text := '^\d{4}-\d\d-\d\d$';
    last_date date;
BEGIN
    IF operator <> '' THEN
        operator_id := (SELECT known.operator_id FROM reporting.operator AS known WHERE known.operator = parameters.operator);
        IF operator_id IS NULL THEN
            RAISE EXCEPTION 'there is no operator %', operator USING ERRCODE = 'no_data_found';
        END IF;
    END IF;
    time_zone := reporting.time_zone(zone);
    ends_on := CASE
        WHEN "to" <> '' THEN reporting.moment('to', "to", time_zone)
        ELSE reporting.first_moment(reporting.day(now(), time_zone) + 1, time_zone)
    END;
    begins_on := CASE
        WHEN "from" <> '' THEN reporting.moment('from', "from", time_zone)
        WHEN "to" = '' THEN reporting.first_moment(reporting.day(now(), time_zone) - length, time_zone)
        WHEN "to" ~ is_date THEN reporting.first_moment("to"::date - length, time_zone)
        ELSE reporting.first_moment((ends_on AT TIME ZONE time_zone) - length, time_zone)
    END;
    -- A day that a zone has skipped is a period without moments.
    IF begins_on > ends_on
        OR begins_on = ends_on AND NOT ("from" ~ is_date AND "to" ~ is_date AND "from" < "to" COLLATE "C")
    THEN
        RAISE EXCEPTION 'the period is empty: from must be before to' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$_$;

ALTER FUNCTION reporting.parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text) IS 'The parameters of a report: the operator''s number (NULL for all), the period''s first moment, the first one after it, and the zone for AT TIME ZONE. Without "to" the period ends with today, without "from" it is so long. An unknown operator and an empty period are errors, not empty reports.';

--
-- Name: sees_all_sessions(); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.sees_all_sessions() RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
        RAISE WARNING 'of other logins'' sessions nothing can be seen; GRANT pg_read_all_stats TO % lets it',
            current_user;
    END IF;
    RETURN true;
END
$$;

ALTER FUNCTION reporting.sees_all_sessions() OWNER TO countersign_owner;

--
-- Name: FUNCTION sees_all_sessions(); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.sees_all_sessions() IS 'Always true; warns if what other logins'' sessions do is hidden from this one.';

--
-- Name: time_zone(text); Type: FUNCTION; Schema: reporting; Owner: countersign_owner
--

CREATE FUNCTION reporting.time_zone(zone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
DECLARE
    offset_parts text[] := regexp_match(zone, '^([+-])(0[0-9]|1[0-5])(?::?([0-5][0-9]))?$');
    zone_name text;
BEGIN
    IF zone IN ('', 'UTC', 'Z') THEN RETURN 'UTC'; END IF;
    IF offset_parts IS NOT NULL THEN
        -- POSIX, by whose rules AT TIME ZONE reads an offset, counts west of Greenwich, and ISO east.
        RETURN 'UTC' || translate(offset_parts[1], '+-', '-+') || offset_parts[2] || ':' || coalesce(offset_parts[3], '00');
    END IF;
    -- AT TIME ZONE takes abbreviations and POSIX rules as well. Some files beside the database's are no names of it.
    SELECT name INTO zone_name FROM pg_timezone_names
    WHERE lower(name) = lower(zone) AND name !~ '^(posix/|right/|localtime$|posixrules$|Factory$)';
    IF zone_name IS NULL THEN
        RAISE EXCEPTION 'zone must be a name of the time zone database, such as Europe/Nicosia, or an offset such as +02:00, not ''%''', zone
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- AT TIME ZONE would take these seven for abbreviations, without summer time and by the session's list of them. The
    -- time zone database has them as links.
    RETURN coalesce(
        (SELECT target
            FROM (VALUES
                ('CET', 'Europe/Brussels'), ('EET', 'Europe/Athens'), ('MET', 'Europe/Brussels'),
                ('WET', 'Europe/Lisbon'), ('EST', 'America/Panama'), ('MST', 'America/Phoenix'),
                ('HST', 'Pacific/Honolulu')) AS link (name, target)
            WHERE link.name = zone_name),
        zone_name);
END
$_$;

ALTER FUNCTION reporting.time_zone(zone text) OWNER TO countersign_owner;

--
-- Name: FUNCTION time_zone(zone text); Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON FUNCTION reporting.time_zone(zone text) IS 'The zone for AT TIME ZONE of a name of the time zone database, or of an ISO offset, whose plus means east; UTC for an empty text. All else is an error.';

--
-- Name: activity; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.activity (
    activity_number bigint NOT NULL,
    operator_id bigint,
    made_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    channel text NOT NULL COLLATE pg_catalog."C",
    actor text COLLATE pg_catalog."C",
    subject text COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    old_value text COLLATE pg_catalog."C",
    new_value text COLLATE pg_catalog."C",
    count integer DEFAULT 1 NOT NULL,
    CONSTRAINT activity_actor_check CHECK (((actor IS NOT NULL) OR (kind = 'SIGN_IN_FAILED'::text))),
    CONSTRAINT activity_address_check CHECK (((length(address) >= 1) AND (length(address) <= 64))),
    CONSTRAINT activity_channel_check CHECK ((channel = ANY (ARRAY['console'::text, 'admin'::text, 'command-line'::text]))),
    CONSTRAINT activity_count_check CHECK (((count = 1) OR ((count > 1) AND (kind = 'SIGN_IN_FAILED'::text))))
);

ALTER TABLE ONLY countersign.activity FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.activity OWNER TO countersign_owner;

--
-- Name: TABLE activity; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.activity IS 'Sign-ins, and each change of accounts, roles, keys, policies and suspensions. The rows are kept for 400 days.';

--
-- Name: COLUMN activity.activity_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.activity_number IS 'The row''s number, by which lists are ordered.';

--
-- Name: COLUMN activity.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.operator_id IS 'The operator; NULL for what is the service''s own.';

--
-- Name: COLUMN activity.made_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.made_on IS 'When it was done; of failed sign-ins, the first of the hour.';

--
-- Name: COLUMN activity.kind; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.kind IS 'What was done, such as USER_ADDED.';

--
-- Name: COLUMN activity.channel; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.channel IS 'Where it was done: console, admin, or command-line.';

--
-- Name: COLUMN activity.actor; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.actor IS 'Who did it: the user of the operator (console), the administrator of the service (admin), or the login of the database (command-line); NULL of a failed sign-in.';

--
-- Name: COLUMN activity.subject; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.subject IS 'What it was done to: the name of a user or a key, the code of an operator, or the name of a setting; NULL of a failed sign-in with an unknown name.';

--
-- Name: COLUMN activity.address; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.address IS 'The client''s address, where it is known.';

--
-- Name: COLUMN activity.old_value; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.old_value IS 'The value before, such as a role; never a secret.';

--
-- Name: COLUMN activity.new_value; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.new_value IS 'The value afterwards; never a secret.';

--
-- Name: COLUMN activity.count; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.activity.count IS 'How many times: failed sign-ins have one row for each operator, user, address and hour.';

--
-- Name: activity_activity_number_seq; Type: SEQUENCE; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.activity ALTER COLUMN activity_number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME countersign.activity_activity_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: administrator; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.administrator (
    name text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL COLLATE pg_catalog."C",
    token_generation integer DEFAULT 1 NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    suspended_on timestamp with time zone,
    CONSTRAINT administrator_name_check CHECK ((((length(name) >= 1) AND (length(name) <= 128)) AND (name !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
    CONSTRAINT administrator_token_generation_check CHECK ((token_generation > 0))
);

ALTER TABLE countersign.administrator OWNER TO countersign_owner;

--
-- Name: TABLE administrator; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.administrator IS 'The administrators of the service, who sign in to /admin. They belong to no operator.';

--
-- Name: COLUMN administrator.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.administrator.name IS 'The name at sign-in. Names are not reused.';

--
-- Name: COLUMN administrator.password_hash; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.administrator.password_hash IS 'The scrypt hash of the password with its parameters and salt.';

--
-- Name: COLUMN administrator.token_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.administrator.token_generation IS 'The generation of valid tokens. A new password, a suspension and signing out raise it, which ends every session.';

--
-- Name: COLUMN administrator.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.administrator.created_on IS 'When the administrator was added.';

--
-- Name: COLUMN administrator.suspended_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.administrator.suspended_on IS 'When the administrator was suspended; NULL for an active one.';

--
-- Name: api_key; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.api_key (
    operator_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    key_hash bytea NOT NULL,
    token_generation integer DEFAULT 1 NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    revoked_on timestamp with time zone,
    role text DEFAULT 'decider'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT api_key_key_hash_check CHECK ((length(key_hash) = 32)),
    CONSTRAINT api_key_name_check CHECK ((name ~ '^[!-~]{1,64}$'::text)),
    CONSTRAINT api_key_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'decider'::text, 'administrator'::text])))
);

ALTER TABLE ONLY countersign.api_key FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.api_key OWNER TO countersign_owner;

--
-- Name: TABLE api_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.api_key IS 'What programs of an operator log in with.';

--
-- Name: COLUMN api_key.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.operator_id IS 'The operator for which the key logs in.';

--
-- Name: COLUMN api_key.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.name IS 'The key''s name. It cannot be reused, since the history contains it.';

--
-- Name: COLUMN api_key.key_hash; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.key_hash IS 'The SHA-256 of the key, whose 256 random bits need no dearer hash; never the key.';

--
-- Name: COLUMN api_key.token_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.token_generation IS 'The generation of the key''s tokens, which its revocation raises.';

--
-- Name: COLUMN api_key.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.created_on IS 'When the key was added.';

--
-- Name: COLUMN api_key.revoked_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.revoked_on IS 'When the key was revoked, which is permanent; NULL if it is active.';

--
-- Name: COLUMN api_key.role; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.api_key.role IS 'What the key''s programs may do: `viewer`, `decider` or `administrator`. A change revokes the key''s tokens.';

--
-- Name: batch; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.batch (
    batch_id uuid NOT NULL,
    sequence_number bigint NOT NULL,
    decisions integer NOT NULL,
    CONSTRAINT batch_decisions_check CHECK ((decisions >= 0))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_insert_scale_factor='0.05', autovacuum_vacuum_insert_threshold='10000');

ALTER TABLE countersign.batch OWNER TO countersign_owner;

--
-- Name: TABLE batch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.batch IS 'The transactions that decided, or were kept from it after all; until a day after their publication in the feed.';

--
-- Name: COLUMN batch.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.batch.batch_id IS 'The transaction''s own id, new each time.';

--
-- Name: COLUMN batch.sequence_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.batch.sequence_number IS 'The order of the batches. Of two that decide the same charge, the earlier has the lower number.';

--
-- Name: COLUMN batch.decisions; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.batch.decisions IS 'How many decisions the transaction made, acknowledgements not counted.';

--
-- Name: batch_sequence_number_seq; Type: SEQUENCE; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.batch ALTER COLUMN sequence_number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME countersign.batch_sequence_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: charge_history; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.charge_history (
    operator_id bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    made_by text NOT NULL COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    made_on countersign.moment NOT NULL,
    reference_number text COLLATE pg_catalog."C",
    takes_reference boolean NOT NULL,
    idempotency_key text COLLATE pg_catalog."C",
    batch_id uuid NOT NULL,
    CONSTRAINT charge_history_kind_check CHECK ((kind = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text, 'ACKNOWLEDGED'::text]))),
    CONSTRAINT charge_history_made_by_check CHECK (((made_by = 'operator'::text) OR ((made_by = 'policy'::text) AND (revision = 1)))),
    CONSTRAINT charge_history_reference_number_check CHECK (((length(reference_number) >= 1) AND (length(reference_number) <= 64))),
    CONSTRAINT charge_history_revision_check CHECK (((revision >= 0) AND ((revision = 0) = (kind = 'ACKNOWLEDGED'::text)))),
    CONSTRAINT charge_history_takes_reference_check CHECK (((reference_number IS NOT NULL) OR (NOT takes_reference)))
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_vacuum_insert_threshold='10000', autovacuum_analyze_scale_factor='0.02', autovacuum_analyze_threshold='10000', autovacuum_freeze_min_age='0');

ALTER TABLE ONLY countersign.charge_history FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.charge_history OWNER TO countersign_owner;

--
-- Name: TABLE charge_history; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge_history IS 'Every decision and acknowledgement ever made, one row each; never changed.';

--
-- Name: COLUMN charge_history.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.operator_id IS 'The operator that bills the charge.';

--
-- Name: COLUMN charge_history.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.number IS 'The charge''s number.';

--
-- Name: COLUMN charge_history.revision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.revision IS 'The decision''s number among those of its charge, from 1; 0 for the acknowledgement.';

--
-- Name: COLUMN charge_history.kind; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.kind IS 'What was done: ACCEPTED, DECLINED or ACKNOWLEDGED.';

--
-- Name: COLUMN charge_history.made_by; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.made_by IS 'Who did it: operator or policy.';

--
-- Name: COLUMN charge_history.username; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.username IS 'The user, or key:NAME for an API key; NULL for a policy''s and an imported decision.';

--
-- Name: COLUMN charge_history.made_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.made_on IS 'When it was done.';

--
-- Name: COLUMN charge_history.reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.reference_number IS 'The operator''s own name for the charge, given with it; NULL if none was.';

--
-- Name: COLUMN charge_history.takes_reference; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.takes_reference IS 'Whether this row is the one that made the reference number name this charge. A later decision of the same charge may bear the same reference; it does not take it again.';

--
-- Name: COLUMN charge_history.idempotency_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.idempotency_key IS 'The Idempotency-Key of the call; NULL if it bore none. `file NUMBER CALL` for a call of a decision file.';

--
-- Name: COLUMN charge_history.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_history.batch_id IS 'The transaction that wrote the row; only zeros for the imported decision of a charge that was processed elsewhere, which is not in the feed.';

--
-- Name: charge_number_counter; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.charge_number_counter (
    operator_id bigint NOT NULL,
    next_charge_number bigint DEFAULT 1 NOT NULL,
    CONSTRAINT charge_number_counter_next_charge_number_check CHECK ((next_charge_number > 0))
);

ALTER TABLE ONLY countersign.charge_number_counter FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.charge_number_counter OWNER TO countersign_owner;

--
-- Name: TABLE charge_number_counter; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge_number_counter IS 'Each operator''s own counter of charge numbers, so that no operator can count another''s.';

--
-- Name: COLUMN charge_number_counter.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_number_counter.operator_id IS 'The operator whose charges are numbered.';

--
-- Name: COLUMN charge_number_counter.next_charge_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_number_counter.next_charge_number IS 'The first number that was never drawn. Charges may have it nevertheless, from an import. It is never lowered.';

--
-- Name: charge_outcome; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.charge_outcome (
    operator_id bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    made_on countersign.moment NOT NULL,
    batch_id uuid NOT NULL,
    CONSTRAINT charge_outcome_outcome_check CHECK ((outcome = ANY (ARRAY['APPROVED'::text, 'DECLINED'::text, 'BAD_REQUEST'::text, 'REJECTED'::text])))
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_vacuum_insert_threshold='10000', autovacuum_freeze_min_age='0');

ALTER TABLE ONLY countersign.charge_outcome FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.charge_outcome OWNER TO countersign_owner;

--
-- Name: TABLE charge_outcome; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge_outcome IS 'Every outcome that the provider gave here, one row each; never changed. Charges that were processed elsewhere have none.';

--
-- Name: COLUMN charge_outcome.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_outcome.operator_id IS 'The operator that bills the charge.';

--
-- Name: COLUMN charge_outcome.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_outcome.number IS 'The charge''s number.';

--
-- Name: COLUMN charge_outcome.outcome; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_outcome.outcome IS 'The final status: APPROVED, DECLINED, BAD_REQUEST or REJECTED.';

--
-- Name: COLUMN charge_outcome.made_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_outcome.made_on IS 'When the provider gave it.';

--
-- Name: COLUMN charge_outcome.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.charge_outcome.batch_id IS 'The transaction that wrote the row.';

--
-- Name: decision_file; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.decision_file (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    name text COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    state text DEFAULT 'RECEIVED'::text NOT NULL COLLATE pg_catalog."C",
    uploaded_by text NOT NULL COLLATE pg_catalog."C",
    uploaded_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    idempotency_key text COLLATE pg_catalog."C",
    file_digest bytea NOT NULL,
    rows integer NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    operator_generation integer NOT NULL,
    login_generation integer NOT NULL,
    checked_rows integer DEFAULT 0 NOT NULL,
    called_rows integer DEFAULT 0 NOT NULL,
    decided_rows integer DEFAULT 0 NOT NULL,
    started_on timestamp with time zone,
    finished_on timestamp with time zone,
    pause_reason text COLLATE pg_catalog."C",
    cancelled_by text COLLATE pg_catalog."C",
    fault_line integer,
    fault text COLLATE pg_catalog."C",
    worker uuid,
    heartbeat_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT decision_file_action_check CHECK ((action = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text, 'ACKNOWLEDGED'::text]))),
    CONSTRAINT decision_file_cancelled_by_check CHECK (((state <> 'CANCELLED'::text) OR (cancelled_by IS NOT NULL))),
    CONSTRAINT decision_file_decided_rows_check CHECK (((decided_rows >= 0) AND (called_rows >= decided_rows) AND (called_rows <= rows))),
    CONSTRAINT decision_file_fault_check CHECK (((fault IS NULL) = (state <> 'FAILED'::text))),
    CONSTRAINT decision_file_file_digest_check CHECK ((length(file_digest) = 32)),
    CONSTRAINT decision_file_finished_on_check CHECK (((finished_on IS NULL) = (state <> ALL (ARRAY['DONE'::text, 'CANCELLED'::text, 'FAILED'::text])))),
    CONSTRAINT decision_file_idempotency_key_check CHECK ((idempotency_key ~ '^[!-~]{1,128}$'::text)),
    CONSTRAINT decision_file_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128))),
    CONSTRAINT decision_file_number_check CHECK ((number > 0)),
    CONSTRAINT decision_file_pause_reason_check CHECK ((((pause_reason IS NULL) = (state <> 'PAUSED'::text)) AND (pause_reason = ANY (ARRAY['OPERATOR_SUSPENDED'::text, 'LOGIN_ENDED'::text, 'NOT_PERMITTED'::text])))),
    CONSTRAINT decision_file_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'decider'::text, 'administrator'::text]))),
    CONSTRAINT decision_file_rows_check CHECK (((checked_rows >= 0) AND (checked_rows <= rows))),
    CONSTRAINT decision_file_started_on_check CHECK (((started_on IS NOT NULL) OR (called_rows = 0))),
    CONSTRAINT decision_file_state_check CHECK ((state = ANY (ARRAY['RECEIVED'::text, 'CHECKED'::text, 'RUNNING'::text, 'PAUSED'::text, 'DONE'::text, 'CANCELLED'::text, 'FAILED'::text])))
);

ALTER TABLE ONLY countersign.decision_file FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.decision_file OWNER TO countersign_owner;

--
-- Name: TABLE decision_file; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.decision_file IS 'The files by which operators decide many charges. Each is kept for seven days.';

--
-- Name: COLUMN decision_file.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.operator_id IS 'The operator.';

--
-- Name: COLUMN decision_file.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.number IS 'The file''s number, from 1. It is never used again, since the keys of the file''s calls have it.';

--
-- Name: COLUMN decision_file.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.name IS 'A name for people; NULL if none was given.';

--
-- Name: COLUMN decision_file.action; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.action IS 'The action on every charge, as the kind in the history: ACCEPTED, DECLINED or ACKNOWLEDGED.';

--
-- Name: COLUMN decision_file.state; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.state IS 'RECEIVED until its dry run, then CHECKED, RUNNING, PAUSED, DONE or CANCELLED; FAILED if it cannot be read.';

--
-- Name: COLUMN decision_file.uploaded_by; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.uploaded_by IS 'The user that uploaded it, or key:NAME.';

--
-- Name: COLUMN decision_file.uploaded_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.uploaded_on IS 'When it was uploaded. It is deleted seven days later.';

--
-- Name: COLUMN decision_file.idempotency_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.idempotency_key IS 'The Idempotency-Key of the upload; NULL if it had none.';

--
-- Name: COLUMN decision_file.file_digest; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.file_digest IS 'The SHA-256 of the file.';

--
-- Name: COLUMN decision_file.rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.rows IS 'The number of the file''s rows.';

--
-- Name: COLUMN decision_file.username; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.username IS 'The login under which it is carried out: that of the upload, then of who started or resumed it last.';

--
-- Name: COLUMN decision_file.role; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.role IS 'The role of that login then.';

--
-- Name: COLUMN decision_file.operator_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.operator_generation IS 'The operator''s token generation that the login''s token carried.';

--
-- Name: COLUMN decision_file.login_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.login_generation IS 'The login''s token generation that its token carried. The file is paused once either has passed.';

--
-- Name: COLUMN decision_file.checked_rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.checked_rows IS 'The number of rows that the dry run has passed.';

--
-- Name: COLUMN decision_file.called_rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.called_rows IS 'The number of rows up to the end of the last call that was begun.';

--
-- Name: COLUMN decision_file.decided_rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.decided_rows IS 'The number of rows whose outcomes are stored. Where it is less than called_rows, a call is under way or was lost.';

--
-- Name: COLUMN decision_file.started_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.started_on IS 'When it was first started; NULL before.';

--
-- Name: COLUMN decision_file.finished_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.finished_on IS 'When it was done, cancelled or failed; NULL before.';

--
-- Name: COLUMN decision_file.pause_reason; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.pause_reason IS 'Why it is paused: OPERATOR_SUSPENDED, LOGIN_ENDED or NOT_PERMITTED; NULL unless it is.';

--
-- Name: COLUMN decision_file.cancelled_by; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.cancelled_by IS 'Who cancelled it; NULL if nobody did. A call that was under way is resolved before the file is CANCELLED.';

--
-- Name: COLUMN decision_file.fault_line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.fault_line IS 'The line at which the file cannot be read; NULL for the file as a whole.';

--
-- Name: COLUMN decision_file.fault; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.fault IS 'Why the file cannot be read, for a person; NULL if it can.';

--
-- Name: COLUMN decision_file.worker; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.worker IS 'The node that works on it, by a random number of its own; NULL if none does.';

--
-- Name: COLUMN decision_file.heartbeat_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file.heartbeat_on IS 'When the worker last began or ended a part of the work. Another one takes over from a worker that is silent.';

--
-- Name: decision_file_row; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.decision_file_row (
    operator_id bigint NOT NULL,
    file_number integer NOT NULL,
    "position" integer NOT NULL,
    line integer NOT NULL,
    number text COLLATE pg_catalog."C",
    billing_system_customer_identifier text COLLATE pg_catalog."C",
    reference_number text COLLATE pg_catalog."C",
    fault text COLLATE pg_catalog."C",
    expected_result text COLLATE pg_catalog."C",
    expected_description text COLLATE pg_catalog."C",
    result text COLLATE pg_catalog."C",
    description text COLLATE pg_catalog."C",
    decided_on timestamp with time zone,
    revision integer,
    CONSTRAINT decision_file_row_decided_on_check CHECK (((decided_on IS NOT NULL) = (NOT (result IS DISTINCT FROM 'OK'::text)))),
    CONSTRAINT decision_file_row_fault_check CHECK (((fault IS NULL) OR ((expected_result IS NULL) AND (result IS NULL)))),
    CONSTRAINT decision_file_row_number_check CHECK (((number IS NOT NULL) OR (fault IS NOT NULL))),
    CONSTRAINT decision_file_row_position_check CHECK (("position" > 0))
)
WITH (fillfactor='50');

ALTER TABLE ONLY countersign.decision_file_row FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.decision_file_row OWNER TO countersign_owner;

--
-- Name: TABLE decision_file_row; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.decision_file_row IS 'The rows of the decision files.';

--
-- Name: COLUMN decision_file_row.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.operator_id IS 'The operator.';

--
-- Name: COLUMN decision_file_row.file_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.file_number IS 'The file''s number.';

--
-- Name: COLUMN decision_file_row."position"; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row."position" IS 'The row''s place among those of its file, from 1. Each 50 of them are a call.';

--
-- Name: COLUMN decision_file_row.line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.line IS 'The row''s line in the file, counted from 1.';

--
-- Name: COLUMN decision_file_row.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.number IS 'The charge''s number as the file has it; NULL if it has none, or none that can be stored.';

--
-- Name: COLUMN decision_file_row.billing_system_customer_identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.billing_system_customer_identifier IS 'The customer as the file has it; NULL if it has none, and the charge''s own is meant.';

--
-- Name: COLUMN decision_file_row.reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.reference_number IS 'The reference number as the file has it; NULL if it has none, or none that can be stored.';

--
-- Name: COLUMN decision_file_row.fault; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.fault IS 'What is wrong with the row, so that no call has it; NULL if nothing is.';

--
-- Name: COLUMN decision_file_row.expected_result; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.expected_result IS 'What the dry run said: OK, or the code of a failure; NULL before it.';

--
-- Name: COLUMN decision_file_row.expected_description; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.expected_description IS 'The description of the failure that the dry run said; NULL if it said none.';

--
-- Name: COLUMN decision_file_row.result; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.result IS 'The outcome: OK for a decision or acknowledgement that was made, else the code of the failure; NULL before it.';

--
-- Name: COLUMN decision_file_row.description; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.description IS 'The description of the failure; NULL if there is none.';

--
-- Name: COLUMN decision_file_row.decided_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.decided_on IS 'When the decision or acknowledgement was made; NULL if it was not.';

--
-- Name: COLUMN decision_file_row.revision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.decision_file_row.revision IS 'The decision''s number among those of its charge; NULL for an acknowledgement, and if none was made.';

--
-- Name: event_batch; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.event_batch (
    operator_id bigint NOT NULL,
    last_event_number bigint NOT NULL,
    events integer NOT NULL,
    batch_id uuid NOT NULL,
    published_on timestamp with time zone NOT NULL,
    CONSTRAINT event_batch_events_check CHECK (((events > 0) AND (last_event_number >= events)))
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_vacuum_insert_threshold='10000', autovacuum_freeze_min_age='0');

ALTER TABLE ONLY countersign.event_batch FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.event_batch OWNER TO countersign_owner;

--
-- Name: TABLE event_batch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.event_batch IS 'The numbers of each operator''s events: a row for each batch and operator. Decisions, outcomes and acknowledgements are events.';

--
-- Name: COLUMN event_batch.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.event_batch.operator_id IS 'The operator whose events are numbered.';

--
-- Name: COLUMN event_batch.last_event_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.event_batch.last_event_number IS 'The number of the batch''s last event of the operator.';

--
-- Name: COLUMN event_batch.events; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.event_batch.events IS 'How many events of the operator the batch has.';

--
-- Name: COLUMN event_batch.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.event_batch.batch_id IS 'The batch, whose events are rows of charge_history or of charge_outcome.';

--
-- Name: COLUMN event_batch.published_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.event_batch.published_on IS 'When the events got their numbers. It never decreases from one number to the next.';

--
-- Name: failed_item_count; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.failed_item_count (
    operator_id bigint NOT NULL,
    counted_on timestamp with time zone NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    error_code text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    CONSTRAINT failed_item_count_count_check CHECK ((count > 0)),
    CONSTRAINT failed_item_count_counted_on_check CHECK (((date_trunc('hour'::text, counted_on, 'UTC'::text) = counted_on) AND isfinite(counted_on))),
    CONSTRAINT failed_item_count_error_code_check CHECK ((error_code ~ '^[A-Z_]{1,64}$'::text)),
    CONSTRAINT failed_item_count_kind_check CHECK ((kind = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text, 'ACKNOWLEDGED'::text])))
)
WITH (fillfactor='50');

ALTER TABLE ONLY countersign.failed_item_count FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.failed_item_count OWNER TO countersign_owner;

--
-- Name: TABLE failed_item_count; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.failed_item_count IS 'How many items failed, by operator, hour, kind and code.';

--
-- Name: COLUMN failed_item_count.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.failed_item_count.operator_id IS 'The operator whose calls had the items.';

--
-- Name: COLUMN failed_item_count.counted_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.failed_item_count.counted_on IS 'The hour, by this server''s clock, in which the count was added.';

--
-- Name: COLUMN failed_item_count.kind; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.failed_item_count.kind IS 'The requested kind: ACCEPTED, DECLINED or ACKNOWLEDGED.';

--
-- Name: COLUMN failed_item_count.error_code; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.failed_item_count.error_code IS 'The items'' error_code.';

--
-- Name: COLUMN failed_item_count.count; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.failed_item_count.count IS 'How many items failed so.';

--
-- Name: feed; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.feed (
    singleton boolean DEFAULT true NOT NULL,
    epoch text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text) NOT NULL COLLATE pg_catalog."C",
    last_position bigint DEFAULT 0 NOT NULL,
    last_published_on timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    seen pg_snapshot,
    last_purged_position bigint DEFAULT 0 NOT NULL,
    CONSTRAINT feed_epoch_check CHECK ((epoch ~ '^[0-9a-f]{32}$'::text)),
    CONSTRAINT feed_singleton_check CHECK (singleton)
);

ALTER TABLE countersign.feed OWNER TO countersign_owner;

--
-- Name: TABLE feed; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.feed IS 'How far the feed has come, and which feed it is; one row.';

--
-- Name: COLUMN feed.singleton; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.singleton IS 'True: the table has one row.';

--
-- Name: COLUMN feed.epoch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.epoch IS 'The feed''s epoch. It is changed after a restore or a failover with loss; earlier cursors are refused then.';

--
-- Name: COLUMN feed.last_position; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.last_position IS 'The position of the last published decision; 0 before the first.';

--
-- Name: COLUMN feed.last_published_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.last_published_on IS 'The time before which nothing is published any more: that of the last publication, or the end of the last statement.';

--
-- Name: COLUMN feed.seen; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.seen IS 'The snapshot of the last publication. All decisions that were committed by then are published.';

--
-- Name: COLUMN feed.last_purged_position; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.feed.last_purged_position IS 'The position of the last published batch whose row in batch was deleted; 0 before the first.';

--
-- Name: heartbeat; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.heartbeat (
    singleton boolean DEFAULT true NOT NULL,
    last_heartbeat_on timestamp with time zone,
    outage_ended_on timestamp with time zone,
    CONSTRAINT heartbeat_last_heartbeat_on_check CHECK (isfinite(last_heartbeat_on)),
    CONSTRAINT heartbeat_outage_ended_on_check CHECK (isfinite(outage_ended_on)),
    CONSTRAINT heartbeat_singleton_check CHECK (singleton)
);

ALTER TABLE countersign.heartbeat OWNER TO countersign_owner;

--
-- Name: TABLE heartbeat; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.heartbeat IS 'When the service was last there, and when it last came back; one row.';

--
-- Name: COLUMN heartbeat.singleton; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.heartbeat.singleton IS 'True: the table has one row.';

--
-- Name: COLUMN heartbeat.last_heartbeat_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.heartbeat.last_heartbeat_on IS 'The last heartbeat of any node.';

--
-- Name: COLUMN heartbeat.outage_ended_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.heartbeat.outage_ended_on IS 'The end of the last outage of more than a minute; NULL if there was none.';

--
-- Name: migration; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.migration (
    number integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    checksum bytea NOT NULL,
    oldest_build integer NOT NULL,
    applied_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT migration_checksum_check CHECK ((length(checksum) = 32))
);

ALTER TABLE countersign.migration OWNER TO countersign_owner;

--
-- Name: TABLE migration; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.migration IS 'The migrations applied to this database, one row each.';

--
-- Name: COLUMN migration.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.migration.number IS 'The migration''s number, from 1.';

--
-- Name: COLUMN migration.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.migration.name IS 'The name of its file, without the number.';

--
-- Name: COLUMN migration.checksum; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.migration.checksum IS 'The SHA-256 of the file. It reveals a migration that was edited after its release.';

--
-- Name: COLUMN migration.oldest_build; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.migration.oldest_build IS 'The oldest build that may run once the migration is applied.';

--
-- Name: COLUMN migration.applied_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.migration.applied_on IS 'When the migration was applied.';

--
-- Name: node_status; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.node_status (
    name text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    build integer NOT NULL,
    database_role text NOT NULL COLLATE pg_catalog."C",
    open_connections integer NOT NULL,
    busy_connections integer NOT NULL,
    maximum_connections integer NOT NULL,
    waiting_for_connections integer NOT NULL,
    queued_calls integer NOT NULL,
    unknown_outcomes bigint NOT NULL,
    started_on timestamp with time zone NOT NULL,
    last_seen_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT node_status_counts_check CHECK ((LEAST((open_connections)::bigint, (busy_connections)::bigint, (maximum_connections)::bigint, (waiting_for_connections)::bigint, (queued_calls)::bigint, unknown_outcomes) >= 0)),
    CONSTRAINT node_status_database_role_check CHECK ((database_role = ANY (ARRAY['primary'::text, 'standby'::text]))),
    CONSTRAINT node_status_name_check CHECK (((length(name) >= 1) AND (length(name) <= 320)))
);

ALTER TABLE countersign.node_status OWNER TO countersign_owner;

--
-- Name: TABLE node_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.node_status IS 'What each node says of itself every few seconds. A row that nobody has written for a day is deleted.';

--
-- Name: COLUMN node_status.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.name IS 'The node''s name.';

--
-- Name: COLUMN node_status.version; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.version IS 'The version of its build.';

--
-- Name: COLUMN node_status.build; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.build IS 'The number of its build, which says what it needs of the schema.';

--
-- Name: COLUMN node_status.database_role; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.database_role IS 'Whether the server that it wrote this to was a primary or a standby.';

--
-- Name: COLUMN node_status.open_connections; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.open_connections IS 'The connections of its pools.';

--
-- Name: COLUMN node_status.busy_connections; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.busy_connections IS 'How many of them work.';

--
-- Name: COLUMN node_status.maximum_connections; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.maximum_connections IS 'How many they may be at most.';

--
-- Name: COLUMN node_status.waiting_for_connections; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.waiting_for_connections IS 'How many calls wait for one.';

--
-- Name: COLUMN node_status.queued_calls; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.queued_calls IS 'How many calls wait to be decided in a batch.';

--
-- Name: COLUMN node_status.unknown_outcomes; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.unknown_outcomes IS 'How many commits, since it started, whose answer was lost and whose outcome it could not find out.';

--
-- Name: COLUMN node_status.started_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.started_on IS 'When it started.';

--
-- Name: COLUMN node_status.last_seen_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.node_status.last_seen_on IS 'When it last wrote the row, by the database''s clock.';

--
-- Name: operator_operator_id_seq; Type: SEQUENCE; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.operator ALTER COLUMN operator_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME countersign.operator_operator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: operator_user; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.operator_user (
    operator_id bigint NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL COLLATE pg_catalog."C",
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    suspended_on timestamp with time zone,
    token_generation integer DEFAULT 1 NOT NULL,
    role text DEFAULT 'decider'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT operator_user_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'decider'::text, 'administrator'::text]))),
    CONSTRAINT operator_user_username_check CHECK ((((length(username) >= 1) AND (length(username) <= 128)) AND (username !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
    CONSTRAINT operator_user_username_key_check CHECK ((username !~~ 'key:%'::text))
);

ALTER TABLE ONLY countersign.operator_user FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.operator_user OWNER TO countersign_owner;

--
-- Name: TABLE operator_user; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.operator_user IS 'A person or program that logs in for an operator.';

--
-- Name: COLUMN operator_user.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.operator_id IS 'The operator for which the user logs in.';

--
-- Name: COLUMN operator_user.username; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.username IS 'The name to log in with, unique per operator; it has no control characters.';

--
-- Name: COLUMN operator_user.password_hash; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.password_hash IS 'A memory-hard hash with its parameters in one string; never the password.';

--
-- Name: COLUMN operator_user.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.created_on IS 'When the user was added.';

--
-- Name: COLUMN operator_user.suspended_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.suspended_on IS 'Since when the user is suspended; NULL if it is not.';

--
-- Name: COLUMN operator_user.token_generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.token_generation IS 'The generation of the user''s tokens, which a new password and a suspension raise.';

--
-- Name: COLUMN operator_user.role; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.operator_user.role IS 'What the user may do: `viewer`, `decider` or `administrator`. A change revokes the user''s tokens.';

--
-- Name: provider_key; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.provider_key (
    name text NOT NULL COLLATE pg_catalog."C",
    key_hash bytea NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    revoked_on timestamp with time zone,
    CONSTRAINT provider_key_key_hash_check CHECK ((length(key_hash) = 32)),
    CONSTRAINT provider_key_name_check CHECK ((name ~ '^[!-~]{1,64}$'::text))
);

ALTER TABLE countersign.provider_key OWNER TO countersign_owner;

--
-- Name: TABLE provider_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.provider_key IS 'The keys with which the provider''s bridge calls.';

--
-- Name: COLUMN provider_key.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.provider_key.name IS 'The key''s name.';

--
-- Name: COLUMN provider_key.key_hash; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.provider_key.key_hash IS 'The SHA-256 of the key, which has 256 random bits; never the key.';

--
-- Name: COLUMN provider_key.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.provider_key.created_on IS 'When the key was added.';

--
-- Name: COLUMN provider_key.revoked_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.provider_key.revoked_on IS 'When the key was revoked; NULL if it is active.';

--
-- Name: published_batch; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.published_batch (
    "position" bigint NOT NULL,
    batch_id uuid NOT NULL,
    published_on timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_vacuum_insert_threshold='10000', autovacuum_freeze_min_age='0');

ALTER TABLE countersign.published_batch OWNER TO countersign_owner;

--
-- Name: TABLE published_batch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.published_batch IS 'The feed: every batch once, by the position of its first decision.';

--
-- Name: COLUMN published_batch."position"; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.published_batch."position" IS 'The position of the batch''s first decision. The others follow in the order of their keys.';

--
-- Name: COLUMN published_batch.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.published_batch.batch_id IS 'The batch, whose decisions are rows of charge_history.';

--
-- Name: COLUMN published_batch.published_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.published_batch.published_on IS 'When the decisions got their positions. It never decreases from one position to the next.';

--
-- Name: reconciliation_closing; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.reconciliation_closing (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    identifier bigint NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    closed_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT reconciliation_closing_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

ALTER TABLE ONLY countersign.reconciliation_closing FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.reconciliation_closing OWNER TO countersign_owner;

--
-- Name: TABLE reconciliation_closing; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.reconciliation_closing IS 'The differences that were closed, permanently.';

--
-- Name: COLUMN reconciliation_closing.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.operator_id IS 'The operator.';

--
-- Name: COLUMN reconciliation_closing.reconciliation_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.reconciliation_number IS 'The reconciliation''s number.';

--
-- Name: COLUMN reconciliation_closing.identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.identifier IS 'The difference''s number.';

--
-- Name: COLUMN reconciliation_closing.reason; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.reason IS 'Why it was closed, in the words of the person who did.';

--
-- Name: COLUMN reconciliation_closing.username; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.username IS 'The user that closed it, or key:NAME; NULL for the command line.';

--
-- Name: COLUMN reconciliation_closing.closed_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_closing.closed_on IS 'When it was closed.';

--
-- Name: reconciliation_difference; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.reconciliation_difference (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    identifier bigint NOT NULL,
    class text NOT NULL COLLATE pg_catalog."C",
    line bigint,
    reason text COLLATE pg_catalog."C",
    fields text[] NOT NULL COLLATE pg_catalog."C",
    other_number text COLLATE pg_catalog."C",
    there_number text COLLATE pg_catalog."C",
    there_reference_number text COLLATE pg_catalog."C",
    there_customer text COLLATE pg_catalog."C",
    there_amount numeric,
    there_currency text COLLATE pg_catalog."C",
    there_local_currency_amount numeric,
    there_local_currency text COLLATE pg_catalog."C",
    there_decision text COLLATE pg_catalog."C",
    there_charge_status text COLLATE pg_catalog."C",
    here_number text COLLATE pg_catalog."C",
    here_reference_number text COLLATE pg_catalog."C",
    here_customer text COLLATE pg_catalog."C",
    here_amount numeric,
    here_currency text COLLATE pg_catalog."C",
    here_local_currency_amount numeric,
    here_local_currency text COLLATE pg_catalog."C",
    here_decision text COLLATE pg_catalog."C",
    here_charge_status text COLLATE pg_catalog."C",
    here_decided_on timestamp with time zone,
    is_imported boolean NOT NULL,
    CONSTRAINT reconciliation_difference_class_check CHECK ((class = ANY (ARRAY['MALFORMED'::text, 'DUPLICATE_THERE'::text, 'ONLY_THERE'::text, 'REFERENCE_DIFFERS'::text, 'CUSTOMER_DIFFERS'::text, 'CURRENCY_DIFFERS'::text, 'AMOUNT_DIFFERS'::text, 'DECISION_DIFFERS'::text, 'OTHER_PERIOD'::text, 'STATUS_DIFFERS'::text, 'ONLY_HERE'::text])))
);

ALTER TABLE ONLY countersign.reconciliation_difference FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.reconciliation_difference OWNER TO countersign_owner;

--
-- Name: TABLE reconciliation_difference; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.reconciliation_difference IS 'The differences that reconciliations found: the first 100,000 of each.';

--
-- Name: COLUMN reconciliation_difference.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.operator_id IS 'The operator.';

--
-- Name: COLUMN reconciliation_difference.reconciliation_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.reconciliation_number IS 'The reconciliation''s number.';

--
-- Name: COLUMN reconciliation_difference.identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.identifier IS 'The difference''s number, from 1, without gaps.';

--
-- Name: COLUMN reconciliation_difference.class; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.class IS 'The class, such as AMOUNT_DIFFERS.';

--
-- Name: COLUMN reconciliation_difference.line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.line IS 'The row''s line in the file, counted from 1; NULL for a charge that no row pairs with.';

--
-- Name: COLUMN reconciliation_difference.reason; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.reason IS 'What is wrong with a malformed row; NULL for any other.';

--
-- Name: COLUMN reconciliation_difference.fields; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.fields IS 'The names of the columns in which the sides differ.';

--
-- Name: COLUMN reconciliation_difference.other_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.other_number IS 'The other charge that the row''s reference names; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.there_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_number IS 'The row''s number, as the file has it.';

--
-- Name: COLUMN reconciliation_difference.there_reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_reference_number IS 'The row''s reference number; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.there_customer; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_customer IS 'The row''s customer.';

--
-- Name: COLUMN reconciliation_difference.there_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_amount IS 'The row''s amount, in currency.';

--
-- Name: COLUMN reconciliation_difference.there_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_currency IS 'The row''s currency.';

--
-- Name: COLUMN reconciliation_difference.there_local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_local_currency_amount IS 'The row''s amount in the local currency.';

--
-- Name: COLUMN reconciliation_difference.there_local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_local_currency IS 'The row''s local currency.';

--
-- Name: COLUMN reconciliation_difference.there_decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_decision IS 'The row''s decision.';

--
-- Name: COLUMN reconciliation_difference.there_charge_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.there_charge_status IS 'The row''s status.';

--
-- Name: COLUMN reconciliation_difference.here_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_number IS 'The charge''s number; NULL if no charge of the operator pairs with the row.';

--
-- Name: COLUMN reconciliation_difference.here_reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_reference_number IS 'The charge''s reference number; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.here_customer; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_customer IS 'The charge''s customer.';

--
-- Name: COLUMN reconciliation_difference.here_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_amount IS 'The charge''s amount, in currency.';

--
-- Name: COLUMN reconciliation_difference.here_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_currency IS 'The charge''s currency.';

--
-- Name: COLUMN reconciliation_difference.here_local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_local_currency_amount IS 'The charge''s amount in the local currency.';

--
-- Name: COLUMN reconciliation_difference.here_local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_local_currency IS 'The charge''s local currency.';

--
-- Name: COLUMN reconciliation_difference.here_decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_decision IS 'The charge''s decision.';

--
-- Name: COLUMN reconciliation_difference.here_charge_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_charge_status IS 'The charge''s status.';

--
-- Name: COLUMN reconciliation_difference.here_decided_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.here_decided_on IS 'When the charge''s decision was made; NULL if it is undecided.';

--
-- Name: COLUMN reconciliation_difference.is_imported; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_difference.is_imported IS 'Whether the charge was imported.';

--
-- Name: reconciliation_row; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE UNLOGGED TABLE countersign.reconciliation_row (
    reconciliation_operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    line bigint NOT NULL,
    charge_number text NOT NULL COLLATE pg_catalog."C",
    number text COLLATE pg_catalog."C",
    reference_number text COLLATE pg_catalog."C",
    customer text COLLATE pg_catalog."C",
    amount numeric,
    currency text COLLATE pg_catalog."C",
    local_currency_amount numeric,
    local_currency text COLLATE pg_catalog."C",
    decision text COLLATE pg_catalog."C",
    charge_status text COLLATE pg_catalog."C",
    fault text COLLATE pg_catalog."C"
);

ALTER TABLE countersign.reconciliation_row OWNER TO countersign_owner;

--
-- Name: TABLE reconciliation_row; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.reconciliation_row IS 'The rows of the files that are being compared. A value is NULL where the row has none, or none that can be read.';

--
-- Name: COLUMN reconciliation_row.reconciliation_operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.reconciliation_operator_id IS 'The reconciliation''s operator.';

--
-- Name: COLUMN reconciliation_row.reconciliation_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.reconciliation_number IS 'The reconciliation''s number.';

--
-- Name: COLUMN reconciliation_row.line; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.line IS 'The row''s line in the file, counted from 1.';

--
-- Name: COLUMN reconciliation_row.charge_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.charge_number IS 'The charge that the row names, existing or not; empty if it names none.';

--
-- Name: COLUMN reconciliation_row.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.number IS 'The row''s number, as the file has it.';

--
-- Name: COLUMN reconciliation_row.reference_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.reference_number IS 'The row''s reference number; NULL if there is none.';

--
-- Name: COLUMN reconciliation_row.customer; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.customer IS 'The row''s customer.';

--
-- Name: COLUMN reconciliation_row.amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.amount IS 'The row''s amount, in currency.';

--
-- Name: COLUMN reconciliation_row.currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.currency IS 'The row''s currency.';

--
-- Name: COLUMN reconciliation_row.local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.local_currency_amount IS 'The row''s amount in the local currency.';

--
-- Name: COLUMN reconciliation_row.local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.local_currency IS 'The row''s local currency.';

--
-- Name: COLUMN reconciliation_row.decision; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.decision IS 'The row''s decision.';

--
-- Name: COLUMN reconciliation_row.charge_status; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.charge_status IS 'The row''s status.';

--
-- Name: COLUMN reconciliation_row.fault; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_row.fault IS 'What is wrong with the row; NULL if nothing is.';

--
-- Name: reconciliation_total; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.reconciliation_total (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    class text NOT NULL COLLATE pg_catalog."C",
    side text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    local_currency text NOT NULL COLLATE pg_catalog."C",
    rows bigint NOT NULL,
    amount numeric,
    local_currency_amount numeric,
    amount_difference numeric,
    local_currency_amount_difference numeric,
    CONSTRAINT reconciliation_total_class_check CHECK ((class = ANY (ARRAY['MALFORMED'::text, 'DUPLICATE_THERE'::text, 'ONLY_THERE'::text, 'REFERENCE_DIFFERS'::text, 'CUSTOMER_DIFFERS'::text, 'CURRENCY_DIFFERS'::text, 'AMOUNT_DIFFERS'::text, 'DECISION_DIFFERS'::text, 'OTHER_PERIOD'::text, 'STATUS_DIFFERS'::text, 'MATCHED'::text, 'ONLY_HERE'::text]))),
    CONSTRAINT reconciliation_total_rows_check CHECK ((rows > 0)),
    CONSTRAINT reconciliation_total_side_check CHECK ((side = ANY (ARRAY['HERE'::text, 'THERE'::text])))
);

ALTER TABLE ONLY countersign.reconciliation_total FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.reconciliation_total OWNER TO countersign_owner;

--
-- Name: TABLE reconciliation_total; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.reconciliation_total IS 'The numbers and sums of a reconciliation, by class, side and pair of currencies.';

--
-- Name: COLUMN reconciliation_total.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.operator_id IS 'The operator.';

--
-- Name: COLUMN reconciliation_total.reconciliation_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.reconciliation_number IS 'The reconciliation''s number.';

--
-- Name: COLUMN reconciliation_total.class; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.class IS 'The class of the rows and charges, such as ONLY_HERE.';

--
-- Name: COLUMN reconciliation_total.side; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.side IS 'THERE for rows of the file, HERE for charges of the period.';

--
-- Name: COLUMN reconciliation_total.currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.currency IS 'The currency of amount; empty where it is not known.';

--
-- Name: COLUMN reconciliation_total.local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.local_currency IS 'The currency of local_currency_amount; empty where it is not known.';

--
-- Name: COLUMN reconciliation_total.rows; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.rows IS 'How many rows or charges there are.';

--
-- Name: COLUMN reconciliation_total.amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.amount IS 'The sum of their amounts; NULL if none has one.';

--
-- Name: COLUMN reconciliation_total.local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.local_currency_amount IS 'The sum of their amounts in the local currency; NULL if none has one.';

--
-- Name: COLUMN reconciliation_total.amount_difference; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.amount_difference IS 'The sum of the amounts of the file less those here, over all paired rows of equal currency; NULL for HERE.';

--
-- Name: COLUMN reconciliation_total.local_currency_amount_difference; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.reconciliation_total.local_currency_amount_difference IS 'The same for the amounts in the local currency.';

--
-- Name: signing_key; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.signing_key (
    identifier text NOT NULL COLLATE pg_catalog."C",
    secret bytea NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    signs_from timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT signing_key_secret_check CHECK ((length(secret) = 32))
);

ALTER TABLE countersign.signing_key OWNER TO countersign_owner;

--
-- Name: TABLE signing_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.signing_key IS 'The keys that sign tokens, shared by all nodes; the newest of those whose time has come signs.';

--
-- Name: COLUMN signing_key.identifier; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.signing_key.identifier IS 'The `kid` of the tokens that the key signs.';

--
-- Name: COLUMN signing_key.secret; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.signing_key.secret IS 'The key itself, 32 random bytes. Nodes read it; neither administration nor reports can.';

--
-- Name: COLUMN signing_key.created_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.signing_key.created_on IS 'When the key was made.';

--
-- Name: COLUMN signing_key.signs_from; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.signing_key.signs_from IS 'From when on the key signs: a few seconds after it was made, when every node knows it.';

--
-- Name: statement; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.statement (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    begins_on timestamp with time zone NOT NULL,
    ends_on timestamp with time zone NOT NULL,
    first_event_number bigint NOT NULL,
    last_event_number bigint NOT NULL,
    closed_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    other_predecessor bytea,
    digest bytea,
    CONSTRAINT statement_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT statement_ends_on_check CHECK ((ends_on > begins_on)),
    CONSTRAINT statement_last_event_number_check CHECK (((first_event_number > 0) AND (last_event_number >= (first_event_number - 1)))),
    CONSTRAINT statement_number_check CHECK ((number > 0)),
    CONSTRAINT statement_other_predecessor_check CHECK ((length(other_predecessor) = 32))
);

ALTER TABLE ONLY countersign.statement FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.statement OWNER TO countersign_owner;

--
-- Name: TABLE statement; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.statement IS 'The statements: each a closed run of an operator''s events, which never changes.';

--
-- Name: COLUMN statement.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.operator_id IS 'The operator.';

--
-- Name: COLUMN statement.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.number IS 'The statement''s number, from 1. Where it does not follow the one before, a restore lost what was between.';

--
-- Name: COLUMN statement.begins_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.begins_on IS 'Its events were published at this time or later.';

--
-- Name: COLUMN statement.ends_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.ends_on IS 'Its events were published before this time.';

--
-- Name: COLUMN statement.first_event_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.first_event_number IS 'The number of its first event; that of the next event if it has none.';

--
-- Name: COLUMN statement.last_event_number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.last_event_number IS 'The number of its last event; one less than the first if it has none.';

--
-- Name: COLUMN statement.closed_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.closed_on IS 'When it was closed.';

--
-- Name: COLUMN statement.other_predecessor; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.other_predecessor IS 'The digest of the last statement that was known elsewhere, after a restore that lost data; NULL otherwise.';

--
-- Name: COLUMN statement.digest; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement.digest IS 'The SHA-256 that proves the statement and all before it; NULL until it is computed, soon after closing.';

--
-- Name: statement_schedule; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.statement_schedule (
    operator_id bigint NOT NULL,
    next_end_on timestamp with time zone NOT NULL,
    resume_after integer,
    resume_digest bytea,
    CONSTRAINT statement_schedule_resume_after_check CHECK ((resume_after > 0)),
    CONSTRAINT statement_schedule_resume_digest_check CHECK (((length(resume_digest) = 32) AND (num_nulls(resume_after, resume_digest) = ANY (ARRAY[0, 2]))))
);

ALTER TABLE ONLY countersign.statement_schedule FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.statement_schedule OWNER TO countersign_owner;

--
-- Name: TABLE statement_schedule; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.statement_schedule IS 'When each operator''s statement under way ends. A new zone counts from there on.';

--
-- Name: COLUMN statement_schedule.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_schedule.operator_id IS 'The operator.';

--
-- Name: COLUMN statement_schedule.next_end_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_schedule.next_end_on IS 'The end of the statement under way, unless it is closed earlier by hand.';

--
-- Name: COLUMN statement_schedule.resume_after; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_schedule.resume_after IS 'The number of the last statement that was known elsewhere, after a restore that lost it; NULL otherwise.';

--
-- Name: COLUMN statement_schedule.resume_digest; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_schedule.resume_digest IS 'The digest of that statement.';

--
-- Name: statement_total; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.statement_total (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    event text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    local_currency text NOT NULL COLLATE pg_catalog."C",
    events bigint NOT NULL,
    amount numeric NOT NULL,
    local_currency_amount numeric NOT NULL,
    CONSTRAINT statement_total_events_check CHECK ((events > 0))
);

ALTER TABLE ONLY countersign.statement_total FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.statement_total OWNER TO countersign_owner;

--
-- Name: TABLE statement_total; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.statement_total IS 'The totals of the statements, by event and pair of currencies.';

--
-- Name: COLUMN statement_total.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.operator_id IS 'The operator.';

--
-- Name: COLUMN statement_total.number; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.number IS 'The statement''s number.';

--
-- Name: COLUMN statement_total.event; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.event IS 'The kind of event, such as DECISION_ACCEPTED.';

--
-- Name: COLUMN statement_total.currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.currency IS 'The currency of amount.';

--
-- Name: COLUMN statement_total.local_currency; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.local_currency IS 'The currency of local_currency_amount.';

--
-- Name: COLUMN statement_total.events; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.events IS 'How many events of this kind the statement has.';

--
-- Name: COLUMN statement_total.amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.amount IS 'The sum of their charges'' amounts.';

--
-- Name: COLUMN statement_total.local_currency_amount; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.statement_total.local_currency_amount IS 'The sum of their charges'' amounts in the local currency.';

--
-- Name: token_revocation; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.token_revocation (
    operator_id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    generation integer NOT NULL,
    revoked_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    transaction_id bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT token_revocation_generation_check CHECK (((generation >= 0) AND ((generation = 0) = (kind = 'token'::text)))),
    CONSTRAINT token_revocation_kind_check CHECK ((kind = ANY (ARRAY['token'::text, 'login'::text, 'operator'::text])))
);

ALTER TABLE ONLY countersign.token_revocation FORCE ROW LEVEL SECURITY;

ALTER TABLE countersign.token_revocation OWNER TO countersign_owner;

--
-- Name: TABLE token_revocation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.token_revocation IS 'Tokens that are no longer valid, though they have not expired.';

--
-- Name: COLUMN token_revocation.operator_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.operator_id IS 'The operator of the tokens.';

--
-- Name: COLUMN token_revocation.kind; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.kind IS 'The revoked tokens: one (token), those of a user or a key (login), or those of the whole operator (operator).';

--
-- Name: COLUMN token_revocation.name; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.name IS 'The token''s `jti`, the login in the form that tokens carry, or nothing.';

--
-- Name: COLUMN token_revocation.generation; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.generation IS 'The last revoked generation; 0 for one token.';

--
-- Name: COLUMN token_revocation.revoked_on; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.revoked_on IS 'When the tokens were revoked. The row is deleted a day later, when the last of them has expired.';

--
-- Name: COLUMN token_revocation.transaction_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.token_revocation.transaction_id IS 'The number of the transaction that revoked them, by which nodes find new rows.';

--
-- Name: unpublished_batch; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.unpublished_batch (
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    batch_id uuid NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', vacuum_truncate=off);

ALTER TABLE countersign.unpublished_batch OWNER TO countersign_owner;

--
-- Name: TABLE unpublished_batch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.unpublished_batch IS 'Batches whose events have no numbers, and whose decisions have no position in the feed, yet.';

--
-- Name: COLUMN unpublished_batch.transaction_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.unpublished_batch.transaction_id IS 'The transaction that wrote the batch.';

--
-- Name: COLUMN unpublished_batch.batch_id; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON COLUMN countersign.unpublished_batch.batch_id IS 'The batch.';

--
-- Name: activity; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.activity AS
 SELECT activity.operator_id,
    operator.code AS operator,
    activity.activity_number,
    activity.made_on,
    activity.kind,
    activity.channel,
    activity.actor,
    activity.subject,
    activity.address,
    activity.old_value,
    activity.new_value,
    activity.count
   FROM (countersign.activity
     LEFT JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.activity OWNER TO countersign_owner;

--
-- Name: VIEW activity; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.activity IS 'Sign-ins, and each change of accounts, roles, keys, policies and suspensions, of the last 400 days.';

--
-- Name: COLUMN activity.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.operator_id IS 'The operator''s number; NULL for what is the service''s own, such as a provider key.';

--
-- Name: COLUMN activity.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.operator IS 'The operator''s code; NULL for what is the service''s own.';

--
-- Name: COLUMN activity.activity_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.activity_number IS 'The row''s number, in the order of the lists.';

--
-- Name: COLUMN activity.made_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.made_on IS 'When it was done; of failed sign-ins, the first of the hour.';

--
-- Name: COLUMN activity.kind; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.kind IS 'What was done, such as USER_ADDED.';

--
-- Name: COLUMN activity.channel; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.channel IS 'Where it was done: console, admin, or command-line.';

--
-- Name: COLUMN activity.actor; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.actor IS 'The user of the operator (console), the administrator of the service (admin), or the login of the database (command-line).';

--
-- Name: COLUMN activity.subject; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.subject IS 'The user, the key, the operator or the setting.';

--
-- Name: COLUMN activity.address; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.address IS 'The client''s address, where it is known.';

--
-- Name: COLUMN activity.old_value; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.old_value IS 'The value before, such as a role.';

--
-- Name: COLUMN activity.new_value; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.new_value IS 'The value afterwards.';

--
-- Name: COLUMN activity.count; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.activity.count IS 'How many times; more than 1 for failed sign-ins alone.';

--
-- Name: charge; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.charge AS
 SELECT charge.operator_id,
    operator.code AS operator,
    (charge.number)::text AS number,
    (charge.provider_charge_id)::text AS provider_charge_id,
    (charge.billing_system_customer_identifier)::text AS billing_system_customer_identifier,
    (charge.amount)::numeric AS amount,
    (charge.currency)::text AS currency,
    (charge.local_currency_amount)::numeric AS local_currency_amount,
    (charge.local_currency)::text AS local_currency,
    (charge.paid_through_date)::timestamp without time zone AS paid_through_date,
    charge.charge_status,
    (charge.received_on)::timestamp with time zone AS received_on,
    charge.taken_on,
    COALESCE(charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on, charge.set_as_rejected_request_on) AS processed_on,
    charge.acknowledged_on,
    charge.revision,
    COALESCE(charge.decision, 'NONE'::text) AS decision,
    charge.decided_on,
    charge.decision_made_by,
    charge.decision_reference_number,
    countersign.decide_by(charge.*, operator.*) AS decide_by
   FROM (countersign.charge
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.charge OWNER TO countersign_owner;

--
-- Name: VIEW charge; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.charge IS 'Every charge with its status and its current decision.';

--
-- Name: COLUMN charge.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN charge.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.operator IS 'The operator''s code.';

--
-- Name: COLUMN charge.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.number IS 'The charge''s number, unique per operator.';

--
-- Name: COLUMN charge.provider_charge_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.provider_charge_id IS 'The provider''s own name for the charge; NULL if it was imported under its number alone.';

--
-- Name: COLUMN charge.billing_system_customer_identifier; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.billing_system_customer_identifier IS 'The customer, as the operator''s billing system names it.';

--
-- Name: COLUMN charge.amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.amount IS 'What the provider asks, in currency.';

--
-- Name: COLUMN charge.currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.currency IS 'The currency of amount.';

--
-- Name: COLUMN charge.local_currency_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.local_currency_amount IS 'What the customer pays, in local_currency.';

--
-- Name: COLUMN charge.local_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.local_currency IS 'The currency of local_currency_amount.';

--
-- Name: COLUMN charge.paid_through_date; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.paid_through_date IS 'Until when the customer has paid: a calendar value without a zone.';

--
-- Name: COLUMN charge.charge_status; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.charge_status IS 'The provider''s side: PENDING, then APPROVED, DECLINED, BAD_REQUEST or REJECTED permanently.';

--
-- Name: COLUMN charge.received_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.received_on IS 'When the charge came in.';

--
-- Name: COLUMN charge.taken_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.taken_on IS 'Since when the provider processes the charge; NULL before that and after a release.';

--
-- Name: COLUMN charge.processed_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.processed_on IS 'When the charge got its final status; NULL while it is pending.';

--
-- Name: COLUMN charge.acknowledged_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.acknowledged_on IS 'When the operator said that it has seen the final status; NULL until then.';

--
-- Name: COLUMN charge.revision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.revision IS 'How many decisions the charge has had.';

--
-- Name: COLUMN charge.decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.decision IS 'The decision that stands: ACCEPTED, DECLINED, or NONE.';

--
-- Name: COLUMN charge.decided_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.decided_on IS 'When it was made; NULL if there is none.';

--
-- Name: COLUMN charge.decision_made_by; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.decision_made_by IS 'Who made it: operator or policy; NULL if there is none.';

--
-- Name: COLUMN charge.decision_reference_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.decision_reference_number IS 'The operator''s reference given with it; NULL if none was.';

--
-- Name: COLUMN charge.decide_by; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.charge.decide_by IS 'When the operator''s policy may decide: its window, counted from the latest of the charge''s arrival, the last change of the policy and the end of the last suspension. NULL unless the charge is undecided, the operator is not suspended and the policy is not hold. After an outage it may be an hour later.';

--
-- Name: decision; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.decision AS
 SELECT history.operator_id,
    operator.code AS operator,
    history.number,
    history.revision,
    history.kind AS decision,
    history.made_by,
    history.username,
    (history.made_on)::timestamp with time zone AS decided_on,
    history.reference_number,
    history.idempotency_key
   FROM (countersign.charge_history history
     JOIN countersign.operator USING (operator_id))
  WHERE ((history.kind = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text])) AND ( SELECT reporting.has_limits() AS has_limits));

ALTER TABLE reporting.decision OWNER TO countersign_owner;

--
-- Name: VIEW decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.decision IS 'Every decision ever made, also those that were replaced.';

--
-- Name: COLUMN decision.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN decision.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.operator IS 'The operator''s code.';

--
-- Name: COLUMN decision.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.number IS 'The charge''s number, unique per operator.';

--
-- Name: COLUMN decision.revision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.revision IS 'The decision''s number among those of its charge, from 1; the highest stands.';

--
-- Name: COLUMN decision.decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.decision IS 'ACCEPTED or DECLINED.';

--
-- Name: COLUMN decision.made_by; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.made_by IS 'operator or policy.';

--
-- Name: COLUMN decision.username; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.username IS 'The user, or key:NAME for an API key; NULL for a policy''s and an imported decision.';

--
-- Name: COLUMN decision.decided_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.decided_on IS 'When it was made.';

--
-- Name: COLUMN decision.reference_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.reference_number IS 'The reference given with it; NULL if none was.';

--
-- Name: COLUMN decision.idempotency_key; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.decision.idempotency_key IS 'The Idempotency-Key of the call that made it; NULL if it bore none.';

--
-- Name: failed_items; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.failed_items AS
 SELECT failed.operator_id,
    operator.code AS operator,
    failed.counted_on,
        CASE failed.kind
            WHEN 'ACCEPTED'::text THEN 'accept'::text
            WHEN 'DECLINED'::text THEN 'decline'::text
            ELSE 'acknowledge'::text
        END AS call,
    failed.error_code,
    failed.count AS failed_items
   FROM (countersign.failed_item_count failed
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.failed_items OWNER TO countersign_owner;

--
-- Name: VIEW failed_items; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.failed_items IS 'How many items of calls failed, by hour and code. Nodes add their counts every few seconds; what a node that was killed had not added is missing.';

--
-- Name: COLUMN failed_items.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN failed_items.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.operator IS 'The operator''s code.';

--
-- Name: COLUMN failed_items.counted_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.counted_on IS 'The start of the hour in which the items were counted.';

--
-- Name: COLUMN failed_items.call; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.call IS 'accept, decline or acknowledge.';

--
-- Name: COLUMN failed_items.error_code; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.error_code IS 'The items'' error_code.';

--
-- Name: COLUMN failed_items.failed_items; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.failed_items.failed_items IS 'How many items failed so.';

--
-- Name: operator; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.operator AS
 SELECT operator.operator_id,
    operator.code AS operator,
    operator.currency,
    operator.undecided_policy,
    operator.undecided_window,
    operator.created_on,
    operator.suspended_on
   FROM countersign.operator
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.operator OWNER TO countersign_owner;

--
-- Name: VIEW operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.operator IS 'The companies that bill on the provider''s behalf.';

--
-- Name: COLUMN operator.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN operator.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.operator IS 'The operator''s code.';

--
-- Name: COLUMN operator.currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.currency IS 'What the operator''s customers pay in.';

--
-- Name: COLUMN operator.undecided_policy; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.undecided_policy IS 'What becomes of charges left undecided: hold, accept or decline.';

--
-- Name: COLUMN operator.undecided_window; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.undecided_window IS 'How long a charge may stay undecided before the policy acts.';

--
-- Name: COLUMN operator.created_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.created_on IS 'When the operator was added.';

--
-- Name: COLUMN operator.suspended_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator.suspended_on IS 'Since when the operator is suspended; NULL if it is not.';

--
-- Name: operator_user; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.operator_user AS
 SELECT operator_user.operator_id,
    operator.code AS operator,
    operator_user.username,
    operator_user.created_on,
    operator_user.suspended_on,
    operator_user.role
   FROM (countersign.operator_user
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.operator_user OWNER TO countersign_owner;

--
-- Name: VIEW operator_user; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.operator_user IS 'Who may log in for an operator; nothing of their passwords.';

--
-- Name: COLUMN operator_user.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN operator_user.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.operator IS 'The operator''s code.';

--
-- Name: COLUMN operator_user.username; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.username IS 'The name to log in with, unique per operator.';

--
-- Name: COLUMN operator_user.created_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.created_on IS 'When the user was added.';

--
-- Name: COLUMN operator_user.suspended_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.suspended_on IS 'Since when the user is suspended; NULL if it is not.';

--
-- Name: COLUMN operator_user.role; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.operator_user.role IS 'What the user may do: viewer, decider or administrator.';

--
-- Name: reconciliation; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.reconciliation AS
 SELECT reconciliation.operator_id,
    operator.code AS operator,
    reconciliation.number,
    reconciliation.state,
    reconciliation.name,
    reconciliation.begins_on,
    reconciliation.ends_on,
    reconciliation.decision,
    reconciliation.username,
    reconciliation.created_on,
    reconciliation.as_of,
    reconciliation.finished_on,
    reconciliation.rows,
    reconciliation.differences,
    reconciliation.fault
   FROM (countersign.reconciliation
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.reconciliation OWNER TO countersign_owner;

--
-- Name: VIEW reconciliation; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.reconciliation IS 'The reconciliations: comparisons of an operator''s file with its charges.';

--
-- Name: COLUMN reconciliation.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN reconciliation.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.operator IS 'The operator''s code.';

--
-- Name: COLUMN reconciliation.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.number IS 'The reconciliation''s number, from 1.';

--
-- Name: COLUMN reconciliation.state; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.state IS 'RECEIVING, WAITING, COMPARING, DONE or FAILED.';

--
-- Name: COLUMN reconciliation.name; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.name IS 'A name for people; NULL if none was given.';

--
-- Name: COLUMN reconciliation.begins_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.begins_on IS 'The decisions that count were made at this time or later.';

--
-- Name: COLUMN reconciliation.ends_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.ends_on IS 'The decisions that count were made before this time.';

--
-- Name: COLUMN reconciliation.decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.decision IS 'The decisions that count: ACCEPTED, DECLINED or ANY.';

--
-- Name: COLUMN reconciliation.username; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.username IS 'The user that began it, or key:NAME; NULL for the command line.';

--
-- Name: COLUMN reconciliation.created_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.created_on IS 'When it began.';

--
-- Name: COLUMN reconciliation.as_of; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.as_of IS 'The end of the upload, whose state of the charges was compared.';

--
-- Name: COLUMN reconciliation.finished_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.finished_on IS 'When it was done or failed; NULL before.';

--
-- Name: COLUMN reconciliation.rows; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.rows IS 'How many rows the file has.';

--
-- Name: COLUMN reconciliation.differences; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.differences IS 'How many differences were found.';

--
-- Name: COLUMN reconciliation.fault; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation.fault IS 'Why it failed; NULL unless it did.';

--
-- Name: reconciliation_difference; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.reconciliation_difference AS
 SELECT difference.operator_id,
    operator.code AS operator,
    difference.reconciliation_number,
    difference.identifier,
    difference.class,
    difference.line,
    difference.reason,
    difference.fields,
    difference.other_number,
    difference.there_number,
    difference.there_reference_number,
    difference.there_customer,
    difference.there_amount,
    difference.there_currency,
    difference.there_local_currency_amount,
    difference.there_local_currency,
    difference.there_decision,
    difference.there_charge_status,
    difference.here_number,
    difference.here_reference_number,
    difference.here_customer,
    difference.here_amount,
    difference.here_currency,
    difference.here_local_currency_amount,
    difference.here_local_currency,
    difference.here_decision,
    difference.here_charge_status,
    difference.here_decided_on,
    difference.is_imported,
    closing.closed_on,
    closing.username AS closed_by,
    closing.reason AS closing_reason
   FROM ((countersign.reconciliation_difference difference
     JOIN countersign.operator USING (operator_id))
     LEFT JOIN countersign.reconciliation_closing closing USING (operator_id, reconciliation_number, identifier))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.reconciliation_difference OWNER TO countersign_owner;

--
-- Name: VIEW reconciliation_difference; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.reconciliation_difference IS 'The differences that reconciliations found, the first 100,000 of each, with who closed them.';

--
-- Name: COLUMN reconciliation_difference.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN reconciliation_difference.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.operator IS 'The operator''s code.';

--
-- Name: COLUMN reconciliation_difference.reconciliation_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.reconciliation_number IS 'The reconciliation''s number.';

--
-- Name: COLUMN reconciliation_difference.identifier; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.identifier IS 'The difference''s number, from 1.';

--
-- Name: COLUMN reconciliation_difference.class; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.class IS 'The class, such as AMOUNT_DIFFERS.';

--
-- Name: COLUMN reconciliation_difference.line; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.line IS 'The row''s line in the file; NULL for a charge that no row pairs with.';

--
-- Name: COLUMN reconciliation_difference.reason; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.reason IS 'What is wrong with a malformed row; NULL for any other.';

--
-- Name: COLUMN reconciliation_difference.fields; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.fields IS 'The names of the columns in which the sides differ.';

--
-- Name: COLUMN reconciliation_difference.other_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.other_number IS 'The other charge that the row''s reference names; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.there_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_number IS 'The row''s number.';

--
-- Name: COLUMN reconciliation_difference.there_reference_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_reference_number IS 'The row''s reference number; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.there_customer; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_customer IS 'The row''s customer.';

--
-- Name: COLUMN reconciliation_difference.there_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_amount IS 'The row''s amount, in currency.';

--
-- Name: COLUMN reconciliation_difference.there_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_currency IS 'The row''s currency.';

--
-- Name: COLUMN reconciliation_difference.there_local_currency_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_local_currency_amount IS 'The row''s amount in the local currency.';

--
-- Name: COLUMN reconciliation_difference.there_local_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_local_currency IS 'The row''s local currency.';

--
-- Name: COLUMN reconciliation_difference.there_decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_decision IS 'The row''s decision.';

--
-- Name: COLUMN reconciliation_difference.there_charge_status; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.there_charge_status IS 'The row''s status.';

--
-- Name: COLUMN reconciliation_difference.here_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_number IS 'The charge''s number.';

--
-- Name: COLUMN reconciliation_difference.here_reference_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_reference_number IS 'The charge''s reference number; NULL if there is none.';

--
-- Name: COLUMN reconciliation_difference.here_customer; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_customer IS 'The charge''s customer.';

--
-- Name: COLUMN reconciliation_difference.here_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_amount IS 'The charge''s amount, in currency.';

--
-- Name: COLUMN reconciliation_difference.here_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_currency IS 'The charge''s currency.';

--
-- Name: COLUMN reconciliation_difference.here_local_currency_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_local_currency_amount IS 'The charge''s amount in the local currency.';

--
-- Name: COLUMN reconciliation_difference.here_local_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_local_currency IS 'The charge''s local currency.';

--
-- Name: COLUMN reconciliation_difference.here_decision; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_decision IS 'The charge''s decision.';

--
-- Name: COLUMN reconciliation_difference.here_charge_status; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_charge_status IS 'The charge''s status.';

--
-- Name: COLUMN reconciliation_difference.here_decided_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.here_decided_on IS 'When the charge''s decision was made; NULL if it is undecided.';

--
-- Name: COLUMN reconciliation_difference.is_imported; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.is_imported IS 'Whether the charge was imported.';

--
-- Name: COLUMN reconciliation_difference.closed_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.closed_on IS 'When the difference was closed; NULL if it is open.';

--
-- Name: COLUMN reconciliation_difference.closed_by; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.closed_by IS 'The user that closed it, or key:NAME; NULL for the command line.';

--
-- Name: COLUMN reconciliation_difference.closing_reason; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reconciliation_difference.closing_reason IS 'Why it was closed.';

--
-- Name: reference; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.reference AS
 SELECT history.operator_id,
    operator.code AS operator,
    history.reference_number,
    history.number,
    (history.made_on)::timestamp with time zone AS taken_on
   FROM (countersign.charge_history history
     JOIN countersign.operator USING (operator_id))
  WHERE (history.takes_reference AND ( SELECT reporting.has_limits() AS has_limits));

ALTER TABLE reporting.reference OWNER TO countersign_owner;

--
-- Name: VIEW reference; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.reference IS 'Every reference number with the charge that it names permanently.';

--
-- Name: COLUMN reference.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reference.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN reference.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reference.operator IS 'The operator''s code.';

--
-- Name: COLUMN reference.reference_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reference.reference_number IS 'The operator''s own name for the charge, unique per operator.';

--
-- Name: COLUMN reference.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reference.number IS 'The number of the charge that it names.';

--
-- Name: COLUMN reference.taken_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.reference.taken_on IS 'When it began to name it.';

--
-- Name: statement; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.statement AS
 SELECT statement.operator_id,
    operator.code AS operator,
    statement.number,
    statement.begins_on,
    statement.ends_on,
    statement.closed_on,
    statement.first_event_number,
    statement.last_event_number,
    ((statement.last_event_number - statement.first_event_number) + 1) AS events,
    encode(statement.digest, 'hex'::text) AS digest
   FROM (countersign.statement
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.statement OWNER TO countersign_owner;

--
-- Name: VIEW statement; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.statement IS 'The closed statements: numbered runs of each operator''s events.';

--
-- Name: COLUMN statement.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN statement.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.operator IS 'The operator''s code.';

--
-- Name: COLUMN statement.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.number IS 'The statement''s number, from 1. Where it does not follow the one before, a restore lost what was between.';

--
-- Name: COLUMN statement.begins_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.begins_on IS 'Its events were published at this time or later.';

--
-- Name: COLUMN statement.ends_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.ends_on IS 'Its events were published before this time.';

--
-- Name: COLUMN statement.closed_on; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.closed_on IS 'When it was closed.';

--
-- Name: COLUMN statement.first_event_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.first_event_number IS 'The number of its first event; that of the next event if it has none.';

--
-- Name: COLUMN statement.last_event_number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.last_event_number IS 'The number of its last event; one less than the first if it has none.';

--
-- Name: COLUMN statement.events; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.events IS 'How many events it has.';

--
-- Name: COLUMN statement.digest; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement.digest IS 'The SHA-256 that proves it and all before it, in hexadecimal; NULL until it is computed.';

--
-- Name: statement_total; Type: VIEW; Schema: reporting; Owner: countersign_owner
--

CREATE VIEW reporting.statement_total AS
 SELECT total.operator_id,
    operator.code AS operator,
    total.number,
    total.event,
    total.currency,
    total.local_currency,
    total.events,
    total.amount,
    total.local_currency_amount
   FROM (countersign.statement_total total
     JOIN countersign.operator USING (operator_id))
  WHERE ( SELECT reporting.has_limits() AS has_limits);

ALTER TABLE reporting.statement_total OWNER TO countersign_owner;

--
-- Name: VIEW statement_total; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON VIEW reporting.statement_total IS 'The totals of the statements, by event and pair of currencies.';

--
-- Name: COLUMN statement_total.operator_id; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.operator_id IS 'The operator''s number, the first part of every key.';

--
-- Name: COLUMN statement_total.operator; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.operator IS 'The operator''s code.';

--
-- Name: COLUMN statement_total.number; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.number IS 'The statement''s number.';

--
-- Name: COLUMN statement_total.event; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.event IS 'The kind of event, such as DECISION_ACCEPTED.';

--
-- Name: COLUMN statement_total.currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.currency IS 'The currency of amount.';

--
-- Name: COLUMN statement_total.local_currency; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.local_currency IS 'The currency of local_currency_amount.';

--
-- Name: COLUMN statement_total.events; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.events IS 'How many events of this kind the statement has.';

--
-- Name: COLUMN statement_total.amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.amount IS 'The sum of their charges'' amounts.';

--
-- Name: COLUMN statement_total.local_currency_amount; Type: COMMENT; Schema: reporting; Owner: countersign_owner
--

COMMENT ON COLUMN reporting.statement_total.local_currency_amount IS 'The sum of their charges'' amounts in the local currency.';

--
-- Name: activity activity_kind_check; Type: CHECK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.activity
    ADD CONSTRAINT activity_kind_check CHECK ((kind = ANY (ARRAY['SIGNED_IN'::text, 'SIGN_IN_FAILED'::text, 'USER_ADDED'::text, 'USER_ROLE_CHANGED'::text, 'USER_SUSPENDED'::text, 'USER_RESUMED'::text, 'PASSWORD_CHANGED'::text, 'TOKENS_REVOKED'::text, 'KEY_ADDED'::text, 'KEY_ROLE_CHANGED'::text, 'KEY_REVOKED'::text, 'OPERATOR_ADDED'::text, 'OPERATOR_SUSPENDED'::text, 'OPERATOR_RESUMED'::text, 'SETTINGS_CHANGED'::text, 'POLICY_CHANGED'::text, 'PROVIDER_KEY_ADDED'::text, 'PROVIDER_KEY_REVOKED'::text, 'SIGNING_KEY_ADDED'::text, 'SIGNING_KEY_DROPPED'::text, 'ADMINISTRATOR_ADDED'::text, 'ADMINISTRATOR_SUSPENDED'::text, 'ADMINISTRATOR_RESUMED'::text, 'ADMINISTRATOR_PASSWORD_CHANGED'::text]))) NOT VALID;

--
-- Name: activity activity_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (activity_number);

--
-- Name: administrator administrator_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.administrator
    ADD CONSTRAINT administrator_pkey PRIMARY KEY (name);

--
-- Name: api_key api_key_key_hash_key; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.api_key
    ADD CONSTRAINT api_key_key_hash_key UNIQUE (key_hash);

--
-- Name: api_key api_key_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (operator_id, name);

--
-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (batch_id);

--
-- Name: charge_history charge_history_idempotency_key_check; Type: CHECK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.charge_history
    ADD CONSTRAINT charge_history_idempotency_key_check CHECK ((idempotency_key ~ '^([!-~]{1,128}|file [1-9][0-9]{0,9} [1-9][0-9]{0,9})$'::text)) NOT VALID;

--
-- Name: charge_history charge_history_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge_history
    ADD CONSTRAINT charge_history_pkey PRIMARY KEY (operator_id, number, revision);

--
-- Name: charge_number_counter charge_number_counter_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge_number_counter
    ADD CONSTRAINT charge_number_counter_pkey PRIMARY KEY (operator_id);

--
-- Name: charge_outcome charge_outcome_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge_outcome
    ADD CONSTRAINT charge_outcome_pkey PRIMARY KEY (operator_id, number);

--
-- Name: charge charge_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (operator_id, number);

--
-- Name: decision_file decision_file_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.decision_file
    ADD CONSTRAINT decision_file_pkey PRIMARY KEY (operator_id, number);

--
-- Name: decision_file_row decision_file_row_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.decision_file_row
    ADD CONSTRAINT decision_file_row_pkey PRIMARY KEY (operator_id, file_number, "position");

--
-- Name: event_batch event_batch_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.event_batch
    ADD CONSTRAINT event_batch_pkey PRIMARY KEY (operator_id, last_event_number);

--
-- Name: failed_item_count failed_item_count_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.failed_item_count
    ADD CONSTRAINT failed_item_count_pkey PRIMARY KEY (operator_id, counted_on, kind, error_code);

--
-- Name: feed feed_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (singleton);

--
-- Name: heartbeat heartbeat_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.heartbeat
    ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (singleton);

--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

--
-- Name: node_status node_status_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.node_status
    ADD CONSTRAINT node_status_pkey PRIMARY KEY (name);

--
-- Name: operator operator_code_key; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.operator
    ADD CONSTRAINT operator_code_key UNIQUE (code);

--
-- Name: operator operator_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.operator
    ADD CONSTRAINT operator_pkey PRIMARY KEY (operator_id);

--
-- Name: operator_user operator_user_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.operator_user
    ADD CONSTRAINT operator_user_pkey PRIMARY KEY (operator_id, username);

--
-- Name: provider_key provider_key_key_hash_key; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.provider_key
    ADD CONSTRAINT provider_key_key_hash_key UNIQUE (key_hash);

--
-- Name: provider_key provider_key_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.provider_key
    ADD CONSTRAINT provider_key_pkey PRIMARY KEY (name);

--
-- Name: published_batch published_batch_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.published_batch
    ADD CONSTRAINT published_batch_pkey PRIMARY KEY ("position");

--
-- Name: reconciliation_closing reconciliation_closing_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_closing
    ADD CONSTRAINT reconciliation_closing_pkey PRIMARY KEY (operator_id, reconciliation_number, identifier);

--
-- Name: reconciliation_difference reconciliation_difference_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_difference
    ADD CONSTRAINT reconciliation_difference_pkey PRIMARY KEY (operator_id, reconciliation_number, identifier);

--
-- Name: reconciliation reconciliation_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation
    ADD CONSTRAINT reconciliation_pkey PRIMARY KEY (operator_id, number);

--
-- Name: reconciliation_row reconciliation_row_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_row
    ADD CONSTRAINT reconciliation_row_pkey PRIMARY KEY (reconciliation_operator_id, reconciliation_number, charge_number, line);

--
-- Name: reconciliation_total reconciliation_total_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_total
    ADD CONSTRAINT reconciliation_total_pkey PRIMARY KEY (operator_id, reconciliation_number, class, side, currency, local_currency);

--
-- Name: signing_key signing_key_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (identifier);

--
-- Name: statement statement_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (operator_id, number);

--
-- Name: statement_schedule statement_schedule_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement_schedule
    ADD CONSTRAINT statement_schedule_pkey PRIMARY KEY (operator_id);

--
-- Name: statement_total statement_total_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement_total
    ADD CONSTRAINT statement_total_pkey PRIMARY KEY (operator_id, number, event, currency, local_currency);

--
-- Name: token_revocation token_revocation_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.token_revocation
    ADD CONSTRAINT token_revocation_pkey PRIMARY KEY (operator_id, kind, name, generation);

--
-- Name: unpublished_batch unpublished_batch_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.unpublished_batch
    ADD CONSTRAINT unpublished_batch_pkey PRIMARY KEY (transaction_id, batch_id);

--
-- Name: activity_kind_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX activity_kind_idx ON countersign.activity USING btree (operator_id, kind, activity_number DESC NULLS LAST);

--
-- Name: activity_operator_id_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX activity_operator_id_idx ON countersign.activity USING btree (operator_id, activity_number DESC NULLS LAST);

--
-- Name: activity_sign_in_failed_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX activity_sign_in_failed_key ON countersign.activity USING btree (COALESCE(operator_id, (0)::bigint), date_trunc('hour'::text, (made_on AT TIME ZONE 'UTC'::text)), channel, subject, address) NULLS NOT DISTINCT WHERE (kind = 'SIGN_IN_FAILED'::text);

--
-- Name: batch_sequence_number_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX batch_sequence_number_idx ON countersign.batch USING btree (sequence_number) WHERE (decisions = 0);

--
-- Name: charge_acknowledged_customer_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_acknowledged_customer_idx ON countersign.charge USING btree (operator_id, billing_system_customer_identifier, received_on, number) WHERE (acknowledged_on IS NOT NULL);

--
-- Name: charge_acknowledged_status_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_acknowledged_status_idx ON countersign.charge USING btree (operator_id, charge_status, received_on, number) WHERE (acknowledged_on IS NOT NULL);

--
-- Name: charge_customer_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_customer_idx ON countersign.charge USING btree (operator_id, billing_system_customer_identifier, received_on, number) WHERE (acknowledged_on IS NULL);

--
-- Name: charge_history_batch_id_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_history_batch_id_idx ON countersign.charge_history USING btree (batch_id);

--
-- Name: charge_history_made_on_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_history_made_on_idx ON countersign.charge_history USING brin (made_on) WITH (autosummarize='on');

--
-- Name: charge_history_operator_id_reference_number_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX charge_history_operator_id_reference_number_key ON countersign.charge_history USING btree (operator_id, reference_number) WHERE takes_reference;

--
-- Name: charge_outcome_batch_id_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_outcome_batch_id_idx ON countersign.charge_outcome USING btree (batch_id);

--
-- Name: charge_pending_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_pending_idx ON countersign.charge USING btree (operator_id, received_on, number) WHERE ((acknowledged_on IS NULL) AND (charge_status = 'PENDING'::text));

--
-- Name: charge_processed_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_processed_idx ON countersign.charge USING btree (operator_id, received_on, number) WHERE ((acknowledged_on IS NULL) AND (charge_status <> 'PENDING'::text));

--
-- Name: charge_processed_status_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_processed_status_idx ON countersign.charge USING btree (operator_id, charge_status, received_on, number) WHERE ((acknowledged_on IS NULL) AND (charge_status <> 'PENDING'::text));

--
-- Name: charge_provider_charge_id_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX charge_provider_charge_id_key ON countersign.charge USING btree (operator_id, provider_charge_id) WHERE (provider_charge_id IS NOT NULL);

--
-- Name: charge_received_on_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX charge_received_on_idx ON countersign.charge USING brin (received_on) WITH (autosummarize='on');

--
-- Name: decision_file_operator_id_idempotency_key_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX decision_file_operator_id_idempotency_key_key ON countersign.decision_file USING btree (operator_id, idempotency_key) WHERE (state <> 'FAILED'::text);

--
-- Name: decision_file_unfinished_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX decision_file_unfinished_idx ON countersign.decision_file USING btree (operator_id, number) WHERE (state = ANY (ARRAY['RECEIVED'::text, 'RUNNING'::text]));

--
-- Name: decision_file_uploaded_on_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX decision_file_uploaded_on_idx ON countersign.decision_file USING btree (uploaded_on);

--
-- Name: published_batch_published_on_position_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX published_batch_published_on_position_idx ON countersign.published_batch USING btree (published_on, "position");

--
-- Name: reconciliation_operator_id_idempotency_key_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX reconciliation_operator_id_idempotency_key_key ON countersign.reconciliation USING btree (operator_id, idempotency_key) WHERE (state <> 'FAILED'::text);

--
-- Name: reconciliation_unfinished_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX reconciliation_unfinished_idx ON countersign.reconciliation USING btree (operator_id, created_on) WHERE (holds_rows OR (state = ANY (ARRAY['RECEIVING'::text, 'WAITING'::text, 'COMPARING'::text])));

--
-- Name: token_revocation_revoked_on_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX token_revocation_revoked_on_idx ON countersign.token_revocation USING btree (operator_id, revoked_on);

--
-- Name: token_revocation_transaction_id_idx; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE INDEX token_revocation_transaction_id_idx ON countersign.token_revocation USING btree (transaction_id);

--
-- Name: administrator administrator_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER administrator_activity AFTER INSERT OR UPDATE ON countersign.administrator FOR EACH ROW EXECUTE FUNCTION countersign.record_administrator_change();

--
-- Name: administrator administrator_end_sessions; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER administrator_end_sessions BEFORE UPDATE OF password_hash, suspended_on, token_generation ON countersign.administrator FOR EACH ROW EXECUTE FUNCTION countersign.end_administrator_sessions();

--
-- Name: api_key api_key_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER api_key_activity AFTER INSERT OR UPDATE ON countersign.api_key FOR EACH ROW EXECUTE FUNCTION countersign.record_key_change();

--
-- Name: api_key api_key_revoke_tokens; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER api_key_revoke_tokens BEFORE UPDATE OF revoked_on, role ON countersign.api_key FOR EACH ROW EXECUTE FUNCTION countersign.revoke_key_tokens();

--
-- Name: batch batch_queue_batch; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER batch_queue_batch AFTER INSERT ON countersign.batch FOR EACH ROW EXECUTE FUNCTION countersign.queue_batch();

--
-- Name: charge charge_final_state; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_final_state AFTER UPDATE OF charge_status, set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on, acknowledged_on ON countersign.charge FOR EACH ROW WHEN ((((old.charge_status <> 'PENDING'::text) AND (((((new.charge_status IS DISTINCT FROM old.charge_status) OR (new.set_as_approved_on IS DISTINCT FROM old.set_as_approved_on)) OR (new.set_as_declined_on IS DISTINCT FROM old.set_as_declined_on)) OR (new.set_as_bad_request_on IS DISTINCT FROM old.set_as_bad_request_on)) OR (new.set_as_rejected_request_on IS DISTINCT FROM old.set_as_rejected_request_on))) OR ((old.acknowledged_on IS NOT NULL) AND (new.acknowledged_on IS DISTINCT FROM old.acknowledged_on)))) EXECUTE FUNCTION countersign.refuse_change('a final state and an acknowledgement stay');

--
-- Name: charge charge_local_currency; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_local_currency AFTER INSERT ON countersign.charge REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_other_local_currency();

--
-- Name: charge_number_counter charge_number_counter_next_charge_number; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_number_counter_next_charge_number AFTER UPDATE OF next_charge_number ON countersign.charge_number_counter FOR EACH ROW WHEN ((new.next_charge_number < old.next_charge_number)) EXECUTE FUNCTION countersign.refuse_lower_charge_number();

--
-- Name: charge charge_outcome; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_outcome AFTER UPDATE OF charge_status ON countersign.charge FOR EACH ROW WHEN ((((new.charge_status = 'APPROVED'::text) AND (new.decision IS DISTINCT FROM 'ACCEPTED'::text)) OR ((new.charge_status = 'DECLINED'::text) AND (new.decision IS DISTINCT FROM 'DECLINED'::text)))) EXECUTE FUNCTION countersign.refuse_change('the outcome must follow the decision');

--
-- Name: charge charge_revision; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_revision AFTER UPDATE OF revision, decision, decided_on, decision_made_by, decision_reference_number ON countersign.charge FOR EACH ROW WHEN (((new.revision <> (old.revision + 1)) OR (old.taken_on IS NOT NULL) OR (old.charge_status <> 'PENDING'::text) OR ((old.revision > 0) AND (new.decision_made_by = 'policy'::text)))) EXECUTE FUNCTION countersign.refuse_change('a decision must have the next revision, of a pending charge that is not taken');

--
-- Name: operator operator_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_activity AFTER INSERT OR UPDATE ON countersign.operator FOR EACH ROW EXECUTE FUNCTION countersign.record_operator_change();

--
-- Name: operator operator_charge_number_counter; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_charge_number_counter AFTER INSERT ON countersign.operator FOR EACH ROW EXECUTE FUNCTION countersign.add_charge_number_counter();

--
-- Name: operator operator_revoke_tokens; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_revoke_tokens BEFORE UPDATE OF suspended_on, undecided_policy, undecided_window ON countersign.operator FOR EACH ROW EXECUTE FUNCTION countersign.revoke_operator_tokens();

--
-- Name: operator operator_statement_schedule; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_statement_schedule AFTER INSERT ON countersign.operator FOR EACH ROW EXECUTE FUNCTION countersign.add_statement_schedule();

--
-- Name: operator_user operator_user_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_user_activity AFTER INSERT OR UPDATE ON countersign.operator_user FOR EACH ROW EXECUTE FUNCTION countersign.record_user_change();

--
-- Name: operator_user operator_user_revoke_tokens; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER operator_user_revoke_tokens BEFORE UPDATE OF password_hash, suspended_on, role, token_generation ON countersign.operator_user FOR EACH ROW EXECUTE FUNCTION countersign.revoke_user_tokens();

--
-- Name: provider_key provider_key_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER provider_key_activity AFTER INSERT OR UPDATE ON countersign.provider_key FOR EACH ROW EXECUTE FUNCTION countersign.record_provider_key_change();

--
-- Name: signing_key signing_key_activity; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER signing_key_activity AFTER INSERT OR DELETE ON countersign.signing_key FOR EACH ROW EXECUTE FUNCTION countersign.record_signing_key_change();

--
-- Name: activity activity_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.activity
    ADD CONSTRAINT activity_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: api_key api_key_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.api_key
    ADD CONSTRAINT api_key_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: charge_number_counter charge_number_counter_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge_number_counter
    ADD CONSTRAINT charge_number_counter_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: charge charge_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge
    ADD CONSTRAINT charge_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: decision_file decision_file_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.decision_file
    ADD CONSTRAINT decision_file_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: decision_file_row decision_file_row_file_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.decision_file_row
    ADD CONSTRAINT decision_file_row_file_fkey FOREIGN KEY (operator_id, file_number) REFERENCES countersign.decision_file(operator_id, number);

--
-- Name: failed_item_count failed_item_count_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.failed_item_count
    ADD CONSTRAINT failed_item_count_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: operator_user operator_user_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.operator_user
    ADD CONSTRAINT operator_user_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: reconciliation_closing reconciliation_closing_reconciliation_difference_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_closing
    ADD CONSTRAINT reconciliation_closing_reconciliation_difference_fkey FOREIGN KEY (operator_id, reconciliation_number, identifier) REFERENCES countersign.reconciliation_difference(operator_id, reconciliation_number, identifier);

--
-- Name: reconciliation_difference reconciliation_difference_reconciliation_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_difference
    ADD CONSTRAINT reconciliation_difference_reconciliation_fkey FOREIGN KEY (operator_id, reconciliation_number) REFERENCES countersign.reconciliation(operator_id, number);

--
-- Name: reconciliation reconciliation_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation
    ADD CONSTRAINT reconciliation_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: reconciliation_total reconciliation_total_reconciliation_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.reconciliation_total
    ADD CONSTRAINT reconciliation_total_reconciliation_fkey FOREIGN KEY (operator_id, reconciliation_number) REFERENCES countersign.reconciliation(operator_id, number);

--
-- Name: statement statement_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement
    ADD CONSTRAINT statement_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: statement_schedule statement_schedule_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement_schedule
    ADD CONSTRAINT statement_schedule_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: statement_total statement_total_statement_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.statement_total
    ADD CONSTRAINT statement_total_statement_fkey FOREIGN KEY (operator_id, number) REFERENCES countersign.statement(operator_id, number);

--
-- Name: token_revocation token_revocation_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.token_revocation
    ADD CONSTRAINT token_revocation_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: activity; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.activity ENABLE ROW LEVEL SECURITY;

--
-- Name: api_key; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.api_key ENABLE ROW LEVEL SECURITY;

--
-- Name: charge; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.charge ENABLE ROW LEVEL SECURITY;

--
-- Name: charge_history; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.charge_history ENABLE ROW LEVEL SECURITY;

--
-- Name: charge_number_counter; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.charge_number_counter ENABLE ROW LEVEL SECURITY;

--
-- Name: charge_outcome; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.charge_outcome ENABLE ROW LEVEL SECURITY;

--
-- Name: decision_file; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.decision_file ENABLE ROW LEVEL SECURITY;

--
-- Name: decision_file_row; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.decision_file_row ENABLE ROW LEVEL SECURITY;

--
-- Name: event_batch; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.event_batch ENABLE ROW LEVEL SECURITY;

--
-- Name: activity every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.activity TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: api_key every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.api_key TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: charge every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.charge TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: charge_history every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.charge_history TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: charge_number_counter every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.charge_number_counter TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: charge_outcome every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.charge_outcome TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: decision_file every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.decision_file TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: decision_file_row every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.decision_file_row TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: event_batch every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.event_batch TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: failed_item_count every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.failed_item_count TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: operator every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.operator TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: operator_user every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.operator_user TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: reconciliation every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.reconciliation TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: reconciliation_closing every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.reconciliation_closing TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: reconciliation_difference every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.reconciliation_difference TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: reconciliation_total every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.reconciliation_total TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: statement every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.statement TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: statement_schedule every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.statement_schedule TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: statement_total every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.statement_total TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: token_revocation every_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY every_operator ON countersign.token_revocation TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true);

--
-- Name: failed_item_count; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.failed_item_count ENABLE ROW LEVEL SECURITY;

--
-- Name: operator; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.operator ENABLE ROW LEVEL SECURITY;

--
-- Name: operator_user; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.operator_user ENABLE ROW LEVEL SECURITY;

--
-- Name: activity own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.activity FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: api_key own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.api_key FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: charge own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.charge FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: charge_history own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.charge_history FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: charge_number_counter own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.charge_number_counter FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: charge_outcome own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.charge_outcome FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: decision_file own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.decision_file FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: decision_file_row own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.decision_file_row FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: event_batch own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.event_batch FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: failed_item_count own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.failed_item_count FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: operator own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.operator FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: operator_user own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.operator_user FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: reconciliation own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.reconciliation FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: reconciliation_closing own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.reconciliation_closing FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: reconciliation_difference own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.reconciliation_difference FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: reconciliation_total own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.reconciliation_total FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: statement own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.statement FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: statement_schedule own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.statement_schedule FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: statement_total own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.statement_total FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: token_revocation own_operator; Type: POLICY; Schema: countersign; Owner: countersign_owner
--

CREATE POLICY own_operator ON countersign.token_revocation FOR SELECT TO countersign_reader USING ((operator_id = (NULLIF(current_setting('countersign.operator_id'::text, true), ''::text))::bigint));

--
-- Name: reconciliation; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.reconciliation ENABLE ROW LEVEL SECURITY;

--
-- Name: reconciliation_closing; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.reconciliation_closing ENABLE ROW LEVEL SECURITY;

--
-- Name: reconciliation_difference; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.reconciliation_difference ENABLE ROW LEVEL SECURITY;

--
-- Name: reconciliation_total; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.reconciliation_total ENABLE ROW LEVEL SECURITY;

--
-- Name: statement; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.statement ENABLE ROW LEVEL SECURITY;

--
-- Name: statement_schedule; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.statement_schedule ENABLE ROW LEVEL SECURITY;

--
-- Name: statement_total; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.statement_total ENABLE ROW LEVEL SECURITY;

--
-- Name: token_revocation; Type: ROW SECURITY; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE countersign.token_revocation ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA countersign; Type: ACL; Schema: -; Owner: countersign_owner
--

GRANT USAGE ON SCHEMA countersign TO countersign_application;
GRANT USAGE ON SCHEMA countersign TO countersign_administration;
GRANT USAGE ON SCHEMA countersign TO countersign_reader;

--
-- Name: SCHEMA reporting; Type: ACL; Schema: -; Owner: countersign_owner
--

GRANT USAGE ON SCHEMA reporting TO countersign_reporting;

--
-- Name: FUNCTION accounts_in_console(acting countersign.acting_user); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.accounts_in_console(acting countersign.acting_user) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.accounts_in_console(acting countersign.acting_user) TO countersign_application;

--
-- Name: FUNCTION act_as_administrator(acting_name text, acting_generation integer, acting_address text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.act_as_administrator(acting_name text, acting_generation integer, acting_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.act_as_administrator(acting_name text, acting_generation integer, acting_address text) TO countersign_administration;

--
-- Name: FUNCTION acting_role(acting countersign.acting_user); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.acting_role(acting countersign.acting_user) FROM PUBLIC;

--
-- Name: FUNCTION add_activity(of_operator bigint, of_kind text, of_subject text, value_before text, value_after text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_activity(of_operator bigint, of_kind text, of_subject text, value_before text, value_after text) FROM PUBLIC;

--
-- Name: FUNCTION add_charge_number_counter(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_charge_number_counter() FROM PUBLIC;

--
-- Name: FUNCTION add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.add_key(of_operator bigint, new_name text, new_key_hash bytea, new_role text) TO countersign_administration;

--
-- Name: FUNCTION add_key_in_console(acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_key_in_console(acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.add_key_in_console(acting countersign.acting_user, new_name text, new_key_hash bytea, new_role text) TO countersign_application;

--
-- Name: FUNCTION add_statement_schedule(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_statement_schedule() FROM PUBLIC;

--
-- Name: FUNCTION add_user(of_operator bigint, new_username text, new_password_hash text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_user(of_operator bigint, new_username text, new_password_hash text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.add_user(of_operator bigint, new_username text, new_password_hash text, new_role text) TO countersign_administration;

--
-- Name: FUNCTION add_user_in_console(acting countersign.acting_user, new_username text, new_password_hash text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.add_user_in_console(acting countersign.acting_user, new_username text, new_password_hash text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.add_user_in_console(acting countersign.acting_user, new_username text, new_password_hash text, new_role text) TO countersign_application;

--
-- Name: FUNCTION admit_to_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, OUT found_state text, OUT found_role text, OUT refusal text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.admit_to_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, OUT found_state text, OUT found_role text, OUT refusal text) FROM PUBLIC;

--
-- Name: FUNCTION append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint) TO countersign_application;
GRANT ALL ON FUNCTION countersign.append_reconciliation_rows(of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint) TO countersign_administration;

--
-- Name: FUNCTION batch_identifier(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.batch_identifier() FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.batch_identifier() TO countersign_application;

--
-- Name: FUNCTION begin_decision_file_step(of_operator bigint, of_number integer, of_worker uuid, call_rows integer, OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text, OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.begin_decision_file_step(of_operator bigint, of_number integer, of_worker uuid, call_rows integer, OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text, OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.begin_decision_file_step(of_operator bigint, of_number integer, of_worker uuid, call_rows integer, OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text, OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean) TO countersign_application;

--
-- Name: FUNCTION cancel_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.cancel_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.cancel_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer) TO countersign_application;

--
-- Name: FUNCTION change_settings_in_console(acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.change_settings_in_console(acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.change_settings_in_console(acting countersign.acting_user, new_zone text, new_error_http_status text, new_repeated_decision text) TO countersign_application;

--
-- Name: FUNCTION change_zone(of_code text, new_zone text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.change_zone(of_code text, new_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.change_zone(of_code text, new_zone text) TO countersign_administration;

--
-- Name: FUNCTION charge_number(count bigint); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.charge_number(count bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.charge_number(count bigint) TO countersign_application;
GRANT ALL ON FUNCTION countersign.charge_number(count bigint) TO countersign_administration;

--
-- Name: FUNCTION check_file_login(of_operator bigint, of_username text, of_operator_generation integer, of_login_generation integer, OUT reason text, OUT current_role_name text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.check_file_login(of_operator bigint, of_username text, of_operator_generation integer, of_login_generation integer, OUT reason text, OUT current_role_name text) FROM PUBLIC;

--
-- Name: FUNCTION claim_decision_file(of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.claim_decision_file(of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.claim_decision_file(of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer) TO countersign_application;

--
-- Name: FUNCTION claim_reconciliation(of_worker uuid, of_operator bigint, of_number integer, OUT claimed_operator bigint, OUT claimed_number integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.claim_reconciliation(of_worker uuid, of_operator bigint, of_number integer, OUT claimed_operator bigint, OUT claimed_number integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.claim_reconciliation(of_worker uuid, of_operator bigint, of_number integer, OUT claimed_operator bigint, OUT claimed_number integer) TO countersign_application;
GRANT ALL ON FUNCTION countersign.claim_reconciliation(of_worker uuid, of_operator bigint, of_number integer, OUT claimed_operator bigint, OUT claimed_number integer) TO countersign_administration;

--
-- Name: TABLE reconciliation; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.reconciliation TO countersign_application;
GRANT SELECT ON TABLE countersign.reconciliation TO countersign_administration;
GRANT SELECT ON TABLE countersign.reconciliation TO countersign_reader;

--
-- Name: FUNCTION classify_reconciliation_slice(job countersign.reconciliation, is_unpaired boolean, after_number text, last_number text, after_line bigint, last_line bigint, difference_limit integer, OUT more_rows bigint, OUT more_differences bigint, OUT more_kept bigint); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.classify_reconciliation_slice(job countersign.reconciliation, is_unpaired boolean, after_number text, last_number text, after_line bigint, last_line bigint, difference_limit integer, OUT more_rows bigint, OUT more_differences bigint, OUT more_kept bigint) FROM PUBLIC;

--
-- Name: FUNCTION close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text) TO countersign_application;
GRANT ALL ON FUNCTION countersign.close_reconciliation_differences(of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text) TO countersign_administration;

--
-- Name: FUNCTION close_statements(lock_wait_milliseconds integer, at_once_of text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text) TO countersign_application;
GRANT ALL ON FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text) TO countersign_administration;

--
-- Name: FUNCTION compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer) TO countersign_application;
GRANT ALL ON FUNCTION countersign.compare_reconciliation_slice(of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer) TO countersign_administration;

--
-- Name: FUNCTION count_failed_sign_in(of_operator bigint, of_channel text, known_name text, from_address text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.count_failed_sign_in(of_operator bigint, of_channel text, known_name text, from_address text) FROM PUBLIC;

--
-- Name: FUNCTION create_decision_file(of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer, of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text, lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[], unfinished_limit integer, kept_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.create_decision_file(of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer, of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text, lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[], unfinished_limit integer, kept_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.create_decision_file(of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer, of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text, lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[], unfinished_limit integer, kept_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) TO countersign_application;

--
-- Name: FUNCTION create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) TO countersign_application;
GRANT ALL ON FUNCTION countersign.create_reconciliation(of_operator bigint, from_local timestamp without time zone, to_local timestamp without time zone, of_decision text, of_format text, of_name text, of_username text, of_key text, of_worker uuid, unfinished_limit integer, OUT new_number integer, OUT is_new boolean, OUT refusal text) TO countersign_administration;

--
-- Name: FUNCTION cut_statement(of_operator bigint, moment timestamp with time zone); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.cut_statement(of_operator bigint, moment timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT current_status text, OUT current_reference_number text, OUT other_number text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT current_status text, OUT current_reference_number text, OUT other_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT current_status text, OUT current_reference_number text, OUT other_number text) TO countersign_application;

--
-- Name: TABLE charge; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.charge TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.charge TO countersign_administration;
GRANT SELECT ON TABLE countersign.charge TO countersign_reader;

--
-- Name: COLUMN charge.operator_id; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(operator_id) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.number; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(number) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.provider_charge_id; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(provider_charge_id) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.billing_system_customer_identifier; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(billing_system_customer_identifier) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.amount; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(amount) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.currency; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(currency) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.local_currency_amount; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(local_currency_amount) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.local_currency; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(local_currency) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.paid_through_date; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(paid_through_date) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.charge_status; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(charge_status) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.received_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(received_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.set_as_approved_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(set_as_approved_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.set_as_declined_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(set_as_declined_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.set_as_bad_request_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(set_as_bad_request_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.set_as_rejected_request_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(set_as_rejected_request_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.taken_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(taken_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.acknowledged_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(acknowledged_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.revision; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(revision) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.decision; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(decision) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.decided_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(decided_on) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.decision_made_by; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(decision_made_by) ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.decision_reference_number; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(decision_reference_number) ON TABLE countersign.charge TO countersign_application;

--
-- Name: TABLE operator; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.operator TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.operator TO countersign_administration;
GRANT SELECT ON TABLE countersign.operator TO countersign_reader;

--
-- Name: COLUMN operator.currency; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(currency) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.undecided_policy; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(undecided_policy) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.undecided_window; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(undecided_window) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.suspended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(suspended_on) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.error_http_status; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(error_http_status) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.repeated_decision; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(repeated_decision) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: COLUMN operator.zone; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(zone) ON TABLE countersign.operator TO countersign_administration;

--
-- Name: FUNCTION decide_by(charge countersign.charge, operator countersign.operator); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) TO countersign_application;
GRANT ALL ON FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) TO countersign_administration;
GRANT ALL ON FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) TO countersign_reporting;
GRANT ALL ON FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator) TO countersign_reader;

--
-- Name: FUNCTION decide_undecided(batch uuid, of_operator bigint, after_received_on timestamp with time zone, after_number text, maximum integer, OUT decided integer, OUT last_received_on timestamp with time zone, OUT last_number text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.decide_undecided(batch uuid, of_operator bigint, after_received_on timestamp with time zone, after_number text, maximum integer, OUT decided integer, OUT last_received_on timestamp with time zone, OUT last_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.decide_undecided(batch uuid, of_operator bigint, after_received_on timestamp with time zone, after_number text, maximum integer, OUT decided integer, OUT last_received_on timestamp with time zone, OUT last_number text) TO countersign_application;

--
-- Name: FUNCTION draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint) TO countersign_application;
GRANT ALL ON FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint) TO countersign_administration;

--
-- Name: FUNCTION draw_ingest_numbers(lock_wait_milliseconds integer, operators text[], provider_charge_ids text[], problems text[]); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.draw_ingest_numbers(lock_wait_milliseconds integer, operators text[], provider_charge_ids text[], problems text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.draw_ingest_numbers(lock_wait_milliseconds integer, operators text[], provider_charge_ids text[], problems text[]) TO countersign_application;

--
-- Name: FUNCTION end_administrator_sessions(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.end_administrator_sessions() FROM PUBLIC;

--
-- Name: FUNCTION end_decision_file_call(of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[], descriptions text[], decided_ons timestamp with time zone[], revisions integer[]); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.end_decision_file_call(of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[], descriptions text[], decided_ons timestamp with time zone[], revisions integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.end_decision_file_call(of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[], descriptions text[], decided_ons timestamp with time zone[], revisions integer[]) TO countersign_application;

--
-- Name: FUNCTION end_decision_file_check(of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[], results text[], descriptions text[]); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.end_decision_file_check(of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[], results text[], descriptions text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.end_decision_file_check(of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[], results text[], descriptions text[]) TO countersign_application;

--
-- Name: FUNCTION end_of_day(moment timestamp with time zone, time_zone text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.end_of_day(moment timestamp with time zone, time_zone text) FROM PUBLIC;

--
-- Name: FUNCTION end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean) TO countersign_application;
GRANT ALL ON FUNCTION countersign.end_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea, compares_itself boolean) TO countersign_administration;

--
-- Name: FUNCTION expected_outcomes(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], deadlines timestamp with time zone[], moment timestamp with time zone, locked integer[], is_last_try boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.expected_outcomes(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], deadlines timestamp with time zone[], moment timestamp with time zone, locked integer[], is_last_try boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.expected_outcomes(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[], deadlines timestamp with time zone[], moment timestamp with time zone, locked integer[], is_last_try boolean) TO countersign_application;

--
-- Name: FUNCTION explain_refusal(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[]); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.explain_refusal(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[]) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.explain_refusal(operator_ids bigint[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], repeats_succeed boolean[]) TO countersign_application;

--
-- Name: FUNCTION fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text) TO countersign_application;
GRANT ALL ON FUNCTION countersign.fail_reconciliation_upload(of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text) TO countersign_administration;

--
-- Name: FUNCTION ingest(lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], provider_charge_ids text[], customers text[], amounts text[], currencies text[], local_currency_amounts text[], local_currencies text[], paid_through_dates text[], problems text[], numbers text[], OUT item integer, OUT outcome text, OUT number text, OUT conflicting_fields text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.ingest(lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], provider_charge_ids text[], customers text[], amounts text[], currencies text[], local_currency_amounts text[], local_currencies text[], paid_through_dates text[], problems text[], numbers text[], OUT item integer, OUT outcome text, OUT number text, OUT conflicting_fields text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.ingest(lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], provider_charge_ids text[], customers text[], amounts text[], currencies text[], local_currency_amounts text[], local_currencies text[], paid_through_dates text[], problems text[], numbers text[], OUT item integer, OUT outcome text, OUT number text, OUT conflicting_fields text) TO countersign_application;

--
-- Name: FUNCTION is_last_active_administrator(of_name text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.is_last_active_administrator(of_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.is_last_active_administrator(of_name text) TO countersign_administration;

--
-- Name: FUNCTION is_last_administrator(of_operator bigint, of_username text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.is_last_administrator(of_operator bigint, of_username text) FROM PUBLIC;

--
-- Name: FUNCTION last_event_number(of_operator bigint); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.last_event_number(of_operator bigint) FROM PUBLIC;

--
-- Name: FUNCTION limit_lock_wait(wait_until timestamp with time zone); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) TO countersign_application;

--
-- Name: FUNCTION lock_publication(lock_wait_milliseconds integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.lock_publication(lock_wait_milliseconds integer) FROM PUBLIC;

--
-- Name: FUNCTION pair_reconciliation_slice(job countersign.reconciliation, slice_rows integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.pair_reconciliation_slice(job countersign.reconciliation, slice_rows integer) FROM PUBLIC;

--
-- Name: FUNCTION policy_text(policy text, after interval); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.policy_text(policy text, after interval) FROM PUBLIC;

--
-- Name: FUNCTION process(action text, lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], numbers text[], revisions integer[], new_statuses text[], OUT item integer, OUT outcome text, OUT current_status text, OUT current_decision text, OUT current_revision integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.process(action text, lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], numbers text[], revisions integer[], new_statuses text[], OUT item integer, OUT outcome text, OUT current_status text, OUT current_decision text, OUT current_revision integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.process(action text, lock_wait_milliseconds integer, deadline timestamp with time zone, operators text[], numbers text[], revisions integer[], new_statuses text[], OUT item integer, OUT outcome text, OUT current_status text, OUT current_decision text, OUT current_revision integer) TO countersign_application;

--
-- Name: FUNCTION publish_decisions(lock_wait_milliseconds integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.publish_decisions(lock_wait_milliseconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.publish_decisions(lock_wait_milliseconds integer) TO countersign_application;

--
-- Name: FUNCTION purge_activity(maximum integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.purge_activity(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.purge_activity(maximum integer) TO countersign_application;

--
-- Name: FUNCTION purge_decision_file(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.purge_decision_file() FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.purge_decision_file() TO countersign_application;

--
-- Name: FUNCTION purge_expired_token_revocations(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.purge_expired_token_revocations() FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.purge_expired_token_revocations() TO countersign_application;

--
-- Name: FUNCTION purge_node_status(kept_name text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.purge_node_status(kept_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.purge_node_status(kept_name text) TO countersign_application;

--
-- Name: FUNCTION purge_published_batches(maximum integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.purge_published_batches(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.purge_published_batches(maximum integer) TO countersign_application;

--
-- Name: FUNCTION queue_batch(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.queue_batch() FROM PUBLIC;

--
-- Name: FUNCTION record_administrator_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_administrator_change() FROM PUBLIC;

--
-- Name: FUNCTION record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.record_administrator_sign_in(of_name text, from_address text, has_succeeded boolean) TO countersign_application;

--
-- Name: FUNCTION record_key_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_key_change() FROM PUBLIC;

--
-- Name: FUNCTION record_operator_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_operator_change() FROM PUBLIC;

--
-- Name: FUNCTION record_provider_key_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_provider_key_change() FROM PUBLIC;

--
-- Name: FUNCTION record_sign_in(of_code text, of_username text, from_address text, has_succeeded boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_sign_in(of_code text, of_username text, from_address text, has_succeeded boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.record_sign_in(of_code text, of_username text, from_address text, has_succeeded boolean) TO countersign_application;

--
-- Name: FUNCTION record_signing_key_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_signing_key_change() FROM PUBLIC;

--
-- Name: FUNCTION record_user_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.record_user_change() FROM PUBLIC;

--
-- Name: FUNCTION refuse_acting_user(acting countersign.acting_user, granted_role text, changes_itself boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.refuse_acting_user(acting countersign.acting_user, granted_role text, changes_itself boolean) FROM PUBLIC;

--
-- Name: FUNCTION refuse_change(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.refuse_change() FROM PUBLIC;

--
-- Name: FUNCTION refuse_lower_charge_number(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.refuse_lower_charge_number() FROM PUBLIC;

--
-- Name: FUNCTION refuse_other_local_currency(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.refuse_other_local_currency() FROM PUBLIC;

--
-- Name: FUNCTION release_decision_file(of_operator bigint, of_number integer, of_worker uuid); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.release_decision_file(of_operator bigint, of_number integer, of_worker uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.release_decision_file(of_operator bigint, of_number integer, of_worker uuid) TO countersign_application;

--
-- Name: FUNCTION resume_statements(of_code text, last_number integer, last_digest bytea); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.resume_statements(of_code text, last_number integer, last_digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.resume_statements(of_code text, last_number integer, last_digest bytea) TO countersign_administration;

--
-- Name: FUNCTION revoke_key(of_operator bigint, of_name text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.revoke_key(of_operator bigint, of_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.revoke_key(of_operator bigint, of_name text) TO countersign_administration;

--
-- Name: FUNCTION revoke_key_in_console(acting countersign.acting_user, of_name text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.revoke_key_in_console(acting countersign.acting_user, of_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.revoke_key_in_console(acting countersign.acting_user, of_name text) TO countersign_application;

--
-- Name: FUNCTION revoke_user_tokens_in_console(acting countersign.acting_user, of_username text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.revoke_user_tokens_in_console(acting countersign.acting_user, of_username text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.revoke_user_tokens_in_console(acting countersign.acting_user, of_username text) TO countersign_application;

--
-- Name: FUNCTION run_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, from_state text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.run_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, from_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.run_decision_file(of_operator bigint, of_number integer, of_username text, of_operator_generation integer, of_login_generation integer, from_state text) TO countersign_application;

--
-- Name: FUNCTION seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]) TO countersign_application;
GRANT ALL ON FUNCTION countersign.seal_statement(of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[], counts bigint[], amounts numeric[], local_currency_amounts numeric[]) TO countersign_administration;

--
-- Name: PROCEDURE separate_operators(IN of_table regclass); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON PROCEDURE countersign.separate_operators(IN of_table regclass) FROM PUBLIC;

--
-- Name: FUNCTION set_key_role(of_operator bigint, of_name text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_key_role(of_operator bigint, of_name text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_key_role(of_operator bigint, of_name text, new_role text) TO countersign_administration;

--
-- Name: FUNCTION set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_key_role_in_console(acting countersign.acting_user, of_name text, new_role text) TO countersign_application;

--
-- Name: FUNCTION set_own_password_in_console(acting countersign.acting_user, verified_hash text, new_password_hash text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_own_password_in_console(acting countersign.acting_user, verified_hash text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_own_password_in_console(acting countersign.acting_user, verified_hash text, new_password_hash text) TO countersign_application;

--
-- Name: FUNCTION set_reconciliation_failed(of_operator bigint, of_number integer, at_line bigint, why text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_reconciliation_failed(of_operator bigint, of_number integer, at_line bigint, why text) FROM PUBLIC;

--
-- Name: FUNCTION set_user_password(of_operator bigint, of_username text, new_password_hash text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_password(of_operator bigint, of_username text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_password(of_operator bigint, of_username text, new_password_hash text) TO countersign_administration;

--
-- Name: FUNCTION set_user_password_in_console(acting countersign.acting_user, of_username text, new_password_hash text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_password_in_console(acting countersign.acting_user, of_username text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_password_in_console(acting countersign.acting_user, of_username text, new_password_hash text) TO countersign_application;

--
-- Name: FUNCTION set_user_role(of_operator bigint, of_username text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_role(of_operator bigint, of_username text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_role(of_operator bigint, of_username text, new_role text) TO countersign_administration;

--
-- Name: FUNCTION set_user_role_in_console(acting countersign.acting_user, of_username text, new_role text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_role_in_console(acting countersign.acting_user, of_username text, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_role_in_console(acting countersign.acting_user, of_username text, new_role text) TO countersign_application;

--
-- Name: FUNCTION set_user_suspension(of_operator bigint, of_username text, is_suspended boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_suspension(of_operator bigint, of_username text, is_suspended boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_suspension(of_operator bigint, of_username text, is_suspended boolean) TO countersign_administration;

--
-- Name: FUNCTION set_user_suspension_in_console(acting countersign.acting_user, of_username text, is_suspended boolean); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.set_user_suspension_in_console(acting countersign.acting_user, of_username text, is_suspended boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.set_user_suspension_in_console(acting countersign.acting_user, of_username text, is_suspended boolean) TO countersign_application;

--
-- Name: FUNCTION sign_out_administrator(of_name text, of_generation integer); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.sign_out_administrator(of_name text, of_generation integer) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.sign_out_administrator(of_name text, of_generation integer) TO countersign_application;

--
-- Name: FUNCTION age_band(age interval); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.age_band(age interval) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.age_band(age interval) TO countersign_reporting;

--
-- Name: FUNCTION day(moment timestamp with time zone, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.day(moment timestamp with time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.day(moment timestamp with time zone, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.day_begin(moment timestamp with time zone, day_begins timestamp with time zone[]) TO countersign_reporting;

--
-- Name: FUNCTION first_moment(local_time timestamp without time zone, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.first_moment(local_time timestamp without time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.first_moment(local_time timestamp without time zone, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.day_begins(begins_on timestamp with time zone, ends_on timestamp with time zone, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION has_limits(); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.has_limits() FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.has_limits() TO countersign_reporting;

--
-- Name: FUNCTION limit_login(login name); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.limit_login(login name) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.limit_login(login name) TO countersign_reporting;

--
-- Name: FUNCTION local_date(moment timestamp with time zone, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.local_date(moment timestamp with time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.local_date(moment timestamp with time zone, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION local_time(moment timestamp with time zone, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.local_time(moment timestamp with time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.local_time(moment timestamp with time zone, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION moment(parameter text, given text, time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.moment(parameter text, given text, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.moment(parameter text, given text, time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.parameters(operator text, "from" text, "to" text, zone text, length interval, OUT operator_id bigint, OUT begins_on timestamp with time zone, OUT ends_on timestamp with time zone, OUT time_zone text) TO countersign_reporting;

--
-- Name: FUNCTION sees_all_sessions(); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.sees_all_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.sees_all_sessions() TO countersign_reporting;

--
-- Name: FUNCTION time_zone(zone text); Type: ACL; Schema: reporting; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION reporting.time_zone(zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION reporting.time_zone(zone text) TO countersign_reporting;

--
-- Name: TABLE activity; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.activity TO countersign_application;
GRANT SELECT ON TABLE countersign.activity TO countersign_administration;
GRANT SELECT ON TABLE countersign.activity TO countersign_reader;

--
-- Name: TABLE administrator; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.administrator TO countersign_administration;

--
-- Name: COLUMN administrator.name; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(name) ON TABLE countersign.administrator TO countersign_application;
GRANT INSERT(name) ON TABLE countersign.administrator TO countersign_administration;

--
-- Name: COLUMN administrator.password_hash; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(password_hash) ON TABLE countersign.administrator TO countersign_application;
GRANT INSERT(password_hash),UPDATE(password_hash) ON TABLE countersign.administrator TO countersign_administration;

--
-- Name: COLUMN administrator.token_generation; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(token_generation) ON TABLE countersign.administrator TO countersign_application;

--
-- Name: COLUMN administrator.suspended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(suspended_on) ON TABLE countersign.administrator TO countersign_application;
GRANT UPDATE(suspended_on) ON TABLE countersign.administrator TO countersign_administration;

--
-- Name: TABLE api_key; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.api_key TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.api_key TO countersign_administration;

--
-- Name: COLUMN api_key.revoked_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(revoked_on) ON TABLE countersign.api_key TO countersign_administration;

--
-- Name: COLUMN api_key.role; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(role) ON TABLE countersign.api_key TO countersign_administration;

--
-- Name: TABLE batch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.batch TO countersign_application;
GRANT SELECT ON TABLE countersign.batch TO countersign_administration;

--
-- Name: COLUMN batch.batch_id; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(batch_id) ON TABLE countersign.batch TO countersign_application;
GRANT INSERT(batch_id) ON TABLE countersign.batch TO countersign_administration;

--
-- Name: COLUMN batch.decisions; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(decisions) ON TABLE countersign.batch TO countersign_application;
GRANT INSERT(decisions) ON TABLE countersign.batch TO countersign_administration;

--
-- Name: TABLE charge_history; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.charge_history TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.charge_history TO countersign_administration;
GRANT SELECT ON TABLE countersign.charge_history TO countersign_reader;

--
-- Name: TABLE charge_number_counter; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.charge_number_counter TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.charge_number_counter TO countersign_administration;

--
-- Name: COLUMN charge_number_counter.next_charge_number; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(next_charge_number) ON TABLE countersign.charge_number_counter TO countersign_application;
GRANT UPDATE(next_charge_number) ON TABLE countersign.charge_number_counter TO countersign_administration;

--
-- Name: TABLE charge_outcome; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.charge_outcome TO countersign_application;
GRANT SELECT ON TABLE countersign.charge_outcome TO countersign_administration;
GRANT SELECT ON TABLE countersign.charge_outcome TO countersign_reader;

--
-- Name: TABLE decision_file; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.decision_file TO countersign_application;
GRANT SELECT ON TABLE countersign.decision_file TO countersign_administration;
GRANT SELECT ON TABLE countersign.decision_file TO countersign_reader;

--
-- Name: TABLE decision_file_row; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.decision_file_row TO countersign_application;
GRANT SELECT ON TABLE countersign.decision_file_row TO countersign_administration;
GRANT SELECT ON TABLE countersign.decision_file_row TO countersign_reader;

--
-- Name: TABLE event_batch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.event_batch TO countersign_application;
GRANT SELECT ON TABLE countersign.event_batch TO countersign_administration;
GRANT SELECT ON TABLE countersign.event_batch TO countersign_reader;

--
-- Name: TABLE failed_item_count; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.failed_item_count TO countersign_application;
GRANT SELECT ON TABLE countersign.failed_item_count TO countersign_administration;
GRANT SELECT ON TABLE countersign.failed_item_count TO countersign_reader;

--
-- Name: COLUMN failed_item_count.count; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(count) ON TABLE countersign.failed_item_count TO countersign_application;

--
-- Name: TABLE feed; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.feed TO countersign_application;
GRANT SELECT ON TABLE countersign.feed TO countersign_administration;

--
-- Name: COLUMN feed.epoch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(epoch) ON TABLE countersign.feed TO countersign_administration;

--
-- Name: COLUMN feed.seen; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(seen) ON TABLE countersign.feed TO countersign_administration;

--
-- Name: TABLE heartbeat; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.heartbeat TO countersign_application;

--
-- Name: COLUMN heartbeat.last_heartbeat_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(last_heartbeat_on) ON TABLE countersign.heartbeat TO countersign_application;

--
-- Name: COLUMN heartbeat.outage_ended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(outage_ended_on) ON TABLE countersign.heartbeat TO countersign_application;

--
-- Name: TABLE migration; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.migration TO countersign_application;
GRANT SELECT ON TABLE countersign.migration TO countersign_administration;

--
-- Name: TABLE node_status; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE countersign.node_status TO countersign_application;
GRANT SELECT ON TABLE countersign.node_status TO countersign_administration;

--
-- Name: TABLE operator_user; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.operator_user TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.operator_user TO countersign_administration;

--
-- Name: COLUMN operator_user.password_hash; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(password_hash) ON TABLE countersign.operator_user TO countersign_administration;

--
-- Name: COLUMN operator_user.suspended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(suspended_on) ON TABLE countersign.operator_user TO countersign_administration;

--
-- Name: COLUMN operator_user.role; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(role) ON TABLE countersign.operator_user TO countersign_administration;

--
-- Name: TABLE provider_key; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.provider_key TO countersign_application;
GRANT SELECT,INSERT ON TABLE countersign.provider_key TO countersign_administration;

--
-- Name: COLUMN provider_key.revoked_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(revoked_on) ON TABLE countersign.provider_key TO countersign_administration;

--
-- Name: TABLE published_batch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.published_batch TO countersign_application;
GRANT SELECT ON TABLE countersign.published_batch TO countersign_administration;

--
-- Name: TABLE reconciliation_closing; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.reconciliation_closing TO countersign_application;
GRANT SELECT ON TABLE countersign.reconciliation_closing TO countersign_administration;
GRANT SELECT ON TABLE countersign.reconciliation_closing TO countersign_reader;

--
-- Name: TABLE reconciliation_difference; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.reconciliation_difference TO countersign_application;
GRANT SELECT ON TABLE countersign.reconciliation_difference TO countersign_administration;
GRANT SELECT ON TABLE countersign.reconciliation_difference TO countersign_reader;

--
-- Name: TABLE reconciliation_row; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT ON TABLE countersign.reconciliation_row TO countersign_application;
GRANT INSERT ON TABLE countersign.reconciliation_row TO countersign_administration;

--
-- Name: TABLE reconciliation_total; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.reconciliation_total TO countersign_application;
GRANT SELECT ON TABLE countersign.reconciliation_total TO countersign_administration;
GRANT SELECT ON TABLE countersign.reconciliation_total TO countersign_reader;

--
-- Name: TABLE signing_key; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.signing_key TO countersign_application;
GRANT INSERT,DELETE ON TABLE countersign.signing_key TO countersign_administration;

--
-- Name: COLUMN signing_key.identifier; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(identifier) ON TABLE countersign.signing_key TO countersign_administration;

--
-- Name: COLUMN signing_key.created_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(created_on) ON TABLE countersign.signing_key TO countersign_administration;

--
-- Name: COLUMN signing_key.signs_from; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT(signs_from) ON TABLE countersign.signing_key TO countersign_administration;

--
-- Name: TABLE statement; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.statement TO countersign_application;
GRANT SELECT ON TABLE countersign.statement TO countersign_administration;
GRANT SELECT ON TABLE countersign.statement TO countersign_reader;

--
-- Name: TABLE statement_schedule; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.statement_schedule TO countersign_application;
GRANT SELECT ON TABLE countersign.statement_schedule TO countersign_administration;

--
-- Name: TABLE statement_total; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.statement_total TO countersign_application;
GRANT SELECT ON TABLE countersign.statement_total TO countersign_administration;
GRANT SELECT ON TABLE countersign.statement_total TO countersign_reader;

--
-- Name: TABLE token_revocation; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.token_revocation TO countersign_application;
GRANT SELECT ON TABLE countersign.token_revocation TO countersign_administration;

--
-- Name: COLUMN token_revocation.operator_id; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(operator_id) ON TABLE countersign.token_revocation TO countersign_application;
GRANT INSERT(operator_id) ON TABLE countersign.token_revocation TO countersign_administration;

--
-- Name: COLUMN token_revocation.kind; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(kind) ON TABLE countersign.token_revocation TO countersign_application;
GRANT INSERT(kind) ON TABLE countersign.token_revocation TO countersign_administration;

--
-- Name: COLUMN token_revocation.name; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(name) ON TABLE countersign.token_revocation TO countersign_application;
GRANT INSERT(name) ON TABLE countersign.token_revocation TO countersign_administration;

--
-- Name: COLUMN token_revocation.generation; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT INSERT(generation) ON TABLE countersign.token_revocation TO countersign_application;
GRANT INSERT(generation) ON TABLE countersign.token_revocation TO countersign_administration;

--
-- Name: TABLE unpublished_batch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.unpublished_batch TO countersign_application;
GRANT SELECT ON TABLE countersign.unpublished_batch TO countersign_administration;

--
-- Name: TABLE activity; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.activity TO countersign_reporting;

--
-- Name: TABLE charge; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.charge TO countersign_reporting;

--
-- Name: TABLE decision; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.decision TO countersign_reporting;

--
-- Name: TABLE failed_items; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.failed_items TO countersign_reporting;

--
-- Name: TABLE operator; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.operator TO countersign_reporting;

--
-- Name: TABLE operator_user; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.operator_user TO countersign_reporting;

--
-- Name: TABLE reconciliation; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.reconciliation TO countersign_reporting;

--
-- Name: TABLE reconciliation_difference; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.reconciliation_difference TO countersign_reporting;

--
-- Name: TABLE reference; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.reference TO countersign_reporting;

--
-- Name: TABLE statement; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.statement TO countersign_reporting;

--
-- Name: TABLE statement_total; Type: ACL; Schema: reporting; Owner: countersign_owner
--

GRANT SELECT ON TABLE reporting.statement_total TO countersign_reporting;

--
-- PostgreSQL database dump complete
--
