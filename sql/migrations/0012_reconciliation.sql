-- Reconciliations: comparisons of an operator's file with what is held here.
-- oldest-build: 1

CREATE TABLE countersign.reconciliation (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'RECEIVING',
    begins_on timestamptz NOT NULL,
    ends_on timestamptz NOT NULL,
    decision text COLLATE "C" NOT NULL,
    format text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    username text COLLATE "C",
    idempotency_key text COLLATE "C",
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    as_of timestamptz,
    finished_on timestamptz,
    rows bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    file_digest bytea,
    holds_rows boolean NOT NULL DEFAULT true,
    worker uuid NOT NULL,
    heartbeat_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    stage text COLLATE "C" NOT NULL DEFAULT 'PAIRING',
    stage_number text COLLATE "C" NOT NULL DEFAULT '',
    stage_line bigint NOT NULL DEFAULT 0,
    compared_rows bigint NOT NULL DEFAULT 0,
    differences bigint NOT NULL DEFAULT 0,
    kept_differences bigint NOT NULL DEFAULT 0,
    fault_line bigint,
    fault text COLLATE "C",
    CONSTRAINT reconciliation_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT reconciliation_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT reconciliation_number_check CHECK (number > 0),
    CONSTRAINT reconciliation_state_check CHECK (state IN ('RECEIVING', 'WAITING', 'COMPARING', 'DONE', 'FAILED')),
    CONSTRAINT reconciliation_ends_on_check CHECK (ends_on > begins_on),
    CONSTRAINT reconciliation_decision_check CHECK (decision IN ('ACCEPTED', 'DECLINED', 'ANY')),
    CONSTRAINT reconciliation_format_check CHECK (format IN ('csv', 'ndjson')),
    CONSTRAINT reconciliation_name_check CHECK (length(name) BETWEEN 1 AND 128),
    CONSTRAINT reconciliation_idempotency_key_check CHECK (idempotency_key ~ '^[!-~]{1,128}$'),
    CONSTRAINT reconciliation_as_of_check CHECK ((as_of IS NULL) = (file_digest IS NULL)),
    CONSTRAINT reconciliation_file_digest_check CHECK (length(file_digest) = 32),
    CONSTRAINT reconciliation_stage_check CHECK (stage IN ('PAIRING', 'UNPAIRED', 'CHARGES')),
    CONSTRAINT reconciliation_finished_on_check CHECK ((finished_on IS NULL) = (state NOT IN ('DONE', 'FAILED'))),
    CONSTRAINT reconciliation_fault_check CHECK ((fault IS NULL) = (state <> 'FAILED'))
);
COMMENT ON TABLE countersign.reconciliation IS
    'The reconciliations: each a comparison of an operator''s file with the operator''s charges.';
COMMENT ON COLUMN countersign.reconciliation.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.reconciliation.number IS 'The reconciliation''s number, from 1, without gaps.';
COMMENT ON COLUMN countersign.reconciliation.state IS 'RECEIVING, WAITING, COMPARING, DONE or FAILED.';
COMMENT ON COLUMN countersign.reconciliation.begins_on IS
    'The decisions that count here were made at this time or later.';
COMMENT ON COLUMN countersign.reconciliation.ends_on IS 'The decisions that count here were made before this time.';
COMMENT ON COLUMN countersign.reconciliation.decision IS 'The decisions that count here: ACCEPTED, DECLINED or ANY.';
COMMENT ON COLUMN countersign.reconciliation.format IS 'The form of the file: csv or ndjson.';
COMMENT ON COLUMN countersign.reconciliation.name IS 'A name for people; NULL if none was given.';
COMMENT ON COLUMN countersign.reconciliation.username IS
    'The user that began it, or key:NAME; NULL for the command line.';
COMMENT ON COLUMN countersign.reconciliation.idempotency_key IS
    'The Idempotency-Key of the upload; NULL if it had none.';
COMMENT ON COLUMN countersign.reconciliation.created_on IS 'When it began.';
COMMENT ON COLUMN countersign.reconciliation.as_of IS
    'The end of the upload, whose state of the charges is compared; NULL before it.';
COMMENT ON COLUMN countersign.reconciliation.finished_on IS 'When it was done or failed; NULL before.';
COMMENT ON COLUMN countersign.reconciliation.rows IS 'The number of the file''s rows that have come in.';
COMMENT ON COLUMN countersign.reconciliation.bytes IS 'The number of the file''s bytes that have come in.';
COMMENT ON COLUMN countersign.reconciliation.file_digest IS
    'The SHA-256 of the file; NULL before the end of the upload.';
