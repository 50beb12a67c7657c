-- A final state is refused after the update, not before it. Where a table has any BEFORE trigger for updated rows,
-- PostgreSQL locks each row, and logs that lock, before it looks whether the trigger is for the columns that are set: each
-- decision paid for a trigger that it never ran. The condition is now part of the trigger, so that acknowledging and
-- processing call no function either.
-- oldest-build: 1

CREATE OR REPLACE FUNCTION countersign.refuse_to_leave_final_state() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.charge_status <> OLD.charge_status THEN
        RAISE EXCEPTION 'a charge that is % stays so', OLD.charge_status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_final_state';
    END IF;
    RAISE EXCEPTION 'a charge stays acknowledged'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_final_state';
END
$$;
-- The trigger is replaced in place. That waits for writing transactions, but not for reports.
CREATE OR REPLACE TRIGGER charge_final_state
    AFTER UPDATE OF charge_status, acknowledged_on ON countersign.charge
    FOR EACH ROW
    WHEN (
        (OLD.charge_status <> 'PENDING' AND NEW.charge_status <> OLD.charge_status)
        OR (OLD.acknowledged_on IS NOT NULL AND NEW.acknowledged_on IS DISTINCT FROM OLD.acknowledged_on))
    EXECUTE FUNCTION countersign.refuse_to_leave_final_state();
