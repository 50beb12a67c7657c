-- Row security: a transaction that reads one operator's data sees no other operator's rows.
-- oldest-build: 1
--
-- Statements name the operator. This is the second wall, for the statement that has lost it: such reads act as
-- countersign_reader, with the operator in the setting countersign.operator_id, both for the transaction alone. An unset
-- operator is no operator's, so the role then sees no row. The policy compares with a value that is known before the
-- first row, by an operator that is leakproof: indexes are used as without it, and where the statement names the
-- operator as well, what is left of the policy is one comparison of the two operators.
--
-- Everything else sees what it saw before. Row security is forced, so the owner, whose rights the functions and the
-- views of reporting have, is named like the other roles. Superusers and foreign keys pass it by.

GRANT USAGE ON SCHEMA countersign TO countersign_reader;
GRANT SELECT ON
    countersign.operator, countersign.charge, countersign.charge_history, countersign.charge_outcome,
    countersign.event_batch, countersign.failed_item_count, countersign.statement, countersign.statement_total,
    countersign.reconciliation, countersign.reconciliation_total, countersign.reconciliation_difference, countersign.reconciliation_closing
    TO countersign_reader;
GRANT EXECUTE ON FUNCTION countersign.decide_by TO countersign_reader;

-- A migration that makes a table with operator_id calls it.
CREATE PROCEDURE countersign.separate_operators(of_table regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', of_table);
    EXECUTE format(
        'CREATE POLICY every_operator ON %s '
        'TO countersign_owner, countersign_application, countersign_administration, countersign_reporting USING (true)',
        of_table);
    EXECUTE format(
        'CREATE POLICY own_operator ON %s FOR SELECT TO countersign_reader '
        'USING (operator_id = nullif(current_setting(''countersign.operator_id'', true), '''')::bigint)',
        of_table);
END
$$;
COMMENT ON PROCEDURE countersign.separate_operators IS
    'Forces row security on a table with operator_id: countersign_reader sees the rows of its transaction''s operator, the other roles see all.';
REVOKE EXECUTE ON PROCEDURE countersign.separate_operators FROM PUBLIC;

DO $$
DECLARE
    of_table regclass;
BEGIN
    FOR of_table IN
        SELECT relation.oid::regclass
        FROM pg_class AS relation
        JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
        WHERE relation.relnamespace = 'countersign'::regnamespace AND relation.relkind IN ('r', 'p')
            AND attribute.attname = 'operator_id' AND NOT attribute.attisdropped
        ORDER BY relation.relname
    LOOP
        CALL countersign.separate_operators(of_table);
    END LOOP;
END
$$;
