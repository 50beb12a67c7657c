-- Rule: In the feed, a charge's decisions come in the order of their revisions.
SELECT operator.code AS operator, later.number,
    'revision ' || later.revision || ' is published, and revision ' || earlier.revision
        || CASE WHEN before.position IS NULL THEN ' is not' ELSE ' comes after it' END AS detail
FROM countersign.charge_history AS later
JOIN countersign.operator USING (operator_id)
JOIN countersign.charge_history AS earlier
    ON earlier.operator_id = later.operator_id AND earlier.number = later.number
    AND earlier.revision = later.revision - 1
JOIN countersign.published_batch AS published ON published.batch_id = later.batch_id
LEFT JOIN countersign.published_batch AS before ON before.batch_id = earlier.batch_id
WHERE later.revision > 1 AND (before.position IS NULL OR before.position > published.position);
