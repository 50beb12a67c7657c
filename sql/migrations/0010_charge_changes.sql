-- The rules of a charge's change.
--
-- Each is refused after the update, not before it. Where a table has any BEFORE trigger for updated rows, PostgreSQL
-- locks each row, and logs that lock, before it looks whether the trigger is for the columns that are set: each decision
-- would pay for it. The condition is part of the trigger, so that a change that is allowed calls no function.
-- oldest-build: 1

CREATE FUNCTION countersign.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'charge % of operator %: %', NEW.number, NEW.operator_id, TG_ARGV[0]
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$;

-- A final state with its date is never left, and neither is the acknowledgement. A decision sets none of the columns.
CREATE TRIGGER charge_final_state
    AFTER UPDATE OF
        charge_status, set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
        acknowledged_on
    ON countersign.charge
    FOR EACH ROW
    WHEN (
        (OLD.charge_status <> 'PENDING'
            AND (NEW.charge_status, NEW.set_as_approved_on, NEW.set_as_declined_on, NEW.set_as_bad_request_on,
                    NEW.set_as_rejected_request_on)
                IS DISTINCT FROM
                (OLD.charge_status, OLD.set_as_approved_on, OLD.set_as_declined_on, OLD.set_as_bad_request_on,
                    OLD.set_as_rejected_request_on))
        OR (OLD.acknowledged_on IS NOT NULL AND NEW.acknowledged_on IS DISTINCT FROM OLD.acknowledged_on))
    EXECUTE FUNCTION countersign.refuse_change('a final state and an acknowledgement stay');

-- The provider approves what the operator accepted, and declines what it declined.
CREATE TRIGGER charge_outcome
    AFTER UPDATE OF charge_status ON countersign.charge
    FOR EACH ROW
    WHEN (
        (NEW.charge_status = 'APPROVED' AND NEW.decision IS DISTINCT FROM 'ACCEPTED')
        OR (NEW.charge_status = 'DECLINED' AND NEW.decision IS DISTINCT FROM 'DECLINED'))
    EXECUTE FUNCTION countersign.refuse_change('the outcome must follow the decision');

-- A decision has the next revision, concerns a pending charge that is not taken, and a policy's is the first.
CREATE TRIGGER charge_revision
    AFTER UPDATE OF revision, decision, decided_on, decision_made_by, decision_reference_number
    ON countersign.charge
    FOR EACH ROW
    WHEN (
        NEW.revision <> OLD.revision + 1
        OR OLD.taken_on IS NOT NULL
        OR OLD.charge_status <> 'PENDING'
        OR (OLD.revision > 0 AND NEW.decision_made_by = 'policy'))
    EXECUTE FUNCTION countersign.refuse_change(
        'a decision must have the next revision, of a pending charge that is not taken');

-- A charge comes in in its operator's currency, which may change afterwards. This is looked at once for each statement
-- that adds charges, and never by a decision.
CREATE FUNCTION countersign.refuse_other_local_currency() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT added.number, added.local_currency, operator.code, operator.currency INTO wrong
    FROM added JOIN countersign.operator USING (operator_id)
    WHERE added.local_currency <> operator.currency
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'charge %: local_currency is %, and operator % bills in %',
            wrong.number, wrong.local_currency, wrong.code, wrong.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER charge_local_currency
    AFTER INSERT ON countersign.charge
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_other_local_currency();

REVOKE EXECUTE ON FUNCTION countersign.refuse_change, countersign.refuse_other_local_currency FROM PUBLIC;
