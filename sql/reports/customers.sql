-- Question: Which customers have the highest amounts?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns; UTC if it is not given
--   limit     how many rows at most for an operator and its currencies; 20 if it is not given
--
-- Columns:
--   operator                            the operator's code
--   rank                                the place among those of the operator with the same two currencies
--   billing_system_customer_identifier  the customer
--   currency                            the provider's currency
--   local_currency                      the operator's
--   charges                             how many charges came in in the period
--   accepted                            of these, how many stand accepted
--   amount                              the sum of all in currency
--   local_currency_amount               the sum of all in local_currency

\set ON_ERROR_STOP on
\if :{?operator} \else \set operator '' \endif
\if :{?from} \else \set from '' \endif
\if :{?to} \else \set to '' \endif
\if :{?zone} \else \set zone 'UTC' \endif
\if :{?limit} \else \set limit '20' \endif

SELECT
    operator, rank, billing_system_customer_identifier, currency, local_currency, charges, accepted, amount,
    local_currency_amount
FROM (
    SELECT
        operator, billing_system_customer_identifier, currency, local_currency, count(*) AS charges,
        count(*) FILTER (WHERE decision = 'ACCEPTED') AS accepted, sum(amount) AS amount,
        sum(local_currency_amount) AS local_currency_amount,
        row_number() OVER (
            PARTITION BY operator, currency, local_currency
            ORDER BY sum(amount) DESC, billing_system_customer_identifier) AS rank
    FROM reporting.charge
    WHERE (:'operator' = '' OR operator_id = (SELECT reporting.operator_identifier(:'operator')))
        AND received_on >= (SELECT reporting.period_begin(:'from', :'to', :'zone', '30 days'))
        AND received_on < (SELECT reporting.moment(:'to', :'zone', '1 day'))
    GROUP BY operator, billing_system_customer_identifier, currency, local_currency
) AS ranked
WHERE rank <= :'limit'::bigint
ORDER BY operator, currency, local_currency, rank;
