use cordboard_derive::sql;

use super::{
    containing,
    db::{Bind, Failure, Tx},
    folded, list,
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
    pub struct Rule {
        pub id: i64,
        pub application_id: i64,
        pub name: String,
        pub pattern: String,
        pub pattern_exclude: Option<String>,
        pub video_conference: bool,
        pub bind_key_id: Option<String>,
        pub position: i64,
        pub modified_at: Utc,
    }
}

macro_rules! rules {
    ($($rest:literal)*) => {
        sql!(
            "SELECT id, application_id, name, pattern, pattern_exclude, video_conference, bind_key_id, position, modified_at FROM rules
             WHERE account_id = ?1 " $($rest)*
        )
    };
}

impl Thing for Rule {
    const WORD: &'static str = "rule";
    const ID: &'static str = "rule_id";
    const NAME: &'static str = "rule_name";
    const ID_CODE: codes::Code = codes::RULE_ID;
    const NAME_CODE: codes::Code = codes::RULE_NAME;
    /// The application, where one is named; a name needs it when several applications have a rule of that name.
    type Scope = Option<i64>;

    fn by_id(account: &Account, tx: &Tx, application_id: Option<i64>, id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(rules!("AND id = ?2 AND (application_id = ?3 OR ?3 IS NULL)"), bind![account.id(), id, application_id])
    }

    fn by_name(account: &Account, tx: &Tx, application_id: Option<i64>, name: &str) -> Result<Option<Self>> {
        let found: Vec<Self> = tx.all(rules!("AND name = ?2 AND (application_id = ?3 OR ?3 IS NULL) ORDER BY id LIMIT 2"), bind![account.id(), name, application_id])?;
        if found.len() > 1 {
            return Err(Error::field(
                codes::REQUIRED,
                "application_id",
                "Several applications have a rule of this name: 'rule_name' needs 'application_id' or 'application_name' beside it.",
            )
            .into());
        }
        Ok(found.into_iter().next())
    }

    fn all(account: &Account, tx: &Tx, application_id: Option<i64>) -> Result<Vec<Self>, Failure> {
        tx.all(rules!("AND (application_id = ?2 OR ?2 IS NULL) ORDER BY application_id, position, id"), bind![account.id(), application_id])
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub application_id: Option<i64>,
    pub id: Option<i64>,
    /// Part of the name.
    pub name: Option<String>,
    pub video_conference: Option<bool>,
    pub bind_key_id: Option<String>,
}

/// One page of the rules that match, in rule order, and how many match in all.
pub fn page(account: &Account, tx: &Tx, filter: &Filter, page: Page) -> Result<(Vec<Rule>, i64), Failure> {
    macro_rules! matching {
        ($query:ident, $head:literal, $rest:literal) => {
            $query!(
                $head
                "AND (application_id = ?2 OR ?2 IS NULL) AND (id = ?3 OR ?3 IS NULL) AND name_folded LIKE ?4 ESCAPE '\\'
                 AND (video_conference = ?5 OR ?5 IS NULL) AND (bind_key_id = ?6 OR ?6 IS NULL) "
                $rest
            )
        };
    }
    let name = containing(filter.name.as_deref());
    let mut params: Vec<Bind> =
        vec![account.id().into(), filter.application_id.into(), filter.id.into(), (&name).into(), filter.video_conference.into(), (&filter.bind_key_id).into()];
    let (total,) = tx.one(matching!(sql, "SELECT COUNT(*) FROM rules WHERE account_id = ?1 ", ""), &params)?;
    params.extend([Bind::from(page.count), page.offset.into()]);
    Ok((tx.all(matching!(rules, "", "ORDER BY application_id, position, id LIMIT ?7 OFFSET ?8"), &params)?, total))
}

/// Some rules of an application in the order in which they are tried.
pub fn in_order(account: &Account, tx: &Tx, application_id: i64, page: Page) -> Result<Vec<Rule>, Failure> {
    tx.all(rules!("AND application_id = ?2 ORDER BY position, id LIMIT ?3 OFFSET ?4"), bind![account.id(), application_id, page.count, page.offset])
}

pub fn count(account: &Account, tx: &Tx, application_id: i64) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM rules WHERE account_id = ?1 AND application_id = ?2"), bind![account.id(), application_id])?;
    Ok(count)
}

