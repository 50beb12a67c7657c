-- Question: Which customers have the highest amounts?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
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

-- Place: 120
-- Cost: 2000 to 14000
-- Sample:
--   operator  rank  billing_system_customer_identifier  currency  local_currency  charges  accepted  amount  local_currency_amount
--   ACME         1  acme-001031                         USD       EUR                   2         0   45.98                  42.30
--   ACME         2  acme-001047                         USD       EUR                   2         0   45.98                  42.30
--   ACME         3  acme-001078                         USD       EUR                   2         0   45.98                  42.30
--   ACME         4  acme-001091                         USD       EUR                   2         0   45.98                  42.30

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
    WHERE (SELECT true FROM asked)
        AND received_on >= (SELECT begins_on FROM asked)
        AND received_on < (SELECT ends_on FROM asked)
\if :{?operator}
        AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
    GROUP BY operator, billing_system_customer_identifier, currency, local_currency
) AS ranked
WHERE rank <=
\if :{?limit}
    :'limit'::bigint
\else
    20
\endif
ORDER BY operator, currency, local_currency, rank
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
