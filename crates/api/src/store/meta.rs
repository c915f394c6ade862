use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::bind;

pub fn get(tx: &Tx, name: &str) -> Result<Option<String>, Failure> {
    Ok(tx.optional::<(String,)>(sql!("SELECT value FROM meta WHERE name = ?1"), bind![name])?.map(|(value,)| value))
}

pub fn set(tx: &Tx, name: &str, value: &str) -> Result<(), Failure> {
    tx.execute(sql!("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"), bind![name, value])?;
    Ok(())
}
