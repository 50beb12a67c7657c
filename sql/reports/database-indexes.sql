-- Question: Which indexes are never used, or much larger than their content?
--
-- Columns:
--   table_name      the table
--   index_name      the index
--   guards          whether it holds a key, and so is needed even if nothing reads it
--   scans           how often it was used since the statistics' start
--   size_bytes      its size on disk
--   expected_bytes  an estimate of what its content needs, from the statistics; empty where these may not be seen or are not there yet
--   bloat_percent   how much of it is more than that; empty likewise
--
-- Needs: a superuser, or a login with BYPASSRLS and rights to the tables, for expected_bytes and bloat_percent.

-- Place: 170
-- Cost: 10 to 5000
-- Sample:
--   table_name         index_name                                       guards  scans  size_bytes  expected_bytes  bloat_percent
--   charge             charge_provider_charge_id_key                    t           0      368640          224192           39.2
--   charge             charge_pkey                                      t         149      237568          224192            5.6
--   charge_history     charge_history_pkey                              t        4269      212992          184992           13.1
--   charge_history     charge_history_operator_id_reference_number_key  t           0      204800          196414            4.1

SELECT
    table_name, index_name, guards, scans, size_bytes, expected_bytes,
    CASE WHEN expected_bytes IS NOT NULL THEN
        round(100.0 * greatest(0, size_bytes - expected_bytes) / nullif(size_bytes, 0), 1)
    END AS bloat_percent
FROM (
    SELECT
        usage.relname AS table_name, usage.indexrelname AS index_name, index.indisunique AS guards,
        usage.idx_scan AS scans, pg_relation_size(usage.indexrelid) AS size_bytes,
        -- An entry is a pointer of 4 bytes, a header of 8 and the key, on leaves that are filled to nine tenths.
        CASE WHEN class.reltuples >= 0 THEN
            (8192 + class.reltuples::numeric * (12 + width.key_bytes) / 0.9)::bigint
        END AS expected_bytes
    FROM pg_stat_user_indexes AS usage
    JOIN pg_index AS index ON index.indexrelid = usage.indexrelid
    JOIN pg_class AS class ON class.oid = usage.indexrelid
    CROSS JOIN LATERAL (
        SELECT CASE WHEN count(stats.avg_width) = count(*) THEN (ceil(sum(stats.avg_width) / 8.0) * 8)::numeric END
        FROM unnest(index.indkey::smallint[]) AS key (attribute_number)
        LEFT JOIN pg_attribute AS attribute
            ON attribute.attrelid = usage.relid AND attribute.attnum = key.attribute_number
        LEFT JOIN pg_stats AS stats
            ON stats.schemaname = usage.schemaname AND stats.tablename = usage.relname
            AND stats.attname = attribute.attname
    ) AS width (key_bytes)
    WHERE usage.schemaname = 'countersign'
) AS measured
ORDER BY scans > 0 OR guards, size_bytes DESC, index_name
\if :ON_ERROR_STOP
\g
\else
\set ON_ERROR_STOP on
\set ON_ERROR_STOP off \g
\endif
