use cordboard_api::{codes, listing, registry::Catalogue};

use super::method::COMMON;
use crate::reference::model::{Page, error_link, joined, method_link, text};

/// Methods that are named on a code's page; most codes have fewer.
const NAMED: usize = 40;

pub fn pages() -> Vec<Page> {
    let mut index = Page::new("errors", "Errors", "The error codes and what they mean.");
    index.paragraph("A refusal is HTTP 200 with `error` in its body: a `code` from this list, which never changes its meaning, a sentence `msg` for people, and `field_name` where one parameter is to blame. When several parameters are wrong, `errors` lists all refusals and `error` is the first.");
    index.code("json", "{\"error\":{\"code\":134,\"msg\":\"The parameter 'key_id' is required.\",\"field_name\":\"key_id\"}}");
    index.paragraph("Other HTTP statuses are rare: 429 beside code 340 when an account starts too many sessions at once, and plain texts for requests that could not be read (400, 405, 408, 503).");
    index.blocks.push(crate::reference::model::Block::Filter { label: "Find a code" });
    let rows = codes::TABLE.iter().map(|(code, meaning)| vec![vec![error_link(*code)], vec![text(*meaning)]]);
    index.table("Error codes", &["Code", "Meaning"], rows.collect());
    let mut pages = vec![index];
    pages.extend(codes::TABLE.iter().map(|(code, meaning)| page(codes::Code(*code), meaning)));
    pages
}

fn page(code: codes::Code, meaning: &str) -> Page {
    let mut page = Page::new(format!("errors/{}", code.0), format!("Error {}", code.0), meaning);
    page.paragraph(&format!("{meaning}."));
    if let Some(advice) = advice(code) {
        page.paragraph(advice);
    }
    page.heading("Who answers it");
    if COMMON.contains(&code) {
        page.paragraph("Any method.");
    }
    let methods: Vec<_> = Catalogue::get().real().filter(|method| listing::errors_of(method.errors, &(method.fields)()).contains(&code)).collect();
    let parameters: Vec<_> = methods.iter().filter(|_| !COMMON.contains(&code)).collect();
    if methods.is_empty() && !COMMON.contains(&code) {
        page.paragraph("No method that is available today.");
    } else if !parameters.is_empty() {
        let mut named = joined(parameters.iter().take(NAMED).map(|method| method_link(method.name)), ", ");
        if parameters.len() > NAMED {
            named.push(text(format!(" and {} more", parameters.len() - NAMED)));
        }
        page.blocks.push(crate::reference::model::Block::Paragraph(named));
    }
    page
}

/// What helps, where the meaning alone does not say it.
fn advice(code: codes::Code) -> Option<&'static str> {
    Some(match code {
        codes::INTERNAL | codes::UNRECOVERABLE | codes::DATABASE => {
            "This is a defect or a broken machine, not your request. Nothing was changed; the server's log says what happened."
        }
        codes::AUTHENTICATION_FAILED => {
            "The token's `kid` names no key, its signature does not fit, `iss` or `account_id` is not the key's account or one below it, or older credentials are wrong. A token and older credentials in one request are refused, too, as is an address outside the authorized ones."
        }
        codes::ARGUMENTS => "`msg` says which parameter is wrong and what would be right.",
        codes::COMMAND_MISSING => "Name the method in the path, `/platform_api/METHOD`, or as `cmd`.",
        codes::UNKNOWN_COMMAND => "Names of methods are case-sensitive; the index of this reference has all.",
        codes::ACCESS_DENIED => {
            "`msg` names the roles that may call the method. Give one of them to the service account with `SetKeyRoles`, or in the control panel. The same code answers when a caller would give away more rights than it has."
        }
        codes::REQUIRED => "`field_name` is the parameter that is missing. An empty value counts as none.",
        codes::RATE_LIMIT => "A limit of the server is reached; `msg` names the setting. Try again later, or ask the operator to raise it.",
        codes::JWT_MALFORMED => {
            "The `Authorization` header must be `Bearer` and a JWT with the algorithm RS256, a `kid` in its header and `iss`, `iat` and `exp` in its body."
        }
        codes::JWT_LIFETIME => "`exp` may be at most 3600 seconds after `iat`.",
        codes::JWT_ISSUED_IN_FUTURE => "The clock of the machine that signs is ahead of the server's.",
        codes::JWT_EXPIRED => "Sign a new token; the key itself does not expire.",
        codes::KEY_ID => "`GetKeys` lists the ids. A key of another account is as unknown as one that does not exist.",
        _ => return None,
    })
}
