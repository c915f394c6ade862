//! How a session begins, whoever wants it: `StartScenarios`, or a call that comes in.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::{
    Api,
    caller::Account,
    codes,
    error::{Error, Result},
    live::Start,
    methods::applications::full_name,
    secrets,
    store::{
        applications::{self, Application},
        db::{Lock, Tx},
        rules::Rule,
        scenarios,
        sessions::{self, New, Node},
    },
    things::Thing,
    wire::Utc,
};

/// What a rule runs, read in one state of the database.
#[derive(Clone, Debug)]
pub struct Plan {
    pub account: Account,
    pub application: Application,
    pub rule: Rule,
    pub user_id: Option<i64>,
    /// Names and texts in the rule's order; at least one.
    pub scenarios: Vec<(String, String)>,
    recorded: bool,
}

impl Plan {
    /// Reads what a rule runs; `None` when it has no scenario.
    pub(crate) fn read(account: &Account, tx: &Tx, application: Application, rule: Rule, user_id: Option<i64>) -> Result<Option<Self>> {
        let bound = scenarios::of_rule(account, tx, rule.id)?;
        if bound.is_empty() {
            return Ok(None);
        }
        let scenarios = bound.into_iter().map(|scenario| Ok((scenario.name, scenarios::script(account, tx, scenario.id)?))).collect::<Result<_>>()?;
        let recorded = applications::is_recorded(account, tx, application.id)?;
        Ok(Some(Self { account: account.clone(), application, rule, user_id, recorded, scenarios }))
    }
}

/// A session of a plan that is not in the database yet.
pub(crate) struct Draft {
    plan: Plan,
    node: Node,
    new: New,
    token: String,
    secrets: BTreeMap<String, String>,
}

impl Draft {
    /// Writes the session's row and says its number. A refusal has the code of `rule_id`.
    pub(crate) fn begin(&self, account: &Account, tx: &Tx) -> Result<i64> {
        // The rule may be gone since it was read.
        let rule_id = self.new.rule_id;
        let gone = || Error::field(codes::RULE_ID, "rule_id", format!("'rule_id' is invalid: there is no rule {rule_id}."));
        Rule::by_id(account, tx, Some(self.new.application_id), rule_id)?.ok_or_else(gone)?;
        Ok(sessions::begin(account, tx, &self.node, &self.new)?)
    }

    /// What the server begins the session with.
    pub(crate) fn start(&self, api: &Api, session_id: i64) -> Start {
        let (plan, token) = (&self.plan, &self.token);
        let url = |base: &str| format!("{base}/request/{session_id}/{token}");
        Start {
            session_id,
            application_id: plan.application.id,
            application_name: full_name(&api.settings, &plan.account, &plan.application.name),
            rule_id: plan.rule.id,
            rule_name: plan.rule.name.clone(),
            user_id: plan.user_id,
            bind_key_id: plan.rule.bind_key_id.clone(),
            scenarios: plan.scenarios.clone(),
            custom_data: self.new.custom_data.clone(),
            access_url: url(&api.settings.plain_url),
            access_secure_url: url(&api.settings.secure_url),
            log_url: api.log_url(session_id),
            token: token.clone(),
            secrets: self.secrets.clone(),
            recorded: plan.recorded,
            account: plan.account.clone(),
        }
    }
}

impl Api {
    /// Draws a session's token and reads what it may know of secrets.
    pub(crate) async fn draft(&self, plan: Plan, initiator_address: String, custom_data: String, now: Utc) -> Result<Draft> {
        let secrets = self.secrets_of(&plan.account, plan.application.id).await?;
        let bytes: [u8; 16] = secrets::random()?;
        let token = crate::password::hex(&bytes);
        let new = New {
            application_id: plan.application.id,
            application_name: plan.application.name.clone(),
            rule_id: plan.rule.id,
            rule_name: plan.rule.name.clone(),
            user_id: plan.user_id,
            token_hash: Sha256::digest(token.as_bytes()).to_vec(),
            initiator_address,
            media_server_address: self.media_server_address(),
            secure: plan.application.secure_record_storage,
            started_at: now,
            custom_data,
        };
        Ok(Draft { node: self.node()?, plan, new, token, secrets })
    }

    /// Writes the row of a session that the server has admitted, and gives what it begins with. `initiator_address` is the
    /// caller's. The server then owes `session_ended`, or gives the admission back when this fails: the rule may be gone (147).
    pub async fn open_session(&self, plan: Plan, initiator_address: String, custom_data: String, now: Utc) -> Result<Start> {
        let account = plan.account.clone();
        let draft = self.draft(plan, initiator_address, custom_data, now).await?;
        let (session_id, draft) = self
            .db
            .write_soon(Lock::None, move |tx| {
                let session_id = draft.begin(&account, tx)?;
                Ok((session_id, draft))
            })
            .await?;
        Ok(draft.start(self, session_id))
    }

    /// What the history says of where media went.
    pub(crate) fn media_server_address(&self) -> String {
        without_port(&self.settings.public_host).to_owned()
    }
}

/// A host without the port behind it.
fn without_port(host: &str) -> &str {
    host.rsplit_once(':').filter(|(name, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty()).map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_host_is_told_without_its_port() {
        for (host, wanted) in [("example.org", "example.org"), ("127.0.0.1:8443", "127.0.0.1"), ("[::1]:8443", "[::1]"), ("[::1]", "[::1]")] {
            assert_eq!(super::without_port(host), wanted);
        }
    }
}
