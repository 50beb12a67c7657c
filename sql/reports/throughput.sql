-- Question: How many charges came in, were decided, processed and acknowledged in each hour?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 7 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
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

-- Place: 130
-- Cost: 8000 to 50000
-- Sample:
--   operator  hour                 received  accepted  declined  by_policy  processed  acknowledged
--   ACME      2026-11-18 00:00:00         1         1         0          0          1             0
--   ACME      2026-11-18 02:00:00         1         1         0          0          1             0
--   ACME      2026-11-18 04:00:00         1         0         0          0          0             0
--   ACME      2026-11-18 05:00:00         1         2         0          0          1             0

WITH asked AS MATERIALIZED (
    SELECT * FROM reporting.parameters(
\if :{?operator}
        operator => :'operator',
\endif
\if :{?from}
        "from" => :'from',
\endif
\if :{?to}
        "to" => :'to',
\endif
\if :{?zone}
        zone => :'zone',
\endif
        length => '7 days')
)
SELECT
    operator, reporting.local_time(hour_begin, (SELECT time_zone FROM asked)) AS hour, received, accepted, declined,
    by_policy, processed, acknowledged
FROM (
    SELECT
        operator, date_trunc('hour', happened_on, (SELECT time_zone FROM asked)) AS hour_begin,
        count(*) FILTER (WHERE event = 'received') AS received,
        count(*) FILTER (WHERE event = 'ACCEPTED') AS accepted,
        count(*) FILTER (WHERE event = 'DECLINED') AS declined,
        count(*) FILTER (WHERE made_by = 'policy') AS by_policy,
        count(*) FILTER (WHERE event = 'processed') AS processed,
        count(*) FILTER (WHERE event = 'acknowledged') AS acknowledged
    FROM (
        SELECT operator, 'received' AS event, NULL AS made_by, received_on AS happened_on
        FROM reporting.charge
        WHERE (SELECT true FROM asked)
            AND received_on >= (SELECT begins_on FROM asked)
            AND received_on < (SELECT ends_on FROM asked)
\if :{?operator}
            AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
        UNION ALL
        SELECT operator, decision, made_by, decided_on
        FROM reporting.decision
        WHERE decided_on >= (SELECT begins_on FROM asked)
            AND decided_on < (SELECT ends_on FROM asked)
\if :{?operator}
            AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
        UNION ALL
        SELECT operator, 'processed', NULL, processed_on
        FROM reporting.charge
        WHERE processed_on >= (SELECT begins_on FROM asked)
            AND processed_on < (SELECT ends_on FROM asked)
\if :{?operator}
            AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
        UNION ALL
        SELECT operator, 'acknowledged', NULL, acknowledged_on
        FROM reporting.charge
        WHERE acknowledged_on >= (SELECT begins_on FROM asked)
            AND acknowledged_on < (SELECT ends_on FROM asked)
\if :{?operator}
            AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
    ) AS events
    GROUP BY operator, hour_begin
) AS counted
ORDER BY operator, hour_begin
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
