-- Question: Which numbers are missing in an operator's own running reference numbers?
--
-- Parameters:
--   operator  an operator's code; all operators if it is not given
--   from      the first day, or moment, of the period, in ISO form; 30 days before today, or before to, if it is not given
--   to        the first day, or moment, after the period, in ISO form; tomorrow if it is not given
--   zone      the time zone of days and times, here and in the columns: a name, or an offset such as +02:00; UTC if it is not given
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

-- Place: 90
-- Cost: 4000 to 1000000; every reference of the test follows a gap, and each is looked up in the index
-- Sample:
--   operator  prefix         after_reference      before_reference     missing  before_taken_on
--   ACME      ACME-2026-     ACME-2026-000418     ACME-2026-000420           1  2026-11-01 05:42:37
--   ACME      ACME-2026-     ACME-2026-000519     ACME-2026-000521           1  2026-11-16 22:19:37
--   ACME      ACME-2026-     ACME-2026-000637     ACME-2026-000640           2  2026-11-14 04:59:37
--   ACME      ACME-2026-     ACME-2026-000682     ACME-2026-000684           1  2026-11-07 22:40:37

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
),
taken AS (
    -- The references of the period, each with the one before it in its run, as far as that is of the period too.
    SELECT
        operator_id, operator, prefix, reference_number, running, taken_on, length(running_text) AS digits,
        lag(running) OVER run AS after_running, lag(reference_number) OVER run AS after_reference,
        lag(length(running_text)) OVER run AS after_digits,
        count(*) OVER (PARTITION BY operator_id, prefix) AS run_length
    FROM (
        SELECT *, substr(reference_number, length(prefix) + 1) AS running_text,
            substr(reference_number, length(prefix) + 1)::numeric AS running
        FROM (
            SELECT *, rtrim(reference_number, '0123456789') AS prefix
            FROM reporting.reference
            WHERE (SELECT true FROM asked)
                AND taken_on >= (SELECT begins_on FROM asked)
                AND taken_on < (SELECT ends_on FROM asked)
                AND reference_number ~ '[0-9]$'
\if :{?prefix}
                AND starts_with(reference_number, :'prefix')
\endif
\if :{?operator}
                AND (:'operator' = '' OR operator_id = (SELECT operator_id FROM asked))
\endif
        ) AS split
    ) AS numbered
    WINDOW run AS (PARTITION BY operator_id, prefix ORDER BY running)
)
SELECT
    operator, prefix, coalesce(nearest.reference_number, after_reference) AS after_reference,
    taken.reference_number AS before_reference,
    taken.running - coalesce(nearest.running, after_running) - 1 AS missing,
    reporting.local_time(taken_on, (SELECT time_zone FROM asked)) AS before_taken_on
FROM taken
-- A number that is missing in the period may have been taken at another time: the index has the greatest below.
LEFT JOIN LATERAL (
    SELECT other.reference_number, other.running
    FROM (
        SELECT generate_series(least(digits, coalesce(after_digits, 1)), greatest(digits, after_digits)) AS other_digits
        LIMIT 64
    ) AS lengths
    CROSS JOIN LATERAL (
        SELECT reference_number, substr(reference_number, length(prefix) + 1)::numeric AS running
        FROM reporting.reference
        WHERE operator_id = taken.operator_id
            AND reference_number >= prefix || lpad((coalesce(after_running, -1) + 1)::text, other_digits, '0')
            AND reference_number <= prefix || CASE
                WHEN length((taken.running - 1)::text) > other_digits THEN repeat('9', other_digits)
                ELSE lpad((taken.running - 1)::text, other_digits, '0')
            END
            AND length(reference_number) = length(prefix) + other_digits
            AND substr(reference_number, length(prefix) + 1) ~ '^[0-9]+$'
        ORDER BY reference_number DESC
        LIMIT 1
    ) AS other
    WHERE length((coalesce(after_running, -1) + 1)::text) <= other_digits
    ORDER BY other.running DESC
    LIMIT 1
) AS nearest ON true
WHERE taken.running > coalesce(after_running, -1) + 1
    AND taken.running > coalesce(nearest.running, after_running) + 1
    -- A run that has too few in the period is counted as far as needed.
    AND greatest(
        run_length,
        CASE WHEN run_length <
\if :{?least}
            :'least'::bigint
\else
            10
\endif
        THEN (
            SELECT count(*)
            FROM (
                SELECT FROM reporting.reference
                WHERE operator_id = taken.operator_id
                    AND reference_number >= prefix || '0' AND reference_number < prefix || ':'
                    AND rtrim(reference_number, '0123456789') = prefix
\if :{?least}
                LIMIT :'least'::bigint
\else
                LIMIT 10
\endif
            ) AS run
        ) END
    ) >=
\if :{?least}
        :'least'::bigint
\else
        10
\endif
ORDER BY operator, prefix, taken.running
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
