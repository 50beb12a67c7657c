-- Question: Which sessions wait for a lock now, and who holds it?
--
-- Columns:
--   waiting_process     the session that waits
--   waiting_login       whose it is
--   waiting_seconds     how long it has waited
--   waiting_for         the kind of lock, and of what
--   waiting_statement   how its statement begins
--   blocking_process    a session that keeps it waiting
--   blocking_login      whose that is
--   blocking_state      what that does: active, or idle in transaction
--   blocking_seconds    how long its transaction has been open
--   blocking_statement  how its last statement begins
--
-- Needs: the right to see other logins' sessions (GRANT pg_read_all_stats TO …); without it one's own alone are seen,
-- and a warning says so.

-- Place: 150
-- Cost: 1 to 2000
-- Sample: Two psql sessions work on one charge here; without lock waits there are no rows.
--   waiting_process  waiting_login  waiting_seconds  waiting_for              waiting_statement                                                                 blocking_process  blocking_login  blocking_state       blocking_seconds  blocking_statement
--             21933  postgres                   2.1  ShareLock transactionid  SET application_name='month-end'; UPDATE countersign.charge SET taken_on = now()             21929  postgres        idle in transaction               3.1  SELECT number FROM countersign.charge WHERE operator_id = 1 AND number = 'I00000

SELECT
    waiting.pid AS waiting_process, waiting.usename AS waiting_login,
    (SELECT round(extract(epoch FROM clock_timestamp() - min(locks.waitstart)), 1)
        FROM pg_locks AS locks WHERE locks.pid = waiting.pid AND NOT locks.granted) AS waiting_seconds,
    (SELECT string_agg(
            concat_ws(' ', locks.mode, locks.locktype, locks.relation::regclass::text), ', ' ORDER BY locks.mode)
        FROM pg_locks AS locks WHERE locks.pid = waiting.pid AND NOT locks.granted) AS waiting_for,
    left(regexp_replace(waiting.query, '\s+', ' ', 'g'), 80) AS waiting_statement,
    blocking.pid AS blocking_process, blocking.usename AS blocking_login, blocking.state AS blocking_state,
    round(extract(epoch FROM clock_timestamp() - blocking.xact_start), 1) AS blocking_seconds,
    left(regexp_replace(blocking.query, '\s+', ' ', 'g'), 80) AS blocking_statement
FROM pg_stat_activity AS waiting
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocked (by_process)
LEFT JOIN pg_stat_activity AS blocking ON blocking.pid = blocked.by_process
WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock'
    AND (SELECT reporting.sees_all_sessions())
ORDER BY waiting.query_start, waiting.pid, blocking.pid
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
