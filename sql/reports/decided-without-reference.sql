-- Question: How many decided charges have no reference number at all?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   day                the day of the current decision
--   decision           the current decision: ACCEPTED or DECLINED
--   charges            how many charges were so decided
--   without_reference  of these, how many no reference number names
--   by_policy          of the latter, how many a policy decided, which gives none
--   first_number       the lowest number among the latter

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, (decided_on AT TIME ZONE :'zone')::date AS day, decision, count(*) AS charges,
    count(*) FILTER (WHERE named IS NULL) AS without_reference,
    count(*) FILTER (WHERE named IS NULL AND decision_made_by = 'policy') AS by_policy,
    min(number) FILTER (WHERE named IS NULL) AS first_number
FROM reporting.charge
LEFT JOIN (
    SELECT DISTINCT operator_id, number, true AS named FROM reporting.reference
) AS reference USING (operator_id, number)
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND decided_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
    AND decided_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
GROUP BY operator, day, decision
ORDER BY operator, day, decision;
