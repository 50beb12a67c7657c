-- Question: Which charges are accepted, and not processed by the provider yet?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   waiting            how long since the current decision
--   charges            how many
--   taken              of these, how many the provider has taken
--   oldest_decided_on  when the oldest current decision among them was made
--   oldest_number      the number of the charge with that decision

-- Place: 30
-- Cost: 1000 to 14000
-- Sample:
--   operator  waiting       charges  taken  oldest_decided_on    oldest_number
--   ACME      3 to 7 days        15      7  2026-11-18 05:45:37  I00000587
--   ACME      7 to 30 days       35      7  2026-10-26 16:10:37  I00001197
--   ACME      over 30 days       76     14  2026-08-27 18:41:37  I00000401
--   GLOBEX    1 to 3 days         1      0  2026-11-22 07:59:37  I00001741

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
    operator, reporting.age_band(now() - decided_on) AS waiting, count(*) AS charges, count(taken_on) AS taken,
    reporting.local_time(min(decided_on), (SELECT time_zone FROM asked)) AS oldest_decided_on,
    (array_agg(number ORDER BY decided_on, number))[1] AS oldest_number
FROM reporting.charge
WHERE (SELECT true FROM asked)
    AND charge_status = 'PENDING' AND acknowledged_on IS NULL AND decision = 'ACCEPTED'
\if :{?operator}
    AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
GROUP BY operator, waiting
ORDER BY operator, min(decided_on) DESC
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
