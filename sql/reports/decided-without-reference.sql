-- Question: How many decided charges have no reference number at all?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   day                the day of the current decision
--   decision           the current decision: ACCEPTED or DECLINED
--   charges            how many charges were so decided
--   without_reference  of these, how many no reference number names
--   by_policy          of the latter, how many a policy decided, which gives none
--   first_number       the lowest number among the latter

-- Place: 80
-- Cost: 4000 to 30000
-- Sample:
--   operator  day         decision  charges  without_reference  by_policy  first_number
--   GLOBEX    2026-10-27  ACCEPTED       13                  1          1  I00001713
--   GLOBEX    2026-10-28  ACCEPTED       17                  4          3  I00001401
--   GLOBEX    2026-10-29  ACCEPTED       14                  2          2  I00001725

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
    operator, reporting.local_date(day_begin, (SELECT time_zone FROM asked)) AS day, decision, charges,
    without_reference, by_policy, first_number
FROM (
    SELECT
        operator, reporting.day_begin(decided_on, (SELECT begins FROM days)) AS day_begin, decision,
        count(*) AS charges, count(*) FILTER (WHERE named IS NULL) AS without_reference,
        count(*) FILTER (WHERE named IS NULL AND decision_made_by = 'policy') AS by_policy,
        min(number) FILTER (WHERE named IS NULL) AS first_number
    FROM reporting.charge
    LEFT JOIN (
        SELECT DISTINCT operator_id, number, true AS named FROM reporting.reference
    ) AS reference USING (operator_id, number)
    WHERE (SELECT true FROM asked)
        AND decided_on >= (SELECT begins_on FROM asked)
        AND decided_on < (SELECT ends_on FROM asked)
\if :{?operator}
        AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
    GROUP BY operator, day_begin, decision
) AS counted
ORDER BY operator, day_begin, decision
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
