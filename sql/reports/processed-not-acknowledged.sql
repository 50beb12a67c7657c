-- Question: Which processed charges has the operator not acknowledged yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator             the operator's code
--   charge_status        the final status
--   waiting              how long since they were processed
--   charges              how many
--   oldest_processed_on  when the oldest of them was processed

-- Place: 50
-- Cost: 2000 to 27000
-- Sample:
--   operator  charge_status  waiting       charges  oldest_processed_on
--   ACME      APPROVED       3 to 7 days         4  2026-11-18 21:25:37
--   ACME      APPROVED       7 to 30 days       54  2026-10-26 09:05:37
--   ACME      APPROVED       over 30 days      111  2026-08-27 06:01:37
--   ACME      BAD_REQUEST    3 to 7 days         4  2026-11-18 02:24:37

WITH asked AS MATERIALIZED (
    SELECT * FROM reporting.parameters(
\if :{?operator}
        operator => :'operator',
\endif
\if :{?zone}
        zone => :'zone',
\endif
        length => NULL)
)
SELECT
    operator, charge_status, reporting.age_band(now() - processed_on) AS waiting, count(*) AS charges,
    reporting.local_time(min(processed_on), (SELECT time_zone FROM asked)) AS oldest_processed_on
FROM reporting.charge
WHERE (SELECT true FROM asked)
    AND charge_status <> 'PENDING' AND acknowledged_on IS NULL
\if :{?operator}
    AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
GROUP BY operator, charge_status, waiting
ORDER BY operator, charge_status, min(processed_on) DESC
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
