-- Question: Which differences between an operator's files and its charges are open, and who closed the others?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period in which the reconciliations began, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
--
-- Columns:
--   operator          the operator's code
--   reconciliation    the reconciliation's number
--   difference        the difference's number
--   class             the class, such as AMOUNT_DIFFERS
--   line              the row's line in the file; empty for a charge that no row pairs with
--   number            the charge's number; the row's, if no charge pairs with it
--   reference_number  the row's reference number; the charge's, if it has no row
--   fields            the columns in which the two differ
--   there_amount      the row's amount
--   here_amount       the charge's amount
--   currency          the charge's currency; the row's, if no charge pairs with it
--   closed_on         when the difference was closed; empty if it is open
--   closed_by         who closed it; empty for the command line
--   closing_reason    why it was closed

-- Place: 114
-- Cost: 50 to 20000
-- Sample:
--   operator  reconciliation  difference  class             line  number     reference_number  fields     there_amount  here_amount  currency  closed_on            closed_by  closing_reason
--   ACME                   1           1  CUSTOMER_DIFFERS    12  I00000010  INV-10            billing_system_customer_identifier        14.99        14.99  USD
--   ACME                   1           2  AMOUNT_DIFFERS       7  I00000011  INV-11            amount            14.90        14.99  USD       2026-11-02 09:12:41  anna       billed again in November
--   ACME                   1           3  ONLY_HERE               I00000012  INV-12                                            9.99  USD

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
    difference.operator, difference.reconciliation_number AS reconciliation, difference.identifier AS difference,
    difference.class, difference.line, coalesce(difference.here_number, difference.there_number) AS number,
    coalesce(difference.there_reference_number, difference.here_reference_number) AS reference_number,
    array_to_string(difference.fields, ' ') AS fields, difference.there_amount, difference.here_amount,
    coalesce(difference.here_currency, difference.there_currency) AS currency,
    reporting.local_time(difference.closed_on, (SELECT time_zone FROM asked)) AS closed_on, difference.closed_by,
    difference.closing_reason
FROM reporting.reconciliation
JOIN reporting.reconciliation_difference AS difference
    ON difference.operator_id = reconciliation.operator_id
    AND difference.reconciliation_number = reconciliation.number
WHERE (SELECT true FROM asked)
    AND reconciliation.created_on >= (SELECT begins_on FROM asked)
    AND reconciliation.created_on < (SELECT ends_on FROM asked)
\if :{?operator}
    AND (:'operator' = '' OR reconciliation.operator_id = (SELECT operator_id FROM asked))
\endif
ORDER BY difference.operator, difference.reconciliation_number, difference.identifier
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
