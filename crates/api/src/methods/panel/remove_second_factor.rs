use super::{User, must_know_password};
use crate::{methods::prelude::*, store::second_factors};

pub const ACCESS: Access = Access::SignedIn;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::ARGUMENTS, codes::OLD_SUBUSER_PASSWORD, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// The present password of who is signed in.
    #[param(secret)]
    pub password: String,
}

pub type Response = Done;

/// Takes away the second factor of who is signed in, with its recovery codes.
#[method(ours)]
pub async fn remove_second_factor(call: &Call, request: Request) -> Result<Response> {
    let user = User::of(&call.caller);
    must_know_password(call, &user, request.password).await?;
    call.write(move |account, tx| {
        if user.second_factor(account, tx)?.is_none() {
            return Err(Error::new(codes::ARGUMENTS, "There is no second factor to remove.").into());
        }
        second_factors::delete(account, tx, user.subuser_id())?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn it_needs_the_password_and_then_the_password_is_enough(world: World) {
        let owner = world.panel(&world.password()).await;
        let remove = [("password", world.owner_password.as_str())];
        assert_eq!(world.refused(&owner, "RemoveSecondFactor", &remove).await, 101);
        world.second_factor(&owner).await;
        assert_eq!(world.refused(&owner, "RemoveSecondFactor", &[("password", "Wr0ng-Passw")]).await, 448);
        world.ok(&owner, "RemoveSecondFactor", &remove).await;
        world.ok(&world.password(), "GetRules", &[]).await;
        world.open_panel(&world.password()).await;
        world.second_factor(&owner).await;
    }

    #[on_both_databases]
    async fn a_subuser_s_factor_is_its_own(world: World) {
        let id = world.add_subuser("alice", &["Owner"]).await;
        let (owner, alice) = (world.panel(&world.password()).await, world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await);
        world.second_factor(&alice).await;
        assert_eq!(world.refused(&owner, "RemoveSecondFactor", &[("password", &world.owner_password)]).await, 101);
        world.ok(&world.password(), "GetRules", &[]).await;
        world.ok(&owner, "DelSubUser", &[("subuser_id", &id)]).await;
    }
}
