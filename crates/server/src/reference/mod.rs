//! The reference at `/docs`, made from the catalogue when it is first asked for. HTML, Markdown and the lists for language
//! models come from one model.

mod example;
mod html;
mod llms;
mod markdown;
mod members;
mod model;
mod pages;
mod serve;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, OnceLock},
};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use cordboard_api::{listing, openapi};
use tower_http::compression::CompressionLayer;

use crate::http::Shared;
use model::Page;
use serve::Text;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
const MARKDOWN: &str = "text/markdown; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

static METHODS: LazyLock<Text> = LazyLock::new(|| Text::new(JSON, listing::all().to_string()));
static OPENAPI: LazyLock<Text> = LazyLock::new(|| Text::new(JSON, openapi::document().to_string()));
static STYLE: LazyLock<Text> = LazyLock::new(|| Text::new("text/css; charset=utf-8", include_str!("docs.css")));
static SCRIPT: LazyLock<Text> = LazyLock::new(|| Text::new("text/javascript; charset=utf-8", include_str!("docs.js")));

/// All pages in the order of lists.
struct Reference {
    pages: Vec<Page>,
    by_path: BTreeMap<String, usize>,
    whole: OnceLock<Text>,
}

impl Reference {
    fn get(shared: &Shared) -> &'static Self {
        static REFERENCE: OnceLock<Reference> = OnceLock::new();
        REFERENCE.get_or_init(|| Self::new(&shared.api.settings.secure_url))
    }

    fn new(url: &str) -> Self {
        let pages = pages::all(url);
        let by_path = pages.iter().enumerate().map(|(at, page)| (page.path.clone(), at)).collect();
        Self { pages, by_path, whole: OnceLock::new() }
    }

    fn page(&self, path: &str) -> Option<&Page> {
        self.by_path.get(path).map(|at| &self.pages[*at])
    }

    /// What a path below `/docs/` leads to: a page, `PAGE.md`, or `PAGE/llms.txt`.
    fn text(&self, path: &str) -> Option<Text> {
        let path = path.trim_end_matches('/');
        if let Some(below) = path.strip_suffix("llms.txt").filter(|below| below.is_empty() || below.ends_with('/')) {
            return llms::list(self.pages.iter(), below.trim_end_matches('/')).map(|list| Text::new(PLAIN, list));
        }
        if let Some(path) = path.strip_suffix(".md") {
            let path = if path == "index" { "" } else { path };
            return self.page(path).map(|page| Text::new(MARKDOWN, markdown::page(page)));
        }
        self.page(if path == "methods" { "" } else { path }).map(|page| Text::new(HTML, html::page(page)))
    }

    fn whole(&self) -> &Text {
        self.whole.get_or_init(|| Text::new(PLAIN, llms::whole(self.pages.iter())))
    }
}

pub fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/docs/methods.json", get(async |headers: HeaderMap| METHODS.answer(&headers)))
        .route("/docs/openapi.json", get(async |headers: HeaderMap| OPENAPI.answer(&headers)))
        .route("/docs/docs.css", get(async |headers: HeaderMap| STYLE.answer(&headers)))
        .route("/docs/docs.js", get(async |headers: HeaderMap| SCRIPT.answer(&headers)))
        .route("/docs", get(async |state, headers| page(state, Path(String::new()), headers).await))
        .route("/docs/", get(async |state, headers| page(state, Path(String::new()), headers).await))
        .route("/docs.md", get(async |state, headers| page(state, Path("index.md".to_owned()), headers).await))
        .route("/llms.txt", get(async |state, headers| page(state, Path("llms.txt".to_owned()), headers).await))
        .route("/llms-full.txt", get(async |State(shared): State<Arc<Shared>>, headers: HeaderMap| Reference::get(&shared).whole().answer(&headers)))
        .route("/docs/{*path}", get(page))
        .layer(CompressionLayer::new().gzip(true))
}

