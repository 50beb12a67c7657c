-- Question: Which charges wait for a decision, how long already, and how near is the policy?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator            the operator's code
--   waiting             how long since they came in
--   charges             how many
--   oldest_received_on  when the oldest of them came in
--   policy              what becomes of them in the end: hold, accept or decline
--   due_within_6_hours  of these, how many the policy may decide in the next 6 hours
--   overdue             of these, how many it may decide already

-- Place: 20
-- Cost: 500 to 14000
-- Sample:
--   operator  waiting        charges  oldest_received_on   policy   due_within_6_hours  overdue
--   ACME      1 to 24 hours      125  2026-11-24 00:28:37  hold                      0        0
--   ACME      1 to 3 days        275  2026-11-22 01:20:37  hold                      0        0
--   GLOBEX    1 to 24 hours      132  2026-11-24 00:26:37  accept                    0        0
--   GLOBEX    1 to 3 days        268  2026-11-22 01:06:37  accept                   31        0

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
    charge.operator, reporting.age_band(now() - received_on) AS waiting, count(*) AS charges,
    reporting.local_time(min(received_on), (SELECT time_zone FROM asked)) AS oldest_received_on,
    undecided_policy AS policy,
    count(*) FILTER (WHERE decide_by > now() AND decide_by <= now() + interval '6 hours') AS due_within_6_hours,
    count(*) FILTER (WHERE decide_by <= now()) AS overdue
FROM reporting.charge
JOIN reporting.operator USING (operator_id)
WHERE (SELECT true FROM asked)
    AND charge_status = 'PENDING' AND acknowledged_on IS NULL AND decision = 'NONE' AND taken_on IS NULL
\if :{?operator}
    AND (:'operator' = '' OR charge.operator_id = (SELECT operator_id FROM asked))
\endif
GROUP BY charge.operator, undecided_policy, waiting
ORDER BY charge.operator, min(received_on) DESC
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
