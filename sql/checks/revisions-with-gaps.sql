-- Rule: The decisions of a charge are numbered 1, 2, 3 … up to its revision.
SELECT operator.code AS operator, charge.number,
    'the charge has revision ' || charge.revision || ', and the history has ' || coalesce(counted.decisions, 0)
        || ' decisions, the last with revision ' || coalesce(counted.last, 0) AS detail
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
LEFT JOIN (
    SELECT operator_id, number, count(*) AS decisions, max(revision) AS last
    FROM countersign.charge_history
    WHERE revision > 0
    GROUP BY operator_id, number
) AS counted ON counted.operator_id = charge.operator_id AND counted.number = charge.number
WHERE charge.revision <> coalesce(counted.decisions, 0) OR charge.revision <> coalesce(counted.last, 0);