COMMENT ON COLUMN countersign.reconciliation.holds_rows IS 'Whether reconciliation_row may still hold its rows.';
COMMENT ON COLUMN countersign.reconciliation.worker IS
    'The node or command that works on it, by a random number of its own.';
COMMENT ON COLUMN countersign.reconciliation.heartbeat_on IS
    'When the worker last did a part of the work. Another one takes over from a worker that is silent.';
COMMENT ON COLUMN countersign.reconciliation.stage IS
    'The part of the comparison under way: PAIRING, UNPAIRED or CHARGES.';
COMMENT ON COLUMN countersign.reconciliation.stage_number IS 'The last charge number that the stage has passed.';
COMMENT ON COLUMN countersign.reconciliation.stage_line IS
    'The last line that the stage has passed, within that number.';
COMMENT ON COLUMN countersign.reconciliation.compared_rows IS 'The number of the file''s rows that have been compared.';
COMMENT ON COLUMN countersign.reconciliation.differences IS 'The number of differences that were found.';
COMMENT ON COLUMN countersign.reconciliation.kept_differences IS
    'The number of differences in reconciliation_difference, 100,000 at most.';
COMMENT ON COLUMN countersign.reconciliation.fault_line IS
    'The line of the file at which it failed; NULL for the file as a whole.';
COMMENT ON COLUMN countersign.reconciliation.fault IS 'Why it failed, for a person; NULL unless it did.';

-- A failed reconciliation frees its key, so that the same call may bring the file again.
CREATE UNIQUE INDEX reconciliation_operator_id_idempotency_key_key
    ON countersign.reconciliation (operator_id, idempotency_key) WHERE state <> 'FAILED';
-- The few that a worker looks for.
CREATE INDEX reconciliation_unfinished_idx
    ON countersign.reconciliation (operator_id, created_on)
    WHERE holds_rows OR state IN ('RECEIVING', 'WAITING', 'COMPARING');

-- What comes in is kept only until it is compared, so it is not logged: after a crash of the server the table is empty.
-- The number of rows in reconciliation, which is logged, shows that. There are no foreign keys: each row would pay for
-- them. The key is the one index: it leads from a charge to its rows, and from there in the order of the file.
CREATE UNLOGGED TABLE countersign.reconciliation_row (
    reconciliation_operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    line bigint NOT NULL,
    charge_number text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    reference_number text COLLATE "C",
    customer text COLLATE "C",
    amount numeric,
    currency text COLLATE "C",
    local_currency_amount numeric,
    local_currency text COLLATE "C",
    decision text COLLATE "C",
    charge_status text COLLATE "C",
    fault text COLLATE "C",
    CONSTRAINT reconciliation_row_pkey PRIMARY KEY (
        reconciliation_operator_id, reconciliation_number, charge_number, line)
);
COMMENT ON TABLE countersign.reconciliation_row IS
    'The rows of the files that are being compared. A value is NULL where the row has none, or none that can be read.';
COMMENT ON COLUMN countersign.reconciliation_row.reconciliation_operator_id IS 'The reconciliation''s operator.';
COMMENT ON COLUMN countersign.reconciliation_row.reconciliation_number IS 'The reconciliation''s number.';
COMMENT ON COLUMN countersign.reconciliation_row.line IS 'The row''s line in the file, counted from 1.';
COMMENT ON COLUMN countersign.reconciliation_row.charge_number IS
    'The charge that the row names, existing or not; empty if it names none.';
COMMENT ON COLUMN countersign.reconciliation_row.number IS 'The row''s number, as the file has it.';
COMMENT ON COLUMN countersign.reconciliation_row.reference_number IS
    'The row''s reference number; NULL if there is none.';
