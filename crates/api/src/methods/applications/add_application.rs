use crate::{
    methods::prelude::*,
    store::applications::{self, Application},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[codes::APPLICATION_NAME, codes::APPLICATION_NAME_TAKEN, codes::APPLICATION_LIMIT];

#[derive(Request)]
pub struct Request {
    /// The short name, `[a-z][a-z0-9-]{1,64}`.
    #[param(code(APPLICATION_NAME))]
    pub application_name: String,
    /// Hides logs and recordings behind authorization.
    #[param(default("false"))]
    pub secure_record_storage: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub application_id: i64,
    /// The full name, `<short>.<account>.<domain>`.
    pub application_name: String,
    pub secure_record_storage: bool,
}

/// Creates an application.
#[method]
pub async fn add_application(call: &Call, request: Request) -> Result<Response> {
    let name = super::short_name(&request.application_name, 64)?;
    let (settings, now) = (call.api().settings.clone(), call.now);
    call.write(move |account, tx| {
        let most = settings.limits.applications;
        if applications::count(account, tx)? >= most {
            return Err(limit(codes::APPLICATION_LIMIT, "applications", most, "limits.applications").into());
        }
        if Application::by_name(account, tx, (), &name)?.is_some() {
            return Err(super::name_taken(&name).into());
        }
        let application_id = applications::insert(account, tx, &name, request.secure_record_storage, now)?;
        Ok(Response { result: 1, application_id, application_name: super::full_name(&settings, account, &name), secure_record_storage: request.secure_record_storage })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_answer_has_the_full_name(world: World) {
        let answer = world.ok(&world.owner, "AddApplication", &[("application_name", "shop"), ("secure_record_storage", "1")]).await;
        assert_eq!(answer["application_name"], "shop.owner.cordboard.internal");
        assert_eq!(answer["secure_record_storage"], true);
    }

    #[on_both_databases]
    async fn names_are_unique_and_in_form(world: World) {
        world.application("shop").await;
        assert_eq!(world.refused(&world.owner, "AddApplication", &[("application_name", "shop")]).await, 129);
        for name in ["s", "Shop", "1shop", "shop.x", "shöp", &"s".repeat(66)] {
            assert_eq!(world.refused(&world.owner, "AddApplication", &[("application_name", name)]).await, 107, "{name}");
        }
        world.application(&"s".repeat(65)).await;
        assert_eq!(world.refused(&world.owner, "AddApplication", &[]).await, 134);
        assert_eq!(world.refused(&world.key(&["Developer"]).await, "AddApplication", &[("application_name", "bank")]).await, 104);
        world.ok(&world.key(&["Editor"]).await, "AddApplication", &[("application_name", "bank")]).await;
    }

    #[on_both_databases]
    async fn the_limit_holds_when_two_race(world: World) {
        let world = world.with(|settings| settings.limits.applications = 3).await;
        let (a, b) = tokio::join!(
            world.call(&world.owner, "AddApplication", &[("application_name", "shop")]),
            world.call(&world.owner, "AddApplication", &[("application_name", "bank")])
        );
        let (c, d) = tokio::join!(
            world.call(&world.owner, "AddApplication", &[("application_name", "club")]),
            world.call(&world.owner, "AddApplication", &[("application_name", "desk")])
        );
        let refused: Vec<_> = [&a, &b, &c, &d].into_iter().filter_map(|answer| answer["error"]["code"].as_i64()).collect();
        assert_eq!(refused, [108, 108], "the demo application is the first");
    }
}
