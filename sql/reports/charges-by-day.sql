-- Question: How many charges came in each day, and how do they stand now?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator       the operator's code
--   day            the day on which the charges came in
--   charge_status  the provider's side: PENDING, APPROVED, DECLINED, BAD_REQUEST or REJECTED
--   decision       the operator's side: ACCEPTED, DECLINED or NONE
--   charges        how many

-- Place: 10
-- Cost: 2000 to 14000
-- Sample:
--   operator  day         charge_status  decision  charges
--   ACME      2026-10-26  APPROVED       ACCEPTED       11
--   ACME      2026-10-26  BAD_REQUEST    ACCEPTED        2
--   ACME      2026-10-26  DECLINED       DECLINED        3
--   ACME      2026-10-26  PENDING        ACCEPTED        2

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
    operator, reporting.local_date(day_begin, (SELECT time_zone FROM asked)) AS day, charge_status, decision, charges
FROM (
    SELECT
        operator, reporting.day_begin(received_on, (SELECT begins FROM days)) AS day_begin, charge_status, decision,
        count(*) AS charges
    FROM reporting.charge
    WHERE (SELECT true FROM asked)
        AND received_on >= (SELECT begins_on FROM asked)
        AND received_on < (SELECT ends_on FROM asked)
\if :{?operator}
        AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
    GROUP BY operator, day_begin, charge_status, decision
) AS counted
ORDER BY operator, day_begin, charge_status, decision
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
