-- Rule: The provider approves no charge that its operator did not accept, and declines none that it accepted.
SELECT operator.code AS operator, charge.number,
    'the status is ' || charge.charge_status || ', and the decision is ' || coalesce(charge.decision, 'none') AS detail
FROM countersign.charge
JOIN countersign.operator USING (operator_id)
WHERE (charge.charge_status = 'APPROVED' AND charge.decision IS DISTINCT FROM 'ACCEPTED')
    OR (charge.charge_status = 'DECLINED' AND charge.decision = 'ACCEPTED');