async fn page(State(shared): State<Arc<Shared>>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    if let Some(text) = Reference::get(&shared).text(&path) {
        return text.answer(&headers);
    }
    let mut lost = Page::new("", "No such page", "The reference has no page here.");
    lost.blocks.push(model::Block::Paragraph(vec![
        model::text("The reference has no page here. Its "),
        model::link("/docs", "index"),
        model::text(" lists all methods."),
    ]));
    (StatusCode::NOT_FOUND, Text::new(HTML, html::page(&lost)).answer(&HeaderMap::new())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference() -> Reference {
        Reference::new("https://localhost:8443")
    }

    fn html(reference: &Reference, path: &str) -> String {
        html::page(reference.page(path).unwrap())
    }

    #[test]
    fn every_method_and_every_code_has_a_page() {
        let reference = reference();
        for entry in cordboard_api::registry::Catalogue::get().entries() {
            assert!(reference.page(&format!("methods/{}", entry.name())).is_some(), "{}", entry.name());
        }
        for (code, meaning) in cordboard_api::codes::TABLE {
            assert!(html(&reference, &format!("errors/{code}")).contains(&html::escaped(meaning)), "{code}");
        }
        assert_eq!(reference.by_path.len(), reference.pages.len(), "two pages share a path");
    }

    #[test]
    fn every_link_leads_to_a_page_and_every_id_is_there_once() {
        let reference = reference();
        let files = ["/", "/llms.txt", "/docs/openapi.json", "/docs/methods.json", "/docs/docs.css"];
        let ids = |text: &str| text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>();
        let texts: BTreeMap<String, String> = reference.pages.iter().map(|page| (page.address(), html::page(page))).collect();
        let by_address: BTreeMap<&str, Vec<String>> = texts.iter().map(|(address, text)| (address.as_str(), ids(text))).collect();
        for (address, text) in &texts {
            let own = &by_address[address.as_str()];
            let mut once = own.clone();
            once.sort();
            once.dedup();
            assert_eq!(own.len(), once.len(), "{address} has an id twice");
            for to in text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let (path, id) = to.split_once('#').unwrap_or((to, ""));
                let target = if path.is_empty() { Some(own) } else { by_address.get(path.trim_end_matches(".md")) };
                assert!(target.is_some_and(|target| id.is_empty() || target.contains(&id.to_owned())) || files.contains(&path), "{address}: {to}");
            }
        }
    }

    #[test]
    fn the_same_page_is_there_as_html_and_as_markdown() {
        let reference = reference();
        let page = html(&reference, "methods/SetKeyRoles");
        for wanted in ["<h1>SetKeyRoles</h1>", "<code>role_name</code>", "/docs/errors/433", "data-method=\"SetKeyRoles\"", "platform_api/SetKeyRoles", "/docs/roles"] {
            assert!(page.contains(wanted), "{wanted}");
        }
        let markdown = markdown::page(reference.page("methods/SetKeyRoles").unwrap());
        for wanted in ["# SetKeyRoles\n", "| `role_name` |", "[433](/docs/errors/433.md)", "```sh\ncurl "] {
            assert!(markdown.contains(wanted), "{wanted}");
        }
        assert!(reference.text("methods/SetKeyRoles.md").is_some() && reference.text("index.md").is_some() && reference.text("methods/Nothing.md").is_none());
    }

    #[test]
    fn a_declared_method_says_that_it_is_not_yet_available() {
        let page = html(&reference(), "methods/GetTransactionHistory");
        assert!(page.contains("not yet available") && !page.contains("<form"));
    }

    #[test]
    fn lists_for_language_models_are_below_every_page() {
        let reference = reference();
        for page in &reference.pages {
            let list = llms::list(reference.pages.iter(), &page.path).unwrap();
            assert!(list.starts_with("# ") && list.contains("\n> ") && list.contains(&format!("({}.md)", page.address())), "{}", page.path);
        }
        assert!(llms::list(reference.pages.iter(), "methods/Nothing").is_none());
        assert!(llms::list(reference.pages.iter(), "methods").unwrap().starts_with("# Methods\n"));
        let all = llms::list(reference.pages.iter(), "").unwrap();
        assert_eq!(all.matches(".md): ").count(), reference.pages.len());
    }

    #[test]
    fn there_is_no_script_or_style_in_a_page() {
        let reference = reference();
        for page in &reference.pages {
            let text = html::page(page);
            assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick") && text.matches("<script").count() == 1, "{}", page.path);
        }
    }
}
