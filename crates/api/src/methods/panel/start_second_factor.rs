use super::{User, must_know_password};
use crate::{methods::prelude::*, store::second_factors, totp};

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

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    /// The secret for an authenticator app, in Base32. It is shown once.
    pub secret: String,
    /// The same as an `otpauth` address, for a QR code.
    pub uri: String,
}

/// Makes the secret of a second factor for who is signed in; ConfirmSecondFactor switches it on.
#[method(ours)]
pub async fn start_second_factor(call: &Call, request: Request) -> Result<Response> {
    let user = User::of(&call.caller);
    must_know_password(call, &user, request.password).await?;
    let bytes = totp::secret()?;
    let sealed = call.api().secrets.encrypt(user.purpose(&call.account), &bytes)?;
    let secret = totp::base32(&bytes);
    let uri = totp::uri(user.name(&call.account), &secret);
    call.write(move |account, tx| {
        if user.second_factor(account, tx)?.is_some_and(|factor| factor.confirmed_at.is_some()) {
            return Err(Error::new(codes::ARGUMENTS, "You have a second factor already. RemoveSecondFactor takes it away.").into());
        }
        second_factors::delete(account, tx, user.subuser_id())?;
        second_factors::insert(account, tx, user.subuser_id(), &sealed)?;
        Ok(Done::YES)
    })
    .await?;
    Ok(Response { result: 1, secret, uri })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_started_factor_changes_nothing_yet_and_may_be_started_again(world: World) {
        let owner = world.panel(&world.password()).await;
        let password = [("password", world.owner_password.as_str())];
        let first = world.ok(&owner, "StartSecondFactor", &password).await;
        let again = world.ok(&owner, "StartSecondFactor", &password).await;
        assert_ne!(first["secret"], again["secret"]);
        assert_eq!(first["secret"].as_str().map(str::len), Some(32));
        assert!(again["uri"].as_str().is_some_and(|uri| uri.contains(again["secret"].as_str().unwrap_or("?"))));
        assert_eq!(world.ok(&owner, "GetPanelSession", &[]).await["result"]["second_factor"], false);
        world.open_panel(&world.password()).await;
        world.ok(&world.password(), "GetRules", &[]).await;
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(log.contains("StartSecondFactor") && !log.contains(again["secret"].as_str().unwrap_or("?")), "{log}");
    }

    #[on_both_databases]
    async fn one_that_is_on_is_not_started_again(world: World) {
        let owner = world.panel(&world.password()).await;
        world.second_factor(&owner).await;
        assert_eq!(world.refused(&owner, "StartSecondFactor", &[("password", &world.owner_password)]).await, 101);
    }

    #[on_both_databases]
    async fn a_session_without_the_password_starts_none(world: World) {
        let owner = world.panel(&world.password()).await;
        assert_eq!(world.refused(&owner, "StartSecondFactor", &[("password", "Wr0ng-Passw")]).await, 448);
        assert_eq!(world.refused(&owner, "ConfirmSecondFactor", &[("code", "000000")]).await, 101);
    }
}
