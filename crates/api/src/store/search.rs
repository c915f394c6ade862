//! What `Search` finds: one kind of thing at a time, by id, by the beginning of its name, and by a part of it.

use cordboard_derive::sql;

use super::{
    db::{Failure, Sql, Tx},
    mentioning,
};
use crate::{bind, caller::Account, row};

/// Rows of one kind whose names are looked through for a part. Beginnings are found however many there are.
pub const LOOKED_THROUGH: i64 = 5_000;

row! {
    pub struct Found {
        pub id: i64,
        pub name: String,
        pub application_id: Option<i64>,
        /// The short name.
        pub application_name: Option<String>,
    }
}

/// The statements of one name of one kind.
struct Statements {
    by_id: &'static Sql,
    beginning: &'static Sql,
    within: &'static Sql,
}

/// The table, the column of its account, the column with the application or `NULL`, the folded name, and its index for SQLite.
macro_rules! statements {
    ($table:literal, $account:literal, $application:literal, $folded:literal, $index:literal) => {
        Statements {
            by_id: sql!(
                "SELECT t.id, t.name, a.id, a.name FROM " $table " t LEFT JOIN applications a ON a.id = " $application "
                 WHERE t." $account " = ?1 AND t.id = ?2"
            ),
            beginning: sql!(
                "SELECT t.id, t.name, a.id, a.name FROM " $table " t " $index " LEFT JOIN applications a ON a.id = " $application "
                 WHERE t." $account " = ?1 AND t." $folded " >= ?2 AND t." $folded " < ?3 ORDER BY t." $folded ", t.id LIMIT ?4"
            ),
            within: sql!(
                "SELECT t.id, t.name, a.id, a.name
                 FROM (SELECT id, " $folded " AS folded FROM " $table " " $index " WHERE " $account " = ?1 ORDER BY " $folded ", id LIMIT ?2) f
                 JOIN " $table " t ON t.id = f.id LEFT JOIN applications a ON a.id = " $application "
                 WHERE f.folded LIKE ?3 ESCAPE '\\' ORDER BY f.folded, f.id LIMIT ?4"
            ),
        }
    };
}

/// The kinds that have a number and a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Applications,
    Users,
    Rules,
    Scenarios,
    Subusers,
    Children,
    Secrets,
}

impl Table {
    fn statements(self) -> Vec<Statements> {
        match self {
            Self::Applications => vec![statements!("applications", "account_id", "CAST(NULL AS BIGINT)", "name", "")],
            Self::Users => vec![
                statements!("users", "account_id", "t.application_id", "name", "INDEXED(users_by_name)"),
                statements!("users", "account_id", "t.application_id", "display_name_folded", "INDEXED(users_by_display_name)"),
            ],
            Self::Rules => vec![statements!("rules", "account_id", "t.application_id", "name_folded", "INDEXED(rules_by_name)")],
            Self::Scenarios => vec![statements!("scenarios", "account_id", "t.application_id", "name_folded", "INDEXED(scenarios_by_name)")],
            Self::Subusers => vec![statements!("subusers", "account_id", "CAST(NULL AS BIGINT)", "name", "")],
            Self::Children => vec![statements!("accounts", "parent_id", "CAST(NULL AS BIGINT)", "name", "INDEXED(accounts_by_parent)")],
            Self::Secrets => vec![statements!("secrets", "account_id", "t.application_id", "name_folded", "INDEXED(secrets_by_name)")],
        }
    }
}

/// Things of one kind that a folded text names, and whether each has it as its id or at the beginning of a name; those come
/// first. At most `most` of each.
pub fn find(account: &Account, tx: &Tx, table: Table, text: &str, most: i64) -> Result<Vec<(bool, Found)>, Failure> {
    let mut out: Vec<(bool, Found)> = Vec::new();
    let mut keep = |begins: bool, rows: Vec<Found>| {
        for found in rows {
            if !out.iter().any(|(_, other)| other.id == found.id) {
                out.push((begins, found));
            }
        }
    };
    let statements = table.statements();
    if let (Some(first), Ok(id)) = (statements.first(), text.parse::<i64>()) {
        keep(true, tx.all(first.by_id, bind![account.id(), id])?);
    }
    // Texts are sorted by their bytes, and no text has a greater character.
    let behind = format!("{text}{}", char::MAX);
    for names in &statements {
        keep(true, tx.all(names.beginning, bind![account.id(), text, &behind, most])?);
    }
    for names in &statements {
        keep(false, tx.all(names.within, bind![account.id(), LOOKED_THROUGH, &mentioning(text), most])?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use cordboard_derive::sql;

    use super::LOOKED_THROUGH;
    use crate::{
        bind,
        store::db::{Lock, Tx},
        testing::*,
    };

    #[on_both_databases]
    async fn beginnings_are_found_behind_what_is_looked_through(world: World) {
        let shop = world.application("shop").await;
        let account: i64 = world.account_id().parse().unwrap();
        let application: i64 = shop.parse().unwrap();
        let many = move |tx: &Tx| {
            let added = sql!(
                "INSERT INTO users (account_id, application_id, name, display_name, display_name_folded, digest_name, digests_encrypted, active,
                 parent_accounting, created_at, modified_at) VALUES (?1, ?2, ?3, ?3, ?3, ?3, ?4, 1, 1, 0, 0)"
            );
            for number in 0..LOOKED_THROUGH {
                let name = format!("a{number:05}x");
                tx.execute(added, bind![account, application, &name, &b""[..]])?;
            }
            Ok(())
        };
        world.user(&shop, "zoe-last").await;
        world.api.db.write(Lock::None, many).await.unwrap();
        let names = async |text: &str| world.ok(&world.owner, "Search", &[("text", text)]).await["result"].as_array().map_or(0, Vec::len);
        assert_eq!((names("zoe").await, names("oe-last").await, names("00004x").await), (1, 0, 1));
    }
}
