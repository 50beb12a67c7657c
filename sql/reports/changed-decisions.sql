-- Question: Which decisions replaced an earlier one, and who made them?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator          the operator's code
--   number            the charge's number
--   revision          the later decision's number among those of its charge
--   earlier_decision  what it replaced: ACCEPTED or DECLINED
--   earlier_made_by   who had made that: operator or policy
--   earlier_username  the user who had; empty for a policy, and for what was imported
--   decision          the later decision
--   made_by           who made it: operator or policy
--   username          the user who did
--   decided_on        when it was made: in the period
--   reference_number  the reference given with it

-- Place: 60
-- Cost: 1500 to 12000
-- Sample:
--   operator  number     revision  earlier_decision  earlier_made_by  earlier_username  decision  made_by   username     decided_on           reference_number
--   ACME      I00000560         2  ACCEPTED          operator                           DECLINED  operator  key:billing  2026-10-28 16:04:37
--   ACME      I00000560         3  DECLINED          operator         key:billing       ACCEPTED  operator  demo         2026-10-28 16:05:37
--   ACME      I00001440         2  ACCEPTED          operator                           DECLINED  operator  anna         2026-10-31 20:42:37
--   ACME      I00001440         3  DECLINED          operator         anna              ACCEPTED  operator  demo         2026-10-31 20:43:37

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
)
SELECT
    later.operator, later.number, later.revision, earlier.decision AS earlier_decision,
    earlier.made_by AS earlier_made_by, earlier.username AS earlier_username, later.decision, later.made_by,
    later.username, reporting.local_time(later.decided_on, (SELECT time_zone FROM asked)) AS decided_on,
    later.reference_number
FROM reporting.decision AS later
JOIN reporting.decision AS earlier
    ON earlier.operator_id = later.operator_id AND earlier.number = later.number
    AND earlier.revision = later.revision - 1
WHERE (SELECT true FROM asked)
    AND later.revision > 1
    AND later.decided_on >= (SELECT begins_on FROM asked)
    AND later.decided_on < (SELECT ends_on FROM asked)
\if :{?operator}
    AND (:'operator' = '' OR later.operator_id = (SELECT operator_id FROM asked))
\endif
ORDER BY later.operator, later.decided_on, later.number, later.revision
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
