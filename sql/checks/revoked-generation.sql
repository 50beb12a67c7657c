-- Rule: The generation of an operator and of a login is beyond every one that was revoked.
SELECT operator.code AS operator, NULL AS number,
    'generation ' || revocation.generation || ' of '
        || CASE revocation.kind WHEN 'login' THEN 'the login ' || revocation.name ELSE 'the operator' END
        || ' is revoked, and its generation is ' || coalesce(current.generation::text, 'none') AS detail
FROM countersign.token_revocation AS revocation
JOIN countersign.operator USING (operator_id)
LEFT JOIN countersign.operator_user AS login
    ON revocation.kind = 'login' AND login.operator_id = revocation.operator_id AND login.username = revocation.name
LEFT JOIN countersign.api_key AS key
    ON revocation.kind = 'login' AND key.operator_id = revocation.operator_id
    AND 'key:' || key.name = revocation.name
CROSS JOIN LATERAL (
    SELECT CASE revocation.kind
        WHEN 'login' THEN coalesce(login.token_generation, key.token_generation)
        ELSE operator.token_generation
    END AS generation
) AS current
WHERE revocation.kind <> 'token' AND revocation.generation >= coalesce(current.generation, 0);
