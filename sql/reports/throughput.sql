-- Question: How many charges came in, were decided, processed and acknowledged in each hour?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 7 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator      the operator's code
--   hour          the start of the hour; twice where the zone's clocks were set back
--   received      charges that came in
--   accepted      decisions to accept, also those that were replaced later
--   declined      decisions to decline, likewise
--   by_policy     of both, how many a policy made
--   processed     charges that got their final status
--   acknowledged  charges that the operator acknowledged

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, date_trunc('hour', happened_on, :'zone') AT TIME ZONE :'zone' AS hour,
    count(*) FILTER (WHERE event = 'received') AS received,
    count(*) FILTER (WHERE event = 'ACCEPTED') AS accepted,
    count(*) FILTER (WHERE event = 'DECLINED') AS declined,
    count(*) FILTER (WHERE made_by = 'policy') AS by_policy,
    count(*) FILTER (WHERE event = 'processed') AS processed,
    count(*) FILTER (WHERE event = 'acknowledged') AS acknowledged
FROM (
    SELECT operator, 'received' AS event, NULL AS made_by, received_on AS happened_on
    FROM reporting.charge
    WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND received_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '7 days'))
        AND received_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
    UNION ALL
    SELECT operator, decision, made_by, decided_on
    FROM reporting.decision
    WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND decided_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '7 days'))
        AND decided_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
    UNION ALL
    SELECT operator, 'processed', NULL, processed_on
    FROM reporting.charge
    WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND processed_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '7 days'))
        AND processed_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
    UNION ALL
    SELECT operator, 'acknowledged', NULL, acknowledged_on
    FROM reporting.charge
    WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND acknowledged_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '7 days'))
        AND acknowledged_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
) AS events
GROUP BY operator, date_trunc('hour', happened_on, :'zone')
ORDER BY operator, date_trunc('hour', happened_on, :'zone');
