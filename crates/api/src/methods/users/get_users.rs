use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        users::{self, Filter, Order, User},
    },
    wire::Micros,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::UserManager]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Users;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The users' application.
    pub application: One<Application>,
    /// Only holders of this skill.
    #[param(code(SKILL_ID))]
    pub skill_id: Option<i64>,
    /// Leaves out holders of this skill.
    #[param(code(EXCLUDED_SKILL_ID))]
    pub excluded_skill_id: Option<i64>,
    /// Only members of this queue.
    #[param(code(ACD_QUEUE_ID))]
    pub acd_queue_id: Option<i64>,
    /// Leaves out members of this queue.
    #[param(code(ACD_QUEUE_ID))]
    pub excluded_acd_queue_id: Option<i64>,
    /// Only this user.
    #[param(code(USER_ID))]
    pub user_id: Option<i64>,
    /// Part of the login name.
    pub user_name: Option<String>,
    /// Only active, or only inactive users.
    pub user_active: Option<bool>,
    /// Part of the shown name.
    #[param(code(USER_DISPLAY_NAME), max_chars(255))]
    pub user_display_name: Option<String>,
    /// Adds the users' skills.
    #[param(default("false"))]
    pub with_skills: bool,
    /// Adds the users' queues.
    #[param(default("false"))]
    pub with_queues: bool,
    /// Only users in these states.
    #[param(code(ACD_STATUS), values(&["OFFLINE", "ONLINE", "READY", "BANNED", "IN_SERVICE", "AFTER_SERVICE", "TIMEOUT", "DND"]))]
    pub acd_status: Option<Vec<String>>,
    /// The skill to show among the users' skills.
    #[param(code(SKILL_ID))]
    pub showing_skill_id: Option<i64>,
    /// Page.
    pub page: Page,
    /// What the list is sorted by.
    #[param(default("user_name"), values(&["user_id", "user_name", "user_display_name"]))]
    pub order_by: String,
    /// Counts running calls into the balance.
    pub return_live_balance: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<UserInfo>,
    pub total_count: i64,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct UserInfo {
    pub user_id: i64,
    pub user_name: String,
    pub user_display_name: String,
    pub user_active: bool,
    pub parent_accounting: bool,
    pub live_balance: Micros,
    pub balance: Micros,
    pub fixed_balance: Micros,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_custom_data: Option<String>,
    /// Empty until skills are available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<[i64; 0]>,
    /// Empty until queues are available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acd_queues: Option<[i64; 0]>,
    pub acd_status: &'static str,
    pub acd_status_change_time: Utc,
    pub created: Utc,
    pub modified: Utc,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    pub frozen: bool,
}

/// The state of every user as long as nobody can log in to a queue.
const OFFLINE: &str = "OFFLINE";

/// Lists the users of an application.
#[method]
pub async fn get_users(call: &Call, request: Request) -> Result<Response> {
    let unknown = [
        ("skill_id", codes::SKILL_ID, request.skill_id),
        ("acd_queue_id", codes::ACD_QUEUE_ID, request.acd_queue_id),
        ("showing_skill_id", codes::SKILL_ID, request.showing_skill_id),
    ]
    .into_iter()
    .chain([("excluded_skill_id", codes::EXCLUDED_SKILL_ID, request.excluded_skill_id), ("excluded_acd_queue_id", codes::ACD_QUEUE_ID, request.excluded_acd_queue_id)])
    .find_map(|(name, code, id)| id.map(|id| Error::field(code, name, format!("'{name}' is invalid: this account has no skill or queue {id}."))));
    if let Some(error) = unknown {
        return Err(error.into());
    }
    let nobody = request.acd_status.is_some_and(|states| !states.iter().any(|state| state.eq_ignore_ascii_case(OFFLINE)));
    let order = match request.order_by.to_ascii_lowercase().as_str() {
        "user_id" => Order::Id,
        "user_display_name" => Order::DisplayName,
        _ => Order::Name,
    };
    let (with_skills, with_queues) = (request.with_skills, request.with_queues);
    let found = call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        if nobody {
            return Ok((Vec::new(), 0));
        }
        let filter =
            Filter { application_id: application.id, id: request.user_id, name: request.user_name, display_name: request.user_display_name, active: request.user_active };
        Ok(users::page(account, tx, &filter, order, request.page)?)
    });
    let (users, total_count) = found.await?;
    let view = |user: User| UserInfo {
        user_id: user.id,
        user_name: user.name,
        user_display_name: user.display_name,
        user_active: user.active,
        parent_accounting: user.parent_accounting,
        live_balance: Micros(user.balance_micros),
        balance: Micros(user.balance_micros),
        fixed_balance: Micros(user.balance_micros),
        user_custom_data: user.custom_data,
        skills: with_skills.then_some([]),
        acd_queues: with_queues.then_some([]),
        acd_status: OFFLINE,
        acd_status_change_time: user.created_at,
        created: user.created_at,
        modified: user.modified_at,
        mobile_phone: user.mobile_phone,
        frozen: false,
    };
    let result: Vec<UserInfo> = users.into_iter().map(view).collect();
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn users_are_sorted_filtered_and_paged(world: World) {
        let shop = world.application("shop").await;
        for name in ["bob", "alice", "carol"] {
            world.user(&shop, name).await;
        }
        let list = async |pairs: &[(&str, &str)]| {
            let all: Vec<_> = pairs.iter().copied().chain([("application_id", shop.as_str())]).collect();
            let seen = world.ok(&world.owner, "GetUsers", &all).await;
            seen["result"].as_array().into_iter().flatten().map(|user| user["user_name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list(&[]).await, ["alice", "bob", "carol"]);
        assert_eq!(list(&[("order_by", "user_id")]).await, ["bob", "alice", "carol"]);
        assert_eq!(list(&[("user_name", "O")]).await, ["bob", "carol"]);
        assert_eq!(list(&[("user_display_name", "LIC")]).await, ["alice"]);
        assert_eq!(list(&[("user_active", "false")]).await, [""; 0]);
        assert_eq!(list(&[("count", "1"), ("offset", "1")]).await, ["bob"]);
        assert_eq!(list(&[("acd_status", "READY;DND")]).await, [""; 0]);
        assert_eq!(list(&[("acd_status", "offline")]).await.len(), 3);
    }

    #[on_both_databases]
    async fn what_does_not_exist_is_refused(world: World) {
        let shop = world.application("shop").await;
        for (name, value, code) in [("skill_id", "1", 222), ("acd_queue_id", "1", 218), ("acd_status", "AWAY", 227), ("order_by", "age", 101), ("count", "x", 101)] {
            assert_eq!(world.refused(&world.owner, "GetUsers", &[("application_id", shop.as_str()), (name, value)]).await, code, "{name}");
        }
        assert_eq!(world.refused(&world.owner, "GetUsers", &[]).await, 134);
        assert_eq!(world.refused(&world.owner, "GetUsers", &[("application_name", "none")]).await, 558);
        let seen = world.ok(&world.owner, "GetUsers", &[("application_id", shop.as_str()), ("with_skills", "1")]).await;
        assert_eq!(seen["result"], json!([]));
    }
}
