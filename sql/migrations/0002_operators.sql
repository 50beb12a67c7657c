-- Operators, their users, and the keys that sign tokens.
-- oldest-build: 1

CREATE TABLE countersign.operator (
    operator_id bigint GENERATED ALWAYS AS IDENTITY,
    code text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    undecided_policy text COLLATE "C" NOT NULL DEFAULT 'hold',
    undecided_window interval NOT NULL DEFAULT '72 hours',
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    suspended_on timestamptz,
    CONSTRAINT operator_pkey PRIMARY KEY (operator_id),
    CONSTRAINT operator_code_key UNIQUE (code),
    CONSTRAINT operator_code_check CHECK (code ~ '^[!-~]{1,64}$'),
    CONSTRAINT operator_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT operator_undecided_policy_check CHECK (undecided_policy IN ('hold', 'accept', 'decline')),
    CONSTRAINT operator_undecided_window_check CHECK (undecided_window > interval '0')
);
COMMENT ON TABLE countersign.operator IS 'A company that bills subscriptions on the provider''s behalf.';
COMMENT ON COLUMN countersign.operator.operator_id IS
    'The operator''s number, the first part of every key of its data.';
COMMENT ON COLUMN countersign.operator.code IS 'The operator''s code, which clients name as organisation at login.';
COMMENT ON COLUMN countersign.operator.currency IS 'The local currency: what the operator''s own customers pay in.';
COMMENT ON COLUMN countersign.operator.undecided_policy IS
    'The policy for charges that stay undecided for longer than the window: hold, accept or decline.';
COMMENT ON COLUMN countersign.operator.undecided_window IS
    'How long a charge may stay undecided before the policy decides it.';
COMMENT ON COLUMN countersign.operator.created_on IS 'When the operator was added.';
COMMENT ON COLUMN countersign.operator.suspended_on IS 'Since when the operator is suspended; NULL if it is not.';

-- The counters of charge numbers. Each is a row that nothing else locks: numbers are drawn whoever holds the operator's
-- row.
CREATE TABLE countersign.charge_number_counter (
    operator_id bigint NOT NULL,
    next_charge_number bigint NOT NULL DEFAULT 1,
    CONSTRAINT charge_number_counter_pkey PRIMARY KEY (operator_id),
    CONSTRAINT charge_number_counter_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT charge_number_counter_next_charge_number_check CHECK (next_charge_number > 0)
);
COMMENT ON TABLE countersign.charge_number_counter IS
    'Each operator''s own counter of charge numbers, so that no operator can count another''s.';
COMMENT ON COLUMN countersign.charge_number_counter.operator_id IS 'The operator whose charges are numbered.';
COMMENT ON COLUMN countersign.charge_number_counter.next_charge_number IS
    'The first number that was never drawn. Charges may have it nevertheless, from an import. It is never lowered.';

-- Every operator has a counter from the beginning.
CREATE FUNCTION countersign.add_charge_number_counter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO countersign.charge_number_counter (operator_id) VALUES (NEW.operator_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_charge_number_counter
    AFTER INSERT ON countersign.operator
    FOR EACH ROW EXECUTE FUNCTION countersign.add_charge_number_counter();

-- A lowered counter would hand out numbers again that were drawn.
CREATE FUNCTION countersign.refuse_lower_charge_number() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'next_charge_number is never lowered, and it is % of operator %',
        OLD.next_charge_number, OLD.operator_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'charge_number_counter_next_charge_number';
END
$$;
REVOKE EXECUTE ON FUNCTION
    countersign.add_charge_number_counter, countersign.refuse_lower_charge_number FROM PUBLIC;
CREATE TRIGGER charge_number_counter_next_charge_number
    AFTER UPDATE OF next_charge_number ON countersign.charge_number_counter
    FOR EACH ROW WHEN (NEW.next_charge_number < OLD.next_charge_number)
    EXECUTE FUNCTION countersign.refuse_lower_charge_number();

CREATE TABLE countersign.operator_user (
    operator_id bigint NOT NULL,
    username text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    suspended_on timestamptz,
    CONSTRAINT operator_user_pkey PRIMARY KEY (operator_id, username),
    CONSTRAINT operator_user_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT operator_user_username_check CHECK (
        length(username) BETWEEN 1 AND 128 AND username !~ '[\u0001-\u001F\u007F-\u009F]')
);
COMMENT ON TABLE countersign.operator_user IS 'A person or program that logs in for an operator.';
COMMENT ON COLUMN countersign.operator_user.operator_id IS 'The operator for which the user logs in.';
COMMENT ON COLUMN countersign.operator_user.username IS 'The name to log in with, unique per operator; it has no control characters.';
COMMENT ON COLUMN countersign.operator_user.password_hash IS
    'A memory-hard hash with its parameters in one string; never the password.';
COMMENT ON COLUMN countersign.operator_user.created_on IS 'When the user was added.';
COMMENT ON COLUMN countersign.operator_user.suspended_on IS 'Since when the user is suspended; NULL if it is not.';

CREATE TABLE countersign.signing_key (
    identifier text COLLATE "C" NOT NULL,
    secret bytea NOT NULL,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT signing_key_pkey PRIMARY KEY (identifier),
    CONSTRAINT signing_key_secret_check CHECK (length(secret) = 32)
);
COMMENT ON TABLE countersign.signing_key IS 'The keys that sign tokens, shared by all nodes; the newest signs.';
COMMENT ON COLUMN countersign.signing_key.identifier IS 'The `kid` of the tokens that the key signs.';
COMMENT ON COLUMN countersign.signing_key.secret IS
    'The key itself, 32 random bytes. Nodes read it; neither administration nor reports can.';
COMMENT ON COLUMN countersign.signing_key.created_on IS 'When the key was made.';

-- Nodes read accounts and change nothing of them but the counter. Administration changes them, and rotates signing keys
-- without being able to read them.
GRANT SELECT ON countersign.operator, countersign.charge_number_counter, countersign.operator_user,
    countersign.signing_key TO countersign_application;
GRANT UPDATE (next_charge_number) ON countersign.charge_number_counter
    TO countersign_application, countersign_administration;
GRANT SELECT, INSERT ON countersign.operator, countersign.charge_number_counter, countersign.operator_user
    TO countersign_administration;
GRANT UPDATE (currency, undecided_policy, undecided_window, suspended_on)
    ON countersign.operator TO countersign_administration;
GRANT UPDATE (password_hash, suspended_on) ON countersign.operator_user TO countersign_administration;
GRANT SELECT (identifier, created_on), INSERT, DELETE ON countersign.signing_key TO countersign_administration;
