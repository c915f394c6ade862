-- Sessions and what they leave and use: history, reports, key-value storage, secrets.

-- Whether the inputs of sessions are kept to be played again.
ALTER TABLE applications ADD COLUMN record_sessions BIGINT NOT NULL DEFAULT 0;

-- A node is one running Cordboard. Its epoch rises with every start, and a session is written by the epoch that began it alone.
CREATE TABLE nodes (
    name TEXT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- Names are those at the start: history outlives what it names.
CREATE TABLE sessions (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL,
    application_name TEXT NOT NULL,
    rule_id BIGINT NOT NULL,
    rule_name TEXT NOT NULL,
    user_id BIGINT,
    node TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    token_hash {{bytes}} NOT NULL,
    initiator_address TEXT NOT NULL,
    media_server_address TEXT NOT NULL,
    -- Whether log and records need a credential (secure_record_storage of the application at the start).
    secure BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- NULL while the session lives; it is no part of the history before.
    ended_at BIGINT,
    -- Whole seconds, rounded up.
    duration BIGINT,
    finish_reason TEXT,
    custom_data TEXT NOT NULL,
    -- The first eight bytes of its SHA-256, because a text of any length has no index.
    custom_data_key BIGINT NOT NULL
);
-- The history holds ended sessions alone, and each of its filters is a seek in one of these, in the order of the answer.
CREATE INDEX sessions_by_account ON sessions (account_id, started_at, id, duration) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_application ON sessions (account_id, application_id, started_at, id, duration) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_rule ON sessions (account_id, application_id, rule_name, started_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (account_id, user_id, started_at, id, duration) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_custom_data ON sessions (account_id, custom_data_key, started_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_application_custom_data ON sessions (account_id, application_id, custom_data_key, started_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_duration ON sessions (account_id, duration, started_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_alive ON sessions (node, epoch) WHERE ended_at IS NULL;

-- The legs of ended sessions.
CREATE TABLE calls (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    session_started_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    local_number TEXT NOT NULL,
    remote_number TEXT NOT NULL,
    remote_number_type TEXT NOT NULL,
    diversion_number TEXT,
    incoming BIGINT NOT NULL,
    successful BIGINT NOT NULL,
    custom_data TEXT,
    end_code BIGINT NOT NULL,
    end_reason TEXT NOT NULL
);
CREATE INDEX calls_by_session ON calls (session_id, id);
CREATE INDEX calls_by_remote_number ON calls (account_id, remote_number, session_started_at, session_id);
CREATE INDEX calls_by_local_number ON calls (account_id, local_number, session_started_at, session_id);

CREATE TABLE history_reports (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT,
    history_type TEXT NOT NULL,
    format TEXT NOT NULL,
    -- What the report selects, as its job reads it.
    request TEXT NOT NULL,
    -- What the caller asked for, as GetHistoryReports shows it.
    filters TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    completed_at BIGINT,
    failed BIGINT NOT NULL DEFAULT 0,
    calculated_data TEXT,
    file_name TEXT,
    file_size_bytes BIGINT,
    download_size_bytes BIGINT,
    download_count BIGINT NOT NULL DEFAULT 0,
    last_downloaded_at BIGINT,
    store_until_at BIGINT,
    node TEXT NOT NULL
);
CREATE INDEX history_reports_by_account ON history_reports (account_id, created_at, id);
CREATE INDEX history_reports_open ON history_reports (node, account_id, id) WHERE completed_at IS NULL;
CREATE INDEX history_reports_by_expiry ON history_reports (store_until_at);

CREATE TABLE key_values (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- 1, 2, 3, … without holes in every application, so that the greatest one is the count and no limit has to count rows.
    number BIGINT NOT NULL,
    PRIMARY KEY (application_id, key),
    UNIQUE (account_id, application_id, number)
);
CREATE INDEX key_values_by_account ON key_values (account_id, application_id, expires_at);
CREATE INDEX key_values_by_expiry ON key_values (expires_at);

CREATE TABLE secrets (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT,
    -- Sealed to the row's id and application.
    value_encrypted {{bytes}} NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (application_id, name)
);
CREATE INDEX secrets_by_account ON secrets (account_id, application_id, id);
