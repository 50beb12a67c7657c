-- Listing.
-- oldest-build: 1

-- What an operator lists, in the order in which it is listed. No index names what deciding sets.
CREATE INDEX charge_pending_idx ON countersign.charge (operator_id, received_on, number)
    WHERE acknowledged_on IS NULL AND charge_status = 'PENDING';
CREATE INDEX charge_processed_idx ON countersign.charge (operator_id, received_on, number)
    WHERE acknowledged_on IS NULL AND charge_status <> 'PENDING';
-- The same of one customer. An acknowledged charge leaves the index, so that acknowledging adds nothing to it. Without
-- the status one index serves both lists: a customer has few charges.
CREATE INDEX charge_customer_idx
    ON countersign.charge (operator_id, billing_system_customer_identifier, received_on, number)
    WHERE acknowledged_on IS NULL;

-- What searches and counts of the console walk through besides: what is processed, by its status, and what is acknowledged.
-- An outcome writes an entry in the first one, and an acknowledgement one in each of the others.
CREATE INDEX charge_processed_status_idx ON countersign.charge (operator_id, charge_status, received_on, number)
    WHERE acknowledged_on IS NULL AND charge_status <> 'PENDING';
CREATE INDEX charge_acknowledged_status_idx ON countersign.charge (operator_id, charge_status, received_on, number)
    WHERE acknowledged_on IS NOT NULL;
CREATE INDEX charge_acknowledged_customer_idx
    ON countersign.charge (operator_id, billing_system_customer_identifier, received_on, number)
    WHERE acknowledged_on IS NOT NULL;

-- The time when the operator's policy decides a charge that is still undecided; NULL if it never does. The window is
-- counted from the latest of the charge's arrival (an import is one, whatever received_on it brings), the last change of
-- the policy and the end of the last suspension. After an outage it may be an hour later.
CREATE FUNCTION countersign.decide_by(charge countersign.charge, operator countersign.operator)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN charge.revision = 0 AND charge.charge_status = 'PENDING' AND charge.taken_on IS NULL
            AND operator.undecided_policy <> 'hold' AND operator.suspended_on IS NULL
        THEN greatest(charge.received_on, charge.imported_on, operator.undecided_counts_from) + operator.undecided_window
    END
$$;
REVOKE EXECUTE ON FUNCTION countersign.decide_by FROM PUBLIC;
GRANT EXECUTE ON FUNCTION countersign.decide_by TO countersign_application, countersign_administration;
