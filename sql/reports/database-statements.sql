-- Question: Which statements take the most time of this database?
--
-- Parameters:
--   limit     how many rows at most; 20 if it is not given
--
-- Columns:
--   login              who runs it
--   calls              how often it was run
--   total_seconds      how long all runs took
--   mean_milliseconds  how long one run took
--   rows_per_call      how many rows one run gave or changed
--   cache_hit_percent  how many of its pages were found in memory
--   statement          how it begins
--
-- Needs: shared_preload_libraries = 'pg_stat_statements' (a restart), CREATE EXTENSION pg_stat_statements in this
-- database on the search path, and GRANT pg_read_all_stats for the statements of others.

-- Place: 140
-- Extension: pg_stat_statements
-- Sample:
--   login     calls  total_seconds  mean_milliseconds  rows_per_call  cache_hit_percent  statement
--   postgres      4          7.613           1903.186        38394.5              100.0  SELECT operator, prefix, after_reference, reference_number AS before_refere
--   postgres      1          5.761           5761.062       100000.0              100.0  INSERT INTO countersign.charge (operator_id, number, provider_charge_id, bi
--   postgres      4          3.758            939.552           45.8              100.0  SELECT operator, rank, billing_system_customer_identifier, currency, local_

SELECT
    pg_get_userbyid(userid) AS login, calls, round((total_exec_time / 1000)::numeric, 3) AS total_seconds,
    round(mean_exec_time::numeric, 3) AS mean_milliseconds, round(rows::numeric / calls, 1) AS rows_per_call,
    round(100.0 * shared_blks_hit / nullif(shared_blks_hit + shared_blks_read, 0), 1) AS cache_hit_percent,
    left(regexp_replace(query, '\s+', ' ', 'g'), 100) AS statement
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls > 0
ORDER BY total_exec_time DESC, queryid
LIMIT
\if :{?limit}
    :'limit'::bigint
\else
    20
\endif
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
