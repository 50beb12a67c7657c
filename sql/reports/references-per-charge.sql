-- Question: How many reference numbers do charges have?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator           the operator's code
--   reference_numbers  how many reference numbers name the charge
--   charges            how many charges, of those that came in in the period, have so many
--   decided            of these, how many are decided

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, reference_numbers, count(*) AS charges, count(*) FILTER (WHERE decision <> 'NONE') AS decided
FROM (
    SELECT charge.operator, charge.decision, count(reference.number) AS reference_numbers
    FROM reporting.charge
    LEFT JOIN reporting.reference
        ON reference.operator_id = charge.operator_id AND reference.number = charge.number
    WHERE (:'operator' = '' OR charge.operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND received_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
        AND received_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
    GROUP BY charge.operator_id, charge.number, charge.operator, charge.decision
) AS counted
GROUP BY operator, reference_numbers
ORDER BY operator, reference_numbers;