/// The rules of these names in these applications.
pub fn named(account: &Account, tx: &Tx, application_ids: &[i64], names: &[String]) -> Result<Vec<Rule>, Failure> {
    tx.all(rules!("AND application_id IN IDS(?2) AND name IN TEXTS(?3) ORDER BY application_id, position, id"), bind![account.id(), &list(application_ids), &list(names)])
}

#[derive(Clone, Debug)]
pub struct New {
    pub application_id: i64,
    pub name: String,
    pub pattern: String,
    pub pattern_exclude: Option<String>,
    pub video_conference: bool,
    pub bind_key_id: Option<String>,
}

/// Adds a rule behind the others of its application.
pub fn insert(account: &Account, tx: &Tx, new: &New, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO rules (account_id, application_id, name, name_folded, pattern, pattern_exclude, video_conference, bind_key_id, position,
             created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
             (SELECT COALESCE(MAX(position), 0) + 1 FROM rules WHERE application_id = ?2), ?9, ?9) RETURNING id"
        ),
        bind![account.id(), new.application_id, &new.name, &folded(&new.name), &new.pattern, &new.pattern_exclude, new.video_conference, &new.bind_key_id, now.0],
    )?;
    Ok(id)
}

/// Changes of a rule; `None` leaves a column as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub pattern: Option<String>,
    pub pattern_exclude: Option<String>,
    pub video_conference: Option<bool>,
    pub bind_key_id: Option<String>,
}

pub fn update(account: &Account, tx: &Tx, id: i64, changes: &Changes, now: Utc) -> Result<(), Failure> {
    let name_folded = changes.name.as_deref().map(folded);
    tx.execute(
        sql!(
            "UPDATE rules SET name = COALESCE(?3, name), name_folded = COALESCE(?4, name_folded), pattern = COALESCE(?5, pattern),
             pattern_exclude = COALESCE(?6, pattern_exclude), video_conference = COALESCE(?7, video_conference),
             bind_key_id = COALESCE(?8, bind_key_id), modified_at = ?9 WHERE account_id = ?1 AND id = ?2"
        ),
        bind![account.id(), id, &changes.name, &name_folded, &changes.pattern, &changes.pattern_exclude, changes.video_conference, &changes.bind_key_id, now.0],
    )?;
    Ok(())
}

pub fn set_position(account: &Account, tx: &Tx, id: i64, position: i64) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE rules SET position = ?3 WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id, position])?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM rules WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

/// Replaces the scenarios of a rule by these, in this order.
pub fn set_scenarios(account: &Account, tx: &Tx, rule_id: i64, scenario_ids: &[i64]) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM rule_scenarios WHERE rule_id = ?2 AND EXISTS (SELECT 1 FROM rules WHERE id = ?2 AND account_id = ?1)"), bind![account.id(), rule_id])?;
    for (position, scenario_id) in (1..).zip(scenario_ids) {
        tx.execute(
            sql!(
                "INSERT INTO rule_scenarios (rule_id, scenario_id, position) SELECT r.id, s.id, CAST(?4 AS BIGINT) FROM rules r, scenarios s
                 WHERE r.account_id = ?1 AND r.id = ?2 AND s.account_id = ?1 AND s.id = ?3"
            ),
            bind![account.id(), rule_id, *scenario_id, position],
        )?;
    }
    Ok(())
}

/// The keys that the rules of a scenario are bound to: who changes its text acts with their rights.
pub fn keys_of_scenario(account: &Account, tx: &Tx, scenario_id: i64) -> Result<Vec<String>, Failure> {
    let rows: Vec<(String,)> = tx.all(
        sql!(
            "SELECT DISTINCT r.bind_key_id FROM rules r JOIN rule_scenarios b ON b.rule_id = r.id
             WHERE r.account_id = ?1 AND b.scenario_id = ?2 AND r.bind_key_id IS NOT NULL ORDER BY r.bind_key_id"
        ),
        bind![account.id(), scenario_id],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The keys that an application's rules are bound to; its scenarios are on no other application's rules.
pub fn keys_of_application(account: &Account, tx: &Tx, application_id: i64) -> Result<Vec<String>, Failure> {
    let rows: Vec<(String,)> = tx.all(
        sql!("SELECT DISTINCT bind_key_id FROM rules WHERE account_id = ?1 AND application_id = ?2 AND bind_key_id IS NOT NULL ORDER BY bind_key_id"),
        bind![account.id(), application_id],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
