-- Views for reporting, and the counts of failed items.
-- oldest-build: 1

-- The counts of failed items. Nodes collect the counts in memory and add them every few seconds, never in a decision's
-- transaction. The counts that a killed node had not added are lost.
CREATE TABLE countersign.failed_item_count (
    operator_id bigint NOT NULL,
    counted_on timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    error_code text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT failed_item_count_pkey PRIMARY KEY (operator_id, counted_on, kind, error_code),
    CONSTRAINT failed_item_count_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT failed_item_count_counted_on_check CHECK (
        date_trunc('hour', counted_on, 'UTC') = counted_on AND isfinite(counted_on)),
    CONSTRAINT failed_item_count_kind_check CHECK (kind IN ('ACCEPTED', 'DECLINED', 'ACKNOWLEDGED')),
    CONSTRAINT failed_item_count_error_code_check CHECK (error_code ~ '^[A-Z_]{1,64}$'),
    CONSTRAINT failed_item_count_count_check CHECK (count > 0)
) WITH (
    -- The current hour's rows are updated all the time.
    fillfactor = 50
);
COMMENT ON TABLE countersign.failed_item_count IS 'How many items failed, by operator, hour, kind and code.';
COMMENT ON COLUMN countersign.failed_item_count.operator_id IS 'The operator whose calls had the items.';
COMMENT ON COLUMN countersign.failed_item_count.counted_on IS
    'The hour, by this server''s clock, in which the count was added.';
COMMENT ON COLUMN countersign.failed_item_count.kind IS 'The requested kind: ACCEPTED, DECLINED or ACKNOWLEDGED.';
COMMENT ON COLUMN countersign.failed_item_count.error_code IS 'The items'' error_code.';
COMMENT ON COLUMN countersign.failed_item_count.count IS 'How many items failed so.';
GRANT SELECT, INSERT, UPDATE (count) ON countersign.failed_item_count TO countersign_application;
GRANT SELECT ON countersign.failed_item_count TO countersign_administration;

-- Charges are updated a few times each and never deleted, so it is their number that matters, not their share:
-- the default of a fifth of the table would be millions of rows. The map of visible pages and the statistics
-- stay fresh at a steady cost; docs/data-model.md has the reasoning.
ALTER TABLE countersign.charge SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 10000);
-- The history is only ever added to: what vacuum does for it is to mark pages as visible to all, for scans of an index
-- alone, and to freeze them. Rows that never change are frozen when vacuum first sees them; by default it would leave
-- them until they are 50 million transactions old, and then rewrite the whole table.
ALTER TABLE countersign.charge_history SET (
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 10000,
    autovacuum_freeze_min_age = 0);
-- A batch's row stays for a day after its publication.
ALTER TABLE countersign.batch SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_insert_threshold = 10000);

-- The schema is the owner's. The right to make it is the migrating login's.
RESET ROLE;
CREATE SCHEMA reporting AUTHORIZATION countersign_owner;
SET LOCAL ROLE countersign_owner;
COMMENT ON SCHEMA reporting IS
    'What reports may rely on: views whose names, columns and types stay. They run with their owner''s rights, so that who may read them needs no right to the tables.';
GRANT USAGE ON SCHEMA reporting TO countersign_reporting;

-- The limits of a role hold for sessions that log in as the role, not for logins that are its members. So each view
-- refuses a login without them, however the login was made. Their values are the administrator's to change.
CREATE FUNCTION reporting.limit_login(login name) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY (SELECT rolconfig FROM pg_roles WHERE rolname = 'countersign_reporting') LOOP
        EXECUTE format('ALTER ROLE %I SET %I = %L', login, split_part(setting, '=', 1),
            substr(setting, strpos(setting, '=') + 1));
    END LOOP;
END
$$;
COMMENT ON FUNCTION reporting.limit_login IS
    'Gives a login the limits of countersign_reporting, from its next session on. It needs the right to alter the login; every login may alter itself.';

CREATE FUNCTION reporting.has_limits() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
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
COMMENT ON FUNCTION reporting.has_limits IS
    'Always true; refuses a login without the limits of countersign_reporting, unless its transaction has set limits, as countersign report does, or it has the owner''s rights.';

