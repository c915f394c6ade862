//! The pages, a file for each kind.

mod authentication;
mod errors;
mod index;
mod method;
mod roles;
mod scenarios;

use super::model::Page;

/// Every page, with `url` as the server's address in examples.
pub fn all(url: &str) -> Vec<Page> {
    let mut pages = vec![index::page(), authentication::page(url), roles::page()];
    pages.extend(method::pages(url));
    pages.extend(errors::pages());
    pages.extend(scenarios::pages());
    pages
}
