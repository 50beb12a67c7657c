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
-- Name: decide(uuid, integer, bigint[], timestamp with time zone[], text[], text[], text[], text[], text[], text[]); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT standing_status text, OUT standing_reference_number text, OUT other_number text) RETURNS SETOF record
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
    references_standing text[];
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
    INSERT INTO countersign.batch (batch_id) VALUES (batch);

    -- 1. Lock the charges in the order of their keys.
    IF lock_wait_milliseconds = 0 THEN
        FOR candidate IN
            SELECT asked.item
            FROM unnest(operator_ids, numbers) WITH ORDINALITY AS asked (operator_id, number, item)
            JOIN countersign.charge USING (operator_id, number)
            ORDER BY charge.operator_id, charge.number
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
                -- A charge that is not there is not locked, and may be there by the time of the judgement.
                IF FOUND THEN
                    locked := locked || candidate.item::integer;
                END IF;
            EXCEPTION WHEN lock_not_available THEN
                NULL;
            END;
        END LOOP;
    END IF;

    -- 2. Judge, by a snapshot younger than the locks. The order of the cases is the order of the failures.
    moment := clock_timestamp();
    WITH asked AS (
        SELECT *
        FROM unnest(operator_ids, deadlines, idempotency_keys, kinds, numbers, customers, reference_numbers)
            WITH ORDINALITY
            AS asked (operator_id, deadline, idempotency_key, kind, number, customer, reference_number, item)
    ), judged AS (
        SELECT
            asked.item, asked.operator_id, asked.reference_number, asked.number,
            asked.item = ANY (locked) AS is_locked,
            CASE
                WHEN asked.deadline < moment THEN 'DEADLINE_PASSED'
                WHEN repeated.revision = charge.revision THEN 'REPEATED'
                WHEN repeated.revision IS NOT NULL THEN 'DECISION_SUPERSEDED'
                WHEN charge.number IS NULL THEN 'CHARGE_NOT_FOUND'
                WHEN charge.billing_system_customer_identifier IS DISTINCT FROM asked.customer
                    THEN 'CUSTOMER_MISMATCH'
                WHEN charge.charge_status <> 'PENDING' THEN 'CHARGE_ALREADY_PROCESSED'
                WHEN charge.taken_on IS NOT NULL THEN 'CHARGE_IN_PROCESS'
                WHEN charge.decision = asked.kind AND charge.decision_made_by = 'operator' THEN
                    CASE
                        WHEN charge.decision_reference_number IS NOT DISTINCT FROM asked.reference_number
                        THEN 'CHARGE_ALREADY_' || asked.kind
                        ELSE 'CHARGE_' || asked.kind || '_UNDER_OTHER_REFERENCE'
                    END
                WHEN owner.number <> asked.number THEN 'REFERENCE_NUMBER_IN_USE'
            END AS verdict,
            coalesce(repeated.made_on, moment) AS decided_on,
            coalesce(repeated.revision, charge.revision + 1) AS revision,
            charge.charge_status, charge.decision_reference_number,
            owner.number AS owner_number
        FROM asked
        LEFT JOIN countersign.charge USING (operator_id, number)
        LEFT JOIN countersign.charge_history AS owner
            ON owner.operator_id = asked.operator_id
            AND owner.reference_number = asked.reference_number
            AND owner.takes_reference
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
    ), ranked AS (
        -- Of items with the same reference number the first that is otherwise good is to have it.
        SELECT
            judged.*,
            first_value(item) OVER same_reference AS first_item,
            first_value(number) OVER same_reference AS first_number,
            first_value(is_locked) OVER same_reference AS first_is_locked
        FROM judged
        WINDOW same_reference AS (
            PARTITION BY operator_id, reference_number
            -- With a lock wait there is no later try: an item whose charge is still held is out.
            ORDER BY verdict IS NOT NULL, lock_wait_milliseconds > 0 AND NOT is_locked, item)
    )
    SELECT
        array_agg(
            CASE
                WHEN verdict IS NOT NULL THEN verdict
                WHEN NOT is_locked THEN 'CHARGE_LOCKED'
                WHEN reference_number IS NULL OR first_item = item THEN 'DECIDED'
                WHEN first_is_locked THEN 'REFERENCE_NUMBER_IN_USE'
                ELSE 'CHARGE_LOCKED'
            END
            ORDER BY item),
        array_agg(decided_on ORDER BY item),
        array_agg(revision ORDER BY item),
        array_agg(charge_status ORDER BY item),
        array_agg(decision_reference_number ORDER BY item),
        array_agg(CASE WHEN verdict IS NULL AND owner_number IS NULL THEN first_number ELSE owner_number END
            ORDER BY item),
        array_agg(reference_number IS NOT NULL AND owner_number IS NULL ORDER BY item),
        array_agg(CASE WHEN verdict IS NULL AND reference_number IS NOT NULL AND first_item <> item
            THEN first_item END ORDER BY item)
    INTO outcomes, decided, revisions, statuses, references_standing, others, takes, earlier
    FROM ranked;

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

    -- 4. What was not inserted met a reference that somebody else had taken since the judgement. The one that
    -- has it is seen by a statement that begins now.
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
    -- Whoever gave way to an earlier item that did not get the reference either shares its fate.
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
    WHERE charge.operator_id = operator_ids[chosen.i] AND charge.number = numbers[chosen.i];

    RETURN QUERY
    SELECT
        asked.item::integer, asked.outcome, asked.decided_on, asked.revision, asked.standing_status,
        asked.standing_reference_number, asked.other_number
    FROM unnest(outcomes, decided, revisions, statuses, references_standing, others) WITH ORDINALITY
        AS asked (outcome, decided_on, revision, standing_status, standing_reference_number, other_number, item)
    ORDER BY asked.item;
