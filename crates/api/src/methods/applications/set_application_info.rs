use crate::{
    methods::prelude::*,
    store::applications::{self, Application},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[codes::APPLICATION_NAME, codes::APPLICATION_NAME_TAKEN];

#[derive(Request)]
pub struct Request {
    /// The application to change.
    #[param(names("required_application_name"))]
    pub application: One<Application>,
    /// The new short name, `[a-z][a-z0-9-]{1,79}`.
    #[param(code(APPLICATION_NAME))]
    pub application_name: Option<String>,
    /// Hides logs and recordings behind authorization.
    pub secure_record_storage: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    /// The full name, `<short>.<account>.<domain>`.
    pub application_name: String,
    pub secure_record_storage: bool,
}

/// Renames an application or changes its record storage.
#[method]
pub async fn set_application_info(call: &Call, request: Request) -> Result<Response> {
    let name = request.application_name.as_deref().map(|name| super::short_name(name, 79)).transpose()?;
    let (settings, now) = (call.api().settings.clone(), call.now);
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        if let Some(name) = &name
            && Application::by_name(account, tx, (), name)?.is_some_and(|other| other.id != application.id)
        {
            return Err(super::name_taken(name).into());
        }
        applications::update(account, tx, application.id, name.as_deref(), request.secure_record_storage, now)?;
        Ok(Response {
            result: 1,
            application_name: super::full_name(&settings, account, name.as_deref().unwrap_or(&application.name)),
            secure_record_storage: request.secure_record_storage.unwrap_or(application.secure_record_storage),
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_application_is_renamed(world: World) {
        let shop = world.application("shop").await;
        let answer = world.ok(&world.owner, "SetApplicationInfo", &[("required_application_name", "shop"), ("application_name", "store")]).await;
        assert_eq!(answer, json!({"result": 1, "application_name": "store.owner.cordboard.internal", "secure_record_storage": false}));
        world.application("shop").await;
        assert_eq!(world.refused(&world.owner, "SetApplicationInfo", &[("application_id", shop.as_str()), ("application_name", "shop")]).await, 129);
        assert_eq!(world.refused(&world.owner, "SetApplicationInfo", &[("application_id", shop.as_str()), ("application_name", "Shop")]).await, 107);
        world.ok(&world.owner, "SetApplicationInfo", &[("application_id", shop.as_str()), ("application_name", "store")]).await;
    }

    #[on_both_databases]
    async fn the_id_wins_over_a_differing_name(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        world
            .ok(&world.owner, "SetApplicationInfo", &[("application_id", shop.as_str()), ("required_application_name", "bank"), ("secure_record_storage", "true")])
            .await;
        let seen = async |id: &str| world.ok(&world.owner, "GetApplications", &[("application_id", id)]).await["result"][0]["secure_record_storage"].clone();
        assert_eq!((seen(&shop).await, seen(&bank).await), (json!(true), json!(false)));
        assert_eq!(world.refused(&world.owner, "SetApplicationInfo", &[("application_name", "x1")]).await, 134);
    }
}
