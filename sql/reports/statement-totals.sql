-- Question: What do the statements of each operator add up to?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period in which the statements end, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator               the operator's code
--   number                 the statement's number
--   ends_on                its events were published before this time
--   event                  the kind of event, such as DECISION_ACCEPTED; empty for a statement without events
--   currency               the currency of amount
--   local_currency         the currency of local_currency_amount
--   events                 how many events of this kind the statement has
--   amount                 the sum of their charges' amounts
--   local_currency_amount  the sum of their charges' amounts in the local currency
--   digest                 the SHA-256 that proves the statement and all before it; empty until it is computed

-- Place: 112
-- Cost: 10 to 2000
-- Sample: The digests are cut off.
--   operator  number  ends_on              event              currency  local_currency  events   amount  local_currency_amount  digest
--   ACME           3  2026-10-27 00:00:00  DECISION_ACCEPTED  USD       EUR                 31   452.69                 416.47  5d0f…
--   ACME           3  2026-10-27 00:00:00  OUTCOME_APPROVED   USD       EUR                 28   411.72                 378.77  5d0f…
--   ACME           4  2026-10-28 00:00:00                                                                                       a91c…

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
    statement.operator, statement.number,
    reporting.local_time(statement.ends_on, (SELECT time_zone FROM asked)) AS ends_on, total.event, total.currency,
    total.local_currency, total.events, total.amount, total.local_currency_amount, statement.digest
FROM reporting.statement
LEFT JOIN reporting.statement_total AS total
    ON total.operator_id = statement.operator_id AND total.number = statement.number
WHERE (SELECT true FROM asked)
    AND statement.ends_on >= (SELECT begins_on FROM asked)
    AND statement.ends_on < (SELECT ends_on FROM asked)
\if :{?operator}
    AND (:'operator' = '' OR statement.operator_id = (SELECT operator_id FROM asked))
\endif
ORDER BY statement.operator, statement.number, total.event, total.currency, total.local_currency
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
