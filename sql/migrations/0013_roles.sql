-- Roles: what the users and the web API keys of an operator may do.
-- oldest-build: 1

ALTER TABLE countersign.operator_user
    ADD COLUMN role text COLLATE "C" NOT NULL DEFAULT 'decider',
    ADD CONSTRAINT operator_user_role_check CHECK (role IN ('viewer', 'decider', 'administrator'));
COMMENT ON COLUMN countersign.operator_user.role IS
    'What the user may do: `viewer`, `decider` or `administrator`. A change revokes the user''s tokens.';

ALTER TABLE countersign.api_key
    ADD COLUMN role text COLLATE "C" NOT NULL DEFAULT 'decider',
    ADD CONSTRAINT api_key_role_check CHECK (role IN ('viewer', 'decider', 'administrator'));
COMMENT ON COLUMN countersign.api_key.role IS
    'What the key''s programs may do: `viewer`, `decider` or `administrator`. A change revokes the key''s tokens.';

-- Each operator has had a first user, who becomes its administrator.
UPDATE countersign.operator_user SET role = 'administrator'
WHERE NOT EXISTS (
    SELECT FROM countersign.operator_user AS earlier
    WHERE earlier.operator_id = operator_user.operator_id
        AND (earlier.created_on, earlier.username) < (operator_user.created_on, operator_user.username));

CREATE OR REPLACE FUNCTION countersign.revoke_user_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password_hash <> OLD.password_hash OR NEW.role <> OLD.role
        OR (OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL) THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', OLD.username, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER operator_user_revoke_tokens
    BEFORE UPDATE OF password_hash, suspended_on, role ON countersign.operator_user
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_user_tokens();

CREATE OR REPLACE FUNCTION countersign.revoke_key_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_on IS NOT NULL AND NEW.revoked_on IS NULL THEN
        RAISE EXCEPTION 'a key stays revoked' USING ERRCODE = 'check_violation', CONSTRAINT = 'api_key_revoked_on';
    END IF;
    IF (OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL) OR NEW.role <> OLD.role THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', 'key:' || OLD.name, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER api_key_revoke_tokens
    BEFORE UPDATE OF revoked_on, role ON countersign.api_key
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_key_tokens();

GRANT UPDATE (role) ON countersign.operator_user, countersign.api_key TO countersign_administration;

CREATE OR REPLACE VIEW reporting.operator_user AS
SELECT
    operator_id, operator.code AS operator, username, operator_user.created_on, operator_user.suspended_on,
    operator_user.role
FROM countersign.operator_user
JOIN countersign.operator USING (operator_id)
WHERE (SELECT reporting.has_limits());
COMMENT ON COLUMN reporting.operator_user.role IS 'What the user may do: viewer, decider or administrator.';
