use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        secrets::{self, Secret},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Secrets;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The secrets to delete, or `all`.
    #[param(all)]
    pub secrets: Many<Secret>,
    /// The secrets' application.
    pub application: One<Application>,
}

pub type Response = Done;

/// Deletes secrets: those named, all of them or none. Running sessions keep what they were given at their start.
#[method]
pub async fn del_secret(call: &Call, request: Request) -> Result<Response> {
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        for secret in request.secrets.find(account, tx, application.id)? {
            secrets::delete(account, tx, secret.id)?;
        }
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    async fn add(world: &World, application: &str, name: &str) -> String {
        let params = [("application_id", application), ("secret_name", name), ("secret_value", "v")];
        world.ok(&world.owner, "AddSecret", &params).await["result"]["secret_id"].to_string()
    }

    async fn left(world: &World, application: &str) -> i64 {
        world.ok(&world.owner, "GetSecrets", &[("application_id", application)]).await["total_count"].as_i64().unwrap()
    }

    #[on_both_databases]
    async fn the_named_ones_go_or_none(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let a = add(&world, &shop, "a").await;
        for name in ["b", "c", "d"] {
            add(&world, &shop, name).await;
        }
        let of_bank = add(&world, &bank, "a").await;
        let in_shop = ("application_id", shop.as_str());
        for (name, value) in [("secret_id", format!("{a};{of_bank}")), ("secret_id", format!("{a};99999")), ("secret_name", "b;A".to_owned())] {
            assert_eq!(world.refused(&world.owner, "DelSecret", &[in_shop, (name, &value)]).await, 101, "{value}");
        }
        assert_eq!(world.refused(&world.owner, "DelSecret", &[in_shop]).await, 134);
        assert_eq!(world.refused(&world.owner, "DelSecret", &[("secret_id", &a)]).await, 134);
        assert_eq!(left(&world, &shop).await, 4);
        world.ok(&world.owner, "DelSecret", &[in_shop, ("secret_id", &a)]).await;
        world.ok(&world.owner, "DelSecret", &[in_shop, ("secret_name", "b;c")]).await;
        assert_eq!(left(&world, &shop).await, 1);
        world.ok(&world.owner, "DelSecret", &[in_shop, ("secret_id", "all")]).await;
        assert_eq!((left(&world, &shop).await, left(&world, &bank).await), (0, 1));
    }

    #[on_both_databases]
    async fn secrets_go_with_their_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        add(&world, &shop, "a").await;
        let kept = add(&world, &bank, "b").await;
        world.ok(&world.owner, "DelApplication", &[("application_id", &shop)]).await;
        let rows = world.read(|tx| Ok(crate::store::secrets::ids(tx)?)).await.ok();
        assert_eq!(rows, Some(vec![kept.parse().unwrap()]));
    }
}
