-- What an operator's own clients need: how errors are told, and what a repeated decision is.
-- oldest-build: 1

ALTER TABLE countersign.operator
    -- The HTTP status of errors: the one that fits, always 200, or what the node is set to.
    ADD COLUMN error_http_status text COLLATE "C",
    -- Whether accepting what stands accepted, or declining what stands declined, is a failure.
    ADD COLUMN repeated_decision text COLLATE "C" NOT NULL DEFAULT 'failure',
    ADD CONSTRAINT operator_error_http_status_check CHECK (error_http_status IN ('standard', 'always-200')),
    ADD CONSTRAINT operator_repeated_decision_check CHECK (repeated_decision IN ('failure', 'success'));

GRANT UPDATE (error_http_status, repeated_decision) ON countersign.operator TO countersign_application;