CREATE VIEW reporting.operator AS
SELECT
    operator_id, code AS operator, currency, undecided_policy, undecided_window, created_on, suspended_on
FROM countersign.operator
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.operator IS
    'The companies that bill on the provider''s behalf.';
COMMENT ON COLUMN reporting.operator.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.operator.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.operator.currency IS 'What the operator''s customers pay in.';
COMMENT ON COLUMN reporting.operator.undecided_policy IS
    'What becomes of charges left undecided: hold, accept or decline.';
COMMENT ON COLUMN reporting.operator.undecided_window IS
    'How long a charge may stay undecided before the policy acts.';
COMMENT ON COLUMN reporting.operator.created_on IS 'When the operator was added.';
COMMENT ON COLUMN reporting.operator.suspended_on IS 'Since when the operator is suspended; NULL if it is not.';

CREATE VIEW reporting.operator_user AS
SELECT operator_id, operator.code AS operator, username, operator_user.created_on, operator_user.suspended_on
FROM countersign.operator_user
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.operator_user IS
    'Who may log in for an operator; nothing of their passwords.';
COMMENT ON COLUMN reporting.operator_user.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.operator_user.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.operator_user.username IS 'The name to log in with, unique per operator.';
COMMENT ON COLUMN reporting.operator_user.created_on IS 'When the user was added.';
COMMENT ON COLUMN reporting.operator_user.suspended_on IS 'Since when the user is suspended; NULL if it is not.';

CREATE VIEW reporting.charge AS
SELECT
    operator_id, operator.code AS operator, charge.number::text AS number,
    charge.provider_charge_id::text AS provider_charge_id,
    charge.billing_system_customer_identifier::text AS billing_system_customer_identifier,
    charge.amount::numeric AS amount, charge.currency::text AS currency,
    charge.local_currency_amount::numeric AS local_currency_amount,
    charge.local_currency::text AS local_currency, charge.paid_through_date::timestamp AS paid_through_date,
    charge.charge_status, charge.received_on::timestamptz AS received_on, charge.taken_on,
    coalesce(
        charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on,
        charge.set_as_rejected_request_on) AS processed_on,
    charge.acknowledged_on, charge.revision, coalesce(charge.decision, 'NONE') AS decision,
    charge.decided_on, charge.decision_made_by, charge.decision_reference_number,
    countersign.decide_by(charge, operator) AS decide_by
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.charge IS
    'Every charge with its status and its current decision.';
COMMENT ON COLUMN reporting.charge.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.charge.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.charge.number IS 'The charge''s number, unique per operator.';
COMMENT ON COLUMN reporting.charge.provider_charge_id IS
    'The provider''s own name for the charge; NULL if it was imported under its number alone.';
COMMENT ON COLUMN reporting.charge.billing_system_customer_identifier IS
    'The customer, as the operator''s billing system names it.';
COMMENT ON COLUMN reporting.charge.amount IS 'What the provider asks, in currency.';
COMMENT ON COLUMN reporting.charge.currency IS 'The currency of amount.';
COMMENT ON COLUMN reporting.charge.local_currency_amount IS 'What the customer pays, in local_currency.';
COMMENT ON COLUMN reporting.charge.local_currency IS 'The currency of local_currency_amount.';
COMMENT ON COLUMN reporting.charge.paid_through_date IS
    'Until when the customer has paid: a calendar value without a zone.';
COMMENT ON COLUMN reporting.charge.charge_status IS
    'The provider''s side: PENDING, then APPROVED, DECLINED, BAD_REQUEST or REJECTED permanently.';
COMMENT ON COLUMN reporting.charge.received_on IS 'When the charge came in.';
COMMENT ON COLUMN reporting.charge.taken_on IS
    'Since when the provider processes the charge; NULL before that and after a release.';
COMMENT ON COLUMN reporting.charge.processed_on IS 'When the charge got its final status; NULL while it is pending.';
COMMENT ON COLUMN reporting.charge.acknowledged_on IS
    'When the operator said that it has seen the final status; NULL until then.';
