-- Question: Which processed charges has the operator not acknowledged yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator             the operator's code
--   charge_status        the final status
--   waiting              how long since they were processed
--   charges              how many
--   oldest_processed_on  when the oldest of them was processed

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, charge_status, reporting.age_band(now() - processed_on) AS waiting, count(*) AS charges,
    min(processed_on) AT TIME ZONE :'zone' AS oldest_processed_on
FROM reporting.charge
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND charge_status <> 'PENDING' AND acknowledged_on IS NULL
GROUP BY operator, charge_status, waiting
ORDER BY operator, charge_status, min(processed_on) DESC;
