//! Both databases understand every statement.

use cordboard_api::{store::db::STATEMENTS, testing::*};

#[on_both_databases]
async fn every_statement_is_understood(world: World) {
    assert!(STATEMENTS.len() > 50, "only {} statements are registered", STATEMENTS.len());
    let mut refused = Vec::new();
    for sql in STATEMENTS {
        // One snapshot each: PostgreSQL ends a transaction at its first error.
        world.read(move |tx| Ok(tx.prepare(sql).map_err(|failure| format!("{}: {failure}", sql.at)))).await.unwrap().unwrap_or_else(|failure| refused.push(failure));
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[on_both_databases]
async fn a_statement_on_a_missing_column_is_refused(world: World) {
    static WRONG: cordboard_api::store::db::Sql =
        cordboard_api::store::db::Sql { sqlite: "SELECT nothing FROM accounts", postgres: "SELECT nothing FROM accounts", at: "" };
    assert!(world.read(|tx| Ok(tx.prepare(&WRONG))).await.unwrap().is_err());
}
