-- What `Search` seeks in, by the beginning of a name.
CREATE INDEX users_by_name ON users (account_id, name, id);
CREATE INDEX users_by_display_name ON users (account_id, display_name_folded, id);
CREATE INDEX scenarios_by_name ON scenarios (account_id, name_folded, id);
CREATE INDEX rules_by_name ON rules (account_id, name_folded, id);
CREATE INDEX secrets_by_name ON secrets (account_id, name_folded, id);
