use cordboard_derive::sql;

use super::{
    containing,
    db::{Failure, Tx},
    folded, scenario_versions,
};
use crate::{
    bind,
    caller::Account,
    codes,
    error::{Error, Result},
    row,
    things::{Page, Thing},
    wire::Utc,
};

row! {
    pub struct Scenario {
        pub id: i64,
        /// `None` is the folder that all applications share.
        pub application_id: Option<i64>,
        pub name: String,
        pub modified_at: Utc,
    }
}

macro_rules! scenarios {
    ($($rest:literal)*) => { sql!("SELECT id, application_id, name, modified_at FROM scenarios WHERE account_id = ?1 " $($rest)*) };
}

impl Thing for Scenario {
    const WORD: &'static str = "scenario";
    const ID: &'static str = "scenario_id";
    const NAME: &'static str = "scenario_name";
    const ID_CODE: codes::Code = codes::SCENARIO_ID;
    const NAME_CODE: codes::Code = codes::SCENARIO_NAME;
    /// The application whose folder and the shared one are searched; without it, all folders.
    type Scope = Option<i64>;

    fn by_id(account: &Account, tx: &Tx, application_id: Option<i64>, id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(scenarios!("AND id = ?2 AND (folder_id = ?3 OR folder_id = 0 OR ?3 IS NULL)"), bind![account.id(), id, application_id])
    }

    /// The application's own folder comes before the shared one.
    fn by_name(account: &Account, tx: &Tx, application_id: Option<i64>, name: &str) -> Result<Option<Self>> {
        let found: Vec<Self> =
            tx.all(scenarios!("AND name = ?2 AND (folder_id = ?3 OR folder_id = 0 OR ?3 IS NULL) ORDER BY folder_id DESC"), bind![account.id(), name, application_id])?;
        if application_id.is_none() && found.len() > 1 {
            let ids: Vec<String> = found.iter().map(|scenario| scenario.id.to_string()).collect();
            return Err(Error::field(
                codes::SCENARIO_NAME,
                "scenario_name",
                format!("Several folders have a scenario of this name; use 'scenario_id', one of {}.", ids.join(", ")),
            )
            .into());
        }
        Ok(found.into_iter().next())
    }

    fn all(account: &Account, tx: &Tx, application_id: Option<i64>) -> Result<Vec<Self>, Failure> {
        tx.all(scenarios!("AND (folder_id = ?2 OR folder_id = 0 OR ?2 IS NULL) ORDER BY id"), bind![account.id(), application_id])
    }
}

/// The scenario of this name in exactly this folder.
pub fn in_folder(account: &Account, tx: &Tx, application_id: Option<i64>, name: &str) -> Result<Option<Scenario>, Failure> {
    tx.optional(scenarios!("AND folder_id = ?2 AND name = ?3"), bind![account.id(), application_id.unwrap_or(0), name])
}

/// One page and how many match in all. With an application: its folder alone.
pub fn page(account: &Account, tx: &Tx, application_id: Option<i64>, id: Option<i64>, part: Option<&str>, page: Page) -> Result<(Vec<Scenario>, i64), Failure> {
    macro_rules! matching {
        ($query:ident, $head:literal, $rest:literal) => {
            $query!($head "AND (folder_id = ?2 OR ?2 IS NULL) AND (id = ?3 OR ?3 IS NULL) AND name_folded LIKE ?4 ESCAPE '\\' " $rest)
        };
    }
    let pattern = containing(part);
    let (total,) = tx.one(matching!(sql, "SELECT COUNT(*) FROM scenarios WHERE account_id = ?1 ", ""), bind![account.id(), application_id, id, &pattern])?;
    let rows = tx.all(matching!(scenarios, "", "ORDER BY id LIMIT ?5 OFFSET ?6"), bind![account.id(), application_id, id, &pattern, page.count, page.offset])?;
    Ok((rows, total))
}

/// Scenarios of a rule, in their order.
pub fn of_rule(account: &Account, tx: &Tx, rule_id: i64) -> Result<Vec<Scenario>, Failure> {
    tx.all(
        sql!(
            "SELECT s.id, s.application_id, s.name, s.modified_at FROM scenarios s JOIN rule_scenarios b ON b.scenario_id = s.id
             WHERE s.account_id = ?1 AND b.rule_id = ?2 ORDER BY b.position, s.id"
        ),
        bind![account.id(), rule_id],
    )
}

pub fn script(account: &Account, tx: &Tx, id: i64) -> Result<String, Failure> {
    let (script,) = tx.one(sql!("SELECT script FROM scenarios WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(script)
}

pub fn count(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM scenarios WHERE account_id = ?1"), bind![account.id()])?;
    Ok(count)
}

/// Makes a scenario, whose text is its first version. `saved_by` is the name of who makes it.
pub fn insert(account: &Account, tx: &Tx, application_id: Option<i64>, name: &str, script: &str, saved_by: &str, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO scenarios (account_id, application_id, folder_id, name, name_folded, script, created_at, modified_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) RETURNING id"
        ),
        bind![account.id(), application_id, application_id.unwrap_or(0), name, &folded(name), script, now.0],
    )?;
    scenario_versions::add(account, tx, id, script, saved_by, now)?;
    Ok(id)
}

/// Changes the name, or the text, or both. A text is given with the name of who saves it, and is a new version if it is another one.
pub fn update(account: &Account, tx: &Tx, id: i64, name: Option<&str>, text: Option<(&str, &str)>, now: Utc) -> Result<(), Failure> {
    let (name_folded, script) = (name.map(folded), text.map(|(script, _)| script));
    let changed = match text {
        Some((script, saved_by)) if self::script(account, tx, id)? != script => Some((script, saved_by)),
        _ => None,
    };
    tx.execute(
        sql!(
            "UPDATE scenarios SET name = COALESCE(?3, name), name_folded = COALESCE(?4, name_folded), script = COALESCE(?5, script), modified_at = ?6
             WHERE account_id = ?1 AND id = ?2"
        ),
        bind![account.id(), id, name, &name_folded, script, now.0],
    )?;
    changed.map_or(Ok(()), |(script, saved_by)| scenario_versions::add(account, tx, id, script, saved_by, now))
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM scenarios WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}
