use super::{User, counted, recovery_tag, take_app_code};
use crate::{
    methods::prelude::*,
    secrets,
    store::{logon_sessions, panel_sessions, second_factors},
    totp,
};

pub const ACCESS: Access = Access::SignedIn;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::ARGUMENTS];

/// Recovery codes of a second factor.
const RECOVERY_CODES: usize = 10;

#[derive(Request)]
pub struct Request {
    /// The six digits that the app shows now.
    #[param(code(CODE), secret)]
    pub code: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    /// Ten codes, each of which replaces the app once. They are shown once.
    pub recovery_codes: Vec<String>,
}

/// Switches the second factor on that StartSecondFactor made, and ends the other sessions of who is signed in.
///
/// From then on the password alone opens no session and authenticates no call; service accounts and the API key go on.
#[method(ours)]
pub async fn confirm_second_factor(call: &Call, request: Request) -> Result<Response> {
    let user = User::of(&call.caller);
    let recovery_codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<Vec<_>>>()?;
    let (of_user, secrets, now, codes) = (user.clone(), call.api().secrets.clone(), call.now, recovery_codes.clone());
    let session = call.caller.panel_session().map(<[u8]>::to_vec);
    let confirm = call.write(move |account, tx| {
        let started = of_user.second_factor(account, tx)?.filter(|factor| factor.confirmed_at.is_none());
        let factor = started.ok_or_else(|| Error::new(codes::ARGUMENTS, "There is no second factor to confirm. StartSecondFactor makes one."))?;
        take_app_code(&secrets, &of_user, account, tx, &factor, &request.code, now)?;
        second_factors::confirm(account, tx, factor.id, now)?;
        for code in &codes {
            second_factors::add_recovery_code(account, tx, factor.id, &recovery_tag(&secrets, factor.id, code))?;
        }
        match of_user.subuser_id() {
            Some(id) => logon_sessions::end_of_subuser(account, tx, id, now)?,
            None => logon_sessions::end_of_account(tx, account.id(), now)?,
        }
        panel_sessions::end_of_user(tx, account.id(), of_user.subuser_id(), session.as_deref())?;
        Ok(Done::YES)
    });
    counted(call, &user, confirm).await?;
    Ok(Response { result: 1, recovery_codes })
}

