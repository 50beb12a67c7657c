-- Rule: The events of a charge have their numbers in their order: its decisions, its outcome, its acknowledgement.
WITH placed AS (
    SELECT event.operator_id, event.number, event.place, batch.last_event_number
    FROM (
        SELECT operator_id, number, batch_id, CASE kind WHEN 'ACKNOWLEDGED' THEN 2147483647 ELSE revision END AS place
        FROM countersign.charge_history
        UNION ALL
        SELECT operator_id, number, batch_id, 2147483646 FROM countersign.charge_outcome
    ) AS event
    JOIN countersign.event_batch AS batch USING (operator_id, batch_id)
), compared AS (
    SELECT *, lag(last_event_number) OVER (PARTITION BY operator_id, number ORDER BY place) AS before
    FROM placed
)
SELECT operator.code AS operator, number,
    'an event in the batch that ends with ' || last_event_number || ' follows one in that which ends with ' || before
        AS detail
FROM compared
JOIN countersign.operator USING (operator_id)
WHERE last_event_number <= before;
