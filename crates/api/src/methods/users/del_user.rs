use crate::{
    calls::Revoked,
    methods::prelude::*,
    store::{
        applications::Application,
        users::{self, User},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::UserManager]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Users;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The users to delete, or `all`.
    #[param(all)]
    pub users: Many<User>,
    /// The application that the deletion is limited to; needed with names.
    pub application: Option<One<Application>>,
}

pub type Response = Done;

/// Deletes users: those named, all of them or none.
#[method]
pub async fn del_user(call: &Call, request: Request) -> Result<Response> {
    call.write_and_revoke(move |account, tx| {
        let application = request.application.map(|application| application.find(account, tx, ())).transpose()?;
        let mut revoked = Vec::new();
        for user in request.users.find(account, tx, application.map(|application| application.id))? {
            users::delete(account, tx, user.id)?;
            revoked.push(Revoked::User { account_id: account.id(), application_id: user.application_id, user_id: user.id, name: user.name });
        }
        Ok((Done::YES, revoked))
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn all_is_limited_to_the_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for application in [&shop, &bank] {
            world.user(application, "alice").await;
            world.user(application, "bob").await;
        }
        world.ok(&world.owner, "DelUser", &[("user_id", "all"), ("application_id", &shop)]).await;
        let left = async |id: &str| world.ok(&world.owner, "GetUsers", &[("application_id", id)]).await["total_count"].as_i64();
        assert_eq!((left(&shop).await, left(&bank).await), (Some(0), Some(2)));
        world.ok(&world.owner, "DelUser", &[("user_name", "alice"), ("application_name", "bank")]).await;
        assert_eq!(left(&bank).await, Some(1));
        world.ok(&world.owner, "DelUser", &[("user_id", "all")]).await;
        assert_eq!(left(&bank).await, Some(0));
    }

    #[on_both_databases]
    async fn names_need_the_application_and_unknown_users_save_the_rest(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        assert_eq!(world.refused(&world.owner, "DelUser", &[("user_name", "alice")]).await, 134);
        assert_eq!(world.refused(&world.owner, "DelUser", &[("user_id", format!("{alice};99999").as_str())]).await, 117);
        assert_eq!(world.refused(&world.owner, "DelUser", &[("user_name", "alice;bob"), ("application_id", &shop)]).await, 117);
        assert_eq!(world.ok(&world.owner, "GetUsers", &[("application_id", &shop)]).await["total_count"], 1);
    }
}
