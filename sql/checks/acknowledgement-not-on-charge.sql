-- Rule: An acknowledgement in the history is on its charge, with the same time. (An imported one is on the charge alone.)
SELECT operator.code AS operator, charge.number,
    'the history has an acknowledgement, and the charge has '
        || CASE WHEN charge.acknowledged_on IS NULL THEN 'none' ELSE 'another' END AS detail
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
JOIN countersign.charge ON charge.operator_id = history.operator_id AND charge.number = history.number
WHERE history.kind = 'ACKNOWLEDGED' AND charge.acknowledged_on IS DISTINCT FROM history.made_on;
