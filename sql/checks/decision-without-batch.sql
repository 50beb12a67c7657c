-- Rule: Every decision is of a batch that is in the feed or still has its own row.
SELECT operator.code AS operator, history.number,
    'revision ' || history.revision || ' is of batch ' || history.batch_id || ', of which there is nothing' AS detail
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
WHERE history.revision > 0
    AND NOT EXISTS (SELECT FROM countersign.published_batch AS published WHERE published.batch_id = history.batch_id)
    AND NOT EXISTS (SELECT FROM countersign.batch WHERE batch.batch_id = history.batch_id);
