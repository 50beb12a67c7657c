-- Charges, and the history of what was decided about them.
-- oldest-build: 1

-- Columns that never change are checked by their types, when a row is inserted. A table's CHECKs are evaluated for
-- every new version of a row; they took half the time of a decision.
CREATE DOMAIN countersign.charge_number AS text COLLATE "C"
    CONSTRAINT charge_number_check CHECK (VALUE ~ '^[!-~]{1,32}$');
CREATE DOMAIN countersign.provider_charge_id AS text COLLATE "C"
    CONSTRAINT provider_charge_id_check CHECK (length(VALUE) BETWEEN 1 AND 128);
CREATE DOMAIN countersign.customer_identifier AS text COLLATE "C"
    CONSTRAINT customer_identifier_check CHECK (length(VALUE) BETWEEN 1 AND 64);
-- No precision is declared, so the digits are kept as they were sent: 9.90 is not 9.9.
CREATE DOMAIN countersign.money AS numeric
    CONSTRAINT money_check CHECK (VALUE >= 0 AND VALUE < 1e15 AND scale(VALUE) <= 4);
CREATE DOMAIN countersign.currency_code AS text COLLATE "C"
    CONSTRAINT currency_code_check CHECK (VALUE ~ '^[A-Z]{3}$');

CREATE TABLE countersign.charge (
    operator_id bigint NOT NULL,
    number countersign.charge_number NOT NULL,
    -- The provider's own name for the charge; a charge imported under its number alone has none.
    provider_charge_id countersign.provider_charge_id,
    billing_system_customer_identifier countersign.customer_identifier NOT NULL,
    amount countersign.money NOT NULL,
    currency countersign.currency_code NOT NULL,
    local_currency_amount countersign.money NOT NULL,
    local_currency countersign.currency_code NOT NULL,
    -- A calendar value, never shifted between zones.
    paid_through_date timestamp NOT NULL,
    -- The provider's side: pending until processed, then permanently one of the other four.
    charge_status text COLLATE "C" NOT NULL DEFAULT 'PENDING',
    received_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    set_as_approved_on timestamptz,
    set_as_declined_on timestamptz,
    set_as_bad_request_on timestamptz,
    set_as_rejected_request_on timestamptz,
    -- Set while the provider processes the charge: the decision cannot change meanwhile.
    taken_on timestamptz,
    acknowledged_on timestamptz,
    -- The operator's side: only the current decision. charge_history has all of them. No index names any of
    -- these columns, so that deciding is a HOT update (manual chapter 73.7).
    revision integer NOT NULL DEFAULT 0,
    decision text COLLATE "C",
    decided_on timestamptz,
    decision_made_by text COLLATE "C",
    decision_reference_number text COLLATE "C",
    CONSTRAINT charge_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT charge_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT charge_charge_status_check
        CHECK (charge_status IN ('PENDING', 'APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED')),
    -- A status and its date come together.
    CONSTRAINT charge_set_as_approved_on_check
        CHECK ((charge_status = 'APPROVED') = (set_as_approved_on IS NOT NULL)),
    CONSTRAINT charge_set_as_declined_on_check
        CHECK ((charge_status = 'DECLINED') = (set_as_declined_on IS NOT NULL)),
    CONSTRAINT charge_set_as_bad_request_on_check
        CHECK ((charge_status = 'BAD_REQUEST') = (set_as_bad_request_on IS NOT NULL)),
    CONSTRAINT charge_set_as_rejected_request_on_check
        CHECK ((charge_status = 'REJECTED') = (set_as_rejected_request_on IS NOT NULL)),
    CONSTRAINT charge_acknowledged_on_check CHECK (acknowledged_on IS NULL OR charge_status <> 'PENDING'),
    CONSTRAINT charge_decision_check CHECK (decision IN ('ACCEPTED', 'DECLINED')),
    CONSTRAINT charge_decision_made_by_check CHECK (decision_made_by IN ('operator', 'policy')),
    -- A decision, its date, its maker and its number come together.
    CONSTRAINT charge_revision_check CHECK (
        revision >= 0
        AND (revision = 0) = (decision IS NULL)
        AND (revision = 0) = (decided_on IS NULL)
        AND (revision = 0) = (decision_made_by IS NULL)
        AND (revision > 0 OR decision_reference_number IS NULL))
) WITH (
    -- Room on each page for the next version of its rows: at 42 every decision found it there, at 50 about
    -- six in seven, measured with 10 million rows.
    fillfactor = 42
);
-- An index of its own, not a constraint, for the sake of its condition: by that the planner sees that it is of no use for
-- any other key. While the table is small all that begin with the operator look as good as the primary key, and a plan
-- outlives the table's size.
CREATE UNIQUE INDEX charge_provider_charge_id_key ON countersign.charge (operator_id, provider_charge_id)
    WHERE provider_charge_id IS NOT NULL;
