use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, row, things::Page, wire::Utc};

row! {
    /// An item of an application's storage.
    pub struct Item {
        pub key: String,
        pub value: String,
        pub expires_at: Utc,
    }
}

row! {
    /// An item without its value.
    pub struct Key {
        pub key: String,
        pub expires_at: Utc,
    }
}

/// The item of a key, unless it has expired.
pub fn find(account: &Account, tx: &Tx, application_id: i64, key: &str, now: Utc) -> Result<Option<Item>, Failure> {
    tx.optional(
        sql!("SELECT key, value, expires_at FROM key_values WHERE account_id = ?1 AND application_id = ?2 AND key = ?3 AND expires_at > ?4"),
        bind![account.id(), application_id, key, now.0],
    )
}

/// Behind every key that begins with a text: both databases sort by bytes, and no key holds the last character of Unicode.
fn behind(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

macro_rules! page {
    ($columns:literal) => {
        sql!(
            "SELECT " $columns " FROM key_values WHERE account_id = ?1 AND application_id = ?2 AND key >= ?3 AND key < ?4 AND expires_at > ?5
             ORDER BY key LIMIT ?6 OFFSET ?7"
        )
    };
}

/// Items whose keys begin with a text, in the order of keys.
pub fn items(account: &Account, tx: &Tx, application_id: i64, prefix: &str, page: Page, now: Utc) -> Result<Vec<Item>, Failure> {
    tx.all(page!("key, value, expires_at"), bind![account.id(), application_id, prefix, &behind(prefix), now.0, page.count, page.offset])
}

/// The same without values.
pub fn keys(account: &Account, tx: &Tx, application_id: i64, prefix: &str, page: Page, now: Utc) -> Result<Vec<Key>, Failure> {
    tx.all(page!("key, expires_at"), bind![account.id(), application_id, prefix, &behind(prefix), now.0, page.count, page.offset])
}

macro_rules! last_number {
    () => {
        sql!("SELECT number FROM key_values WHERE account_id = ?1 AND application_id = ?2 ORDER BY number DESC LIMIT 1")
    };
}

/// Items of an application, expired ones included, for its limit.
pub fn count(account: &Account, tx: &Tx, application_id: i64) -> Result<i64, Failure> {
    last_number(tx, account.id(), application_id)
}

/// The greatest number of an application's items, which is their count.
fn last_number(tx: &Tx, account_id: i64, application_id: i64) -> Result<i64, Failure> {
    Ok(tx.optional::<(i64,)>(last_number!(), bind![account_id, application_id])?.map_or(0, |(number,)| number))
}

/// Makes or replaces an item.
pub fn put(account: &Account, tx: &Tx, application_id: i64, item: &Item) -> Result<(), Failure> {
    let number = last_number(tx, account.id(), application_id)? + 1;
    tx.execute(
        sql!(
            "INSERT INTO key_values (account_id, application_id, key, value, expires_at, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (application_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
        ),
        bind![account.id(), application_id, &item.key, &item.value, item.expires_at.0, number],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, application_id: i64, key: &str) -> Result<(), Failure> {
    remove(tx, account.id(), application_id, key)
}

/// Deletes an item; the one with the greatest number takes its number, so that there are no holes.
fn remove(tx: &Tx, account_id: i64, application_id: i64, key: &str) -> Result<(), Failure> {
    let gone: Option<(i64,)> =
        tx.optional(sql!("DELETE FROM key_values WHERE account_id = ?1 AND application_id = ?2 AND key = ?3 RETURNING number"), bind![account_id, application_id, key])?;
    let Some((hole,)) = gone else { return Ok(()) };
    let last = last_number(tx, account_id, application_id)?;
    if last > hole {
        tx.execute(
            sql!("UPDATE key_values SET number = ?4 WHERE account_id = ?1 AND application_id = ?2 AND number = ?3"),
            bind![account_id, application_id, last, hole],
        )?;
    }
    Ok(())
}

/// Deletes items of an application that have expired, some at a time and the oldest first. Says how many.
pub fn forget(tx: &Tx, of: Expired, now: Utc, at_most: i64) -> Result<usize, Failure> {
    let keys: Vec<(String,)> = tx.all(
        sql!("SELECT key FROM key_values WHERE account_id = ?1 AND application_id = ?2 AND expires_at <= ?3 ORDER BY expires_at LIMIT ?4"),
        bind![of.account_id, of.application_id, now.0, at_most],
    )?;
    for (key,) in &keys {
        remove(tx, of.account_id, of.application_id, key)?;
    }
    Ok(keys.len())
}

row! {
    /// An application that holds expired items.
    #[derive(Copy)]
    pub struct Expired {
        pub account_id: i64,
        pub application_id: i64,
    }
}

/// Every application that holds expired items. For the hourly cleaning.
pub fn expired(tx: &Tx, now: Utc) -> Result<Vec<Expired>, Failure> {
    tx.all(sql!("SELECT DISTINCT account_id, application_id FROM key_values WHERE expires_at <= ?1 ORDER BY account_id, application_id"), bind![now.0])
}

/// Rows, expired ones included.
#[cfg(test)]
pub fn rows(tx: &Tx) -> Result<i64, Failure> {
    let (rows,) = tx.one(sql!("SELECT COUNT(*) FROM key_values"), &[])?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use cordboard_derive::sql;

    use super::{behind, count, rows};
    use crate::{
        store::db::{Bind, Sql},
        testing::*,
    };

    /// How the database finds what a statement asks for.
    async fn plan(world: &World, sql: &Sql, prefix: Option<&'static str>) -> String {
        let sqlite = Box::leak(format!("EXPLAIN QUERY PLAN {}", sql.sqlite).into_boxed_str());
        let postgres = Box::leak(format!("EXPLAIN {}", sql.postgres).into_boxed_str());
        let explain: &'static Sql = Box::leak(Box::new(Sql { sqlite, postgres, at: "" }));
        // PostgreSQL reads small tables whole unless it is told not to; the answer's type tells the databases apart.
        static NO_WHOLE_TABLES: Sql = Sql { sqlite: "SELECT 1", postgres: "SELECT set_config('enable_seqscan', 'off', TRUE)", at: "" };
        let lines = world.read(move |tx| {
            let end = prefix.map(behind);
            let mut bounds: Vec<Bind> = vec![1.into(), 1.into()];
            if let (Some(prefix), Some(end)) = (prefix, &end) {
                bounds.extend([Bind::from(prefix), end.into(), 0.into(), 10.into(), 0.into()]);
            }
            if tx.all::<(i64,)>(&NO_WHOLE_TABLES, &[]).is_ok() {
                let rows: Vec<(i64, i64, i64, String)> = tx.all(explain, &bounds)?;
                return Ok(rows.into_iter().map(|(.., line)| line).collect::<Vec<_>>());
            }
            let rows: Vec<(String,)> = tx.all(explain, &bounds)?;
            Ok(rows.into_iter().map(|(line,)| line).collect())
        });
        let plan = lines.await.unwrap().join("\n");
        assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
        plan
    }

    fn has_line_with(plan: &str, parts: &[&str]) -> bool {
        plan.lines().any(|line| parts.iter().all(|part| line.contains(part)))
    }

    #[on_both_databases]
    async fn a_prefix_is_a_range_of_the_index_and_nothing_is_sorted(world: World) {
        for sql in [page!("key, value, expires_at"), page!("key, expires_at")] {
            let plan = plan(&world, sql, Some("a:")).await;
            let of_sqlite = has_line_with(&plan, &["SEARCH", "(application_id=? AND key>? AND key<?)"]);
            assert!(of_sqlite || has_line_with(&plan, &["Index Cond", "application_id =", "key >=", "key <"]), "{plan}");
        }
    }

    #[on_both_databases]
    async fn the_count_is_one_step_in_an_index(world: World) {
        let plan = plan(&world, last_number!(), None).await;
        assert!(has_line_with(&plan, &["SEARCH", "sqlite_autoindex_key_values_2"]) || has_line_with(&plan, &["Backward", "number_key"]), "{plan}");
    }

    #[on_both_databases]
    async fn the_greatest_number_is_the_count_whatever_is_deleted(mut world: World) {
        let application = world.application("shop").await.parse().unwrap();
        let account = world.authenticated(&world.owner, "GetApplications").await.account;
        let counted = async |world: &World| {
            let account = account.clone();
            world.read(move |tx| Ok((count(&account, tx, application)?, rows(tx)?))).await.unwrap()
        };
        for key in ["a", "b", "c", "d", "e", "f"] {
            let ttl = if "be".contains(key) { 1 } else { 60 };
            world.api.storage_put(&account, application, key, "v", Some(ttl), world.now()).await.unwrap();
        }
        for (key, left) in [("f", 5), ("a", 4), ("nothing", 4), ("c", 3)] {
            world.api.storage_remove(&account, application, key, world.now()).await.unwrap();
            assert_eq!(counted(&world).await, (left, left), "{key}");
        }
        world.api.storage_put(&account, application, "d", "replaced", Some(60), world.now()).await.unwrap();
        world.api.storage_put(&account, application, "g", "new", Some(60), world.now()).await.unwrap();
        assert_eq!(counted(&world).await, (4, 4));
        world.advance_ms(1_000);
        world.api.clean(world.now()).await.unwrap();
        assert_eq!(counted(&world).await, (2, 2));
        assert_eq!(world.api.storage_keys(&account, application, None, 10, world.now()).await.unwrap(), ["d", "g"]);
    }
}
