-- Operators, their users, and the keys that sign tokens.
-- oldest-build: 1

CREATE TABLE countersign.operator (
    operator_id bigint GENERATED ALWAYS AS IDENTITY,
    code text COLLATE "C" NOT NULL,
    -- The local currency: what the operator's own customers pay in.
    currency text COLLATE "C" NOT NULL,
    -- The policy for charges that stay undecided for longer than the window.
    undecided_policy text COLLATE "C" NOT NULL DEFAULT 'hold',
    undecided_window interval NOT NULL DEFAULT '72 hours',
    -- The operator's own counter of charge numbers, so that no operator can count another's.
    next_charge_number bigint NOT NULL DEFAULT 1,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    suspended_on timestamptz,
    CONSTRAINT operator_pkey PRIMARY KEY (operator_id),
    CONSTRAINT operator_code_key UNIQUE (code),
    CONSTRAINT operator_code_check CHECK (code ~ '^[!-~]{1,64}$'),
    CONSTRAINT operator_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT operator_undecided_policy_check CHECK (undecided_policy IN ('hold', 'accept', 'decline')),
    CONSTRAINT operator_undecided_window_check CHECK (undecided_window > interval '0'),
    CONSTRAINT operator_next_charge_number_check CHECK (next_charge_number > 0)
);
COMMENT ON TABLE countersign.operator IS 'A company that bills subscriptions on the provider''s behalf.';

CREATE TABLE countersign.operator_user (
    operator_id bigint NOT NULL,
    username text COLLATE "C" NOT NULL,
    -- A memory-hard hash with its parameters in one string; never the password.
    password_hash text COLLATE "C" NOT NULL,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    suspended_on timestamptz,
    CONSTRAINT operator_user_pkey PRIMARY KEY (operator_id, username),
    CONSTRAINT operator_user_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES countersign.operator,
    CONSTRAINT operator_user_username_check CHECK (length(username) BETWEEN 1 AND 128)
);
COMMENT ON TABLE countersign.operator_user IS 'A person or program that logs in for an operator.';

CREATE TABLE countersign.signing_key (
    -- The `kid` of the tokens that it signs.
    identifier text COLLATE "C" NOT NULL,
    secret bytea NOT NULL,
    created_on timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT signing_key_pkey PRIMARY KEY (identifier),
    CONSTRAINT signing_key_secret_check CHECK (length(secret) = 32)
);
COMMENT ON TABLE countersign.signing_key IS 'The keys that sign tokens, shared by all nodes; the newest signs.';

GRANT SELECT, INSERT ON countersign.operator, countersign.operator_user TO countersign_application;
GRANT UPDATE (currency, undecided_policy, undecided_window, next_charge_number, suspended_on)
    ON countersign.operator TO countersign_application;
GRANT UPDATE (password_hash, suspended_on) ON countersign.operator_user TO countersign_application;
GRANT SELECT ON countersign.signing_key TO countersign_application;
