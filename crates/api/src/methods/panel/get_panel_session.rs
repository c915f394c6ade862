use super::User;
use crate::{
    methods::prelude::*,
    registry::{Catalogue, Entry},
    store::{accounts, panel_sessions, second_factors},
};

pub const ACCESS: Access = Access::PanelSession;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: PanelSessionView,
}

#[derive(Serialize, JsonSchema)]
pub struct PanelSessionView {
    /// The account that the call acts on: the own one, or the descendant that `account_id` names.
    pub account_id: i64,
    pub account_name: String,
    pub account_email: String,
    /// The account's time zone.
    pub location: String,
    /// The account that was signed in to.
    pub home_account_id: i64,
    pub home_account_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser_name: Option<String>,
    /// The account itself, or a subuser with the role Owner.
    pub is_owner: bool,
    /// The subuser's roles; the account itself has none and may do everything.
    pub roles: Vec<&'static str>,
    /// The methods that the session may call.
    pub methods: Vec<&'static str>,
    /// Until ChangePanelPassword was called, nothing but that, GetPanelSession and ClosePanelSession may be.
    pub password_must_change: bool,
    /// Whether signing in needs a second factor.
    pub second_factor: bool,
    pub panel_session_id: i64,
}

/// Says who is signed in, on which account, and what they may do there.
#[method(ours)]
pub async fn get_panel_session(call: &Call, _request: Request) -> Result<Response> {
    let (user, caller) = (User::of(&call.caller), call.caller.clone());
    let session = caller.panel_session().unwrap_or_default().to_vec();
    let gone = || Error::authentication("The session was ended meanwhile.");
    call.read(move |account, tx| {
        let session = panel_sessions::by_token(tx, &session)?.ok_or_else(gone)?;
        let home = accounts::tenant_by_id(tx, caller.home)?.ok_or_else(gone)?;
        let second_factor = second_factors::is_on(tx, home.id, user.subuser_id())?;
        let may = |entry: &&Entry| matches!(entry, Entry::Real(_)) && (entry.access().is_for_panel_sessions() || Catalogue::get().holds(&caller.rights, entry.name()));
        let (subuser_id, subuser_name) = user.subuser.unzip();
        let result = PanelSessionView {
            account_id: account.id(),
            account_name: account.name().to_owned(),
            account_email: account.email().to_owned(),
            location: account.location().to_owned(),
            home_account_id: home.id,
            home_account_name: home.name,
            subuser_id,
            subuser_name,
            is_owner: caller.is_owner(),
            roles: caller.roles.iter().map(Role::name).collect(),
            methods: Catalogue::get().entries().iter().filter(may).map(Entry::name).collect(),
            password_must_change: session.password_must_change,
            second_factor,
            panel_session_id: session.id,
        };
        Ok(Response { result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    fn methods(answer: &Value) -> Vec<&str> {
        answer["result"]["methods"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    #[on_both_databases]
    async fn it_says_who_is_signed_in_and_what_they_may_do(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        let id = world.add_subuser("alice", &["Support"]).await;
        let owner = world.panel(&world.password()).await;
        let seen = world.ok(&owner, "GetPanelSession", &[]).await;
        assert_eq!((&seen["result"]["account_name"], &seen["result"]["is_owner"], seen["result"].get("subuser_id")), (&json!("owner"), &json!(true), None));
        assert!(methods(&seen).contains(&"AddSubUser") && methods(&seen).contains(&"ChangePanelPassword"));
        assert!(!methods(&seen).contains(&"Logon") && !methods(&seen).contains(&"OpenPanelSession"), "{seen}");
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let seen = world.ok(&alice, "GetPanelSession", &[("account_id", &child)]).await;
        let wanted = json!({"account_id": child.parse::<i64>().unwrap(), "account_name": "tenant-1", "account_email": "t1@example.org", "location": "Etc/GMT",
            "home_account_id": world.account_id().parse::<i64>().unwrap(), "home_account_name": "owner", "subuser_id": id.parse::<i64>().unwrap(),
            "subuser_name": "alice", "is_owner": false, "roles": ["Support"], "password_must_change": false, "second_factor": false});
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(&seen["result"][name], value, "{name}");
        }
        assert!(methods(&seen).contains(&"GetRules") && !methods(&seen).contains(&"AddSubUser"));
        for method in methods(&seen) {
            assert_ne!(world.call(&alice, method, &[]).await["error"]["code"], 104, "{method}");
        }
    }

    #[on_both_databases]
    async fn only_a_panel_session_asks(world: World) {
        for who in [world.owner.clone(), world.password()] {
            assert_eq!(world.refused(&who, "GetPanelSession", &[]).await, 104);
        }
        let nobody = world.api.handle(world.form(&Who::Panel(String::new()), "GetPanelSession", &[])).await;
        assert_eq!((nobody.status, json_of(&nobody)["error"]["code"].as_u64()), (401, Some(100)));
    }
}