/// 80 bits as four groups of four letters and digits.
fn recovery_code() -> Result<String> {
    let letters = totp::base32(&secrets::random::<10>()?);
    let groups: Vec<&str> = (0..letters.len()).step_by(4).filter_map(|at| letters.get(at..at + 4)).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    async fn sign_in(world: &World, who: &Who, code: &str) -> Value {
        world.call(who, "OpenPanelSession", &[("code", code)]).await
    }

    #[on_both_databases]
    async fn with_a_second_factor_the_password_alone_opens_nothing(mut world: World) {
        world.add_subuser("alice", &["Owner"]).await;
        let api_key = world.api_key().await;
        for who in [world.password(), world.subuser("alice", SUBUSER_PASSWORD)] {
            let (session, other) = (world.panel(&who).await, world.panel(&who).await);
            let logon = world.ok(&who, "Logon", &[]).await;
            let logged_on = Who::Older(vec![("session_id".to_owned(), logon["result"].as_str().unwrap_or_default().to_owned())]);
            let call = world.authenticated(&who, "AddApplication").await;
            let factor = world.second_factor(&session).await;
            assert_eq!(world.ok(&session, "GetPanelSession", &[]).await["result"]["second_factor"], true);
            assert_eq!((world.refused(&other, "GetRules", &[]).await, world.refused(&logged_on, "GetRules", &[]).await), (100, 137));
            for method in ["GetRules", "Logon"] {
                let answer = world.call(&who, method, &[]).await;
                assert!(answer["error"]["code"] == 100 && answer["error"]["msg"].as_str().is_some_and(|text| text.contains("API key")), "{answer}");
            }
            let written = call.write(|_, tx| Ok(crate::store::meta::set(tx, "written", "yes")?)).await;
            assert_eq!(written.err().map(|errors| errors.first_code().0), Some(100));
            assert_eq!(world.ok(&who, "OpenPanelSession", &[]).await, json!({"result": 0, "second_factor_required": true}));
            world.advance_ms(30_000);
            let opened = sign_in(&world, &who, &factor.code(&world)).await;
            world.ok(&Who::Panel(opened["token"].as_str().unwrap_or_default().to_owned()), "GetRules", &[]).await;
        }
        world.ok(&world.owner, "GetRules", &[]).await;
        world.ok(&api_key, "GetRules", &[]).await;
    }

    #[on_both_databases]
    async fn a_parent_s_password_with_a_second_factor_makes_no_child(world: World) {
        world.second_factor(&world.panel(&world.password()).await).await;
        let parent = [("parent_account_name", "owner"), ("parent_account_password", world.owner_password.as_str())];
        let child = [("account_name", "tenant-1"), ("account_email", "t1@example.org"), ("account_password", CHILD_PASSWORD)];
        assert_eq!(world.refused(&Who::Nobody, "AddAccount", &[&parent[..], &child].concat()).await, 100);
    }

    #[on_both_databases]
    async fn a_code_is_taken_once(mut world: World) {
        let factor = world.second_factor(&world.panel(&world.password()).await).await;
        let confirmed = factor.code(&world);
        assert_eq!(sign_in(&world, &world.password(), &confirmed).await["error"]["code"], 232);
        world.advance_ms(30_000);
        let code = factor.code(&world);
        let both = futures_util::future::join_all([sign_in(&world, &world.password(), &code), sign_in(&world, &world.password(), &code)]).await;
        assert_eq!(both.iter().filter(|answer| answer["result"] == 1).count(), 1, "{both:?}");
        assert_eq!(both.iter().filter(|answer| answer["error"]["code"] == 232).count(), 1, "{both:?}");
        // A step before the last one is used up, too.
        assert_eq!(sign_in(&world, &world.password(), &confirmed).await["error"]["code"], 232);
    }

    #[on_both_databases]
    async fn a_recovery_code_replaces_the_app_once(world: World) {
        let factor = world.second_factor(&world.panel(&world.password()).await).await;
        assert_eq!(factor.recovery_codes.len(), 10);
        let first = factor.recovery_codes[0].as_str();
        assert_eq!(sign_in(&world, &world.password(), &first.to_lowercase().replace('-', " ")).await["result"], 1);
        assert_eq!(sign_in(&world, &world.password(), first).await["error"]["code"], 232);
        assert_eq!(sign_in(&world, &world.password(), &factor.recovery_codes[9]).await["result"], 1);
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(factor.recovery_codes.iter().all(|code| !log.contains(code)), "{log}");
    }

    #[on_both_databases]
    async fn guessing_at_codes_is_slowed_down(mut world: World) {
        world.add_subuser("alice", &["Owner"]).await;
        let alice = world.subuser("alice", SUBUSER_PASSWORD);
        let of_alice = world.second_factor(&world.panel(&alice).await).await;
        let factor = world.second_factor(&world.panel(&world.password()).await).await;
        world.advance_ms(30_000);
        for ip in 1..6 {
            let guesser = world.from_ip(&format!("198.51.100.{ip}"));
            assert_eq!(sign_in(&guesser, &world.password(), "0").await["error"]["code"], 232);
        }
        world.advance_ms(15 * 60_000 - 1);
        for code in [factor.code(&world), factor.recovery_codes[0].clone()] {
            assert_eq!(sign_in(&world, &world.password(), &code).await["error"]["code"], 162);
        }
        // Neither the password nor another user's codes are counted with them.
        assert_eq!(world.ok(&world.password(), "OpenPanelSession", &[]).await["second_factor_required"], true);
        assert_eq!(sign_in(&world, &alice, &of_alice.code(&world)).await["result"], 1);
        world.advance_ms(1);
        assert_eq!(sign_in(&world, &world.password(), &factor.code(&world)).await["result"], 1);
    }

    #[on_both_databases]
    async fn right_codes_are_no_guesses(mut world: World) {
        let factor = world.second_factor(&world.panel(&world.password()).await).await;
        for _ in 0..8 {
            world.advance_ms(30_000);
            assert_eq!(sign_in(&world, &world.password(), &factor.code(&world)).await["result"], 1);
        }
    }

    #[on_both_databases]
    async fn a_wrong_code_switches_nothing_on(world: World) {
        let owner = world.panel(&world.password()).await;
        assert_eq!(world.refused(&owner, "ConfirmSecondFactor", &[("code", "123456")]).await, 101);
        world.ok(&owner, "StartSecondFactor", &[("password", &world.owner_password)]).await;
        for code in ["1", "abcdef", "0000000"] {
            assert_eq!(world.refused(&owner, "ConfirmSecondFactor", &[("code", code)]).await, 232);
        }
        world.ok(&world.password(), "GetRules", &[]).await;
    }
}