COMMENT ON COLUMN countersign.reconciliation_row.customer IS 'The row''s customer.';
COMMENT ON COLUMN countersign.reconciliation_row.amount IS 'The row''s amount, in currency.';
COMMENT ON COLUMN countersign.reconciliation_row.currency IS 'The row''s currency.';
COMMENT ON COLUMN countersign.reconciliation_row.local_currency_amount IS 'The row''s amount in the local currency.';
COMMENT ON COLUMN countersign.reconciliation_row.local_currency IS 'The row''s local currency.';
COMMENT ON COLUMN countersign.reconciliation_row.decision IS 'The row''s decision.';
COMMENT ON COLUMN countersign.reconciliation_row.charge_status IS 'The row''s status.';
COMMENT ON COLUMN countersign.reconciliation_row.fault IS 'What is wrong with the row; NULL if nothing is.';
GRANT INSERT ON countersign.reconciliation_row TO countersign_application, countersign_administration;

CREATE TABLE countersign.reconciliation_total (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    class text COLLATE "C" NOT NULL,
    side text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    local_currency text COLLATE "C" NOT NULL,
    rows bigint NOT NULL,
    amount numeric,
    local_currency_amount numeric,
    amount_difference numeric,
    local_currency_amount_difference numeric,
    CONSTRAINT reconciliation_total_pkey PRIMARY KEY (
        operator_id, reconciliation_number, class, side, currency, local_currency),
    CONSTRAINT reconciliation_total_reconciliation_fkey FOREIGN KEY (operator_id, reconciliation_number)
        REFERENCES countersign.reconciliation,
    CONSTRAINT reconciliation_total_class_check CHECK (class IN (
        'MALFORMED', 'DUPLICATE_THERE', 'ONLY_THERE', 'REFERENCE_DIFFERS', 'CUSTOMER_DIFFERS', 'CURRENCY_DIFFERS',
        'AMOUNT_DIFFERS', 'DECISION_DIFFERS', 'OTHER_PERIOD', 'STATUS_DIFFERS', 'MATCHED', 'ONLY_HERE')),
    CONSTRAINT reconciliation_total_side_check CHECK (side IN ('HERE', 'THERE')),
    CONSTRAINT reconciliation_total_rows_check CHECK (rows > 0)
);
COMMENT ON TABLE countersign.reconciliation_total IS
    'The numbers and sums of a reconciliation, by class, side and pair of currencies.';
COMMENT ON COLUMN countersign.reconciliation_total.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.reconciliation_total.reconciliation_number IS 'The reconciliation''s number.';
COMMENT ON COLUMN countersign.reconciliation_total.class IS 'The class of the rows and charges, such as ONLY_HERE.';
COMMENT ON COLUMN countersign.reconciliation_total.side IS
    'THERE for rows of the file, HERE for charges of the period.';
COMMENT ON COLUMN countersign.reconciliation_total.currency IS 'The currency of amount; empty where it is not known.';
COMMENT ON COLUMN countersign.reconciliation_total.local_currency IS
    'The currency of local_currency_amount; empty where it is not known.';
COMMENT ON COLUMN countersign.reconciliation_total.rows IS 'How many rows or charges there are.';
COMMENT ON COLUMN countersign.reconciliation_total.amount IS 'The sum of their amounts; NULL if none has one.';
COMMENT ON COLUMN countersign.reconciliation_total.local_currency_amount IS
    'The sum of their amounts in the local currency; NULL if none has one.';
COMMENT ON COLUMN countersign.reconciliation_total.amount_difference IS
    'The sum of the amounts of the file less those here, over all paired rows of equal currency; NULL for HERE.';
COMMENT ON COLUMN countersign.reconciliation_total.local_currency_amount_difference IS
    'The same for the amounts in the local currency.';

CREATE TABLE countersign.reconciliation_difference (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    identifier bigint NOT NULL,
    class text COLLATE "C" NOT NULL,
    line bigint,
    reason text COLLATE "C",
    fields text[] COLLATE "C" NOT NULL,
    other_number text COLLATE "C",
    there_number text COLLATE "C",
    there_reference_number text COLLATE "C",
    there_customer text COLLATE "C",
    there_amount numeric,
    there_currency text COLLATE "C",
    there_local_currency_amount numeric,
    there_local_currency text COLLATE "C",
    there_decision text COLLATE "C",
    there_charge_status text COLLATE "C",
    here_number text COLLATE "C",
    here_reference_number text COLLATE "C",
    here_customer text COLLATE "C",
    here_amount numeric,
    here_currency text COLLATE "C",
    here_local_currency_amount numeric,
    here_local_currency text COLLATE "C",
    here_decision text COLLATE "C",
    here_charge_status text COLLATE "C",
    here_decided_on timestamptz,
    is_imported boolean NOT NULL,
    CONSTRAINT reconciliation_difference_pkey PRIMARY KEY (operator_id, reconciliation_number, identifier),
    CONSTRAINT reconciliation_difference_reconciliation_fkey FOREIGN KEY (operator_id, reconciliation_number)
        REFERENCES countersign.reconciliation,
    CONSTRAINT reconciliation_difference_class_check CHECK (class IN (
        'MALFORMED', 'DUPLICATE_THERE', 'ONLY_THERE', 'REFERENCE_DIFFERS', 'CUSTOMER_DIFFERS', 'CURRENCY_DIFFERS',
        'AMOUNT_DIFFERS', 'DECISION_DIFFERS', 'OTHER_PERIOD', 'STATUS_DIFFERS', 'ONLY_HERE'))
);
COMMENT ON TABLE countersign.reconciliation_difference IS
    'The differences that reconciliations found: the first 100,000 of each.';
