-- Settings for an operator's clients: the HTTP status of errors, and the result of a repeated decision.
-- oldest-build: 1

ALTER TABLE countersign.operator
    ADD COLUMN error_http_status text COLLATE "C",
    ADD COLUMN repeated_decision text COLLATE "C" NOT NULL DEFAULT 'failure',
    ADD CONSTRAINT operator_error_http_status_check CHECK (error_http_status IN ('standard', 'always-200')),
    ADD CONSTRAINT operator_repeated_decision_check CHECK (repeated_decision IN ('failure', 'success'));

COMMENT ON COLUMN countersign.operator.error_http_status IS
    'The HTTP status of errors: the matching one (standard), always 200 (always-200), or by NULL the node''s setting.';
COMMENT ON COLUMN countersign.operator.repeated_decision IS
    'The result of accepting an accepted charge, or of declining a declined one: failure or success.';

GRANT UPDATE (error_http_status, repeated_decision) ON countersign.operator TO countersign_administration;
