-- Question: Which sessions have a transaction open, and do nothing in it?
--
-- Columns:
--   process              the session
--   login                whose it is
--   application          what it calls itself
--   address              where it comes from; empty for a local socket
--   idle_seconds         how long it has done nothing
--   transaction_seconds  how long its transaction has been open
--   holds_back_vacuum    whether vacuum must keep what it might still look at
--   last_statement       how its last statement begins
--
-- Needs: the right to see other logins' sessions (GRANT pg_read_all_stats TO …); without it one's own alone are seen,
-- and a warning says so.

-- Place: 160
-- Cost: 1 to 2000
-- Sample: This is the session that the other one waited for.
--   process  login     application  address  idle_seconds  transaction_seconds  holds_back_vacuum  last_statement
--     21929  postgres  psql                           3.2                  3.2  t                  SELECT number FROM countersign.charge WHERE operator_id = 1 AND number = 'I00000003' FOR UPDATE;

SELECT
    pid AS process, usename AS login, application_name AS application, client_addr AS address,
    round(extract(epoch FROM clock_timestamp() - state_change), 1) AS idle_seconds,
    round(extract(epoch FROM clock_timestamp() - xact_start), 1) AS transaction_seconds,
    coalesce(backend_xmin, backend_xid) IS NOT NULL AS holds_back_vacuum,
    left(regexp_replace(query, '\s+', ' ', 'g'), 100) AS last_statement
FROM pg_stat_activity
WHERE datname = current_database() AND state IN ('idle in transaction', 'idle in transaction (aborted)')
    AND (SELECT reporting.sees_all_sessions())
ORDER BY xact_start, pid
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
