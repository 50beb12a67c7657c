-- Rule: An operator's statements follow each other without gaps, in their numbers, their times and their events.
WITH compared AS (
    SELECT
        statement.*,
        lag(statement.number, 1, 0) OVER by_number AS number_before,
        -- A restore may have lost what was between, if the statement names the last one that was known elsewhere.
        statement.number = lag(statement.number, 1, 0) OVER by_number + 1
            OR statement.other_predecessor IS NOT NULL AS follows,
        lag(ends_on) OVER by_number AS ended_before,
        lag(last_event_number, 1, 0::bigint) OVER by_number AS last_before,
        (SELECT count(*) FROM countersign.event_batch AS batch
            WHERE batch.operator_id = statement.operator_id
                AND batch.last_event_number BETWEEN statement.first_event_number AND statement.last_event_number
                AND (batch.published_on < statement.begins_on OR batch.published_on >= statement.ends_on)) AS strangers,
        (SELECT count(*) FROM countersign.event_batch AS batch
            WHERE batch.operator_id = statement.operator_id
                AND batch.last_event_number > statement.last_event_number
                AND batch.published_on < statement.ends_on) AS missing
    FROM countersign.statement
    WINDOW by_number AS (PARTITION BY operator_id ORDER BY number)
)
SELECT operator.code AS operator, NULL AS number, 'statement ' || compared.number || CASE
        WHEN NOT follows THEN ' follows statement ' || number_before
        WHEN begins_on <> ended_before THEN ' begins on ' || begins_on || ', and the one before it ends on ' || ended_before
        WHEN first_event_number <> last_before + 1 THEN ' begins with event ' || first_event_number
            || ', and the one before it ends with ' || last_before
        WHEN strangers > 0 THEN ' has events that were published at other times'
        ELSE ' lacks events that were published in its time'
    END AS detail
FROM compared
JOIN countersign.operator USING (operator_id)
WHERE NOT follows OR begins_on <> ended_before OR first_event_number <> last_before + 1
    OR strangers > 0 OR missing > 0;
