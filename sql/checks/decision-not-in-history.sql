-- Rule: A charge's current decision is the one that the history has under its revision.
SELECT operator.code AS operator, charge.number,
    'the charge is ' || charge.decision || ' (revision ' || charge.revision || '), and the history has '
        || coalesce(history.kind, 'nothing')
        || CASE WHEN history.kind = charge.decision THEN ' with another date, maker or reference' ELSE '' END AS detail
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
LEFT JOIN countersign.charge_history AS history
    ON history.operator_id = charge.operator_id AND history.number = charge.number
    AND history.revision = charge.revision
WHERE charge.revision > 0
    AND (
        history.kind IS DISTINCT FROM charge.decision
        OR history.made_by IS DISTINCT FROM charge.decision_made_by
        OR history.made_on IS DISTINCT FROM charge.decided_on
        OR history.reference_number IS DISTINCT FROM charge.decision_reference_number);
