-- Rule: Every row of a file that was compared is counted in exactly one class, and so is every difference.
WITH counted AS (
    SELECT
        done.*,
        (SELECT coalesce(sum(total.rows) FILTER (WHERE side = 'THERE'), 0) FROM countersign.reconciliation_total AS total
            WHERE total.operator_id = done.operator_id AND total.reconciliation_number = done.number) AS counted_rows,
        (SELECT coalesce(sum(total.rows) FILTER (WHERE
                class = 'ONLY_HERE' OR side = 'THERE' AND class <> 'MATCHED'), 0)
            FROM countersign.reconciliation_total AS total
            WHERE total.operator_id = done.operator_id AND total.reconciliation_number = done.number)
            AS counted_differences,
        (SELECT count(*) FROM countersign.reconciliation_difference AS difference
            WHERE difference.operator_id = done.operator_id AND difference.reconciliation_number = done.number) AS kept
    FROM countersign.reconciliation AS done
    WHERE done.state = 'DONE'
)
SELECT operator.code AS operator, NULL AS number, 'reconciliation ' || counted.number || CASE
        WHEN rows <> counted_rows THEN ' has ' || rows || ' rows, and its classes have ' || counted_rows
        WHEN differences <> counted_differences
            THEN ' has ' || differences || ' differences, and its classes have ' || counted_differences
        ELSE ' has kept ' || kept_differences || ' differences, of which ' || kept || ' are there'
    END AS detail
FROM counted
JOIN countersign.operator USING (operator_id)
WHERE rows <> counted_rows OR differences <> counted_differences OR kept_differences <> kept;
