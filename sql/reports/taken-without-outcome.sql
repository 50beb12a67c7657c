-- Question: Which charges has the provider taken, and told no outcome of yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator         the operator's code
--   waiting          how long since they were taken
--   charges          how many
--   oldest_taken_on  when the oldest of them was taken
--   oldest_number    the number of that charge

-- Place: 40
-- Cost: 500 to 15000
-- Sample:
--   operator  waiting       charges  oldest_taken_on      oldest_number
--   ACME      3 to 7 days         7  2026-11-18 06:05:37  I00000587
--   ACME      7 to 30 days        7  2026-10-26 16:30:37  I00001197
--   ACME      over 30 days       17  2026-09-04 03:49:37  I00000507
--   GLOBEX    3 to 7 days         3  2026-11-21 03:24:37  I00000673

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
    operator, reporting.age_band(now() - taken_on) AS waiting, count(*) AS charges,
    reporting.local_time(min(taken_on), (SELECT time_zone FROM asked)) AS oldest_taken_on,
    (array_agg(number ORDER BY taken_on, number))[1] AS oldest_number
FROM reporting.charge
WHERE (SELECT true FROM asked)
    AND charge_status = 'PENDING' AND acknowledged_on IS NULL AND taken_on IS NOT NULL
\if :{?operator}
    AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
GROUP BY operator, waiting
ORDER BY operator, min(taken_on) DESC
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
