-- Question: How much money is in the charges, by currency and status?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--
-- Columns:
--   operator               the operator's code
--   charge_status          the provider's side: PENDING, APPROVED, DECLINED, BAD_REQUEST or REJECTED
--   decision               the operator's side: ACCEPTED, DECLINED or NONE
--   currency               the provider's currency
--   local_currency         the operator's
--   charges                how many charges came in in the period
--   amount                 their sum in currency
--   local_currency_amount  their sum in local_currency

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif

SELECT
    operator, charge_status, decision, currency, local_currency, count(*) AS charges, sum(amount) AS amount,
    sum(local_currency_amount) AS local_currency_amount
FROM reporting.charge
WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
    AND received_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
    AND received_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
GROUP BY operator, charge_status, decision, currency, local_currency
ORDER BY operator, charge_status, decision, currency, local_currency;
