use crate::{
    methods::prelude::*,
    store::{panel_sessions, second_factors, subusers},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::ARGUMENTS, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The subuser; without it, the account itself.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: Option<i64>,
}

pub type Response = Done;

/// Takes away the second factor of somebody who has lost the app and the recovery codes, and ends their panel sessions.
///
/// An Owner does this for others. Who is signed in to the panel removes the own one with RemoveSecondFactor and the password.
#[method(ours)]
pub async fn reset_second_factor(call: &Call, request: Request) -> Result<Response> {
    let (caller, id) = (call.caller.clone(), request.subuser_id);
    call.write(move |account, tx| {
        if let Some(id) = id {
            subusers::find(account, tx, id)?;
            caller.must_cover("this subuser", subusers::roles(account, tx, id)?)?;
        }
        if caller.panel_session().is_some() && caller.home == account.id() && caller.subuser_id() == id {
            return Err(Error::new(codes::ACCESS_DENIED, "This is your own second factor. RemoveSecondFactor takes it away, with your password.").into());
        }
        if second_factors::of_user(account, tx, id)?.is_none() {
            return Err(Error::new(codes::ARGUMENTS, "There is no second factor to take away.").into());
        }
        second_factors::delete(account, tx, id)?;
        panel_sessions::end_of_user(tx, account.id(), id, None)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_owner_key_is_the_way_back(world: World) {
        let owner = world.panel(&world.password()).await;
        world.second_factor(&owner).await;
        assert_eq!(world.refused(&world.password(), "GetRules", &[]).await, 100);
        assert_eq!(world.refused(&world.key(&["Admin"]).await, "ResetSecondFactor", &[]).await, 104);
        assert_eq!(world.refused(&owner, "ResetSecondFactor", &[]).await, 104);
        world.ok(&world.owner, "ResetSecondFactor", &[]).await;
        assert_eq!(world.refused(&owner, "GetRules", &[]).await, 100);
        world.ok(&world.password(), "GetRules", &[]).await;
        world.open_panel(&world.password()).await;
        assert_eq!(world.refused(&world.owner, "ResetSecondFactor", &[]).await, 101);
    }

    #[on_both_databases]
    async fn an_owner_resets_a_subuser_s_and_a_child_s(world: World) {
        let id = world.add_subuser("alice", &["Owner"]).await;
        let child = world.child("tenant-1", "t1@example.org").await;
        let of_child = Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), CHILD_PASSWORD.to_owned())]);
        let (owner, alice) = (world.panel(&world.password()).await, world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await);
        world.second_factor(&alice).await;
        world.second_factor(&world.panel(&of_child).await).await;
        assert_eq!(world.refused(&alice, "ResetSecondFactor", &[("subuser_id", &id)]).await, 104);
        assert_eq!(world.refused(&owner, "ResetSecondFactor", &[("subuser_id", &id), ("account_id", &child)]).await, 434);
        world.ok(&owner, "ResetSecondFactor", &[("subuser_id", &id)]).await;
        world.ok(&owner, "ResetSecondFactor", &[("account_id", &child)]).await;
        for who in [world.subuser("alice", SUBUSER_PASSWORD), of_child] {
            world.ok(&who, "GetRules", &[]).await;
        }
    }
}
