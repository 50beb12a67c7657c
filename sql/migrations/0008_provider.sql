-- The provider's side: ingest, take, outcomes, policies, the feed.
-- oldest-build: 1

-- 1. Keys.

CREATE TABLE countersign.provider_key (
    name text COLLATE "C" NOT NULL,
    key_hash bytea NOT NULL,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_on timestamptz,
    CONSTRAINT provider_key_pkey PRIMARY KEY (name),
    CONSTRAINT provider_key_key_hash_key UNIQUE (key_hash),
    CONSTRAINT provider_key_name_check CHECK (name ~ '^[!-~]{1,64}$'),
    CONSTRAINT provider_key_key_hash_check CHECK (length(key_hash) = 32)
);
COMMENT ON TABLE countersign.provider_key IS 'The keys with which the provider''s bridge calls.';
COMMENT ON COLUMN countersign.provider_key.name IS 'The key''s name.';
COMMENT ON COLUMN countersign.provider_key.key_hash IS
    'The SHA-256 of the key, which has 256 random bits; never the key.';
COMMENT ON COLUMN countersign.provider_key.created_on IS 'When the key was added.';
COMMENT ON COLUMN countersign.provider_key.revoked_on IS 'When the key was revoked; NULL if it is active.';
GRANT SELECT ON countersign.provider_key TO countersign_application;
GRANT SELECT, INSERT, UPDATE (revoked_on) ON countersign.provider_key TO countersign_administration;

-- 2. Charges are numbered.

