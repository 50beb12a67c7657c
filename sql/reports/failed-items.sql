-- Question: How many items of calls failed, and why?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator      the operator's code
--   day           the day in which the hour began by which they are counted
--   call          accept, decline or acknowledge
--   error_code    the items' error_code
--   failed_items  how many failed so; what a node that was killed had not added yet is missing

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, (counted_on AT TIME ZONE :'zone')::date AS day, call, error_code,
    sum(failed_items)::bigint AS failed_items
FROM reporting.failed_items
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND counted_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
    AND counted_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
GROUP BY operator, day, call, error_code
ORDER BY operator, day, call, error_code;
