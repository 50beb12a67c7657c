-- Question: How much money is in the charges, by currency and status?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
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

-- Place: 110
-- Cost: 2000 to 14000
-- Sample:
--   operator  charge_status  decision  currency  local_currency  charges   amount  local_currency_amount
--   ACME      APPROVED       ACCEPTED  USD       EUR                 269  3926.81                3612.45
--   ACME      BAD_REQUEST    ACCEPTED  USD       EUR                  38   544.12                 500.56
--   ACME      BAD_REQUEST    DECLINED  USD       EUR                   9   113.91                 104.79
--   ACME      DECLINED       DECLINED  USD       EUR                  38   523.62                 481.70

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
    operator, charge_status, decision, currency, local_currency, count(*) AS charges, sum(amount) AS amount,
    sum(local_currency_amount) AS local_currency_amount
FROM reporting.charge
WHERE (SELECT true FROM asked)
    AND received_on >= (SELECT begins_on FROM asked)
    AND received_on < (SELECT ends_on FROM asked)
\if :{?operator}
    AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
GROUP BY operator, charge_status, decision, currency, local_currency
ORDER BY operator, charge_status, decision, currency, local_currency
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