-- `I` and at least 8 digits.
CREATE FUNCTION countersign.charge_number(count bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT 'I' || lpad(count::text, greatest(8, length(count::text)), '0') $$;

-- Draws numbers of an operator from its counter: as many as are asked for, free ones, none of which is ever drawn again.
-- It returns them in ascending order.
--
-- The counter stays locked until the transaction ends. So that must be a short one of its own; numbers that are not used
-- leave gaps. It commits without waiting for the disk or a standby: the later commit of a charge takes the draw along.
--
-- Numbers that charges have already are passed over, wherever an import brought them in. Each candidate is looked up by
-- its key, so the cost does not depend on what is there. If most candidates of a run are taken, the next run begins
-- further on, at random within a reach that doubles each time: a million numbers in a row cost some twenty runs, and
-- no pattern of numbers can make them many.
--
--   beyond   a number that this draw and all later ones are to exceed; NULL for none
CREATE FUNCTION countersign.draw_charge_numbers(asked_operator_id bigint, asked_count integer, beyond bigint)
RETURNS text[]
LANGUAGE plpgsql
-- Whatever the session has set and whatever the statistics say.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_indexscan = on SET plan_cache_mode = force_generic_plan
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

-- Draws a number for each item of an ingest that may become a charge. It returns one for each item, in order: NULL if
-- the charge is known, or wrong, or if its operator's counter stayed locked until the wait, which all operators share,
-- was used up. As with countersign.draw_charge_numbers, the transaction must be one of its own.
CREATE FUNCTION countersign.draw_ingest_numbers(
    lock_wait_milliseconds integer,
    operators text[],
    provider_charge_ids text[],
    problems text[]
) RETURNS text[]
LANGUAGE plpgsql AS $$
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

-- 3. Charges are ingested.

-- Takes the charges of one call as arrays of equal length, and returns the outcome of each: CREATED, KNOWN (it exists
-- with the same content), or the code of a failure. The order of the cases is that of the codes.
--
-- The unique index on the provider's ids decides between the same charges sent to two nodes at once, or brought in by an
-- import: who comes second waits for the first, and then finds its charge. It waits until the wait, which all items
-- share, is used up, and then fails alone with CHARGE_LOCKED. No operator's row is locked, beyond what the foreign key
-- does. All calls send their items in the same order, so that two of them do not wait for each other.
--
--   problems   the code of what is wrong with the item itself; its wrong values are NULL
--   numbers    the numbers that countersign.draw_ingest_numbers drew. An item without one is not created
--
-- No (operator, provider_charge_id) may appear twice. SQLSTATE CS001: the deadline has passed, and nothing was
-- applied.
CREATE FUNCTION countersign.ingest(
    lock_wait_milliseconds integer,
    deadline timestamptz,
    operators text[],
    provider_charge_ids text[],
    customers text[],
    amounts text[],
    currencies text[],
    local_currency_amounts text[],
    local_currencies text[],
    paid_through_dates text[],
    problems text[],
    numbers text[],
    OUT item integer,
    OUT outcome text,
    OUT number text,
    OUT conflicting_fields text
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
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

-- 4. Charges are taken, released, and processed.

-- A new id for a batch that no node has named. Like theirs it grows with time (RFC 9562, version 7).
CREATE FUNCTION countersign.batch_identifier() RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    SELECT encode(
        set_byte(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1),
            6, 112 | (get_byte(uuid_send(gen_random_uuid()), 6) & 15)),
        'hex')::uuid
$$;

-- Takes the items of one call as arrays of equal length, and returns the outcome of each: DONE, or the code of a
-- failure. A repeated action is DONE as well and changes nothing.
--
-- It locks as countersign.decide does: charges in the order of their keys. Without a lock wait, charges that others
-- have locked are skipped. Otherwise it waits for them until the wait, which all items share, is used up.
--
--   action         take, release or outcome
--   revisions      the decision that is meant; NULL for the current one (only for outcome)
--   new_statuses   for outcome; NULL if it is none of the four
--
-- No charge may appear twice among the items. SQLSTATE CS001: the deadline passed, and nothing was applied.
CREATE FUNCTION countersign.process(
    action text,
    lock_wait_milliseconds integer,
    deadline timestamptz,
    operators text[],
    numbers text[],
    revisions integer[],
    new_statuses text[],
    OUT item integer,
    OUT outcome text,
    OUT current_status text,
    OUT current_decision text,
    OUT current_revision integer
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
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

-- 5. Policies decide the charges that operators leave undecided.

-- The heartbeat of the service. Every node updates it every few seconds. An outage is a gap between two heartbeats by
-- this server's clock, so it is noticed whether the nodes or the database failed.
CREATE TABLE countersign.heartbeat (
    singleton boolean NOT NULL DEFAULT true,
    last_heartbeat_on timestamptz,
    outage_ended_on timestamptz,
    CONSTRAINT heartbeat_pkey PRIMARY KEY (singleton),
    CONSTRAINT heartbeat_singleton_check CHECK (singleton),
    CONSTRAINT heartbeat_last_heartbeat_on_check CHECK (isfinite(last_heartbeat_on)),
    CONSTRAINT heartbeat_outage_ended_on_check CHECK (isfinite(outage_ended_on))
);
COMMENT ON TABLE countersign.heartbeat IS 'When the service was last there, and when it last came back; one row.';
COMMENT ON COLUMN countersign.heartbeat.singleton IS 'True: the table has one row.';
COMMENT ON COLUMN countersign.heartbeat.last_heartbeat_on IS 'The last heartbeat of any node.';
COMMENT ON COLUMN countersign.heartbeat.outage_ended_on IS
    'The end of the last outage of more than a minute; NULL if there was none.';
INSERT INTO countersign.heartbeat DEFAULT VALUES;
GRANT SELECT, UPDATE (last_heartbeat_on, outage_ended_on) ON countersign.heartbeat TO countersign_application;

-- Decides, by an operator's policy, the next of its charges whose window has passed, oldest first. Any node may run it
-- at any time. It does not wait for locks: locked charges are left to the next pass, and a charge that an operator
-- decides meanwhile is no longer undecided when its lock is taken.
--
-- It does nothing for a suspended operator, nor unless the service has been available for the last hour (a missing
-- heartbeat counts as an outage that has not ended).
--
--   batch                             the transaction's own id
--   after_received_on, after_number   the place that the pass has reached
--   maximum                           the maximum number of charges
--
-- If `decided` is under the maximum, the pass has ended. Otherwise it continues after the last charge.
CREATE FUNCTION countersign.decide_undecided(
    batch uuid,
    of_operator bigint,
    after_received_on timestamptz,
    after_number text,
    maximum integer,
    OUT decided integer,
    OUT last_received_on timestamptz,
    OUT last_number text
)
LANGUAGE plpgsql AS $$
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

-- 6. The feed: every decision once, in an order that never changes.
--
-- A position is assigned after the decision's commit, by one session at a time, under an advisory lock. So a reader
-- that has reached a position has seen all earlier ones; the order of a sequence would not be the order of commits.
-- And publishing never waits for an unrelated transaction, as it would if it waited for the oldest running one.

CREATE TABLE countersign.feed (
    singleton boolean NOT NULL DEFAULT true,
    epoch text COLLATE "C" NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    last_position bigint NOT NULL DEFAULT 0,
    last_published_on timestamptz NOT NULL DEFAULT '-infinity',
    seen pg_snapshot,
    last_purged_position bigint NOT NULL DEFAULT 0,
    CONSTRAINT feed_pkey PRIMARY KEY (singleton),
    CONSTRAINT feed_singleton_check CHECK (singleton),
    CONSTRAINT feed_epoch_check CHECK (epoch ~ '^[0-9a-f]{32}$')
);
COMMENT ON TABLE countersign.feed IS 'How far the feed has come, and which feed it is; one row.';
COMMENT ON COLUMN countersign.feed.singleton IS 'True: the table has one row.';
COMMENT ON COLUMN countersign.feed.epoch IS
    'The feed''s epoch. It is changed after a restore or a failover with loss; earlier cursors are refused then.';
COMMENT ON COLUMN countersign.feed.last_position IS 'The position of the last published decision; 0 before the first.';
COMMENT ON COLUMN countersign.feed.last_published_on IS
    'The time before which nothing is published any more: that of the last publication, or the end of the last statement.';
COMMENT ON COLUMN countersign.feed.seen IS
    'The snapshot of the last publication. All decisions that were committed by then are published.';
COMMENT ON COLUMN countersign.feed.last_purged_position IS
    'The position of the last published batch whose row in batch was deleted; 0 before the first.';
INSERT INTO countersign.feed DEFAULT VALUES;
GRANT SELECT ON countersign.feed TO countersign_application, countersign_administration;
GRANT UPDATE (epoch, seen) ON countersign.feed TO countersign_administration;

-- Written in the deciding transaction, one row a batch. The transaction's id comes first in the key: rows are added
-- at the index's end, and a publication looks only at transactions that the one before it did not see, however many
-- dead rows an old snapshot keeps in the table.
CREATE TABLE countersign.unpublished_batch (
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    batch_id uuid NOT NULL,
    CONSTRAINT unpublished_batch_pkey PRIMARY KEY (transaction_id, batch_id)
) WITH (
    -- Always nearly empty, and rewritten all the time. Giving the file's end back would lock out decisions.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, vacuum_truncate = off
);
COMMENT ON TABLE countersign.unpublished_batch IS
    'Batches whose events have no numbers, and whose decisions have no position in the feed, yet.';
COMMENT ON COLUMN countersign.unpublished_batch.transaction_id IS 'The transaction that wrote the batch.';
COMMENT ON COLUMN countersign.unpublished_batch.batch_id IS 'The batch.';

-- The feed is kept by batches: the decisions of one, in the order of their keys, have the positions from its own on.
CREATE TABLE countersign.published_batch (
    position bigint NOT NULL,
    batch_id uuid NOT NULL,
    published_on timestamptz NOT NULL,
    CONSTRAINT published_batch_pkey PRIMARY KEY (position)
) WITH (
    -- Its rows never change, so they are frozen when vacuum first sees them.
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_freeze_min_age = 0
);
COMMENT ON TABLE countersign.published_batch IS
    'The feed: every batch once, by the position of its first decision.';
COMMENT ON COLUMN countersign.published_batch.position IS
    'The position of the batch''s first decision. The others follow in the order of their keys.';
COMMENT ON COLUMN countersign.published_batch.batch_id IS 'The batch, whose decisions are rows of charge_history.';
COMMENT ON COLUMN countersign.published_batch.published_on IS
    'When the decisions got their positions. It never decreases from one position to the next.';
CREATE INDEX published_batch_published_on_position_idx
    ON countersign.published_batch (published_on, position);
GRANT SELECT ON countersign.unpublished_batch, countersign.published_batch
    TO countersign_application, countersign_administration;

-- The events of a batch, by operator: as many as it says, the last one with this number. Within it they follow each
-- other in the order of the charges' numbers. A charge has one event in a batch.
CREATE TABLE countersign.event_batch (
    operator_id bigint NOT NULL,
    last_event_number bigint NOT NULL,
    events integer NOT NULL,
    batch_id uuid NOT NULL,
    published_on timestamptz NOT NULL,
    CONSTRAINT event_batch_pkey PRIMARY KEY (operator_id, last_event_number),
    CONSTRAINT event_batch_events_check CHECK (events > 0 AND last_event_number >= events)
) WITH (
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_freeze_min_age = 0
);
COMMENT ON TABLE countersign.event_batch IS
    'The numbers of each operator''s events: a row for each batch and operator. Decisions, outcomes and acknowledgements are events.';
COMMENT ON COLUMN countersign.event_batch.operator_id IS 'The operator whose events are numbered.';
COMMENT ON COLUMN countersign.event_batch.last_event_number IS 'The number of the batch''s last event of the operator.';
COMMENT ON COLUMN countersign.event_batch.events IS 'How many events of the operator the batch has.';
COMMENT ON COLUMN countersign.event_batch.batch_id IS
    'The batch, whose events are rows of charge_history or of charge_outcome.';
COMMENT ON COLUMN countersign.event_batch.published_on IS
    'When the events got their numbers. It never decreases from one number to the next.';
GRANT SELECT ON countersign.event_batch TO countersign_application, countersign_administration;


CREATE FUNCTION countersign.queue_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO countersign.unpublished_batch (batch_id) VALUES (NEW.batch_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER batch_queue_batch
    AFTER INSERT ON countersign.batch
    FOR EACH ROW EXECUTE FUNCTION countersign.queue_batch();

-- Assigns positions to all committed decisions without one, and numbers to all committed events without one. An earlier
-- event of a charge was committed before the later one could be, so a snapshot with the later one has both; and its batch
-- has the lower sequence number.
--
-- It runs with the owner's rights, since the application may delete nothing. It returns the number of decisions.
--
--   lock_wait_milliseconds   how long to wait for another session that is publishing; 0 does not wait
CREATE FUNCTION countersign.publish_decisions(lock_wait_milliseconds integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
-- Few batches are looked up in a large table, however few the server believes there are.
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
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

-- Takes the lock of whoever publishes, until the transaction ends. It returns false if another session has it for longer
-- than the wait; 0 does not wait.
CREATE FUNCTION countersign.lock_publication(lock_wait_milliseconds integer) RETURNS boolean
LANGUAGE plpgsql AS $$
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

-- The number of an operator's last event; 0 before the first.
CREATE FUNCTION countersign.last_event_number(of_operator bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT event_batch.last_event_number FROM countersign.event_batch
        WHERE event_batch.operator_id = of_operator
        ORDER BY event_batch.last_event_number DESC LIMIT 1), 0)
$$;

-- Deletes rows of batch that no node can ask for any more: those whose decisions were published more than a day ago, and
-- those without decisions that came before them. A call is answered within seconds, and until then an in-doubt commit
-- is resolved by the row. The feed itself keeps every batch. A batch that is not published keeps its row.
--
-- It runs with the owner's rights, since the application may delete nothing, and under the publisher's lock, which it
-- does not wait for.
--
--   maximum   the most published batches of one call
--
-- It returns the number of published batches that it has passed; fewer than the maximum if none is left.
CREATE FUNCTION countersign.purge_published_batches(maximum integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
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

REVOKE EXECUTE ON FUNCTION
    countersign.charge_number, countersign.draw_charge_numbers, countersign.draw_ingest_numbers,
    countersign.ingest, countersign.batch_identifier, countersign.process, countersign.decide_undecided,
    countersign.queue_batch, countersign.publish_decisions, countersign.lock_publication,
    countersign.last_event_number,
    countersign.purge_published_batches FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    countersign.charge_number, countersign.draw_charge_numbers, countersign.draw_ingest_numbers,
    countersign.ingest, countersign.batch_identifier, countersign.process, countersign.decide_undecided,
    countersign.publish_decisions, countersign.purge_published_batches TO countersign_application;
GRANT EXECUTE ON FUNCTION countersign.charge_number, countersign.draw_charge_numbers TO countersign_administration;