END
$$;

ALTER FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT standing_status text, OUT standing_reference_number text, OUT other_number text) OWNER TO countersign_owner;

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
-- Name: refuse_to_leave_final_state(); Type: FUNCTION; Schema: countersign; Owner: countersign_owner
--

CREATE FUNCTION countersign.refuse_to_leave_final_state() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.charge_status <> 'PENDING' AND NEW.charge_status <> OLD.charge_status THEN
        RAISE EXCEPTION 'a charge that is % stays so', OLD.charge_status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_final_state';
    END IF;
    IF OLD.acknowledged_on IS NOT NULL AND NEW.acknowledged_on IS DISTINCT FROM OLD.acknowledged_on THEN
        RAISE EXCEPTION 'a charge stays acknowledged'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_final_state';
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION countersign.refuse_to_leave_final_state() OWNER TO countersign_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: batch; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.batch (
    batch_id uuid NOT NULL
);

ALTER TABLE countersign.batch OWNER TO countersign_owner;

--
-- Name: TABLE batch; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.batch IS 'The transactions that decided, or were kept from it after all.';

--
-- Name: charge; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.charge (
    operator_id bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    provider_charge_id text COLLATE pg_catalog."C",
    billing_system_customer_identifier text NOT NULL COLLATE pg_catalog."C",
    amount numeric NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    local_currency_amount numeric NOT NULL,
    local_currency text NOT NULL COLLATE pg_catalog."C",
    paid_through_date timestamp without time zone NOT NULL,
    charge_status text DEFAULT 'PENDING'::text NOT NULL COLLATE pg_catalog."C",
    received_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
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
    CONSTRAINT charge_acknowledged_on_check CHECK (((acknowledged_on IS NULL) OR (charge_status <> 'PENDING'::text))),
    CONSTRAINT charge_amount_check CHECK (((amount >= (0)::numeric) AND (amount < '1000000000000000'::numeric) AND (scale(amount) <= 4))),
    CONSTRAINT charge_billing_system_customer_identifier_check CHECK (((length(billing_system_customer_identifier) >= 1) AND (length(billing_system_customer_identifier) <= 64))),
    CONSTRAINT charge_charge_status_check CHECK ((charge_status = ANY (ARRAY['PENDING'::text, 'APPROVED'::text, 'DECLINED'::text, 'BAD_REQUEST'::text, 'REJECTED'::text]))),
    CONSTRAINT charge_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT charge_decision_check CHECK ((decision = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text]))),
    CONSTRAINT charge_decision_made_by_check CHECK ((decision_made_by = ANY (ARRAY['operator'::text, 'policy'::text]))),
    CONSTRAINT charge_local_currency_amount_check CHECK (((local_currency_amount >= (0)::numeric) AND (local_currency_amount < '1000000000000000'::numeric) AND (scale(local_currency_amount) <= 4))),
    CONSTRAINT charge_local_currency_check CHECK ((local_currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT charge_number_check CHECK ((number ~ '^[!-~]{1,32}$'::text)),
    CONSTRAINT charge_provider_charge_id_check CHECK (((length(provider_charge_id) >= 1) AND (length(provider_charge_id) <= 128))),
    CONSTRAINT charge_revision_check CHECK (((revision >= 0) AND ((revision = 0) = (decision IS NULL)) AND ((revision = 0) = (decided_on IS NULL)) AND ((revision = 0) = (decision_made_by IS NULL)) AND ((revision > 0) OR (decision_reference_number IS NULL)))),
    CONSTRAINT charge_set_as_approved_on_check CHECK (((charge_status = 'APPROVED'::text) = (set_as_approved_on IS NOT NULL))),
    CONSTRAINT charge_set_as_bad_request_on_check CHECK (((charge_status = 'BAD_REQUEST'::text) = (set_as_bad_request_on IS NOT NULL))),
    CONSTRAINT charge_set_as_declined_on_check CHECK (((charge_status = 'DECLINED'::text) = (set_as_declined_on IS NOT NULL))),
    CONSTRAINT charge_set_as_rejected_request_on_check CHECK (((charge_status = 'REJECTED'::text) = (set_as_rejected_request_on IS NOT NULL)))
)
WITH (fillfactor='42');

ALTER TABLE countersign.charge OWNER TO countersign_owner;

--
-- Name: TABLE charge; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge IS 'What the provider asks an operator to bill, with its standing decision.';

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
    made_on timestamp with time zone NOT NULL,
    reference_number text COLLATE pg_catalog."C",
    takes_reference boolean NOT NULL,
    idempotency_key text COLLATE pg_catalog."C",
    batch_id uuid NOT NULL,
    CONSTRAINT charge_history_idempotency_key_check CHECK ((idempotency_key ~ '^[!-~]{1,128}$'::text)),
    CONSTRAINT charge_history_kind_check CHECK ((kind = ANY (ARRAY['ACCEPTED'::text, 'DECLINED'::text]))),
    CONSTRAINT charge_history_made_by_check CHECK ((made_by = ANY (ARRAY['operator'::text, 'policy'::text]))),
    CONSTRAINT charge_history_reference_number_check CHECK (((length(reference_number) >= 1) AND (length(reference_number) <= 64))),
    CONSTRAINT charge_history_takes_reference_check CHECK (((reference_number IS NOT NULL) OR (NOT takes_reference)))
);

