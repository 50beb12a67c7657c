-- Rule: Every decision and acknowledgement in the history is of a charge.
SELECT coalesce(operator.code, history.operator_id::text) AS operator, history.number,
    history.kind || ' (revision ' || history.revision || ') is of no charge' AS detail
FROM countersign.charge_history AS history
LEFT JOIN countersign.operator USING (operator_id)
WHERE NOT EXISTS (
    SELECT FROM countersign.charge
    WHERE charge.operator_id = history.operator_id AND charge.number = history.number);
