-- Statements: closed, numbered, immutable runs of each operator's events.
-- oldest-build: 1

ALTER TABLE countersign.operator
    ADD COLUMN zone text COLLATE "C" NOT NULL DEFAULT 'UTC',
    ADD CONSTRAINT operator_zone_check CHECK (length(zone) BETWEEN 1 AND 64);
COMMENT ON COLUMN countersign.operator.zone IS
    'The zone in which the operator''s statements end with the day: a name of the time zone database.';
GRANT UPDATE (zone) ON countersign.operator TO countersign_administration;

CREATE TABLE countersign.statement_schedule (
    operator_id bigint NOT NULL,
    next_end_on timestamptz NOT NULL,
    resume_after integer,
    resume_digest bytea,
    CONSTRAINT statement_schedule_pkey PRIMARY KEY (operator_id),
    CONSTRAINT statement_schedule_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT statement_schedule_resume_after_check CHECK (resume_after > 0),
    CONSTRAINT statement_schedule_resume_digest_check CHECK (
        length(resume_digest) = 32 AND num_nulls(resume_after, resume_digest) IN (0, 2))
);
COMMENT ON TABLE countersign.statement_schedule IS
    'When each operator''s statement under way ends. A new zone counts from there on.';
COMMENT ON COLUMN countersign.statement_schedule.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.statement_schedule.next_end_on IS
    'The end of the statement under way, unless it is closed earlier by hand.';
COMMENT ON COLUMN countersign.statement_schedule.resume_after IS
    'The number of the last statement that was known elsewhere, after a restore that lost it; NULL otherwise.';
COMMENT ON COLUMN countersign.statement_schedule.resume_digest IS 'The digest of that statement.';

CREATE TABLE countersign.statement (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    begins_on timestamptz NOT NULL,
    ends_on timestamptz NOT NULL,
    first_event_number bigint NOT NULL,
    last_event_number bigint NOT NULL,
    closed_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    other_predecessor bytea,
    digest bytea,
    CONSTRAINT statement_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT statement_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT statement_number_check CHECK (number > 0),
    CONSTRAINT statement_ends_on_check CHECK (ends_on > begins_on),
    CONSTRAINT statement_last_event_number_check CHECK (
        first_event_number > 0 AND last_event_number >= first_event_number - 1),
    CONSTRAINT statement_other_predecessor_check CHECK (length(other_predecessor) = 32),
    CONSTRAINT statement_digest_check CHECK (length(digest) = 32)
);
COMMENT ON TABLE countersign.statement IS
    'The statements: each a closed run of an operator''s events, which never changes.';
COMMENT ON COLUMN countersign.statement.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.statement.number IS
    'The statement''s number, from 1. Where it does not follow the one before, a restore lost what was between.';
COMMENT ON COLUMN countersign.statement.begins_on IS 'Its events were published at this time or later.';
COMMENT ON COLUMN countersign.statement.ends_on IS 'Its events were published before this time.';
COMMENT ON COLUMN countersign.statement.first_event_number IS
    'The number of its first event; that of the next event if it has none.';
COMMENT ON COLUMN countersign.statement.last_event_number IS
    'The number of its last event; one less than the first if it has none.';
COMMENT ON COLUMN countersign.statement.closed_on IS 'When it was closed.';
COMMENT ON COLUMN countersign.statement.other_predecessor IS
    'The digest of the last statement that was known elsewhere, after a restore that lost data; NULL otherwise.';
COMMENT ON COLUMN countersign.statement.digest IS
    'The SHA-256 that proves the statement and all before it; NULL until it is computed, soon after closing.';

