use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, things::Page, wire::Utc};

/// Versions of a scenario that are kept at most.
pub const VERSIONS: usize = 100;

/// Characters of a scenario's versions that are kept at most, all together: ten of the longest texts.
pub const CHARACTERS: i64 = 2_621_440;

row! {
    /// A version without its text.
    pub struct Version {
        pub version: i64,
        pub characters: i64,
        pub saved_at: Utc,
        pub saved_by: String,
    }
}

macro_rules! versions {
    ($($rest:literal)*) => {
        sql!(
            "SELECT v.version, v.characters, v.saved_at, v.saved_by FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario_id
             WHERE s.account_id = ?1 AND v.scenario_id = ?2 " $($rest)*
        )
    };
}

/// Keeps a scenario's new text as its newest version, and forgets the oldest beyond what is kept.
pub fn add(account: &Account, tx: &Tx, scenario_id: i64, script: &str, saved_by: &str, now: Utc) -> Result<(), Failure> {
    let characters = i64::try_from(script.chars().count()).unwrap_or(i64::MAX);
    tx.execute(
        sql!(
            "INSERT INTO scenario_versions (scenario_id, version, script, characters, saved_at, saved_by)
             SELECT s.id, (SELECT COALESCE(MAX(v.version), 0) + 1 FROM scenario_versions v WHERE v.scenario_id = s.id),
             CAST(?3 AS TEXT), CAST(?4 AS BIGINT), CAST(?5 AS BIGINT), CAST(?6 AS TEXT) FROM scenarios s WHERE s.account_id = ?1 AND s.id = ?2"
        ),
        bind![account.id(), scenario_id, script, characters, now.0, saved_by],
    )?;
    let mut total = 0;
    for (number, version) in newest_first(account, tx, scenario_id, Page::first(VERSIONS as i64 + 1))?.into_iter().enumerate() {
        total += version.characters;
        // The newest one is the scenario's text and stays, however long it is.
        if number >= VERSIONS || (number > 0 && total > CHARACTERS) {
            return forget(account, tx, scenario_id, version.version);
        }
    }
    Ok(())
}

/// Deletes a version and those before it.
fn forget(account: &Account, tx: &Tx, scenario_id: i64, version: i64) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "DELETE FROM scenario_versions WHERE scenario_id = ?2 AND version <= ?3
             AND EXISTS (SELECT 1 FROM scenarios WHERE account_id = ?1 AND id = ?2)"
        ),
        bind![account.id(), scenario_id, version],
    )?;
    Ok(())
}

fn newest_first(account: &Account, tx: &Tx, scenario_id: i64, page: Page) -> Result<Vec<Version>, Failure> {
    tx.all(versions!("ORDER BY v.version DESC LIMIT ?3 OFFSET ?4"), bind![account.id(), scenario_id, page.count, page.offset])
}

/// One page of a scenario's versions, the newest first, and how many there are.
pub fn page(account: &Account, tx: &Tx, scenario_id: i64, page: Page) -> Result<(Vec<Version>, i64), Failure> {
    let (total,) = tx.one(
        sql!("SELECT COUNT(*) FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario_id WHERE s.account_id = ?1 AND v.scenario_id = ?2"),
        bind![account.id(), scenario_id],
    )?;
    Ok((newest_first(account, tx, scenario_id, page)?, total))
}

pub fn by_number(account: &Account, tx: &Tx, scenario_id: i64, version: i64) -> Result<Option<Version>, Failure> {
    tx.optional(versions!("AND v.version = ?3"), bind![account.id(), scenario_id, version])
}

/// The number of the version that is the scenario's present text.
pub fn newest(account: &Account, tx: &Tx, scenario_id: i64) -> Result<Option<i64>, Failure> {
    Ok(newest_first(account, tx, scenario_id, Page::first(1))?.into_iter().next().map(|version| version.version))
}

/// The text of a version that is there.
pub fn script(account: &Account, tx: &Tx, scenario_id: i64, version: i64) -> Result<String, Failure> {
    let (script,) = tx.one(
        sql!(
            "SELECT v.script FROM scenario_versions v JOIN scenarios s ON s.id = v.scenario_id
             WHERE s.account_id = ?1 AND v.scenario_id = ?2 AND v.version = ?3"
        ),
        bind![account.id(), scenario_id, version],
    )?;
    Ok(script)
}
