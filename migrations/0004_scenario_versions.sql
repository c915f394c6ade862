-- The texts that scenarios had, the newest of each being its present one.
CREATE TABLE scenario_versions (
    scenario_id BIGINT NOT NULL REFERENCES scenarios (id) ON DELETE CASCADE,
    -- 1, 2, 3, … in every scenario; the oldest go first.
    version BIGINT NOT NULL,
    script TEXT NOT NULL,
    characters BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    -- The name of who saved it, at that time; empty where nobody knows.
    saved_by TEXT NOT NULL,
    PRIMARY KEY (scenario_id, version)
);
INSERT INTO scenario_versions (scenario_id, version, script, characters, saved_at, saved_by)
    SELECT id, 1, script, LENGTH(script), modified_at, '' FROM scenarios;
