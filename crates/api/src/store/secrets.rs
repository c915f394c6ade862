use cordboard_derive::sql;

use super::{
    containing,
    db::{Failure, Tx},
    folded,
};
use crate::{
    bind,
    caller::Account,
    codes,
    error::Result,
    row,
    things::{Page, Thing},
    wire::Utc,
};

row! {
    /// A secret without its value.
    pub struct Secret {
        pub id: i64,
        pub application_id: i64,
        pub name: String,
        pub description: Option<String>,
        pub created_at: Utc,
        pub modified_at: Utc,
    }
}

macro_rules! secrets {
    ($($rest:literal)*) => {
        sql!(
            "SELECT id, application_id, name, description, created_at, modified_at FROM secrets WHERE account_id = ?1 AND application_id = ?2 " $($rest)*
        )
    };
}

impl Thing for Secret {
    const WORD: &'static str = "secret";
    const ID: &'static str = "secret_id";
    const NAME: &'static str = "secret_name";
    const ID_CODE: codes::Code = codes::ARGUMENTS;
    const NAME_CODE: codes::Code = codes::ARGUMENTS;
    /// The application.
    type Scope = i64;

    fn by_id(account: &Account, tx: &Tx, application_id: i64, id: i64) -> Result<Option<Self>, Failure> {
        tx.optional(secrets!("AND id = ?3"), bind![account.id(), application_id, id])
    }

    fn by_name(account: &Account, tx: &Tx, application_id: i64, name: &str) -> Result<Option<Self>> {
        Ok(tx.optional(secrets!("AND name = ?3"), bind![account.id(), application_id, name])?)
    }

    fn all(account: &Account, tx: &Tx, application_id: i64) -> Result<Vec<Self>, Failure> {
        tx.all(secrets!("ORDER BY id"), bind![account.id(), application_id])
    }
}

/// One page of the secrets whose name contains a text, and how many match in all.
pub fn page(account: &Account, tx: &Tx, application_id: i64, part: Option<&str>, page: Page) -> Result<(Vec<Secret>, i64), Failure> {
    let pattern = containing(part);
    let (total,) = tx.one(
        sql!("SELECT COUNT(*) FROM secrets WHERE account_id = ?1 AND application_id = ?2 AND name_folded LIKE ?3 ESCAPE '\\'"),
        bind![account.id(), application_id, &pattern],
    )?;
    let rows =
        tx.all(secrets!("AND name_folded LIKE ?3 ESCAPE '\\' ORDER BY id LIMIT ?4 OFFSET ?5"), bind![account.id(), application_id, &pattern, page.count, page.offset])?;
    Ok((rows, total))
}

row! {
    /// A secret's value, sealed to its id and application.
    pub struct Sealed {
        pub id: i64,
        pub name: String,
        pub value_encrypted: Vec<u8>,
    }
}

pub fn sealed(account: &Account, tx: &Tx, application_id: i64, id: i64) -> Result<Sealed, Failure> {
    tx.one(sql!("SELECT id, name, value_encrypted FROM secrets WHERE account_id = ?1 AND application_id = ?2 AND id = ?3"), bind![account.id(), application_id, id])
}

/// The sealed values of every secret of an application.
pub fn all_sealed(account: &Account, tx: &Tx, application_id: i64) -> Result<Vec<Sealed>, Failure> {
    tx.all(sql!("SELECT id, name, value_encrypted FROM secrets WHERE account_id = ?1 AND application_id = ?2 ORDER BY id"), bind![account.id(), application_id])
}

/// Secrets of an application, for its limit.
pub fn count(account: &Account, tx: &Tx, application_id: i64) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM secrets WHERE account_id = ?1 AND application_id = ?2"), bind![account.id(), application_id])?;
    Ok(count)
}

/// Makes a secret without a value, because the value is sealed to the id that this returns.
pub fn insert(account: &Account, tx: &Tx, application_id: i64, name: &str, description: Option<&str>, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO secrets (account_id, application_id, name, name_folded, description, value_encrypted, created_at, modified_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) RETURNING id"
        ),
        bind![account.id(), application_id, name, &folded(name), description, &b""[..], now.0],
    )?;
    Ok(id)
}

/// Changes of a secret; `None` leaves a column as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub description: Option<String>,
    pub value_encrypted: Option<Vec<u8>>,
}

pub fn update(account: &Account, tx: &Tx, id: i64, changes: &Changes, now: Utc) -> Result<(), Failure> {
    let name_folded = changes.name.as_deref().map(folded);
    tx.execute(
        sql!(
            "UPDATE secrets SET name = COALESCE(?3, name), name_folded = COALESCE(?4, name_folded), description = COALESCE(?5, description),
             value_encrypted = COALESCE(?6, value_encrypted), modified_at = ?7 WHERE account_id = ?1 AND id = ?2"
        ),
        bind![account.id(), id, &changes.name, &name_folded, &changes.description, &changes.value_encrypted, now.0],
    )?;
    Ok(())
}

pub fn delete(account: &Account, tx: &Tx, id: i64) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM secrets WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])?;
    Ok(())
}

/// Every row's id.
#[cfg(test)]
pub fn ids(tx: &Tx) -> Result<Vec<i64>, Failure> {
    let rows: Vec<(i64,)> = tx.all(sql!("SELECT id FROM secrets ORDER BY id"), &[])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[cfg(test)]
mod tests {
    use cordboard_derive::sql;

    use crate::{bind, store::db::Lock, testing::*};

    #[on_both_databases]
    async fn a_value_opens_in_its_own_row_alone(world: World) {
        let shop = world.application("shop").await;
        let mut ids = Vec::new();
        for (name, value) in [("low", "of-low"), ("high", "of-high")] {
            let added = world.ok(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", name), ("secret_value", value)]).await;
            ids.push(added["result"]["secret_id"].as_i64().unwrap());
        }
        let (low, high) = (ids[0], ids[1]);
        let copied = world.api.db.write(Lock::None, move |tx| {
            Ok(tx.execute(sql!("UPDATE secrets SET value_encrypted = (SELECT s.value_encrypted FROM secrets s WHERE s.id = ?1) WHERE id = ?2"), bind![high, low])?)
        });
        assert_eq!(copied.await.unwrap(), 1);
        let read = async |name: &str| world.send(world.form(&world.owner, "GetSecretValue", &[("application_id", &shop), ("secret_name", name)])).await;
        let swapped = read("low").await;
        assert_eq!(swapped["error"]["code"], 2, "{swapped}");
        assert!(!swapped.to_string().contains("of-high"), "{swapped}");
        assert_eq!(read("high").await["result"]["secret_value"], "of-high");
    }

    #[on_both_databases]
    async fn a_value_is_not_in_the_table(world: World) {
        let shop = world.application("shop").await;
        let add = [("application_id", shop.as_str()), ("secret_name", "token"), ("secret_value", "correct-horse")];
        world.ok(&world.owner, "AddSecret", &add).await;
        let (sealed,): (Vec<u8>,) = world.read(|tx| Ok(tx.one(sql!("SELECT value_encrypted FROM secrets"), &[])?)).await.unwrap();
        assert!(sealed.len() > "correct-horse".len() && !sealed.windows(7).any(|bytes| bytes == b"correct"), "{sealed:?}");
    }
}
