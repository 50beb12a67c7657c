-- Decision files: files of an operator by which thousands of charges are accepted, declined or acknowledged.
-- oldest-build: 1

-- A file is carried out in calls under Idempotency-Keys that are made here: `file NUMBER CALL`. The spaces keep them
-- apart from the keys of clients, which have none. NOT VALID: the rows of before satisfied the narrower rule, and the
-- table is not read under its lock.
ALTER TABLE countersign.charge_history
    DROP CONSTRAINT charge_history_idempotency_key_check,
    ADD CONSTRAINT charge_history_idempotency_key_check
        CHECK (idempotency_key ~ '^([!-~]{1,128}|file [1-9][0-9]{0,9} [1-9][0-9]{0,9})$') NOT VALID;
COMMENT ON COLUMN countersign.charge_history.idempotency_key IS
    'The Idempotency-Key of the call; NULL if it bore none. `file NUMBER CALL` for a call of a decision file.';

-- The number of a file is never used again, not even once the file is gone: the keys of its calls are in the history.
ALTER TABLE countersign.operator
    ADD COLUMN decision_files integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT operator_decision_files_check CHECK (decision_files >= 0);
COMMENT ON COLUMN countersign.operator.decision_files IS
    'The number of the operator''s last decision file; 0 before it.';

CREATE TABLE countersign.decision_file (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    name text COLLATE "C",
    action text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'RECEIVED',
    uploaded_by text COLLATE "C" NOT NULL,
    uploaded_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    idempotency_key text COLLATE "C",
    file_digest bytea NOT NULL,
    rows integer NOT NULL,
    username text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    operator_generation integer NOT NULL,
    login_generation integer NOT NULL,
    checked_rows integer NOT NULL DEFAULT 0,
    called_rows integer NOT NULL DEFAULT 0,
    decided_rows integer NOT NULL DEFAULT 0,
    started_on timestamptz,
    finished_on timestamptz,
    pause_reason text COLLATE "C",
    cancelled_by text COLLATE "C",
    fault_line integer,
    fault text COLLATE "C",
    worker uuid,
    heartbeat_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_file_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT decision_file_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT decision_file_number_check CHECK (number > 0),
    CONSTRAINT decision_file_name_check CHECK (length(name) BETWEEN 1 AND 128),
    CONSTRAINT decision_file_action_check CHECK (action IN ('ACCEPTED', 'DECLINED', 'ACKNOWLEDGED')),
    CONSTRAINT decision_file_state_check
        CHECK (state IN ('RECEIVED', 'CHECKED', 'RUNNING', 'PAUSED', 'DONE', 'CANCELLED', 'FAILED')),
    CONSTRAINT decision_file_idempotency_key_check CHECK (idempotency_key ~ '^[!-~]{1,128}$'),
    CONSTRAINT decision_file_file_digest_check CHECK (length(file_digest) = 32),
    CONSTRAINT decision_file_role_check CHECK (role IN ('viewer', 'decider', 'administrator')),
    CONSTRAINT decision_file_rows_check CHECK (checked_rows BETWEEN 0 AND rows),
    CONSTRAINT decision_file_decided_rows_check
        CHECK (decided_rows >= 0 AND called_rows >= decided_rows AND called_rows <= rows),
    CONSTRAINT decision_file_started_on_check CHECK (started_on IS NOT NULL OR called_rows = 0),
    CONSTRAINT decision_file_finished_on_check
        CHECK ((finished_on IS NULL) = (state NOT IN ('DONE', 'CANCELLED', 'FAILED'))),
    CONSTRAINT decision_file_pause_reason_check CHECK (
        (pause_reason IS NULL) = (state <> 'PAUSED')
        AND pause_reason IN ('OPERATOR_SUSPENDED', 'LOGIN_ENDED', 'NOT_PERMITTED')),
    CONSTRAINT decision_file_cancelled_by_check
        CHECK (state <> 'CANCELLED' OR cancelled_by IS NOT NULL),
    CONSTRAINT decision_file_fault_check CHECK ((fault IS NULL) = (state <> 'FAILED'))
);
COMMENT ON TABLE countersign.decision_file IS
    'The files by which operators decide many charges. Each is kept for seven days.';
COMMENT ON COLUMN countersign.decision_file.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.decision_file.number IS
    'The file''s number, from 1. It is never used again, since the keys of the file''s calls have it.';
