//! One authenticated call: what a handler is given.

use std::{net::IpAddr, sync::Arc};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Api,
    auth::{still_allowed, too_many},
    caller::{Account, Caller, Identity},
    calls::Revoked,
    codes,
    error::{Error, Result},
    store::{
        self,
        db::{Lock, Tx},
    },
    wire::{Field, Params, Scalar, Utc},
};

#[derive(Clone)]
pub struct Call {
    pub(crate) api: Arc<Api>,
    pub account: Account,
    pub caller: Caller,
    pub now: Utc,
    pub ip: IpAddr,
    pub(crate) command: &'static str,
    pub(crate) arguments: Arguments,
}

impl Call {
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Reads that see one state of the database.
    pub async fn read<R: Send + 'static>(&self, work: impl FnOnce(&Account, &Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let account = self.account.clone();
        self.api.db.read(move |tx| work(&account, tx)).await
    }

    /// One write with its line in the audit log, durable when this returns.
    pub async fn write<R: Serialize + Send + 'static>(&self, work: impl FnOnce(&Account, &Tx) -> Result<R> + Send + 'static) -> Result<R> {
        Ok(self.write_beside(move |account, tx| Ok((work(account, tx)?, ()))).await?.0)
    }

    /// A write after which users must prove themselves again. The calls hear of it also when the caller does not wait for the answer.
    pub async fn write_and_revoke<R: Serialize + Send + 'static>(&self, work: impl FnOnce(&Account, &Tx) -> Result<(R, Vec<Revoked>)> + Send + 'static) -> Result<R> {
        let call = self.clone();
        let written = tokio::spawn(async move {
            let (result, revoked) = call.write_beside(work).await?;
            call.api.revocations.add(revoked);
            Ok(result)
        });
        written.await.map_err(|error| Error::internal(codes::INTERNAL, error.to_string()))?
    }

    /// Gives something beside the answer that the audit log does not have.
    async fn write_beside<R: Serialize + Send + 'static, B: Send + 'static>(
        &self,
        work: impl FnOnce(&Account, &Tx) -> Result<(R, B)> + Send + 'static,
    ) -> Result<(R, B)> {
        let account = self.account.clone();
        let mut line = self.audit_line();
        let caller = self.caller.clone();
        self.api
            .db
            .write(Lock::Account(account.id()), move |tx| {
                still_allowed(tx, &caller)?;
                let (result, beside) = work(&account, tx)?;
                line.cmd_result = audited(&result);
                store::audit_log::insert(&account, tx, &line)?;
                Ok((result, beside))
            })
            .await
    }

    /// One write that changes nothing of the account's things, such as the order of a report: it has no line in the audit log.
    pub async fn note<R: Send + 'static>(&self, work: impl FnOnce(&Account, &Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let (account, caller) = (self.account.clone(), self.caller.clone());
        self.api
            .db
            .write(Lock::Account(account.id()), move |tx| {
                still_allowed(tx, &caller)?;
                work(&account, tx)
            })
            .await
    }

    /// Runs what takes long on a processor, such as hashing a password, away from the request threads.
    pub async fn compute<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        let _place = self.place()?;
        self.api.compute(work).await
    }

    /// Generates a key, away from the request threads.
    pub async fn generate<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        let _place = self.place()?;
        self.api.generate(work).await
    }

    fn audit_line(&self) -> store::audit_log::Line {
        let (key_id, subuser_id, subuser_name) = match &self.caller.identity {
            // On a child account the parent's subuser would be a stranger's number.
            Identity::Key { id, subuser_id } => (Some(id.clone()), subuser_id.filter(|_| self.caller.home == self.account.id()), None),
            Identity::Account { .. } => (None, None, None),
            Identity::Subuser { id, name } if self.caller.home == self.account.id() => (None, Some(*id), Some(name.clone())),
            Identity::Subuser { .. } => (None, None, None),
        };
        store::audit_log::Line {
            requested_at: self.now,
            ip: self.ip.to_string(),
            key_id,
            subuser_id,
            subuser_name,
            cmd_name: self.command,
            cmd_args: Value::Object(self.arguments.json()).to_string(),
            cmd_result: None,
        }
    }
}

