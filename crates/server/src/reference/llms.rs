//! Lists of pages for language models, in the shape of llmstxt.org.

use std::fmt::Write;

use super::{
    markdown,
    model::{Page, marked},
};

/// Sections of a list: what their pages' paths begin with.
const SECTIONS: [(&str, &str); 4] = [("", "Guides"), ("methods", "Methods"), ("scenarios", "Scenarios"), ("errors", "Errors")];

const ABOUT: &str = "A self-hosted communications platform whose HTTP API is wire-compatible with the Voximplant Management API. This is its reference.";

/// The pages at and below a path; `None` when there is none.
pub fn list<'a>(pages: impl Iterator<Item = &'a Page>, below: &str) -> Option<String> {
    let inside = |page: &&Page| below.is_empty() || page.path == below || page.path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
    let pages: Vec<&Page> = pages.filter(inside).collect();
    let first = pages.first()?;
    let (title, about) = match below {
        "" => ("Cordboard", ABOUT),
        _ if first.path == below => (first.title.as_str(), first.about.as_str()),
        _ => ("Methods", "Every method of the Management API."),
    };
    let mut out = format!("# {}\n\n> {}\n", markdown::inlines(&marked(title)), markdown::inlines(&marked(about)));
    if below.is_empty() {
        out.push_str("\nThe whole reference in one text is [llms-full.txt](/llms-full.txt); programs read [OpenAPI](/docs/openapi.json) and [methods.json](/docs/methods.json). Links lead to Markdown; without `.md` they are HTML.\n");
    }
    for (prefix, name) in SECTIONS {
        let mut of_section = pages.iter().filter(|page| section(page) == prefix).peekable();
        if of_section.peek().is_none() {
            continue;
        }
        // What a reader in a hurry may leave out has this name.
        let name = if below.is_empty() && prefix == "errors" { "Optional" } else { name };
        let _ = writeln!(out, "\n## {name}\n");
        for page in of_section {
            let _ = writeln!(out, "- [{}]({}.md): {}", markdown::inlines(&marked(&page.title)), page.address(), markdown::inlines(&marked(&page.about)));
        }
    }
    Some(out)
}

fn section(page: &Page) -> &str {
    let first = page.path.split('/').next().unwrap_or_default();
    if SECTIONS.iter().any(|(prefix, _)| *prefix == first) { first } else { "" }
}

/// Every page in one text.
pub fn whole<'a>(pages: impl Iterator<Item = &'a Page>) -> String {
    pages.map(markdown::page).collect::<Vec<_>>().join("\n")
}