CREATE TABLE countersign.statement_total (
    operator_id bigint NOT NULL,
    number integer NOT NULL,
    event text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    local_currency text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    amount numeric NOT NULL,
    local_currency_amount numeric NOT NULL,
    CONSTRAINT statement_total_pkey PRIMARY KEY (operator_id, number, event, currency, local_currency),
    CONSTRAINT statement_total_statement_fkey FOREIGN KEY (operator_id, number) REFERENCES countersign.statement,
    CONSTRAINT statement_total_events_check CHECK (events > 0)
);
COMMENT ON TABLE countersign.statement_total IS 'The totals of the statements, by event and pair of currencies.';
COMMENT ON COLUMN countersign.statement_total.operator_id IS 'The operator.';
COMMENT ON COLUMN countersign.statement_total.number IS 'The statement''s number.';
COMMENT ON COLUMN countersign.statement_total.event IS 'The kind of event, such as DECISION_ACCEPTED.';
COMMENT ON COLUMN countersign.statement_total.currency IS 'The currency of amount.';
COMMENT ON COLUMN countersign.statement_total.local_currency IS 'The currency of local_currency_amount.';
COMMENT ON COLUMN countersign.statement_total.events IS 'How many events of this kind the statement has.';
COMMENT ON COLUMN countersign.statement_total.amount IS 'The sum of their charges'' amounts.';
COMMENT ON COLUMN countersign.statement_total.local_currency_amount IS
    'The sum of their charges'' amounts in the local currency.';
GRANT SELECT ON countersign.statement_schedule, countersign.statement, countersign.statement_total
    TO countersign_application, countersign_administration;

-- The end of the day of a moment in a zone: the first moment of the next date, also where midnight comes twice or not at
-- all. It is always later than the moment.
CREATE FUNCTION countersign.end_of_day(moment timestamptz, time_zone text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT reporting.first_moment((reporting.day(moment, time_zone) + 1)::timestamp, time_zone)
$$;

-- Every operator's statements begin with it.
CREATE FUNCTION countersign.add_statement_schedule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO countersign.statement_schedule (operator_id, next_end_on)
    VALUES (NEW.operator_id, countersign.end_of_day(NEW.created_on, NEW.zone));
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_statement_schedule
    AFTER INSERT ON countersign.operator
    FOR EACH ROW EXECUTE FUNCTION countersign.add_statement_schedule();
INSERT INTO countersign.statement_schedule (operator_id, next_end_on)
SELECT operator_id, countersign.end_of_day(clock_timestamp(), zone) FROM countersign.operator;

-- Closes the statement under way of an operator at a moment: all that was published before belongs to it, and nothing that
-- is published later. The caller holds the publisher's lock and has published.
CREATE FUNCTION countersign.cut_statement(of_operator bigint, moment timestamptz) RETURNS void
LANGUAGE sql AS $$
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

-- Closes the statements whose end has come, one by one. Any node may call it at any time; the publisher's lock admits
-- one. With a code it closes that operator's statement under way as well, at once.
--
-- It returns the number of statements that it closed; NULL if another session held the lock for longer than the wait.
CREATE FUNCTION countersign.close_statements(lock_wait_milliseconds integer, at_once_of text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Writes the digest and the totals of a closed statement, once: arrays of equal length, a place for each total. It returns
-- false if they were there already.
CREATE FUNCTION countersign.seal_statement(
    of_operator bigint, of_number integer, new_digest bytea, kinds text[], currencies text[], local_currencies text[],
    counts bigint[], amounts numeric[], local_currency_amounts numeric[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- Changes an operator's zone. Statements that should have ended by now end by the old zone first.
CREATE FUNCTION countersign.change_zone(of_code text, new_zone text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM countersign.close_statements(10000);
    UPDATE countersign.operator SET zone = reporting.time_zone(new_zone) WHERE code = of_code;
    RETURN FOUND;
END
$$;

-- Lets an operator's statement under way follow one that is known elsewhere and was lost here. It returns false if the
-- operator has a statement with that number or a later one; NULL if another session published for too long.
CREATE FUNCTION countersign.resume_statements(of_code text, last_number integer, last_digest bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

REVOKE EXECUTE ON FUNCTION
    countersign.end_of_day, countersign.add_statement_schedule, countersign.cut_statement,
    countersign.close_statements, countersign.seal_statement, countersign.change_zone,
    countersign.resume_statements FROM PUBLIC;
GRANT EXECUTE ON FUNCTION countersign.close_statements, countersign.seal_statement
    TO countersign_application, countersign_administration;
GRANT EXECUTE ON FUNCTION countersign.change_zone, countersign.resume_statements TO countersign_administration;