COMMENT ON COLUMN countersign.decision_file.name IS 'A name for people; NULL if none was given.';
COMMENT ON COLUMN countersign.decision_file.action IS
    'The action on every charge, as the kind in the history: ACCEPTED, DECLINED or ACKNOWLEDGED.';
COMMENT ON COLUMN countersign.decision_file.state IS
    'RECEIVED until its dry run, then CHECKED, RUNNING, PAUSED, DONE or CANCELLED; FAILED if it cannot be read.';
COMMENT ON COLUMN countersign.decision_file.uploaded_by IS 'The user that uploaded it, or key:NAME.';
COMMENT ON COLUMN countersign.decision_file.uploaded_on IS 'When it was uploaded. It is deleted seven days later.';
COMMENT ON COLUMN countersign.decision_file.idempotency_key IS
    'The Idempotency-Key of the upload; NULL if it had none.';
COMMENT ON COLUMN countersign.decision_file.file_digest IS 'The SHA-256 of the file.';
COMMENT ON COLUMN countersign.decision_file.rows IS 'The number of the file''s rows.';
COMMENT ON COLUMN countersign.decision_file.username IS
    'The login under which it is carried out: that of the upload, then of who started or resumed it last.';
COMMENT ON COLUMN countersign.decision_file.role IS 'The role of that login then.';
COMMENT ON COLUMN countersign.decision_file.operator_generation IS
    'The operator''s token generation that the login''s token carried.';
COMMENT ON COLUMN countersign.decision_file.login_generation IS
    'The login''s token generation that its token carried. The file is paused once either has passed.';
COMMENT ON COLUMN countersign.decision_file.checked_rows IS 'The number of rows that the dry run has passed.';
COMMENT ON COLUMN countersign.decision_file.called_rows IS
    'The number of rows up to the end of the last call that was begun.';
COMMENT ON COLUMN countersign.decision_file.decided_rows IS
    'The number of rows whose outcomes are stored. Where it is less than called_rows, a call is under way or was lost.';
COMMENT ON COLUMN countersign.decision_file.started_on IS 'When it was first started; NULL before.';
COMMENT ON COLUMN countersign.decision_file.finished_on IS 'When it was done, cancelled or failed; NULL before.';
COMMENT ON COLUMN countersign.decision_file.pause_reason IS
    'Why it is paused: OPERATOR_SUSPENDED, LOGIN_ENDED or NOT_PERMITTED; NULL unless it is.';
COMMENT ON COLUMN countersign.decision_file.cancelled_by IS
    'Who cancelled it; NULL if nobody did. A call that was under way is resolved before the file is CANCELLED.';
COMMENT ON COLUMN countersign.decision_file.fault_line IS
    'The line at which the file cannot be read; NULL for the file as a whole.';
COMMENT ON COLUMN countersign.decision_file.fault IS 'Why the file cannot be read, for a person; NULL if it can.';
COMMENT ON COLUMN countersign.decision_file.worker IS
    'The node that works on it, by a random number of its own; NULL if none does.';
COMMENT ON COLUMN countersign.decision_file.heartbeat_on IS
    'When the worker last began or ended a part of the work. Another one takes over from a worker that is silent.';

-- A failed file frees its key, so that the same call may bring a better file.
CREATE UNIQUE INDEX decision_file_operator_id_idempotency_key_key
    ON countersign.decision_file (operator_id, idempotency_key) WHERE state <> 'FAILED';
-- The few that a worker looks for.
CREATE INDEX decision_file_unfinished_idx
    ON countersign.decision_file (operator_id, number) WHERE state IN ('RECEIVED', 'RUNNING');
CREATE INDEX decision_file_uploaded_on_idx ON countersign.decision_file (uploaded_on);

