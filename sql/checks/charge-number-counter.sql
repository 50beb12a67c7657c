-- Rule: An operator's next charge number is beyond all its numbers of that form.
SELECT operator.code AS operator, charge.number,
    'the operator''s next charge number is ' || operator.next_charge_number AS detail
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
WHERE CASE WHEN charge.number ~ '^I[0-9]{8,18}$' THEN substr(charge.number, 2)::bigint END
    >= operator.next_charge_number;
