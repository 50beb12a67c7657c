-- Rule: Every event of an operator has one number, without gaps, and the times of their publication never decrease.
WITH recorded AS (
    SELECT batch_id, operator_id, count(*) AS events
    FROM (
        SELECT batch_id, operator_id FROM countersign.charge_history
        UNION ALL
        SELECT batch_id, operator_id FROM countersign.charge_outcome
    ) AS event
    GROUP BY batch_id, operator_id
), numbered AS (
    SELECT
        batch.*,
        lag(last_event_number, 1, 0::bigint) OVER by_number AS before,
        lag(published_on) OVER by_number AS published_before,
        count(*) OVER (PARTITION BY operator_id, batch_id) AS places
    FROM countersign.event_batch AS batch
    WINDOW by_number AS (PARTITION BY operator_id ORDER BY last_event_number)
)
SELECT operator.code AS operator, NULL AS number, 'batch ' || batch_id || CASE
        WHEN numbered.last_event_number IS NULL THEN ' has events without numbers'
        WHEN numbered.events <> coalesce(recorded.events, 0) THEN ' has ' || coalesce(recorded.events, 0)
            || ' events, and ' || numbered.events || ' numbers'
        WHEN numbered.places > 1 THEN ' is numbered twice'
        WHEN numbered.published_on < numbered.published_before THEN ' was published before the one before it'
        ELSE ' ends with event ' || numbered.last_event_number || ', has ' || numbered.events
            || ', and the one before it ends with ' || numbered.before
    END AS detail
FROM numbered
FULL JOIN recorded USING (batch_id, operator_id)
JOIN countersign.operator USING (operator_id)
WHERE (numbered.last_event_number IS NULL
        -- What was decided elsewhere is no event, and what waits for its publication has no number yet.
        AND batch_id <> '00000000-0000-0000-0000-000000000000'
        AND batch_id NOT IN (SELECT queued.batch_id FROM countersign.unpublished_batch AS queued))
    OR numbered.events <> coalesce(recorded.events, 0)
    OR numbered.places > 1
    OR numbered.published_on < numbered.published_before
    OR numbered.last_event_number <> numbered.before + numbered.events;
