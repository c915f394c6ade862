//! Derives of the Management API: a request struct becomes a parser and a list of fields, a handler becomes a row of
//! the registry, a statement becomes its two database spellings.

use proc_macro::TokenStream;

mod method;
mod on_both;
mod request;
mod sql;

/// Turns a struct into a request: `Request::fields()` describes every wire parameter, `Request::read()` parses them.
///
/// The doc comment of a field is its description. `#[param(…)]` holds a comma-separated list of rules, each the name of
/// a method of `wire::Rules`: `#[param(code(RULE_NAME), max_chars(99))]`.
#[proc_macro_derive(Request, attributes(param))]
pub fn request(input: TokenStream) -> TokenStream {
    request::expand(syn::parse_macro_input!(input as syn::DeriveInput)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Registers an `async fn handler(call: &Call, request: Request) -> Result<Response>` as a method of the API.
///
/// The wire name is the function's name in camel case, or `name = "…"`. The file must also define `ACCESS`, `KIND`,
/// `AREA`, `ERRORS`, `Request` and `Response`. `parent_credentials` makes the older credentials those of the parent
/// account (`parent_account_…`); `answer` says that the handler makes its `Answer` itself; `ours` marks a method that the
/// original does not have.
#[proc_macro_attribute]
pub fn method(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = syn::parse_macro_input!(arguments with syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated);
    method::expand(&arguments, syn::parse_macro_input!(item as syn::ItemFn)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// A statement in the common subset of SQLite and PostgreSQL, as `&'static Sql`, entered in the list of all statements.
///
/// Parameters are `?1`, `?2`, …; `IDS(?1)` and `TEXTS(?1)` stand for a list that is bound as a JSON array of numbers or of
/// strings, to be used after `IN`. `INDEXED(name)` behind a table makes SQLite use that index, which without statistics takes
/// any; PostgreSQL has statistics. Several literals are one statement.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    let parts = syn::parse_macro_input!(input with sql::parts);
    sql::expand(&parts).into()
}

/// The lines of a doc comment, joined.
fn documentation(attributes: &[syn::Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(syn::MetaNameValue { value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// Turns `async fn name(world: World)` into two tests, one on a fresh SQLite file and one on a fresh PostgreSQL schema.
#[proc_macro_attribute]
pub fn on_both_databases(_: TokenStream, item: TokenStream) -> TokenStream {
    on_both::expand(syn::parse_macro_input!(item as syn::ItemFn)).unwrap_or_else(|e| e.to_compile_error()).into()
}
