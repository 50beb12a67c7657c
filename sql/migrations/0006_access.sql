-- Web API keys, token revocations, and signing keys that are known before they sign.
-- oldest-build: 1

-- A token carries two generations: its operator's, and its user's or key's, both as they were when the password or the
-- key was read. A revocation of tokens raises a generation and records the old one. No clocks are compared. A token
-- that is issued during a change of the password is revoked with the old password.
ALTER TABLE countersign.operator
    ADD COLUMN token_generation integer NOT NULL DEFAULT 1,
    ADD COLUMN undecided_counts_from timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN countersign.operator.token_generation IS
    'The generation of the operator''s tokens, which a suspension raises.';
COMMENT ON COLUMN countersign.operator.undecided_counts_from IS
    'The start of a charge''s window, unless the charge was received later: the last change of the policy or the end of the last suspension.';

-- A key's tokens and history bear `key:NAME` where a user's bear the user's name.
ALTER TABLE countersign.operator_user
    ADD COLUMN token_generation integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT operator_user_username_key_check CHECK (username NOT LIKE 'key:%');
COMMENT ON COLUMN countersign.operator_user.token_generation IS
    'The generation of the user''s tokens, which a new password and a suspension raise.';

CREATE TABLE countersign.api_key (
    operator_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    key_hash bytea NOT NULL,
    token_generation integer NOT NULL DEFAULT 1,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_on timestamptz,
    CONSTRAINT api_key_pkey PRIMARY KEY (operator_id, name),
    CONSTRAINT api_key_key_hash_key UNIQUE (key_hash),
    CONSTRAINT api_key_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT api_key_name_check CHECK (name ~ '^[!-~]{1,64}$'),
    CONSTRAINT api_key_key_hash_check CHECK (length(key_hash) = 32)
);
COMMENT ON TABLE countersign.api_key IS 'What programs of an operator log in with.';
COMMENT ON COLUMN countersign.api_key.operator_id IS 'The operator for which the key logs in.';
COMMENT ON COLUMN countersign.api_key.name IS 'The key''s name. It cannot be reused, since the history contains it.';
COMMENT ON COLUMN countersign.api_key.key_hash IS
    'The SHA-256 of the key, whose 256 random bits need no dearer hash; never the key.';
COMMENT ON COLUMN countersign.api_key.token_generation IS
    'The generation of the key''s tokens, which its revocation raises.';
COMMENT ON COLUMN countersign.api_key.created_on IS 'When the key was added.';
COMMENT ON COLUMN countersign.api_key.revoked_on IS
    'When the key was revoked, which is permanent; NULL if it is active.';

CREATE TABLE countersign.token_revocation (
    operator_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    revoked_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- A node asks for what its last snapshot may not have seen: the rows of all transactions from the oldest one on
    -- that was under way then. So no row is passed over, however late it commits.
    transaction_id bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT token_revocation_pkey PRIMARY KEY (operator_id, kind, name, generation),
    CONSTRAINT token_revocation_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT token_revocation_kind_check CHECK (kind IN ('token', 'login', 'operator')),
    CONSTRAINT token_revocation_generation_check CHECK (generation >= 0 AND (generation = 0) = (kind = 'token'))
);
COMMENT ON TABLE countersign.token_revocation IS 'Tokens that are no longer valid, though they have not expired.';
COMMENT ON COLUMN countersign.token_revocation.operator_id IS 'The operator of the tokens.';
COMMENT ON COLUMN countersign.token_revocation.kind IS
    'The revoked tokens: one (token), those of a user or a key (login), or those of the whole operator (operator).';
COMMENT ON COLUMN countersign.token_revocation.name IS
    'The token''s `jti`, the login in the form that tokens carry, or nothing.';
COMMENT ON COLUMN countersign.token_revocation.generation IS 'The last revoked generation; 0 for one token.';
COMMENT ON COLUMN countersign.token_revocation.revoked_on IS
    'When the tokens were revoked. The row is deleted a day later, when the last of them has expired.';
COMMENT ON COLUMN countersign.token_revocation.transaction_id IS
    'The number of the transaction that revoked them, by which nodes find new rows.';
CREATE INDEX token_revocation_transaction_id_idx ON countersign.token_revocation (transaction_id);
CREATE INDEX token_revocation_revoked_on_idx ON countersign.token_revocation (operator_id, revoked_on);

-- Triggers, so that every suspension and every change of a password revokes the tokens, by whatever means it is made.
-- Resuming restores no token.
CREATE FUNCTION countersign.revoke_user_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password_hash <> OLD.password_hash OR (OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL) THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', OLD.username, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER operator_user_revoke_tokens
    BEFORE UPDATE OF password_hash, suspended_on ON countersign.operator_user
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_user_tokens();

CREATE FUNCTION countersign.revoke_key_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_on IS NOT NULL AND NEW.revoked_on IS NULL THEN
        RAISE EXCEPTION 'a key stays revoked' USING ERRCODE = 'check_violation', CONSTRAINT = 'api_key_revoked_on';
    END IF;
    IF OLD.revoked_on IS NULL AND NEW.revoked_on IS NOT NULL THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'login', 'key:' || OLD.name, OLD.token_generation);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER api_key_revoke_tokens
    BEFORE UPDATE OF revoked_on ON countersign.api_key
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_key_tokens();

CREATE FUNCTION countersign.revoke_operator_tokens() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.suspended_on IS NULL AND NEW.suspended_on IS NOT NULL THEN
        NEW.token_generation := OLD.token_generation + 1;
        INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
        VALUES (OLD.operator_id, 'operator', '', OLD.token_generation);
    END IF;
    IF NEW.undecided_policy <> OLD.undecided_policy OR NEW.undecided_window <> OLD.undecided_window
        OR (OLD.suspended_on IS NOT NULL AND NEW.suspended_on IS NULL) THEN
        NEW.undecided_counts_from := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER operator_revoke_tokens
    BEFORE UPDATE OF suspended_on, undecided_policy, undecided_window ON countersign.operator
    FOR EACH ROW EXECUTE FUNCTION countersign.revoke_operator_tokens();

-- Purges revocations that no token can outlive any more. The application has no DELETE right, so this function deletes.
CREATE FUNCTION countersign.purge_expired_token_revocations() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH forgotten AS (
        DELETE FROM countersign.token_revocation WHERE revoked_on < clock_timestamp() - interval '1 day' RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$;
REVOKE EXECUTE ON FUNCTION countersign.purge_expired_token_revocations() FROM PUBLIC;

-- A key signs from a moment on when every node knows it: a node that has not read the keys within the last second
-- answers no call that bears a token.
ALTER TABLE countersign.signing_key ADD COLUMN signs_from timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON TABLE countersign.signing_key
    IS 'The keys that sign tokens, shared by all nodes; the newest of those whose time has come signs.';
COMMENT ON COLUMN countersign.signing_key.signs_from IS
    'From when on the key signs: a few seconds after it was made, when every node knows it.';

GRANT SELECT ON countersign.api_key, countersign.token_revocation TO countersign_application;
GRANT INSERT (operator_id, kind, name, generation) ON countersign.token_revocation
    TO countersign_application, countersign_administration;
GRANT SELECT, INSERT, UPDATE (revoked_on) ON countersign.api_key TO countersign_administration;
GRANT SELECT ON countersign.token_revocation TO countersign_administration;
GRANT SELECT (signs_from) ON countersign.signing_key TO countersign_administration;
GRANT EXECUTE ON FUNCTION countersign.purge_expired_token_revocations() TO countersign_application;
