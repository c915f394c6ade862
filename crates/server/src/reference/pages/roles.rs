use cordboard_api::{
    listing,
    registry::{Access, Catalogue},
    roles::Role,
};

use crate::reference::model::{Block, Page, code, joined, link, method_link, text};

pub fn page() -> Page {
    let mut page = Page::new("roles", "Roles", "What each role of service accounts and subusers may call.");
    page.paragraph("A service account or a subuser has any number of roles, and may call what one of them opens. Roles are given by id or name; a name is found whatever its case, blanks and hyphens.");
    page.paragraph("A caller can give others only rights that it has itself. An account's own password or API key may call everything.");
    let rows = Role::ALL
        .into_iter()
        .map(|role| vec![vec![text(role.id().to_string())], vec![link(format!("#{}", super::super::model::id_of(role.name())), role.name())], vec![text(role.about())]]);
    page.table("Roles", &["role_id", "role_name", "What it is for"], rows.collect());
    let entries = Catalogue::get().entries();
    let named = |page: &mut Page, wanted: &dyn Fn(&cordboard_api::registry::Entry) -> bool| {
        let names = entries.iter().filter(|entry| wanted(entry)).map(|entry| method_link(entry.name()));
        page.blocks.push(Block::Paragraph(joined(names, ", ")));
    };
    page.heading("Without a role");
    page.paragraph("Every service account may call these:");
    named(&mut page, &|entry| entry.access() == Access::Basic);
    page.heading("With any role");
    page.paragraph("Every role opens these beside its own:");
    named(&mut page, &|entry| entry.access() == Access::AnyRole);
    for role in Role::ALL {
        page.heading(role.name());
        page.blocks.push(Block::Paragraph(vec![
            text(format!("{} ", role.about())),
            code(format!("role_id={}", role.id())),
            text(", group "),
            code(role.group().name),
            text("."),
        ]));
        let own = |entry: &cordboard_api::registry::Entry| matches!(entry.access(), Access::Roles(_)) && listing::roles_of(entry).contains(&role);
        if entries.iter().any(own) {
            named(&mut page, &own);
        } else {
            page.paragraph("Nothing beside what every role opens.");
        }
    }
    page
}
