-- The web panel: who is signed in, passwords that somebody else has set, second factors.

ALTER TABLE accounts ADD COLUMN password_must_change BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subusers ADD COLUMN password_must_change BIGINT NOT NULL DEFAULT 0;

CREATE TABLE panel_sessions (
    id {{id}},
    token_hash {{bytes}} NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- NULL is the account itself.
    subuser_id BIGINT REFERENCES subusers (id) ON DELETE CASCADE,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX panel_sessions_by_account ON panel_sessions (account_id, last_used_at, id);
CREATE INDEX panel_sessions_by_subuser ON panel_sessions (subuser_id);
CREATE INDEX panel_sessions_by_expiry ON panel_sessions (expires_at);

CREATE TABLE second_factors (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    subuser_id BIGINT REFERENCES subusers (id) ON DELETE CASCADE,
    -- subuser_id, or 0 for the account itself, so that each has one at most.
    user_id BIGINT NOT NULL,
    secret_encrypted {{bytes}} NOT NULL,
    confirmed_at BIGINT,
    -- The time step of the code that was taken last; it and those before are taken no more.
    last_step BIGINT NOT NULL DEFAULT 0,
    UNIQUE (account_id, user_id)
);
CREATE INDEX second_factors_by_subuser ON second_factors (subuser_id);

CREATE TABLE recovery_codes (
    factor_id BIGINT NOT NULL REFERENCES second_factors (id) ON DELETE CASCADE,
    code_tag TEXT NOT NULL,
    PRIMARY KEY (factor_id, code_tag)
);
