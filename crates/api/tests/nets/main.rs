//! Nets over the whole crate: what holds for every method, every statement and every parser, and texts that are generated
//! from the catalogue. `BLESS=1` rewrites the texts; a change of them is to be reviewed like code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod committed;
mod conformance;
mod fuzz;
mod hostile;
mod limits;
mod openapi;
mod reference;
mod registry;
mod role_matrix;
mod statements;
mod tenant;
mod things;
mod wire;
