-- Rule: An outcome that the provider gave here has a row of its own, as the charge says it.
SELECT operator.code AS operator, coalesce(charge.number, given.number) AS number,
    CASE
        WHEN charge.number IS NULL THEN 'charge_outcome has the outcome of a charge that does not exist'
        WHEN given.number IS NULL THEN 'the charge is ' || charge.charge_status || ', and charge_outcome has no row of it'
        ELSE 'the charge is ' || charge.charge_status || ', and charge_outcome says ' || given.outcome || ' on '
            || given.made_on
    END AS detail
FROM (
    SELECT operator_id, number::text, charge_status, imported_on, coalesce(
        set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on) AS processed_on
    FROM countersign.charge
    WHERE charge_status <> 'PENDING'
) AS charge
FULL JOIN countersign.charge_outcome AS given USING (operator_id, number)
JOIN countersign.operator USING (operator_id)
WHERE (given.outcome, given.made_on) IS DISTINCT FROM (charge.charge_status, charge.processed_on)
    -- What was processed before it was imported was processed elsewhere.
    AND (given.number IS NULL AND charge.processed_on <= charge.imported_on) IS NOT TRUE;
