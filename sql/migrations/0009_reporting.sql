-- Views for reporting, and the counts of failed items.
-- oldest-build: 1

-- The counts of failed items. Nodes collect the counts in memory and add them every few seconds, never in a decision's
-- transaction. The counts that a killed node had not added are lost.
CREATE TABLE countersign.failed_item_count (
    operator_id bigint NOT NULL,
    -- The hour, by this server's clock, in which the count was added.
    counted_on timestamptz NOT NULL,
    -- The requested kind, one of those of charge_history.
    kind text COLLATE "C" NOT NULL,
    error_code text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT failed_item_count_pkey PRIMARY KEY (operator_id, counted_on, kind, error_code),
    CONSTRAINT failed_item_count_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT failed_item_count_counted_on_check CHECK (date_trunc('hour', counted_on, 'UTC') = counted_on),
    CONSTRAINT failed_item_count_kind_check CHECK (kind IN ('ACCEPTED', 'DECLINED', 'ACKNOWLEDGED')),
    CONSTRAINT failed_item_count_error_code_check CHECK (error_code ~ '^[A-Z_]{1,64}$'),
    CONSTRAINT failed_item_count_count_check CHECK (count > 0)
) WITH (
    -- The current hour's rows are updated all the time.
    fillfactor = 50
);
COMMENT ON TABLE countersign.failed_item_count IS 'How many items failed, by operator, hour, kind and code.';
GRANT SELECT, INSERT, UPDATE (count) ON countersign.failed_item_count TO countersign_application;

-- Charges are updated a few times each and never deleted, so it is their number that matters, not their share:
-- the default of a fifth of the table would be millions of rows. The map of visible pages and the statistics
-- stay fresh at a steady cost; docs/data-model.md has the reasoning.
ALTER TABLE countersign.charge SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 10000);
-- History and batches are only ever added to: what vacuum does for them is to mark pages as visible to all, for
-- scans of an index alone, and to freeze, in small steps and not all at once.
ALTER TABLE countersign.charge_history SET (
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 10000);
ALTER TABLE countersign.batch SET (
    autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_insert_threshold = 10000);

-- The schema is the owner's. The right to make it is the migrating login's.
RESET ROLE;
CREATE SCHEMA reporting AUTHORIZATION countersign_owner;
SET LOCAL ROLE countersign_owner;
COMMENT ON SCHEMA reporting IS
    'What reports may rely on: views whose names, columns and types stay. They run with their owner''s rights, so that who may read them needs no right to the tables.';
GRANT USAGE ON SCHEMA reporting TO countersign_reporting;

-- This function and operator_identifier below evaluate the parameters of the files of sql/reports.
CREATE FUNCTION reporting.moment(local_time text, zone text, otherwise interval) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
SET DateStyle = 'ISO'
BEGIN ATOMIC
    SELECT coalesce(
        nullif(local_time, '')::timestamp AT TIME ZONE zone,
        (date_trunc('day', now() AT TIME ZONE zone) + otherwise) AT TIME ZONE zone);
END;
COMMENT ON FUNCTION reporting.moment IS
    'The moment of a date, or of a date and time, in a zone; for an empty text, the start of today there, moved by an interval.';

CREATE VIEW reporting.operator AS
SELECT
    operator_id, code AS operator, currency, undecided_policy, undecided_window, created_on, suspended_on
FROM countersign.operator;
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
JOIN countersign.operator USING (operator_id);
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
    charge.local_currency::text AS local_currency, charge.paid_through_date,
    charge.charge_status, charge.received_on, charge.taken_on,
    coalesce(
        charge.set_as_approved_on, charge.set_as_declined_on, charge.set_as_bad_request_on,
        charge.set_as_rejected_request_on) AS processed_on,
    charge.acknowledged_on, charge.revision, coalesce(charge.decision, 'NONE') AS decision,
    charge.decided_on, charge.decision_made_by, charge.decision_reference_number,
    CASE
        WHEN charge.charge_status = 'PENDING' AND charge.decision IS NULL AND charge.taken_on IS NULL
            AND operator.undecided_policy <> 'hold'
        THEN charge.received_on + operator.undecided_window
    END AS decide_by
FROM countersign.charge
JOIN countersign.operator USING (operator_id);
COMMENT ON VIEW reporting.charge IS
    'Every charge with its status and its standing decision.';
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
    'The provider''s side: PENDING, then APPROVED, DECLINED, BAD_REQUEST or REJECTED for ever.';
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
    'The earliest moment at which the operator''s policy may decide; NULL unless the charge is undecided and the policy is not hold. A changed policy or the end of a suspension moves the real one later.';

CREATE VIEW reporting.decision AS
SELECT
    operator_id, operator.code AS operator, history.number, history.revision, history.kind AS decision,
    history.made_by, history.username, history.made_on AS decided_on, history.reference_number,
    history.idempotency_key
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
WHERE history.kind IN ('ACCEPTED', 'DECLINED');
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
    history.made_on AS taken_on
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
WHERE history.takes_reference;
COMMENT ON VIEW reporting.reference IS
    'Every reference number with the charge that it names for ever.';
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
JOIN countersign.operator USING (operator_id);
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
CREATE FUNCTION reporting.operator_identifier(code text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found_identifier bigint := (SELECT operator_id FROM reporting.operator WHERE operator.operator = code);
BEGIN
    IF found_identifier IS NULL AND code <> '' THEN
        RAISE EXCEPTION 'there is no operator %', code USING ERRCODE = 'no_data_found';
    END IF;
    RETURN found_identifier;
END
$$;
COMMENT ON FUNCTION reporting.operator_identifier IS
    'The number of the operator of a code; NULL for an empty text. An unknown code is an error, not an empty report.';

CREATE FUNCTION reporting.period_begin(local_begin text, local_end text, zone text, length interval)
RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET DateStyle = 'ISO' AS $$
DECLARE
    ends_on timestamptz := reporting.moment(local_end, zone, '1 day');
    begins_on timestamptz := CASE
        WHEN local_begin <> '' THEN reporting.moment(local_begin, zone, '0')
        WHEN local_end <> '' THEN (local_end::timestamp - length) AT TIME ZONE zone
        ELSE reporting.moment('', zone, -length)
    END;
BEGIN
    IF begins_on >= ends_on THEN
        RAISE EXCEPTION 'the period is empty: from must be before to'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN begins_on;
END
$$;
COMMENT ON FUNCTION reporting.period_begin IS
    'The begin of a period whose end is moment(local_end, zone, ''1 day''); for an empty text, so long before the end that was given, or before today. An empty period is an error, not an empty report.';

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
REVOKE EXECUTE ON FUNCTION
    reporting.moment, reporting.operator_identifier, reporting.period_begin, reporting.sees_all_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    reporting.moment, reporting.operator_identifier, reporting.period_begin, reporting.sees_all_sessions
    TO countersign_reporting;

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
REVOKE EXECUTE ON FUNCTION reporting.age_band FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reporting.age_band TO countersign_reporting;
