-- Question: How many reference numbers do charges have?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   reference_numbers  how many reference numbers name the charge
--   charges            how many charges, of those that came in in the period, have so many
--   decided            of these, how many are decided

-- Place: 70
-- Cost: 2500 to 25000
-- Sample:
--   operator  reference_numbers  charges  decided
--   ACME                      0      419       19
--   ACME                      1      422      422
--   ACME                      2        2        2
--   GLOBEX                    0      445       45

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
    operator, reference_numbers, count(*) AS charges, count(*) FILTER (WHERE decision <> 'NONE') AS decided
FROM (
    SELECT charge.operator, charge.decision, count(reference.number) AS reference_numbers
    FROM reporting.charge
    LEFT JOIN reporting.reference
        ON reference.operator_id = charge.operator_id AND reference.number = charge.number
    WHERE (SELECT true FROM asked)
        AND received_on >= (SELECT begins_on FROM asked)
        AND received_on < (SELECT ends_on FROM asked)
\if :{?operator}
        AND (:'operator' = '' OR charge.operator_id = (SELECT operator_id FROM asked))
\endif
    GROUP BY charge.operator_id, charge.number, charge.operator, charge.decision
) AS counted
GROUP BY operator, reference_numbers
ORDER BY operator, reference_numbers
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