COMMENT ON TABLE countersign.charge IS 'What the provider asks an operator to bill, with its current decision.';

-- A final state is never left. The trigger names the columns that it watches, and deciding sets none of them.
CREATE FUNCTION countersign.refuse_to_leave_final_state() RETURNS trigger
LANGUAGE plpgsql AS $$
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
CREATE TRIGGER charge_final_state
    BEFORE UPDATE OF charge_status, acknowledged_on ON countersign.charge
    FOR EACH ROW EXECUTE FUNCTION countersign.refuse_to_leave_final_state();

-- One row for each deciding transaction, under its own id. A node that lost the response to a COMMIT inserts the same
-- id. If the insert succeeds, the lost transaction can never commit.
--
-- The row is the last one that its transaction writes, when it holds all locks. So of two batches that decide the
-- same charge, the earlier one has the lower sequence number, whatever the clock says.
CREATE TABLE countersign.batch (
    batch_id uuid NOT NULL,
    sequence_number bigint GENERATED ALWAYS AS IDENTITY,
    -- How many decisions it made, acknowledgements not counted.
    decisions integer NOT NULL,
    CONSTRAINT batch_pkey PRIMARY KEY (batch_id),
    CONSTRAINT batch_decisions_check CHECK (decisions >= 0)
);
COMMENT ON TABLE countersign.batch IS 'The transactions that decided, or were kept from it after all.';

-- Append-only. There is no foreign key to charge: the row is written under the charge's own lock, charges are
-- never deleted and their keys never change, both of which the application's rights hold.
CREATE TABLE countersign.charge_history (
    operator_id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    -- The decisions of one charge, numbered from 1.
    revision integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    made_by text COLLATE "C" NOT NULL,
    username text COLLATE "C",
    made_on timestamptz NOT NULL,
    reference_number text COLLATE "C",
    -- Whether this row is the one that made the reference number name this charge. A later decision of the
    -- same charge may bear the same reference; it does not take it again.
    takes_reference boolean NOT NULL,
    idempotency_key text COLLATE "C",
    batch_id uuid NOT NULL,
    CONSTRAINT charge_history_pkey PRIMARY KEY (operator_id, number, revision),
    CONSTRAINT charge_history_kind_check CHECK (kind IN ('ACCEPTED', 'DECLINED', 'ACKNOWLEDGED')),
    CONSTRAINT charge_history_made_by_check CHECK (made_by IN ('operator', 'policy')),
    -- An acknowledgement is not a decision. It has revision 0, which no decision has, so it does not change their
    -- numbers, and the primary key admits one for each charge. Queries for decisions read revision > 0.
    CONSTRAINT charge_history_revision_check CHECK (revision >= 0 AND (revision = 0) = (kind = 'ACKNOWLEDGED')),
    CONSTRAINT charge_history_acknowledged_made_by_check CHECK (revision > 0 OR made_by = 'operator'),
    CONSTRAINT charge_history_reference_number_check CHECK (length(reference_number) BETWEEN 1 AND 64),
    CONSTRAINT charge_history_takes_reference_check CHECK (reference_number IS NOT NULL OR NOT takes_reference),
    CONSTRAINT charge_history_idempotency_key_check CHECK (idempotency_key ~ '^[!-~]{1,128}$')
);
COMMENT ON TABLE countersign.charge_history IS
    'Every decision and acknowledgement ever made, one row each; never changed.';

-- A reference number never names two charges of an operator.
CREATE UNIQUE INDEX charge_history_operator_id_reference_number_key
    ON countersign.charge_history (operator_id, reference_number) WHERE takes_reference;
-- The decisions of a batch. Nodes make ids that grow with time, so that rows are added at the index's end.
CREATE INDEX charge_history_batch_id_idx ON countersign.charge_history (batch_id);

GRANT SELECT, INSERT ON countersign.charge, countersign.batch, countersign.charge_history
    TO countersign_application;
GRANT UPDATE (
    charge_status, set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
    taken_on, acknowledged_on, revision, decision, decided_on, decision_made_by, decision_reference_number
) ON countersign.charge TO countersign_application;
