-- Rule: A reference number in the history was taken by its charge.
SELECT operator.code AS operator, history.number,
    'reference number ' || history.reference_number || ' (revision ' || history.revision || ') '
        || coalesce('names charge ' || owner.number, 'was never taken') AS detail
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
LEFT JOIN countersign.charge_history AS owner
    ON owner.operator_id = history.operator_id AND owner.reference_number = history.reference_number
    AND owner.takes_reference
WHERE history.reference_number IS NOT NULL AND NOT history.takes_reference
    AND owner.number IS DISTINCT FROM history.number;
