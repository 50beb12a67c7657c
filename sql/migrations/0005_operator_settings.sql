-- Settings for an operator's clients: the HTTP status of errors, and the result of a repeated decision.
-- oldest-build: 1

ALTER TABLE countersign.operator
    -- The HTTP status of errors: the matching one, always 200, or the node's setting.
    ADD COLUMN error_http_status text COLLATE "C",
    -- The result of accepting an accepted charge, or of declining a declined one: failure or success.
    ADD COLUMN repeated_decision text COLLATE "C" NOT NULL DEFAULT 'failure',
    ADD CONSTRAINT operator_error_http_status_check CHECK (error_http_status IN ('standard', 'always-200')),
    ADD CONSTRAINT operator_repeated_decision_check CHECK (repeated_decision IN ('failure', 'success'));

GRANT UPDATE (error_http_status, repeated_decision) ON countersign.operator TO countersign_application;
