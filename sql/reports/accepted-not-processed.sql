-- Question: Which charges are accepted, and not processed by the provider yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   waiting            how long since the current decision
--   charges            how many
--   taken              of these, how many the provider has taken
--   oldest_decided_on  when the oldest current decision among them was made
--   oldest_number      the number of the charge with that decision

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, reporting.age_band(now() - decided_on) AS waiting, count(*) AS charges, count(taken_on) AS taken,
    min(decided_on) AT TIME ZONE :'zone' AS oldest_decided_on,
    (array_agg(number ORDER BY decided_on, number))[1] AS oldest_number
FROM reporting.charge
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND charge_status = 'PENDING' AND decision = 'ACCEPTED'
GROUP BY operator, waiting
ORDER BY operator, min(decided_on) DESC;