-- Each row is updated twice; the space that is left keeps both in its page.
CREATE TABLE countersign.decision_file_row (
    operator_id bigint NOT NULL,
    file_number integer NOT NULL,
    position integer NOT NULL,
    line integer NOT NULL,
    number text COLLATE "C",
    billing_system_customer_identifier text COLLATE "C",
    reference_number text COLLATE "C",
    fault text COLLATE "C",
    expected_result text COLLATE "C",
    expected_description text COLLATE "C",
    result text COLLATE "C",
    description text COLLATE "C",
    decided_on timestamptz,
    revision integer,
    CONSTRAINT decision_file_row_pkey PRIMARY KEY (operator_id, file_number, position),
    CONSTRAINT decision_file_row_file_fkey FOREIGN KEY (operator_id, file_number) REFERENCES countersign.decision_file,
    CONSTRAINT decision_file_row_position_check CHECK (position > 0),
    CONSTRAINT decision_file_row_number_check CHECK (number IS NOT NULL OR fault IS NOT NULL),
    CONSTRAINT decision_file_row_fault_check
        CHECK (fault IS NULL OR (expected_result IS NULL AND result IS NULL)),
    CONSTRAINT decision_file_row_decided_on_check CHECK ((decided_on IS NOT NULL) = (result IS NOT DISTINCT FROM 'OK'))
) WITH (fillfactor = 50);
COMMENT ON TABLE countersign.decision_file_row IS 'The rows of the decision files.';
COMMENT ON COLUMN countersign.decision_file_row.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.decision_file_row.file_number IS 'The file''s number.';
COMMENT ON COLUMN countersign.decision_file_row.position IS
    'The row''s place among those of its file, from 1. Each 50 of them are a call.';
COMMENT ON COLUMN countersign.decision_file_row.line IS 'The row''s line in the file, counted from 1.';
COMMENT ON COLUMN countersign.decision_file_row.number IS
    'The charge''s number as the file has it; NULL if it has none, or none that can be stored.';
COMMENT ON COLUMN countersign.decision_file_row.billing_system_customer_identifier IS
    'The customer as the file has it; NULL if it has none, and the charge''s own is meant.';
COMMENT ON COLUMN countersign.decision_file_row.reference_number IS
    'The reference number as the file has it; NULL if it has none, or none that can be stored.';
COMMENT ON COLUMN countersign.decision_file_row.fault IS
    'What is wrong with the row, so that no call has it; NULL if nothing is.';
COMMENT ON COLUMN countersign.decision_file_row.expected_result IS
    'What the dry run said: OK, or the code of a failure; NULL before it.';
COMMENT ON COLUMN countersign.decision_file_row.expected_description IS
    'The description of the failure that the dry run said; NULL if it said none.';
COMMENT ON COLUMN countersign.decision_file_row.result IS
    'The outcome: OK for a decision or acknowledgement that was made, else the code of the failure; NULL before it.';
COMMENT ON COLUMN countersign.decision_file_row.description IS 'The description of the failure; NULL if there is none.';
COMMENT ON COLUMN countersign.decision_file_row.decided_on IS
    'When the decision or acknowledgement was made; NULL if it was not.';
COMMENT ON COLUMN countersign.decision_file_row.revision IS
    'The decision''s number among those of its charge; NULL for an acknowledgement, and if none was made.';

CALL countersign.separate_operators('countersign.decision_file');
CALL countersign.separate_operators('countersign.decision_file_row');
GRANT SELECT ON countersign.decision_file, countersign.decision_file_row
    TO countersign_application, countersign_administration, countersign_reader;

-- Says why a login may not decide at this moment, as its token is checked by a call: OPERATOR_SUSPENDED, LOGIN_ENDED
-- for a generation that has passed and for a login that is suspended, revoked or unknown, NOT_PERMITTED for a role that
-- may not decide. The reason is NULL if it may. The role is that of now.
CREATE FUNCTION countersign.check_file_login(
    of_operator bigint, of_username text, of_operator_generation integer, of_login_generation integer,
    OUT reason text, OUT current_role_name text
)
LANGUAGE sql STABLE AS $$
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

