-- Rule: The feed has each batch once, its positions have no gaps, and its times never decrease.
WITH counted AS (
    SELECT batch_id, count(*) AS decisions FROM countersign.charge_history WHERE revision > 0 GROUP BY batch_id
), placed AS (
    SELECT
        published.position, published.batch_id, published.published_on,
        count(*) OVER (PARTITION BY published.batch_id) AS places,
        lag(published.position + coalesce(counted.decisions, 0), 1, 1::bigint) OVER by_position AS expected,
        lag(published.published_on) OVER by_position AS published_before
    FROM countersign.published_batch AS published
    LEFT JOIN counted USING (batch_id)
    WINDOW by_position AS (ORDER BY published.position)
)
SELECT NULL AS operator, NULL AS number,
    'batch ' || batch_id || ' is at position ' || position || CASE
        WHEN position <> expected THEN ', and the one before it ends at ' || expected - 1
        WHEN places > 1 THEN ', and at another'
        ELSE ', and was published before the one before it'
    END AS detail
FROM placed
WHERE position <> expected OR places > 1 OR published_on < published_before
UNION ALL
SELECT NULL, NULL, 'the feed''s last position is ' || feed.last_position || ', and its last batch ends at '
    || coalesce(ended.position, 0)
FROM countersign.feed
CROSS JOIN (
    SELECT max(last.position) - 1 + count(history.batch_id) AS position
    FROM (SELECT position, batch_id FROM countersign.published_batch ORDER BY position DESC LIMIT 1) AS last
    LEFT JOIN countersign.charge_history AS history ON history.batch_id = last.batch_id AND history.revision > 0
) AS ended
WHERE feed.last_position <> coalesce(ended.position, 0);
