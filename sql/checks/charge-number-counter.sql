-- Rule: An operator's next charge number is beyond all its numbers of that form with at most 15 digits.
SELECT operator.code AS operator, charge.number,
    'the operator''s next charge number is ' || counter.next_charge_number AS detail
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
JOIN countersign.charge_number_counter AS counter USING (operator_id)
WHERE CASE WHEN charge.number ~ '^I([0-9]{8}|[1-9][0-9]{8,14})$' THEN substr(charge.number, 2)::bigint END
    >= counter.next_charge_number;
