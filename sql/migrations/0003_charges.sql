-- Charges, the history of what was decided about them, and their outcomes.
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
-- The years that the API can write. The infinities, which PostgreSQL has besides, are no moments.
CREATE DOMAIN countersign.moment AS timestamptz
    CONSTRAINT moment_check CHECK (VALUE >= '0001-01-01 00:00:00Z' AND VALUE < '10000-01-01 00:00:00Z');
CREATE DOMAIN countersign.calendar_date AS timestamp
    CONSTRAINT calendar_date_check CHECK (VALUE >= '0001-01-01 00:00:00' AND VALUE < '10000-01-01 00:00:00');
COMMENT ON DOMAIN countersign.charge_number IS 'A charge''s number: 1 to 32 visible ASCII characters.';
COMMENT ON DOMAIN countersign.provider_charge_id IS 'The provider''s own name for a charge.';
COMMENT ON DOMAIN countersign.customer_identifier IS 'A customer, as the operator''s billing system names it.';
COMMENT ON DOMAIN countersign.money IS 'An amount of at most 15 digits and 4 decimals, kept as it was sent.';
COMMENT ON DOMAIN countersign.currency_code IS 'Three capital letters.';
COMMENT ON DOMAIN countersign.moment IS 'A moment in a year from 1 to 9999.';
COMMENT ON DOMAIN countersign.calendar_date IS
    'A date, or a date and time, in a year from 1 to 9999; a calendar value without a zone.';

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
    charge_status text COLLATE "C" NOT NULL DEFAULT 'PENDING',
    received_on countersign.moment NOT NULL DEFAULT clock_timestamp(),
    imported_on countersign.moment,
    set_as_approved_on timestamptz,
    set_as_declined_on timestamptz,
    set_as_bad_request_on timestamptz,
    set_as_rejected_request_on timestamptz,
    taken_on timestamptz,
    acknowledged_on timestamptz,
    -- The operator's side: only the current decision. No index names any of these columns, so that deciding is a HOT
    -- update (manual chapter 73.7).
    revision integer NOT NULL DEFAULT 0,
    decision text COLLATE "C",
    decided_on timestamptz,
    decision_made_by text COLLATE "C",
    decision_reference_number text COLLATE "C",
    CONSTRAINT charge_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT charge_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    -- Every decision evaluates the two CHECKs. So each is one CASE, of which one branch is evaluated: ten CHECKs, one
    -- for each column, took longer.
    --
    -- A status and its date come together, and only a pending, decided charge is taken. Coalesce says that all are NULL.
    CONSTRAINT charge_charge_status_check CHECK (CASE charge_status
        WHEN 'PENDING' THEN
            coalesce(
                set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
                acknowledged_on) IS NULL
            AND (taken_on IS NULL OR (isfinite(taken_on) AND revision > 0))
        WHEN 'APPROVED' THEN
            isfinite(set_as_approved_on) IS TRUE AND isfinite(acknowledged_on) IS NOT FALSE
            AND coalesce(set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on, taken_on) IS NULL
        WHEN 'DECLINED' THEN
            isfinite(set_as_declined_on) IS TRUE AND isfinite(acknowledged_on) IS NOT FALSE
            AND coalesce(set_as_approved_on, set_as_bad_request_on, set_as_rejected_request_on, taken_on) IS NULL
        WHEN 'BAD_REQUEST' THEN
            isfinite(set_as_bad_request_on) IS TRUE AND isfinite(acknowledged_on) IS NOT FALSE
            AND coalesce(set_as_approved_on, set_as_declined_on, set_as_rejected_request_on, taken_on) IS NULL
        WHEN 'REJECTED' THEN
            isfinite(set_as_rejected_request_on) IS TRUE AND isfinite(acknowledged_on) IS NOT FALSE
            AND coalesce(set_as_approved_on, set_as_declined_on, set_as_bad_request_on, taken_on) IS NULL
        ELSE false
    END),
    -- A decision, its date, its maker and its number come together.
    CONSTRAINT charge_revision_check CHECK (CASE
        WHEN revision > 0 THEN
            decision IS NOT NULL AND decision IN ('ACCEPTED', 'DECLINED')
            AND isfinite(decided_on) IS TRUE
            AND decision_made_by IS NOT NULL AND decision_made_by IN ('operator', 'policy')
        ELSE
            revision = 0 AND decided_on IS NULL
            AND coalesce(decision, decision_made_by, decision_reference_number) IS NULL
    END)
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
COMMENT ON COLUMN countersign.charge.operator_id IS 'The operator that bills the charge.';
COMMENT ON COLUMN countersign.charge.number IS 'The charge''s number, unique per operator.';
COMMENT ON COLUMN countersign.charge.provider_charge_id IS
    'The provider''s own name for the charge; NULL if it was imported under its number alone.';
COMMENT ON COLUMN countersign.charge.billing_system_customer_identifier IS
    'The customer, as the operator''s billing system names it.';
