-- Question: How large are the tables, and are their updates HOT?
--
-- Columns:
--   table_name       the table
--   rows_estimate    how many rows it has, as far as the statistics know
--   table_bytes      its size on disk without its indexes
--   index_bytes      its indexes' size
--   updates          how many rows were updated since the statistics' start
--   hot_percent      how many of the updates touched no index; empty where nothing was updated
--   dead_rows        versions of rows that vacuum is to remove, as far as the statistics know
--   fillfactor       how full a page is made, in percent
--   last_vacuum_on   when it was last vacuumed, by hand or by itself; in UTC
--   last_analyze_on  when its statistics were last batched; in UTC

-- Place: 180
-- Cost: 10 to 5000
-- Sample:
--   table_name         rows_estimate  table_bytes  index_bytes  updates  hot_percent  dead_rows  fillfactor  last_vacuum_on              last_analyze_on
--   charge                      5400      2539520       606208      433         98.8          5          42  2026-11-25 00:23:07.40757   2026-11-25 00:23:07.457574
--   charge_history              4420       647168       417792        0                       0         100  2026-11-25 00:23:07.459515  2026-11-25 00:23:07.468962
--   failed_item_count            430       122880        57344        0                       0          50  2026-11-25 00:23:07.40347   2026-11-25 00:23:07.404722
--   operator                       3        49152        32768        3        100.0          0         100  2026-11-25 00:23:07.387501  2026-11-25 00:23:07.388368

SELECT
    usage.relname AS table_name, usage.n_live_tup AS rows_estimate, pg_table_size(usage.relid) AS table_bytes,
    pg_indexes_size(usage.relid) AS index_bytes, usage.n_tup_upd AS updates,
    round(100.0 * usage.n_tup_hot_upd / nullif(usage.n_tup_upd, 0), 1) AS hot_percent, usage.n_dead_tup AS dead_rows,
    coalesce(
        (SELECT option_value FROM pg_options_to_table(class.reloptions) WHERE option_name = 'fillfactor'),
        '100')::integer AS fillfactor,
    reporting.local_time(greatest(usage.last_vacuum, usage.last_autovacuum), 'UTC') AS last_vacuum_on,
    reporting.local_time(greatest(usage.last_analyze, usage.last_autoanalyze), 'UTC') AS last_analyze_on
FROM pg_stat_user_tables AS usage
JOIN pg_class AS class ON class.oid = usage.relid
WHERE usage.schemaname = 'countersign'
ORDER BY pg_total_relation_size(usage.relid) DESC, usage.relname
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