ALTER TABLE countersign.charge_history OWNER TO countersign_owner;

--
-- Name: TABLE charge_history; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.charge_history IS 'Every decision ever made, one row each; never changed.';

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
-- Name: operator; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.operator (
    operator_id bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL COLLATE pg_catalog."C",
    undecided_policy text DEFAULT 'hold'::text NOT NULL COLLATE pg_catalog."C",
    undecided_window interval DEFAULT '72:00:00'::interval NOT NULL,
    next_charge_number bigint DEFAULT 1 NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    suspended_on timestamp with time zone,
    error_http_status text COLLATE pg_catalog."C",
    repeated_decision text DEFAULT 'failure'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT operator_code_check CHECK ((code ~ '^[!-~]{1,64}$'::text)),
    CONSTRAINT operator_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT operator_error_http_status_check CHECK ((error_http_status = ANY (ARRAY['standard'::text, 'always-200'::text]))),
    CONSTRAINT operator_next_charge_number_check CHECK ((next_charge_number > 0)),
    CONSTRAINT operator_repeated_decision_check CHECK ((repeated_decision = ANY (ARRAY['failure'::text, 'success'::text]))),
    CONSTRAINT operator_undecided_policy_check CHECK ((undecided_policy = ANY (ARRAY['hold'::text, 'accept'::text, 'decline'::text]))),
    CONSTRAINT operator_undecided_window_check CHECK ((undecided_window > '00:00:00'::interval))
);

ALTER TABLE countersign.operator OWNER TO countersign_owner;

--
-- Name: TABLE operator; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.operator IS 'A company that bills subscriptions on the provider''s behalf.';

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
    CONSTRAINT operator_user_username_check CHECK (((length(username) >= 1) AND (length(username) <= 128)))
);

ALTER TABLE countersign.operator_user OWNER TO countersign_owner;

--
-- Name: TABLE operator_user; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.operator_user IS 'A person or program that logs in for an operator.';

--
-- Name: signing_key; Type: TABLE; Schema: countersign; Owner: countersign_owner
--

CREATE TABLE countersign.signing_key (
    identifier text NOT NULL COLLATE pg_catalog."C",
    secret bytea NOT NULL,
    created_on timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT signing_key_secret_check CHECK ((length(secret) = 32))
);

