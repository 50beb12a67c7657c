-- Rule: A batch with decisions is published, or waits for its publication, and not both.
SELECT NULL AS operator, NULL AS number,
    'batch ' || batch.batch_id || CASE
        WHEN queued.batch_id IS NULL THEN ' is not published, and does not wait for it'
        ELSE ' is published, and waits for it'
    END AS detail
FROM countersign.batch
LEFT JOIN countersign.unpublished_batch AS queued USING (batch_id)
LEFT JOIN countersign.published_batch AS published USING (batch_id)
WHERE batch.decisions > 0 AND (queued.batch_id IS NULL) = (published.batch_id IS NULL)
UNION ALL
SELECT NULL, NULL, 'batch ' || queued.batch_id || ' waits for its publication, and has no row of its own'
FROM countersign.unpublished_batch AS queued
WHERE NOT EXISTS (SELECT FROM countersign.batch WHERE batch.batch_id = queued.batch_id);
