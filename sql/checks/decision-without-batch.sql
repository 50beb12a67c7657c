-- Rule: Every decision is of a batch that is in the feed or still has its own row, but those on charges that were imported as processed.
SELECT operator.code AS operator, history.number,
    'revision ' || history.revision || ' is of batch ' || history.batch_id || ', of which there is nothing' AS detail
FROM countersign.charge_history AS history
JOIN countersign.operator USING (operator_id)
LEFT JOIN countersign.charge ON charge.operator_id = history.operator_id AND charge.number = history.number
WHERE history.revision > 0
    AND NOT (
        history.batch_id = '00000000-0000-0000-0000-000000000000' AND history.revision = 1
        AND charge.imported_on IS NOT NULL AND charge.charge_status <> 'PENDING')
    AND NOT EXISTS (SELECT FROM countersign.published_batch AS published WHERE published.batch_id = history.batch_id)
    AND NOT EXISTS (SELECT FROM countersign.batch WHERE batch.batch_id = history.batch_id);