ALTER TABLE countersign.signing_key OWNER TO countersign_owner;

--
-- Name: TABLE signing_key; Type: COMMENT; Schema: countersign; Owner: countersign_owner
--

COMMENT ON TABLE countersign.signing_key IS 'The keys that sign tokens, shared by all nodes; the newest signs.';

--
-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (batch_id);

--
-- Name: charge_history charge_history_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge_history
    ADD CONSTRAINT charge_history_pkey PRIMARY KEY (operator_id, number, revision);

--
-- Name: charge charge_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (operator_id, number);

--
-- Name: charge charge_provider_charge_id_key; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge
    ADD CONSTRAINT charge_provider_charge_id_key UNIQUE (operator_id, provider_charge_id);

--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

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
-- Name: signing_key signing_key_pkey; Type: CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (identifier);

--
-- Name: charge_history_operator_id_reference_number_key; Type: INDEX; Schema: countersign; Owner: countersign_owner
--

CREATE UNIQUE INDEX charge_history_operator_id_reference_number_key ON countersign.charge_history USING btree (operator_id, reference_number) WHERE takes_reference;

--
-- Name: charge charge_final_state; Type: TRIGGER; Schema: countersign; Owner: countersign_owner
--

CREATE TRIGGER charge_final_state BEFORE UPDATE OF charge_status, acknowledged_on ON countersign.charge FOR EACH ROW EXECUTE FUNCTION countersign.refuse_to_leave_final_state();

--
-- Name: charge charge_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.charge
    ADD CONSTRAINT charge_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: operator_user operator_user_operator_id_fkey; Type: FK CONSTRAINT; Schema: countersign; Owner: countersign_owner
--

ALTER TABLE ONLY countersign.operator_user
    ADD CONSTRAINT operator_user_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator(operator_id);

--
-- Name: SCHEMA countersign; Type: ACL; Schema: -; Owner: countersign_owner
--

GRANT USAGE ON SCHEMA countersign TO countersign_application;

--
-- Name: FUNCTION decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT standing_status text, OUT standing_reference_number text, OUT other_number text); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT standing_status text, OUT standing_reference_number text, OUT other_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.decide(batch uuid, lock_wait_milliseconds integer, operator_ids bigint[], deadlines timestamp with time zone[], usernames text[], idempotency_keys text[], kinds text[], numbers text[], customers text[], reference_numbers text[], OUT item integer, OUT outcome text, OUT decided_on timestamp with time zone, OUT revision integer, OUT standing_status text, OUT standing_reference_number text, OUT other_number text) TO countersign_application;

--
-- Name: FUNCTION limit_lock_wait(wait_until timestamp with time zone); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION countersign.limit_lock_wait(wait_until timestamp with time zone) TO countersign_application;

--
-- Name: FUNCTION refuse_to_leave_final_state(); Type: ACL; Schema: countersign; Owner: countersign_owner
--

REVOKE ALL ON FUNCTION countersign.refuse_to_leave_final_state() FROM PUBLIC;

--
-- Name: TABLE batch; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.batch TO countersign_application;

--
-- Name: TABLE charge; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.charge TO countersign_application;

--
-- Name: COLUMN charge.charge_status; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(charge_status) ON TABLE countersign.charge TO countersign_application;

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
-- Name: TABLE charge_history; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.charge_history TO countersign_application;

--
-- Name: TABLE migration; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.migration TO countersign_application;

--
-- Name: TABLE operator; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.currency; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(currency) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.undecided_policy; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(undecided_policy) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.undecided_window; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(undecided_window) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.next_charge_number; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(next_charge_number) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.suspended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(suspended_on) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.error_http_status; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(error_http_status) ON TABLE countersign.operator TO countersign_application;

--
-- Name: COLUMN operator.repeated_decision; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(repeated_decision) ON TABLE countersign.operator TO countersign_application;

--
-- Name: TABLE operator_user; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT,INSERT ON TABLE countersign.operator_user TO countersign_application;

--
-- Name: COLUMN operator_user.password_hash; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(password_hash) ON TABLE countersign.operator_user TO countersign_application;

--
-- Name: COLUMN operator_user.suspended_on; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT UPDATE(suspended_on) ON TABLE countersign.operator_user TO countersign_application;

--
-- Name: TABLE signing_key; Type: ACL; Schema: countersign; Owner: countersign_owner
--

GRANT SELECT ON TABLE countersign.signing_key TO countersign_application;

--
-- PostgreSQL database dump complete
--
