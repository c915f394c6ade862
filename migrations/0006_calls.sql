-- What calls need: who may call in, why a call failed, credentials for one connection.

-- Why a call that failed did so, as sentences.
ALTER TABLE calls ADD COLUMN explanation TEXT;

-- Networks whose SIP calls need no password.
CREATE TABLE sip_white_list (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- `A.B.C.D` or `A.B.C.D/L`, as it was normalised.
    network TEXT NOT NULL,
    description TEXT,
    UNIQUE (account_id, network)
);

-- Each is good for one connection, and is gone once it was used.
CREATE TABLE call_credentials (
    id {{id}},
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    application_id BIGINT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- What the digest is made over. It has a dot, so it is no name of an application's user.
    username TEXT NOT NULL UNIQUE,
    digests_encrypted {{bytes}} NOT NULL,
    -- Whether nobody had signed in.
    guest BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX call_credentials_by_account ON call_credentials (account_id, expires_at);
CREATE INDEX call_credentials_by_application ON call_credentials (application_id, expires_at);
CREATE INDEX call_credentials_by_user ON call_credentials (user_id);
CREATE INDEX call_credentials_by_expiry ON call_credentials (expires_at);
