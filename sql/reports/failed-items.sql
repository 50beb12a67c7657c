-- Question: How many items of calls failed, and why?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator      the operator's code
--   day           the day in which the hour began by which they are counted
--   call          accept, decline or acknowledge
--   error_code    the items' error_code
--   failed_items  how many failed so; what a node that was killed had not added yet is missing

-- Place: 100
-- Cost: 20 to 2000
-- Sample:
--   operator  day         call     error_code                failed_items
--   ACME      2026-10-26  accept   CHARGE_ALREADY_ACCEPTED             21
--   ACME      2026-10-26  decline  CHARGE_ALREADY_PROCESSED             8
--   ACME      2026-10-26  decline  CHARGE_LOCKED                        1
--   ACME      2026-10-27  accept   REFERENCE_NUMBER_IN_USE              8

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
        length => '30 days')
),
days AS MATERIALIZED (SELECT reporting.day_begins(begins_on, ends_on, time_zone) AS begins FROM asked)
SELECT
    operator, reporting.local_date(day_begin, (SELECT time_zone FROM asked)) AS day, call, error_code, failed_items
FROM (
    SELECT
        operator, reporting.day_begin(counted_on, (SELECT begins FROM days)) AS day_begin, call, error_code,
        sum(failed_items)::bigint AS failed_items
    FROM reporting.failed_items
    WHERE (SELECT true FROM asked)
        AND counted_on >= (SELECT begins_on FROM asked)
        AND counted_on < (SELECT ends_on FROM asked)
\if :{?operator}
        AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
    GROUP BY operator, day_begin, call, error_code
) AS counted
ORDER BY operator, day_begin, call, error_code
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
