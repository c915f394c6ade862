-- Accounts, their credentials, roles and provisioning. Times are milliseconds UTC, money is micro-units, flags are 0 or 1;
-- columns ending in _folded are for searching and made by the program.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE accounts (
    id {{id}},
    parent_id BIGINT REFERENCES accounts (id),
    name TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    api_key_hash {{bytes}} NOT NULL UNIQUE,
    api_key_encrypted {{bytes}} NOT NULL,
    active BIGINT NOT NULL,
    frozen BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    language_code TEXT NOT NULL DEFAULT 'en',
    location TEXT NOT NULL DEFAULT 'Etc/GMT',
    account_first_name TEXT,
    account_last_name TEXT,
    mobile_phone TEXT,
    min_balance_to_notify_micros BIGINT NOT NULL DEFAULT 0,
    account_notifications BIGINT NOT NULL DEFAULT 0,
    tariff_changing_notifications BIGINT NOT NULL DEFAULT 0,
    news_notifications BIGINT NOT NULL DEFAULT 0,
    send_js_error BIGINT NOT NULL DEFAULT 0,
    billing_address_name TEXT,
    billing_address_country_code TEXT,
    billing_address_address TEXT,
    billing_address_zip TEXT,
    billing_address_phone TEXT,
    account_custom_data TEXT,
    callback_url TEXT,
    callback_salt_encrypted {{bytes}},
    store_outbound_sms BIGINT NOT NULL DEFAULT 0,
    store_inbound_sms BIGINT NOT NULL DEFAULT 0,
    support_robokassa BIGINT NOT NULL DEFAULT 0,
    support_bank_card BIGINT NOT NULL DEFAULT 0,
    support_invoice BIGINT NOT NULL DEFAULT 0,
    can_use_restricted BIGINT NOT NULL DEFAULT 0,
    balance_micros BIGINT NOT NULL DEFAULT 0,
    credit_limit_micros BIGINT NOT NULL DEFAULT 0,
    currency TEXT NOT NULL DEFAULT 'USD'
);
CREATE INDEX accounts_by_parent ON accounts (parent_id, name);

CREATE TABLE former_passwords (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);
CREATE INDEX former_passwords_by_account ON former_passwords (account_id, id);

CREATE TABLE subusers (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE subuser_roles (
    subuser_id BIGINT NOT NULL REFERENCES subusers (id) ON DELETE CASCADE,
    role_id BIGINT NOT NULL,
    PRIMARY KEY (subuser_id, role_id)
);

CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    subuser_id BIGINT REFERENCES subusers (id) ON DELETE CASCADE,
    key_name TEXT,
    description TEXT,
    public_key {{bytes}} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX keys_by_account ON keys (account_id, created_at, id);
CREATE INDEX keys_by_subuser ON keys (subuser_id);

CREATE TABLE key_roles (
    key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    role_id BIGINT NOT NULL,
    PRIMARY KEY (key_id, role_id)
);

CREATE TABLE key_usage (
    key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    method TEXT NOT NULL,
    day BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, method, day)
);

CREATE TABLE logon_sessions (
    token_hash {{bytes}} NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    subuser_id BIGINT REFERENCES subusers (id) ON DELETE CASCADE,
    by_password BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX logon_sessions_by_account ON logon_sessions (account_id);
CREATE INDEX logon_sessions_by_subuser ON logon_sessions (subuser_id);
CREATE INDEX logon_sessions_by_expiry ON logon_sessions (expires_at);

CREATE TABLE authorized_ips (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    network TEXT NOT NULL,
    allowed BIGINT NOT NULL,
    description TEXT,
    description_folded TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, network)
);

CREATE TABLE applications (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    secure_record_storage BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE users (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    digest_name TEXT NOT NULL,
    digests_encrypted {{bytes}} NOT NULL,
    active BIGINT NOT NULL,
    parent_accounting BIGINT NOT NULL,
    custom_data TEXT,
    mobile_phone TEXT,
    balance_micros BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (application_id, name)
);
CREATE INDEX users_by_account ON users (account_id);

CREATE TABLE scenarios (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- NULL is the folder that all applications share.
    application_id BIGINT REFERENCES applications (id) ON DELETE CASCADE,
    -- application_id, or 0 for the shared folder, so that names are unique in it, too.
    folder_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    script TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (account_id, folder_id, name)
);
CREATE INDEX scenarios_by_application ON scenarios (application_id);

CREATE TABLE rules (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    pattern TEXT NOT NULL,
    pattern_exclude TEXT,
    video_conference BIGINT NOT NULL,
    bind_key_id TEXT REFERENCES keys (id) ON DELETE SET NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (application_id, name)
);
CREATE INDEX rules_by_account ON rules (account_id);
CREATE INDEX rules_by_order ON rules (application_id, position);
CREATE INDEX rules_by_key ON rules (bind_key_id);

CREATE TABLE rule_scenarios (
    rule_id BIGINT NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    scenario_id BIGINT NOT NULL REFERENCES scenarios (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (rule_id, scenario_id)
);
CREATE INDEX rule_scenarios_by_scenario ON rule_scenarios (scenario_id);

CREATE TABLE audit_log (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    requested_at BIGINT NOT NULL,
    ip TEXT NOT NULL,
    key_id TEXT,
    subuser_id BIGINT,
    subuser_name TEXT,
    cmd_name TEXT NOT NULL,
    cmd_args TEXT NOT NULL,
    cmd_result TEXT
);
CREATE INDEX audit_log_by_time ON audit_log (account_id, requested_at, id);
