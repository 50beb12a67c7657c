-- Decisions: the rules for the calls of operators, and the slow path of deciding them.
-- oldest-build: 1

-- Returns the verdict on each item by the statement's snapshot: the code of its failure, or that it is a repeat that
-- succeeds, or NULL if it may be decided. The order of the cases is the order of the failures.
--
--   kinds             ACCEPTED, DECLINED or ACKNOWLEDGED
--   customers         NULL if no customer can have the given identifier
--   repeats_succeed   whether repeating the current decision is a success that changes nothing
--
-- The verdict is NULL, the code of a failure, REPEATED (an earlier call under the same Idempotency-Key made this
-- decision, and it is current), or UNCHANGED (the same decision is current, and repeats succeed). The time and the
-- revision are those of the decision that a repeat found. `next_revision` is the revision of a new decision, and 0 for
-- an acknowledgement.
CREATE FUNCTION countersign.explain_refusal(
    operator_ids bigint[],
    idempotency_keys text[],
    kinds text[],
    numbers text[],
    customers text[],
    reference_numbers text[],
    repeats_succeed boolean[]
) RETURNS TABLE (
    item bigint,
    operator_id bigint,
    number text,
    reference_number text,
    verdict text,
    found_on timestamptz,
    found_revision integer,
    next_revision integer,
    current_status text,
    current_reference_number text,
    owner_number text
)
LANGUAGE sql STABLE AS $$
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

-- Returns the outcome that each item of a call is to have by the statement's snapshot: what explain_refusal says of it
-- alone, and the rules between the items of a call. Of items with the same reference number the first that is otherwise
-- good is to have it. The slow path decides by these outcomes, and a dry run returns them, so that the two agree.
--
--   deadlines     by item; NULL where none counts, as for a dry run
--   moment        the time of new decisions, with which the deadlines are compared; NULL for a dry run
--   locked        the items whose charges the transaction has locked; NULL judges every charge as it is committed
--   is_last_try   whether an item that is not among them is out, and leaves its reference number to the next
--
-- The others are those of countersign.explain_refusal. The outcome is DECIDED, REPEATED, UNCHANGED, DEADLINE_PASSED, or
-- the code of a failure, as countersign.decide returns it. `takes_reference` says whether the history row of a DECIDED
-- item takes the reference number. `earlier_item` is the item that has the reference number before this one.
CREATE FUNCTION countersign.expected_outcomes(
    operator_ids bigint[],
    idempotency_keys text[],
    kinds text[],
    numbers text[],
    customers text[],
    reference_numbers text[],
    repeats_succeed boolean[],
    deadlines timestamptz[],
    moment timestamptz,
    locked integer[],
    is_last_try boolean
) RETURNS TABLE (
    item bigint,
    outcome text,
    decided_on timestamptz,
    revision integer,
    current_status text,
    current_reference_number text,
    other_number text,
    takes_reference boolean,
    earlier_item bigint
)
LANGUAGE sql STABLE AS $$
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

-- The slow path of deciding. It is used for items that the fast path (ChargeStore) cannot decide.
--
-- Takes the items of one or more calls as arrays of equal length, and returns the outcome of each.
--
-- Why it is correct: the statement that checks a charge begins after the row was locked, so it checks the version that
-- is changed. A reference number is taken by inserting a row under a unique index. Of two takers the index admits one,
-- and the other finds that its row was not inserted.
--
-- Why nothing deadlocks: everywhere charges are locked in the order of their keys, and then references are taken in the
-- order of theirs. A waiting transaction holds only locks that come before the one that it waits for.
--
-- A charge that another transaction has locked affects only its own item. Without a lock wait the item is skipped. With
-- one, the function waits until the wait, which all items share, is used up. Such an item is CHARGE_LOCKED.
--
-- No charge may appear twice among the items.
--
--   batch                    the transaction's own id, new each time; not recorded if nothing is decided
--   lock_wait_milliseconds   how long to wait for locks in all; 0 skips locked charges (but for references:
--                            an uncommitted rival is waited for 50 ms in all)
--   deadlines                nothing of a call is applied after its deadline, by this server's clock
--
-- The others are those of countersign.explain_refusal. The outcome is DECIDED (or acknowledged), REPEATED (an earlier
-- call under the same Idempotency-Key made this decision, and it is current), UNCHANGED (the same decision is current,
-- and repeats succeed), DEADLINE_PASSED, or the code of a failure. The revision of an
-- acknowledgement is 0. SQLSTATE CS001: a deadline passed meanwhile, and nothing was applied. SQLSTATE CS002: the
-- database violates an invariant.
CREATE FUNCTION countersign.decide(
    batch uuid,
    lock_wait_milliseconds integer,
    operator_ids bigint[],
    deadlines timestamptz[],
    usernames text[],
    idempotency_keys text[],
    kinds text[],
    numbers text[],
    customers text[],
    reference_numbers text[],
    repeats_succeed boolean[] DEFAULT NULL,
    OUT item integer,
    OUT outcome text,
    OUT decided_on timestamptz,
    OUT revision integer,
    OUT current_status text,
    OUT current_reference_number text,
    OUT other_number text
) RETURNS SETOF record
LANGUAGE plpgsql AS $$
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

-- Limits the next lock wait of this transaction to the time until the given moment.
CREATE FUNCTION countersign.limit_lock_wait(wait_until timestamptz) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config(
        'lock_timeout',
        greatest(1, ceil(extract(epoch FROM wait_until - clock_timestamp()) * 1000))::text, true)
$$;

REVOKE EXECUTE ON FUNCTION
    countersign.explain_refusal, countersign.expected_outcomes, countersign.decide, countersign.limit_lock_wait
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    countersign.explain_refusal, countersign.expected_outcomes, countersign.decide, countersign.limit_lock_wait
    TO countersign_application;