COMMENT ON COLUMN countersign.charge.amount IS 'What the provider asks, in currency.';
COMMENT ON COLUMN countersign.charge.currency IS 'The currency of amount.';
COMMENT ON COLUMN countersign.charge.local_currency_amount IS 'What the customer pays, in local_currency.';
COMMENT ON COLUMN countersign.charge.local_currency IS 'The operator''s currency when the charge came in.';
COMMENT ON COLUMN countersign.charge.paid_through_date IS
    'Until when the customer has paid: a calendar value, never shifted between zones.';
COMMENT ON COLUMN countersign.charge.charge_status IS
    'The provider''s side: PENDING until processed, then permanently APPROVED, DECLINED, BAD_REQUEST or REJECTED.';
COMMENT ON COLUMN countersign.charge.received_on IS 'When the charge came in.';
COMMENT ON COLUMN countersign.charge.imported_on IS
    'When the charge came in from a file, which may give an earlier received_on; NULL if the provider''s bridge sent it. A policy counts its window from the later one.';
COMMENT ON COLUMN countersign.charge.set_as_approved_on IS 'When the provider approved the charge; NULL unless it did.';
COMMENT ON COLUMN countersign.charge.set_as_declined_on IS 'When the provider declined the charge; NULL unless it did.';
COMMENT ON COLUMN countersign.charge.set_as_bad_request_on IS
    'When the provider set the charge as a bad request; NULL unless it did.';
COMMENT ON COLUMN countersign.charge.set_as_rejected_request_on IS
    'When the provider rejected the charge; NULL unless it did.';
COMMENT ON COLUMN countersign.charge.taken_on IS
    'Since when the provider processes the charge, whose decision cannot change meanwhile; NULL before that and afterwards.';
COMMENT ON COLUMN countersign.charge.acknowledged_on IS
    'When the operator acknowledged the final status; NULL until then.';
COMMENT ON COLUMN countersign.charge.revision IS
    'The number of the current decision, from 1; 0 without one. Each decision raises it by one.';
COMMENT ON COLUMN countersign.charge.decision IS
    'The current decision, ACCEPTED or DECLINED; NULL if there is none. charge_history has all of them.';
COMMENT ON COLUMN countersign.charge.decided_on IS 'When the current decision was made; NULL if there is none.';
COMMENT ON COLUMN countersign.charge.decision_made_by IS
    'Who made the current decision: operator or policy; NULL if there is none.';
COMMENT ON COLUMN countersign.charge.decision_reference_number IS
    'The operator''s reference given with the current decision; NULL if none was.';

-- Reports look for charges by the time of their arrival, in which order the rows are written. A block range index costs
-- a few pages, where one on every row would cost gigabytes.
CREATE INDEX charge_received_on_idx ON countersign.charge USING brin (received_on) WITH (autosummarize = on);

-- One row for each deciding transaction, under its own id. A node that lost the response to a COMMIT inserts the same
-- id. If the insert succeeds, the lost transaction can never commit.
--
-- The row is the last one that its transaction writes, when it holds all locks. So of two batches that decide the
-- same charge, the earlier one has the lower sequence number, whatever the clock says.
CREATE TABLE countersign.batch (
    batch_id uuid NOT NULL,
    sequence_number bigint GENERATED ALWAYS AS IDENTITY,
    decisions integer NOT NULL,
    CONSTRAINT batch_pkey PRIMARY KEY (batch_id),
    CONSTRAINT batch_decisions_check CHECK (decisions >= 0)
);
COMMENT ON TABLE countersign.batch IS
    'The transactions that decided, or were kept from it after all; until a day after their publication in the feed.';
COMMENT ON COLUMN countersign.batch.batch_id IS 'The transaction''s own id, new each time.';
COMMENT ON COLUMN countersign.batch.sequence_number IS
    'The order of the batches. Of two that decide the same charge, the earlier has the lower number.';
COMMENT ON COLUMN countersign.batch.decisions IS
    'How many decisions the transaction made, acknowledgements not counted.';
-- The batches without decisions, which are never published, for the purge.
CREATE INDEX batch_sequence_number_idx ON countersign.batch (sequence_number) WHERE decisions = 0;

-- Append-only. There is no foreign key to charge: the row is written under the charge's own lock, charges are
-- never deleted and their keys never change, both of which the application's rights hold.
CREATE TABLE countersign.charge_history (
    operator_id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    made_by text COLLATE "C" NOT NULL,
    username text COLLATE "C",
    made_on countersign.moment NOT NULL,
    reference_number text COLLATE "C",
    takes_reference boolean NOT NULL,
    idempotency_key text COLLATE "C",
    batch_id uuid NOT NULL,
    CONSTRAINT charge_history_pkey PRIMARY KEY (operator_id, number, revision),
    CONSTRAINT charge_history_kind_check CHECK (kind IN ('ACCEPTED', 'DECLINED', 'ACKNOWLEDGED')),
    -- A policy decides first or not at all.
    CONSTRAINT charge_history_made_by_check CHECK (made_by = 'operator' OR (made_by = 'policy' AND revision = 1)),
    -- An acknowledgement is not a decision. It has revision 0, which no decision has, so it does not change their
    -- numbers, and the primary key admits one for each charge. Queries for decisions read revision > 0.
    CONSTRAINT charge_history_revision_check CHECK (revision >= 0 AND (revision = 0) = (kind = 'ACKNOWLEDGED')),
    CONSTRAINT charge_history_reference_number_check CHECK (length(reference_number) BETWEEN 1 AND 64),
    CONSTRAINT charge_history_takes_reference_check CHECK (reference_number IS NOT NULL OR NOT takes_reference),
    CONSTRAINT charge_history_idempotency_key_check CHECK (idempotency_key ~ '^[!-~]{1,128}$')
);
COMMENT ON TABLE countersign.charge_history IS
    'Every decision and acknowledgement ever made, one row each; never changed.';