COMMENT ON COLUMN countersign.reconciliation_difference.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.reconciliation_difference.reconciliation_number IS 'The reconciliation''s number.';
COMMENT ON COLUMN countersign.reconciliation_difference.identifier IS 'The difference''s number, from 1, without gaps.';
COMMENT ON COLUMN countersign.reconciliation_difference.class IS 'The class, such as AMOUNT_DIFFERS.';
COMMENT ON COLUMN countersign.reconciliation_difference.line IS
    'The row''s line in the file, counted from 1; NULL for a charge that no row pairs with.';
COMMENT ON COLUMN countersign.reconciliation_difference.reason IS
    'What is wrong with a malformed row; NULL for any other.';
COMMENT ON COLUMN countersign.reconciliation_difference.fields IS 'The names of the columns in which the sides differ.';
COMMENT ON COLUMN countersign.reconciliation_difference.other_number IS
    'The other charge that the row''s reference names; NULL if there is none.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_number IS 'The row''s number, as the file has it.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_reference_number IS
    'The row''s reference number; NULL if there is none.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_customer IS 'The row''s customer.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_amount IS 'The row''s amount, in currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_currency IS 'The row''s currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_local_currency_amount IS
    'The row''s amount in the local currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_local_currency IS 'The row''s local currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_decision IS 'The row''s decision.';
COMMENT ON COLUMN countersign.reconciliation_difference.there_charge_status IS 'The row''s status.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_number IS
    'The charge''s number; NULL if no charge of the operator pairs with the row.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_reference_number IS
    'The charge''s reference number; NULL if there is none.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_customer IS 'The charge''s customer.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_amount IS 'The charge''s amount, in currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_currency IS 'The charge''s currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_local_currency_amount IS
    'The charge''s amount in the local currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_local_currency IS 'The charge''s local currency.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_decision IS 'The charge''s decision.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_charge_status IS 'The charge''s status.';
COMMENT ON COLUMN countersign.reconciliation_difference.here_decided_on IS
    'When the charge''s decision was made; NULL if it is undecided.';
COMMENT ON COLUMN countersign.reconciliation_difference.is_imported IS 'Whether the charge was imported.';

CREATE TABLE countersign.reconciliation_closing (
    operator_id bigint NOT NULL,
    reconciliation_number integer NOT NULL,
    identifier bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    username text COLLATE "C",
    closed_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reconciliation_closing_pkey PRIMARY KEY (operator_id, reconciliation_number, identifier),
    CONSTRAINT reconciliation_closing_reconciliation_difference_fkey FOREIGN KEY (operator_id, reconciliation_number, identifier)
        REFERENCES countersign.reconciliation_difference,
    CONSTRAINT reconciliation_closing_reason_check CHECK (length(reason) BETWEEN 1 AND 500)
);
COMMENT ON TABLE countersign.reconciliation_closing IS
    'The differences that were closed, permanently.';
COMMENT ON COLUMN countersign.reconciliation_closing.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.reconciliation_closing.reconciliation_number IS 'The reconciliation''s number.';
COMMENT ON COLUMN countersign.reconciliation_closing.identifier IS 'The difference''s number.';
COMMENT ON COLUMN countersign.reconciliation_closing.reason IS 'Why it was closed, in the words of the person who did.';
COMMENT ON COLUMN countersign.reconciliation_closing.username IS
    'The user that closed it, or key:NAME; NULL for the command line.';
