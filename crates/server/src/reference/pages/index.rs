use cordboard_api::registry::{Catalogue, Entry, Origin};

use crate::reference::model::{Block, Page, link, method_link, text};

pub fn page() -> Page {
    let mut page = Page::new("", "Management API", "All methods by group.");
    let entries = Catalogue::get().entries();
    let real = Catalogue::get().real().count();
    page.blocks.push(Block::Paragraph(vec![
        text(format!("{} methods, of which {real} are available; the others answer that they are not yet available. A call is ", entries.len())),
        super::method::call_shape(),
        text(" with a token. "),
        link("/docs/authentication", "Authentication"),
        text(" says how to get one, "),
        link("/docs/roles", "Roles"),
        text(" who may call what, "),
        link("/docs/errors", "Errors"),
        text(" what a refusal means."),
    ]));
    page.blocks.push(Block::Filter { label: "Find a method" });
    let mut groups: Vec<&str> = entries.iter().map(Entry::group).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        page.heading(group);
        let rows = entries.iter().filter(|entry| entry.group() == group).map(|entry| vec![vec![method_link(entry.name())], super::super::model::marked(&summary(entry))]);
        page.table(group, &["Method", "What it does"], rows.collect());
    }
    page
}

/// The first line of a method's description.
pub fn summary(entry: &Entry) -> String {
    match entry {
        Entry::Real(method) => {
            let ours = if method.origin == Origin::Cordboard { " (Cordboard's own)" } else { "" };
            format!("{}{ours}", method.doc.lines().next().unwrap_or_default())
        }
        Entry::Declared(_) => "Not yet available.".to_owned(),
    }
}