COMMENT ON COLUMN reporting.charge.revision IS 'How many decisions the charge has had.';
COMMENT ON COLUMN reporting.charge.decision IS 'The decision that stands: ACCEPTED, DECLINED, or NONE.';
COMMENT ON COLUMN reporting.charge.decided_on IS 'When it was made; NULL if there is none.';
COMMENT ON COLUMN reporting.charge.decision_made_by IS 'Who made it: operator or policy; NULL if there is none.';
COMMENT ON COLUMN reporting.charge.decision_reference_number IS
    'The operator''s reference given with it; NULL if none was.';
COMMENT ON COLUMN reporting.charge.decide_by IS
    'When the operator''s policy may decide: its window, counted from the latest of the charge''s arrival, the last change of the policy and the end of the last suspension. NULL unless the charge is undecided, the operator is not suspended and the policy is not hold. After an outage it may be an hour later.';

CREATE VIEW reporting.decision AS
SELECT
    operator_id, operator.code AS operator, history.number, history.revision, history.kind AS decision,
    history.made_by, history.username, history.made_on::timestamptz AS decided_on, history.reference_number,
    history.idempotency_key
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
WHERE history.kind IN ('ACCEPTED', 'DECLINED') AND (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.decision IS
    'Every decision ever made, also those that were replaced.';
COMMENT ON COLUMN reporting.decision.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.decision.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.decision.number IS 'The charge''s number, unique per operator.';
COMMENT ON COLUMN reporting.decision.revision IS
    'The decision''s number among those of its charge, from 1; the highest stands.';
COMMENT ON COLUMN reporting.decision.decision IS 'ACCEPTED or DECLINED.';
COMMENT ON COLUMN reporting.decision.made_by IS 'operator or policy.';
COMMENT ON COLUMN reporting.decision.username IS
    'The user, or key:NAME for an API key; NULL for a policy''s and an imported decision.';
COMMENT ON COLUMN reporting.decision.decided_on IS 'When it was made.';
COMMENT ON COLUMN reporting.decision.reference_number IS 'The reference given with it; NULL if none was.';
COMMENT ON COLUMN reporting.decision.idempotency_key IS
    'The Idempotency-Key of the call that made it; NULL if it bore none.';

CREATE VIEW reporting.reference AS
SELECT
    operator_id, operator.code AS operator, history.reference_number, history.number,
    history.made_on::timestamptz AS taken_on
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
WHERE history.takes_reference AND (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.reference IS
    'Every reference number with the charge that it names permanently.';
COMMENT ON COLUMN reporting.reference.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.reference.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.reference.reference_number IS
    'The operator''s own name for the charge, unique per operator.';
COMMENT ON COLUMN reporting.reference.number IS 'The number of the charge that it names.';
COMMENT ON COLUMN reporting.reference.taken_on IS 'When it began to name it.';

CREATE VIEW reporting.failed_items AS
SELECT
    operator_id, operator.code AS operator, failed.counted_on,
    CASE failed.kind WHEN 'ACCEPTED' THEN 'accept' WHEN 'DECLINED' THEN 'decline' ELSE 'acknowledge' END AS call,
    failed.error_code, failed.count AS failed_items
FROM countersign.failed_item_count AS failed
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON VIEW reporting.failed_items IS
    'How many items of calls failed, by hour and code. Nodes add their counts every few seconds; what a node that was killed had not added is missing.';
COMMENT ON COLUMN reporting.failed_items.operator_id IS 'The operator''s number, the first part of every key.';
COMMENT ON COLUMN reporting.failed_items.operator IS 'The operator''s code.';
COMMENT ON COLUMN reporting.failed_items.counted_on IS 'The start of the hour in which the items were counted.';
COMMENT ON COLUMN reporting.failed_items.call IS 'accept, decline or acknowledge.';
COMMENT ON COLUMN reporting.failed_items.error_code IS 'The items'' error_code.';
COMMENT ON COLUMN reporting.failed_items.failed_items IS 'How many items failed so.';

GRANT SELECT ON
    reporting.operator,
    reporting.operator_user,
    reporting.charge,
    reporting.decision,
    reporting.reference,
    reporting.failed_items
    TO countersign_reporting;
-- The parameters of the files of sql/reports: one rule for `from`, `to` and `zone`, which no setting of the session
-- changes. The functions after this comment are that rule.
CREATE FUNCTION reporting.time_zone(zone text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
$$;
COMMENT ON FUNCTION reporting.time_zone IS
    'The zone for AT TIME ZONE of a name of the time zone database, or of an ISO offset, whose plus means east; UTC for an empty text. All else is an error.';

CREATE FUNCTION reporting.first_moment(local_time timestamp, time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
COMMENT ON FUNCTION reporting.first_moment IS
    'The first moment at which clocks in a zone show a local time, or have skipped it.';

CREATE FUNCTION reporting.day(moment timestamptz, time_zone text) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    local_date date := (moment AT TIME ZONE time_zone)::date;
BEGIN
    -- The next day has begun already where clocks went back across midnight.
    RETURN local_date + (reporting.first_moment(local_date + 1, time_zone) <= moment)::integer;
END
$$;
COMMENT ON FUNCTION reporting.day IS
    'The day of a moment in a zone. A day lasts from the first moment of its date to the first of the next.';

CREATE FUNCTION reporting.day_begins(begins_on timestamptz, ends_on timestamptz, time_zone text) RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(reporting.first_moment(day, time_zone) ORDER BY day)
    FROM generate_series(
        reporting.day(begins_on, time_zone)::timestamp, reporting.day(ends_on, time_zone)::timestamp,
        interval '1 day') AS day;
END;
COMMENT ON FUNCTION reporting.day_begins IS
    'The first moments of the days of a period, in order, for reporting.day_begin.';

-- The planner inlines this function and the next two.
CREATE FUNCTION reporting.day_begin(moment timestamptz, day_begins timestamptz[]) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN day_begins[width_bucket(moment, day_begins)];
COMMENT ON FUNCTION reporting.day_begin IS 'The first moment of the day, of those of a period, in which a moment is.';

CREATE FUNCTION reporting.local_date(moment timestamptz, time_zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(moment AT TIME ZONE time_zone, 'YYYY-MM-DD');
COMMENT ON FUNCTION reporting.local_date IS 'The date of a moment in a zone, in ISO form.';

CREATE FUNCTION reporting.local_time(moment timestamptz, time_zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN rtrim(rtrim(to_char(moment AT TIME ZONE time_zone, 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.');
COMMENT ON FUNCTION reporting.local_time IS 'The date and time of a moment in a zone, in ISO form.';

CREATE FUNCTION reporting.moment(parameter text, given text, time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
$$;
COMMENT ON FUNCTION reporting.moment IS
    'The moment of an ISO date or date and time, in the given zone unless it has one of its own. All else is an error, which names the parameter.';

CREATE FUNCTION reporting.parameters(
    operator text DEFAULT '', "from" text DEFAULT '', "to" text DEFAULT '', zone text DEFAULT '',
    length interval DEFAULT '30 days',
    OUT operator_id bigint, OUT begins_on timestamptz, OUT ends_on timestamptz, OUT time_zone text)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
$$;
COMMENT ON FUNCTION reporting.parameters IS
    'The parameters of a report: the operator''s number (NULL for all), the period''s first moment, the first one after it, and the zone for AT TIME ZONE. Without "to" the period ends with today, without "from" it is so long. An unknown operator and an empty period are errors, not empty reports.';

CREATE FUNCTION reporting.sees_all_sessions() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
        RAISE WARNING 'of other logins'' sessions nothing can be seen; GRANT pg_read_all_stats TO % lets it',
            current_user;
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION reporting.sees_all_sessions IS
    'Always true; warns if what other logins'' sessions do is hidden from this one.';

-- The band of a waiting time, for people. The planner inlines the function.
CREATE FUNCTION reporting.age_band(age interval) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN age < interval '1 hour' THEN 'under 1 hour'
    WHEN age < interval '24 hours' THEN '1 to 24 hours'
    WHEN age < interval '3 days' THEN '1 to 3 days'
    WHEN age < interval '7 days' THEN '3 to 7 days'
    WHEN age < interval '30 days' THEN '7 to 30 days'
    ELSE 'over 30 days'
END;
COMMENT ON FUNCTION reporting.age_band IS 'The band of a waiting time, from under 1 hour to over 30 days.';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA reporting FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA reporting TO countersign_reporting;
-- The view of charges calls it with the rights of its reader.
GRANT EXECUTE ON FUNCTION countersign.decide_by TO countersign_reporting;