COMMENT ON COLUMN countersign.reconciliation_closing.closed_on IS 'When it was closed.';
GRANT SELECT ON
    countersign.reconciliation, countersign.reconciliation_total, countersign.reconciliation_difference,
    countersign.reconciliation_closing
    TO countersign_application, countersign_administration;

-- Marks a reconciliation as failed.
CREATE FUNCTION countersign.set_reconciliation_failed(
    of_operator bigint, of_number integer, at_line bigint, why text
) RETURNS void
LANGUAGE sql AS $$
    UPDATE countersign.reconciliation
    SET state = 'FAILED', finished_on = clock_timestamp(), fault_line = at_line, fault = why
    WHERE operator_id = of_operator AND number = of_number
$$;

-- Begins a reconciliation, or finds the one of the same key. The times are local times of the operator's zone.
--
-- It returns the number, and whether it began now; or a refusal: EMPTY_PERIOD, KEY_REUSED for a key with other
-- parameters, STILL_RECEIVING for a key whose file is coming in, TOO_MANY for more unfinished ones than the limit.
CREATE FUNCTION countersign.create_reconciliation(
    of_operator bigint, from_local timestamp, to_local timestamp, of_decision text, of_format text, of_name text,
    of_username text, of_key text, of_worker uuid, unfinished_limit integer,
    OUT new_number integer, OUT is_new boolean, OUT refusal text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Notes the rows that were copied in the same transaction, which is refused if the upload has been given up.
CREATE FUNCTION countersign.append_reconciliation_rows(
    of_operator bigint, of_number integer, of_worker uuid, more_rows bigint, bytes_so_far bigint
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE countersign.reconciliation
    SET rows = rows + more_rows, bytes = bytes_so_far, heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING';
    IF NOT FOUND THEN RAISE EXCEPTION 'the upload of reconciliation % was given up', of_number; END IF;
END
$$;

-- Ends an upload: the reconciliation waits for its comparison. It returns false if the upload has been given up.
CREATE FUNCTION countersign.end_reconciliation_upload(
    of_operator bigint, of_number integer, of_worker uuid, all_bytes bigint, new_file_digest bytea,
    compares_itself boolean
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE countersign.reconciliation
    SET state = CASE WHEN compares_itself THEN 'COMPARING' ELSE 'WAITING' END, bytes = all_bytes,
        file_digest = new_file_digest, as_of = clock_timestamp(), heartbeat_on = clock_timestamp()
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING';
    RETURN FOUND;
END
$$;

-- Ends an upload whose file has a fault, or whose client is gone.
CREATE FUNCTION countersign.fail_reconciliation_upload(
    of_operator bigint, of_number integer, of_worker uuid, at_line bigint, why text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT countersign.set_reconciliation_failed(operator_id, number, at_line, why)
    FROM countersign.reconciliation
    WHERE operator_id = of_operator AND number = of_number AND worker = of_worker AND state = 'RECEIVING'
    FOR UPDATE
$$;

-- Gives a worker the reconciliation that has waited longest, or the given one. Before that it fails the uploads whose
-- worker is silent, and deletes the rows of one that is finished.
--
-- It returns the reconciliation to compare; NULL if there is none.
CREATE FUNCTION countersign.claim_reconciliation(
    of_worker uuid, of_operator bigint DEFAULT NULL, of_number integer DEFAULT NULL,
    OUT claimed_operator bigint, OUT claimed_number integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Pairs the next rows of a file whose number is not that of a charge, or that have none, by their reference. A row that
-- is paired so has another key then; it may be met again, and is paired already.
CREATE FUNCTION countersign.pair_reconciliation_slice(job countersign.reconciliation, slice_rows integer) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET jit = off SET work_mem = '64MB' AS $$
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

-- Compares a slice of a reconciliation: either rows that name no charge, by their lines, or all rows and all charges of a
-- range of numbers. This is the one place of the rules.
--
-- A charge is taken as it was at the end of the upload: its decision, its references and its status of then.
CREATE FUNCTION countersign.classify_reconciliation_slice(
    job countersign.reconciliation, is_unpaired boolean, after_number text, last_number text, after_line bigint,
    last_line bigint, difference_limit integer, OUT more_rows bigint, OUT more_differences bigint, OUT more_kept bigint
)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET jit = off SET work_mem = '64MB' AS $$
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

-- Does the next part of a comparison that a worker has claimed, in one transaction: about as many rows or charges as
-- given. It returns whether there is more to do.
CREATE FUNCTION countersign.compare_reconciliation_slice(
    of_operator bigint, of_number integer, of_worker uuid, slice_rows integer, difference_limit integer
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
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

-- Closes differences, all or none: arrays of equal length. One that is closed already keeps its first closing. It
-- returns the first difference that does not exist; NULL if all do.
CREATE FUNCTION countersign.close_reconciliation_differences(
    of_operator bigint, of_number integer, identifiers bigint[], reasons text[], of_username text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

REVOKE EXECUTE ON FUNCTION
    countersign.set_reconciliation_failed, countersign.create_reconciliation, countersign.append_reconciliation_rows,
    countersign.end_reconciliation_upload, countersign.fail_reconciliation_upload, countersign.claim_reconciliation,
    countersign.pair_reconciliation_slice, countersign.classify_reconciliation_slice,
    countersign.compare_reconciliation_slice, countersign.close_reconciliation_differences FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    countersign.create_reconciliation, countersign.append_reconciliation_rows, countersign.end_reconciliation_upload,
    countersign.fail_reconciliation_upload, countersign.claim_reconciliation,
    countersign.compare_reconciliation_slice, countersign.close_reconciliation_differences
    TO countersign_application, countersign_administration;


CREATE VIEW reporting.statement AS
SELECT
    operator_id,
    operator.code AS operator,
    statement.number,
    statement.begins_on,
    statement.ends_on,
    statement.closed_on,
    statement.first_event_number,
    statement.last_event_number,
    statement.last_event_number - statement.first_event_number + 1 AS events,
    encode(statement.digest, 'hex') AS digest
FROM countersign.statement
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.statement IS
    'The closed statements: numbered runs of each operator''s events.';
COMMENT ON COLUMN reporting.statement.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.statement.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.statement.number IS
    'The statement''s number, from 1. Where it does not follow the one before, a restore lost what was between.';
COMMENT ON COLUMN reporting.statement.begins_on IS 'Its events were published at this time or later.';
COMMENT ON COLUMN reporting.statement.ends_on IS 'Its events were published before this time.';
COMMENT ON COLUMN reporting.statement.closed_on IS 'When it was closed.';
COMMENT ON COLUMN reporting.statement.first_event_number IS
    'The number of its first event; that of the next event if it has none.';
COMMENT ON COLUMN reporting.statement.last_event_number IS
    'The number of its last event; one less than the first if it has none.';
COMMENT ON COLUMN reporting.statement.events IS 'How many events it has.';
COMMENT ON COLUMN reporting.statement.digest IS
    'The SHA-256 that proves it and all before it, in hexadecimal; NULL until it is computed.';

CREATE VIEW reporting.statement_total AS
SELECT
    operator_id,
    operator.code AS operator,
    total.number,
    total.event,
    total.currency,
    total.local_currency,
    total.events,
    total.amount,
    total.local_currency_amount
FROM countersign.statement_total AS total
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.statement_total IS
    'The totals of the statements, by event and pair of currencies.';
COMMENT ON COLUMN reporting.statement_total.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.statement_total.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.statement_total.number IS 'The statement''s number.';
COMMENT ON COLUMN reporting.statement_total.event IS 'The kind of event, such as DECISION_ACCEPTED.';
COMMENT ON COLUMN reporting.statement_total.currency IS 'The currency of amount.';
COMMENT ON COLUMN reporting.statement_total.local_currency IS 'The currency of local_currency_amount.';
COMMENT ON COLUMN reporting.statement_total.events IS 'How many events of this kind the statement has.';
COMMENT ON COLUMN reporting.statement_total.amount IS 'The sum of their charges'' amounts.';
COMMENT ON COLUMN reporting.statement_total.local_currency_amount IS
    'The sum of their charges'' amounts in the local currency.';

CREATE VIEW reporting.reconciliation AS
SELECT
    operator_id,
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
FROM countersign.reconciliation
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.reconciliation IS
    'The reconciliations: comparisons of an operator''s file with its charges.';
COMMENT ON COLUMN reporting.reconciliation.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.reconciliation.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.reconciliation.number IS 'The reconciliation''s number, from 1.';
COMMENT ON COLUMN reporting.reconciliation.state IS 'RECEIVING, WAITING, COMPARING, DONE or FAILED.';
COMMENT ON COLUMN reporting.reconciliation.name IS 'A name for people; NULL if none was given.';
COMMENT ON COLUMN reporting.reconciliation.begins_on IS 'The decisions that count were made at this time or later.';
COMMENT ON COLUMN reporting.reconciliation.ends_on IS 'The decisions that count were made before this time.';
COMMENT ON COLUMN reporting.reconciliation.decision IS 'The decisions that count: ACCEPTED, DECLINED or ANY.';
COMMENT ON COLUMN reporting.reconciliation.username IS
    'The user that began it, or key:NAME; NULL for the command line.';
COMMENT ON COLUMN reporting.reconciliation.created_on IS 'When it began.';
COMMENT ON COLUMN reporting.reconciliation.as_of IS 'The end of the upload, whose state of the charges was compared.';
COMMENT ON COLUMN reporting.reconciliation.finished_on IS 'When it was done or failed; NULL before.';
COMMENT ON COLUMN reporting.reconciliation.rows IS 'How many rows the file has.';
COMMENT ON COLUMN reporting.reconciliation.differences IS 'How many differences were found.';
COMMENT ON COLUMN reporting.reconciliation.fault IS 'Why it failed; NULL unless it did.';

CREATE VIEW reporting.reconciliation_difference AS
SELECT
    operator_id,
    operator.code AS operator,
    difference.reconciliation_number,
    identifier,
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
FROM countersign.reconciliation_difference AS difference
JOIN countersign.operator USING (operator_id)
LEFT JOIN countersign.reconciliation_closing AS closing USING (operator_id, reconciliation_number, identifier)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.reconciliation_difference IS
    'The differences that reconciliations found, the first 100,000 of each, with who closed them.';
COMMENT ON COLUMN reporting.reconciliation_difference.operator_id IS
    'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.reconciliation_difference.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.reconciliation_difference.reconciliation_number IS 'The reconciliation''s number.';
COMMENT ON COLUMN reporting.reconciliation_difference.identifier IS 'The difference''s number, from 1.';
COMMENT ON COLUMN reporting.reconciliation_difference.class IS 'The class, such as AMOUNT_DIFFERS.';
COMMENT ON COLUMN reporting.reconciliation_difference.line IS
    'The row''s line in the file; NULL for a charge that no row pairs with.';
COMMENT ON COLUMN reporting.reconciliation_difference.reason IS
    'What is wrong with a malformed row; NULL for any other.';
COMMENT ON COLUMN reporting.reconciliation_difference.fields IS 'The names of the columns in which the sides differ.';
COMMENT ON COLUMN reporting.reconciliation_difference.other_number IS
    'The other charge that the row''s reference names; NULL if there is none.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_number IS 'The row''s number.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_reference_number IS
    'The row''s reference number; NULL if there is none.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_customer IS 'The row''s customer.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_amount IS 'The row''s amount, in currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_currency IS 'The row''s currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_local_currency_amount IS
    'The row''s amount in the local currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_local_currency IS 'The row''s local currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_decision IS 'The row''s decision.';
COMMENT ON COLUMN reporting.reconciliation_difference.there_charge_status IS 'The row''s status.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_number IS 'The charge''s number.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_reference_number IS
    'The charge''s reference number; NULL if there is none.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_customer IS 'The charge''s customer.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_amount IS 'The charge''s amount, in currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_currency IS 'The charge''s currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_local_currency_amount IS
    'The charge''s amount in the local currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_local_currency IS 'The charge''s local currency.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_decision IS 'The charge''s decision.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_charge_status IS 'The charge''s status.';
COMMENT ON COLUMN reporting.reconciliation_difference.here_decided_on IS
    'When the charge''s decision was made; NULL if it is undecided.';
COMMENT ON COLUMN reporting.reconciliation_difference.is_imported IS 'Whether the charge was imported.';
COMMENT ON COLUMN reporting.reconciliation_difference.closed_on IS
    'When the difference was closed; NULL if it is open.';
COMMENT ON COLUMN reporting.reconciliation_difference.closed_by IS
    'The user that closed it, or key:NAME; NULL for the command line.';
COMMENT ON COLUMN reporting.reconciliation_difference.closing_reason IS 'Why it was closed.';

GRANT SELECT ON
    reporting.statement, reporting.statement_total, reporting.reconciliation, reporting.reconciliation_difference
    TO countersign_reporting;
