-- Question: Which charges has the provider taken, and told no outcome of yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator         the operator's code
--   waiting          how long since they were taken
--   charges          how many
--   oldest_taken_on  when the oldest of them was taken
--   oldest_number    the number of that charge

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, reporting.age_band(now() - taken_on) AS waiting, count(*) AS charges,
    min(taken_on) AT TIME ZONE :'zone' AS oldest_taken_on,
    (array_agg(number ORDER BY taken_on, number))[1] AS oldest_number
FROM reporting.charge
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND charge_status = 'PENDING' AND taken_on IS NOT NULL
GROUP BY operator, waiting
ORDER BY operator, min(taken_on) DESC;
