-- Rule: A batch has as many decisions as the history has of it.
SELECT NULL AS operator, NULL AS number,
    'batch ' || batch.batch_id || ' counts ' || batch.decisions || ' decisions, and the history has '
        || coalesce(counted.decisions, 0) AS detail
FROM countersign.batch
LEFT JOIN (
    SELECT batch_id, count(*) AS decisions FROM countersign.charge_history WHERE revision > 0 GROUP BY batch_id
) AS counted USING (batch_id)
WHERE batch.decisions <> coalesce(counted.decisions, 0);