COMMENT ON COLUMN countersign.charge_history.operator_id IS 'The operator that bills the charge.';
COMMENT ON COLUMN countersign.charge_history.number IS 'The charge''s number.';
COMMENT ON COLUMN countersign.charge_history.revision IS
    'The decision''s number among those of its charge, from 1; 0 for the acknowledgement.';
COMMENT ON COLUMN countersign.charge_history.kind IS 'What was done: ACCEPTED, DECLINED or ACKNOWLEDGED.';
COMMENT ON COLUMN countersign.charge_history.made_by IS 'Who did it: operator or policy.';
COMMENT ON COLUMN countersign.charge_history.username IS
    'The user, or key:NAME for an API key; NULL for a policy''s and an imported decision.';
COMMENT ON COLUMN countersign.charge_history.made_on IS 'When it was done.';
COMMENT ON COLUMN countersign.charge_history.reference_number IS
    'The operator''s own name for the charge, given with it; NULL if none was.';
COMMENT ON COLUMN countersign.charge_history.takes_reference IS
    'Whether this row is the one that made the reference number name this charge. A later decision of the same charge may bear the same reference; it does not take it again.';
COMMENT ON COLUMN countersign.charge_history.idempotency_key IS
    'The Idempotency-Key of the call; NULL if it bore none.';
COMMENT ON COLUMN countersign.charge_history.batch_id IS
    'The transaction that wrote the row; only zeros for the imported decision of a charge that was processed elsewhere, which is not in the feed.';

-- A reference number never names two charges of an operator.
CREATE UNIQUE INDEX charge_history_operator_id_reference_number_key
    ON countersign.charge_history (operator_id, reference_number) WHERE takes_reference;
-- The decisions of a batch. Nodes make ids that grow with time, so that rows are added at the index's end.
CREATE INDEX charge_history_batch_id_idx ON countersign.charge_history (batch_id);

-- Reports look for decisions by their time, in which order the rows are written.
CREATE INDEX charge_history_made_on_idx ON countersign.charge_history USING brin (made_on) WITH (autosummarize = on);

-- Append-only, as charge_history is, and like it without a foreign key to charge: the row is written under the charge's
-- own lock.
CREATE TABLE countersign.charge_outcome (
    operator_id bigint NOT NULL,
    number text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    made_on countersign.moment NOT NULL,
    batch_id uuid NOT NULL,
    CONSTRAINT charge_outcome_pkey PRIMARY KEY (operator_id, number),
    CONSTRAINT charge_outcome_outcome_check CHECK (outcome IN ('APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED'))
) WITH (
    -- Its rows never change, so they are frozen when vacuum first sees them.
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_freeze_min_age = 0
);
COMMENT ON TABLE countersign.charge_outcome IS
    'Every outcome that the provider gave here, one row each; never changed. Charges that were processed elsewhere have none.';
COMMENT ON COLUMN countersign.charge_outcome.operator_id IS 'The operator that bills the charge.';
COMMENT ON COLUMN countersign.charge_outcome.number IS 'The charge''s number.';
COMMENT ON COLUMN countersign.charge_outcome.outcome IS 'The final status: APPROVED, DECLINED, BAD_REQUEST or REJECTED.';
COMMENT ON COLUMN countersign.charge_outcome.made_on IS 'When the provider gave it.';
COMMENT ON COLUMN countersign.charge_outcome.batch_id IS 'The transaction that wrote the row.';
CREATE INDEX charge_outcome_batch_id_idx ON countersign.charge_outcome (batch_id);

-- A node's new charges are pending and undecided: it cannot name the other columns. An import brings a past as well.
GRANT SELECT ON countersign.charge, countersign.batch, countersign.charge_history, countersign.charge_outcome
    TO countersign_application, countersign_administration;
GRANT INSERT (
    operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
    local_currency_amount, local_currency, paid_through_date, received_on
) ON countersign.charge TO countersign_application;
GRANT INSERT ON countersign.charge TO countersign_administration;
GRANT INSERT ON countersign.charge_history TO countersign_application, countersign_administration;
GRANT INSERT ON countersign.charge_outcome TO countersign_application;
GRANT INSERT (batch_id, decisions) ON countersign.batch TO countersign_application, countersign_administration;
GRANT UPDATE (
    charge_status, set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
    taken_on, acknowledged_on, revision, decision, decided_on, decision_made_by, decision_reference_number
) ON countersign.charge TO countersign_application;
