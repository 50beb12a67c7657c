-- Question: Which numbers are missing in an operator's own running reference numbers?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--   prefix    how the references begin; all if it is not given
--   least     how many references a run has at least; 10 if it is not given
--
-- Columns:
--   operator          the operator's code
--   prefix            how the references of the run begin: all before their last digits
--   after_reference   the last reference before the gap
--   before_reference  the first reference after the gap
--   missing           how many numbers are missing between them; those before the first and after the last are unknown
--   before_taken_on   when the reference after the gap was taken: in the period

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif
\if :{?prefix} \else \set prefix '' \endif
\if :{?least} \else \set least '10' \endif

SELECT
    operator, prefix, after_reference, reference_number AS before_reference, running - after_running - 1 AS missing,
    taken_on AT TIME ZONE :'zone' AS before_taken_on
FROM (
    SELECT
        operator, prefix, reference_number, running, taken_on,
        lag(running) OVER run AS after_running, lag(reference_number) OVER run AS after_reference,
        count(*) OVER (PARTITION BY operator, prefix) AS run_length
    FROM (
        SELECT
            operator, reference_number, taken_on, rtrim(reference_number, '0123456789') AS prefix,
            substr(reference_number, length(rtrim(reference_number, '0123456789')) + 1)::numeric AS running
        FROM reporting.reference
        WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
            AND starts_with(reference_number, :'prefix')
            AND reference_number ~ '[0-9]$'
    ) AS split
    WINDOW run AS (PARTITION BY operator, prefix ORDER BY running)
) AS ordered
WHERE running > after_running + 1
    AND run_length >= :'least'::bigint
    AND taken_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
    AND taken_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
ORDER BY operator, prefix, running;