-- Stores a file with its rows, or finds the one of the same key. `why` is NULL for a file that can be read; one that
-- cannot is FAILED, without rows.
--
-- It returns the number, and whether the file is new; or a refusal: a reason of check_file_login, KEY_REUSED for
-- another file under the key, TOO_MANY_UNFINISHED or TOO_MANY_KEPT for more files than the limits.
CREATE FUNCTION countersign.create_decision_file(
    of_operator bigint, of_name text, of_action text, of_username text, of_operator_generation integer,
    of_login_generation integer, of_key text, of_digest bytea, at_line integer, why text,
    lines integer[], numbers text[], customers text[], reference_numbers text[], faults text[],
    unfinished_limit integer, kept_limit integer,
    OUT new_number integer, OUT is_new boolean, OUT refusal text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Finds out whether a login may start, resume or cancel a file: only who uploaded it, or an administrator of the
-- operator. It locks the file. It returns the file's state; or a refusal: NOT_FOUND, or a reason of check_file_login.
CREATE FUNCTION countersign.admit_to_decision_file(
    of_operator bigint, of_number integer, of_username text, of_operator_generation integer,
    of_login_generation integer, OUT found_state text, OUT found_role text, OUT refusal text
)
LANGUAGE plpgsql AS $$
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

-- Starts a file, or resumes it, under the login of who does so. One that is running already goes on, under the login
-- that it has: of the same name, with the newer generations.
--
-- It returns a refusal of admit_to_decision_file, or WRONG_STATE for a file whose state is not the given one; NULL if
-- the file runs.
CREATE FUNCTION countersign.run_decision_file(
    of_operator bigint, of_number integer, of_username text, of_operator_generation integer,
    of_login_generation integer, from_state text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Cancels a file. No further call of it begins. A call that is under way, or whose node is gone, is resolved by a
-- worker first, so that the outcome of each row is known.
--
-- It returns a refusal of admit_to_decision_file, or WRONG_STATE for a file that has ended; NULL if it is cancelled.
CREATE FUNCTION countersign.cancel_decision_file(
    of_operator bigint, of_number integer, of_username text, of_operator_generation integer,
    of_login_generation integer
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Gives a worker the file that has waited longest for work: for its dry run, or to be carried out. A worker that has
-- been silent for 30 s has lost its file. It is longer than a call can take, so nothing of a lost call is applied
-- afterwards.
--
-- It returns the file; NULL if there is none.
CREATE FUNCTION countersign.claim_decision_file(
    of_worker uuid, OUT claimed_operator bigint, OUT claimed_number integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Begins the next step of a file, and says which rows it has, by the places of the first and the last:
--
--   CHECK     a dry run of the rows
--   CALL      a call with the rows whose outcome is not known; the login may decide at this moment
--   RESOLVE   finding the outcomes of a lost call without deciding: the file is cancelled, or its login may not decide
--   ENDED     there is nothing more to do: the file is CHECKED, DONE, CANCELLED or PAUSED
--   LOST      the file is no longer this worker's
--
-- `is_repeat` says that a call with these rows was begun before. What became of that one is not known.
CREATE FUNCTION countersign.begin_decision_file_step(
    of_operator bigint, of_number integer, of_worker uuid, call_rows integer,
    OUT step text, OUT first_position integer, OUT last_position integer, OUT of_action text, OUT of_username text,
    OUT operator_code text, OUT repeats_succeed boolean, OUT is_repeat boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Stores what a dry run said of some rows. The file's rows up to the last one are checked then. It returns false, and
-- changes nothing, if the file is no longer this worker's.
CREATE FUNCTION countersign.end_decision_file_check(
    of_operator bigint, of_number integer, of_worker uuid, last_position integer, positions integer[],
    results text[], descriptions text[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Stores the outcomes of some rows. With `is_resolved` false they are those of a call that has ended, and the rows up
-- to the end of the call are decided then. With true they are what was found of a lost call: its other rows were not
-- decided, and are open for the next call.
--
-- It returns false, and changes nothing, if the file is no longer this worker's.
CREATE FUNCTION countersign.end_decision_file_call(
    of_operator bigint, of_number integer, of_worker uuid, is_resolved boolean, positions integer[], results text[],
    descriptions text[], decided_ons timestamptz[], revisions integer[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Gives a file back, so that any worker may go on with it.
CREATE FUNCTION countersign.release_decision_file(of_operator bigint, of_number integer, of_worker uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE countersign.decision_file SET worker = NULL
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker
$$;

-- Deletes a file that was uploaded more than seven days ago, with its rows; not one that is running. It returns how
-- many files it has deleted, 1 or 0.
CREATE FUNCTION countersign.purge_decision_file() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

REVOKE EXECUTE ON FUNCTION
    countersign.check_file_login, countersign.create_decision_file, countersign.admit_to_decision_file,
    countersign.run_decision_file, countersign.cancel_decision_file, countersign.claim_decision_file,
    countersign.begin_decision_file_step, countersign.end_decision_file_check, countersign.end_decision_file_call,
    countersign.release_decision_file, countersign.purge_decision_file FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    countersign.create_decision_file, countersign.run_decision_file, countersign.cancel_decision_file,
    countersign.claim_decision_file, countersign.begin_decision_file_step, countersign.end_decision_file_check,
    countersign.end_decision_file_call, countersign.release_decision_file, countersign.purge_decision_file
    TO countersign_application;