/// Members of answers that no log may hold.
const SECRET_RESULTS: [&str; 4] = ["private_key", "api_key", "callback_salt", "session_id"];

fn audited<R: Serialize>(result: &R) -> Option<String> {
    let mut value = serde_json::to_value(result).ok()?;
    fn hide(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !SECRET_RESULTS.contains(&name.as_str()));
                members.values_mut().for_each(hide);
            }
            Value::Array(items) => items.iter_mut().for_each(hide),
            _ => {}
        }
    }
    hide(&mut value);
    (!value.is_null()).then(|| value.to_string())
}

/// The parameters of a call as the audit log keeps them: typed, known ones only, without secrets.
#[derive(Clone, Debug, Default)]
pub struct Arguments(Map<String, Value>);

/// Characters of one argument that the audit log keeps; scenarios' texts are longer.
const KEPT_CHARACTERS: usize = 2_000;

impl Arguments {
    pub fn of(params: &Params, fields: &[Field]) -> Self {
        let mut out = Map::new();
        for field in fields {
            let texts: Vec<&str> = params.all(field.name).collect();
            let Some(last) = texts.last() else { continue };
            let value = match (field.secret, field.kind) {
                (true, _) => Value::from("***"),
                (_, "file") => Value::from("(file)"),
                (_, "intlist" | "stringlist") => {
                    texts.iter().flat_map(|text| text.split(';')).map(str::trim).filter(|item| !item.is_empty()).take(1_000).map(|item| typed(field.kind, item)).collect()
                }
                (_, kind) => typed(kind, last),
            };
            out.insert(field.name.to_owned(), value);
        }
        Self(out)
    }

    fn json(&self) -> Map<String, Value> {
        self.0.clone()
    }
}

fn typed(kind: &str, text: &str) -> Value {
    let number = || text.trim().parse::<i64>().ok().map(Value::from);
    let value = match kind {
        "int" | "intlist" => number(),
        "bool" => bool::parse(text, &crate::wire::Rules::NONE).ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| Value::from(text.chars().take(KEPT_CHARACTERS).collect::<String>()))
}

/// A limit of the installation that a call would pass.
pub fn limit(code: crate::codes::Code, what: &str, most: i64, setting: &str) -> Error {
    Error::new(code, format!("There may be at most {most} {what}. The operator's setting is {setting}."))
}

/// A unique value that is taken, or another failure.
pub fn taken(failure: store::db::Failure, error: impl FnOnce() -> Error) -> crate::error::Errors {
    match failure {
        store::db::Failure::NotUnique(_) => error().into(),
        other @ store::db::Failure::Broken(_) => other.into(),
    }
}

/// `result: 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Done {
    /// 1 on success.
    pub result: i64,
}

impl Done {
    pub const YES: Self = Self { result: 1 };
}

pub(crate) fn not_yet_available(name: &str) -> Error {
    Error::new(codes::UNKNOWN_COMMAND, format!("{name} is known but not yet available in this version of Cordboard."))
}

impl Call {
    /// Verifies a subuser's present password and hashes the new one; `None` when the present one is wrong, which counts.
    pub(crate) async fn replace_password(&self, subuser: &str, kept: String, old: String, new: String) -> Result<Option<String>> {
        let (suspects, now_ms, limiter) = (vec![crate::limiter::Suspect::Subuser(self.account.id(), subuser.to_owned())], self.now.0, self.api.limiter.clone());
        limiter.check(&suspects, now_ms).map_err(too_many)?;
        self.compute(move || {
            if !limiter.is_right(suspects, now_ms, &old, &kept).map_err(too_many)? {
                return Ok(None);
            }
            crate::password::hash(&new).map(Some)
        })
        .await
    }

    /// A place among the computations of the caller's account, for work in several steps.
    pub(crate) fn place(&self) -> Result<crate::Place<'_>> {
        self.api.place(self.caller.home)
    }

    /// Matches patterns away from the request threads, within a place.
    pub(crate) async fn compare<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        self.api.compare(work).await
    }
}
