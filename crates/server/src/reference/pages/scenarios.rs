//! The surface of the scenario runtime, from the text that a net of the engine keeps true.

use std::collections::BTreeMap;

use cordboard_engine::{JS_ERROR, TIMEOUT, limits};

use crate::reference::model::{Block, Inline, Page, code, link, marked, text};

const NAMES: &str = include_str!("../../../../../docs/SCENARIO_NAMES.md");

/// One function, class, method or property.
struct Name<'a> {
    name: &'a str,
    status: &'a str,
    module: &'a str,
}

/// A group of constants that stand below one name.
struct Constants<'a> {
    path: &'a str,
    names: Vec<&'a str>,
}

#[derive(Default)]
struct Surface<'a> {
    spaces: BTreeMap<&'a str, Vec<Name<'a>>>,
    constants: Vec<Constants<'a>>,
}

impl<'a> Surface<'a> {
    fn read(source: &'a str) -> Self {
        let mut surface = Self::default();
        let mut space = "";
        for line in source.lines() {
            if let Some(name) = line.strip_prefix("## ") {
                space = name;
            } else if let Some(row) = line.strip_prefix("| `") {
                let mut cells = row.trim_end_matches('|').split('|').map(str::trim);
                let (Some(name), Some(status)) = (cells.next(), cells.next()) else { continue };
                surface.spaces.entry(space).or_default().push(Name { name: name.trim_end_matches('`'), status, module: cells.next().unwrap_or_default() });
            } else if let Some((path, rest)) = line.strip_prefix("**").and_then(|line| line.split_once("** (")) {
                let names = rest.split_once("): ").map(|(_, names)| names.split(", ").collect());
                surface.constants.push(Constants { path, names: names.unwrap_or_default() });
            }
        }
        surface
    }

    fn of<'s>(&'s self, space: &'s str) -> impl Iterator<Item = &'s Constants<'a>> {
        self.constants.iter().filter(move |group| group.path.split('.').next() == Some(space))
    }
}

pub fn pages() -> Vec<Page> {
    let surface = Surface::read(NAMES);
    let mut index = Page::new("scenarios", "Scenarios", "What scripts written for VoxEngine find here, by namespace and class.");
    index.paragraph("Every name of the runtime exists. What is not built yet says \"is not yet available in Cordboard\" when it is called, so that a script fails where it stands and not elsewhere.");
    index.blocks.push(Block::Paragraph(vec![
        link("/docs/scenarios/constants", "Constants"),
        text(" lists names with values that belong to no namespace below, "),
        link("/docs/scenarios/limits", "Limits and ends"),
        text(" what a session may use and how it ends."),
    ]));
    index.blocks.push(Block::Filter { label: "Find a namespace or class" });
    let rows = surface.spaces.iter().map(|(space, names)| {
        let built = names.iter().filter(|name| name.status != "not built").count();
        let constants: usize = surface.of(space).map(|group| group.names.len()).sum();
        vec![
            vec![Inline::Link { to: address(space), text: (*space).to_owned(), code: true }],
            vec![text(format!("{built} of {}", names.len()))],
            vec![text(constants.to_string())],
            module_of(names).map(module_code).into_iter().collect(),
        ]
    });
    index.table("Namespaces and classes", &["Name", "Built", "Constants", "Needs"], rows.collect());
    let mut pages = vec![index, constants(&surface), limits_and_ends()];
    pages.extend(surface.spaces.iter().map(|(space, names)| page(space, names, &surface)));
    pages
}

fn address(space: &str) -> String {
    format!("/docs/scenarios/{space}")
}

/// The module that all names need, if it is one.
fn module_of<'a>(names: &[Name<'a>]) -> Option<&'a str> {
    let first = names.first()?.module;
    (!first.is_empty() && names.iter().all(|name| name.module == first)).then_some(first)
}

fn module_code(module: &str) -> Inline {
    code(format!("Modules.{module}"))
}

fn page(space: &str, names: &[Name], surface: &Surface) -> Page {
    let built = names.iter().filter(|name| name.status != "not built").count();
    let mut page = Page::new(format!("scenarios/{space}"), space, format!("{built} of {} names are built.", names.len()));
    page.paragraph(&format!("{built} of {} functions, classes, methods and properties are built. `Class#method()` is called on an object of the class.", names.len()));
    let module = module_of(names);
    if let Some(module) = module {
        page.paragraph(&format!("A scenario gets it by `require(Modules.{module})`."));
    }
    let rows = names.iter().map(|name| {
        let status = match name.status {
            "server" => "a call of the Management API",
            other => other,
        };
        let mut row = vec![vec![code(name.name)], vec![text(status)]];
        if module.is_none() {
            row.push(if name.module.is_empty() { Vec::new() } else { vec![module_code(name.module)] });
        }
        row
    });
    let head: &[&'static str] = if module.is_none() && names.iter().any(|name| !name.module.is_empty()) { &["Name", "State", "Needs"] } else { &["Name", "State"] };
    page.table("Names", head, rows.map(|row| row.into_iter().take(head.len()).collect()).collect());
    let groups: Vec<&Constants> = surface.of(space).collect();
    if !groups.is_empty() {
        page.heading("Constants");
        constant_groups(&mut page, &groups);
    }
    page
}

fn constants(surface: &Surface) -> Page {
    let mut page = Page::new("scenarios/constants", "Constants", "Events, codes and other values that scripts name.");
    page.paragraph("All of them are built and have the values that scripts written for VoxEngine expect. A name with * is newer than most.");
    let apart: Vec<&Constants> = surface.constants.iter().filter(|group| group.path.split('.').next().is_some_and(|space| !surface.spaces.contains_key(space))).collect();
    constant_groups(&mut page, &apart);
    page
}

fn constant_groups(page: &mut Page, groups: &[&Constants]) {
    let rows = groups.iter().map(|group| vec![vec![code(group.path)], vec![text(group.names.join(", "))]]);
    page.table("Constants", &["Below", "Names"], rows.collect());
}

fn limits_and_ends() -> Page {
    let mut page = Page::new("scenarios/limits", "Limits and ends", "What a session may use, and what the history says when it ends.");
    page.heading("Limits of a session");
    page.paragraph("Beyond a limit a call throws an error that names it, unless the table says otherwise.");
    let mib = |bytes: usize| if bytes.is_multiple_of(1024 * 1024) { format!("{} MiB", bytes / 1024 / 1024) } else { format!("{} KiB", bytes / 1024) };
    let rows = [
        ("Memory of JavaScript", format!("{}; the session ends", mib(limits::MEMORY_BYTES))),
        ("Timers that run", limits::TIMERS.to_string()),
        ("Interval of `setInterval`", format!("{} ms at least", limits::INTERVAL_MS)),
        ("HTTP requests under way", format!("{}, and {} with those that wait", limits::HTTP_ACTIVE, limits::HTTP_ALL)),
        ("Time of an HTTP request", format!("{} s, {} s to connect", limits::HTTP_SECONDS, limits::HTTP_CONNECT_SECONDS)),
        ("Body of an HTTP request", mib(limits::HTTP_BODY_BYTES)),
        ("Mails under way", format!("{}, and {} with those that wait", limits::MAIL_ACTIVE, limits::MAIL_ALL)),
        ("Storage and Management API calls under way", limits::LOOKUPS.to_string()),
        ("Outgoing WebSockets", limits::SOCKETS_OUT.to_string()),
        ("Incoming WebSockets", format!("as many as calls, and {} more", limits::SOCKETS_IN)),
        ("Message of a WebSocket", mib(limits::SOCKET_MESSAGE_BYTES)),
        ("Answer at the control URL", mib(limits::ANSWER_BYTES)),
        ("Custom data", mib(limits::CUSTOM_DATA_BYTES)),
        ("Calls", format!("{}, and {} that are not answered", limits::CALLS, limits::CALLS_UNANSWERED)),
        ("Listeners of one event", limits::LISTENERS.to_string()),
        ("Line of the log", format!("{} characters, then it is cut", limits::LOG_LINE_CHARACTERS)),
        ("Log", format!("{}, then it says that it is full", mib(limits::LOG_BYTES))),
        ("Time without calls", format!("{} s, unless the operator says otherwise; the session ends", limits::IDLE_MS / 1000)),
        ("Open requests after `terminate`", format!("{} s", limits::DRAIN_MS / 1000)),
    ];
    page.table("Limits", &["What", "Limit"], rows.into_iter().map(|(what, limit)| vec![marked(what), vec![text(limit)]]).collect());
    page.heading("How a session ends");
    page.paragraph("`finish_reason` in the history is one of these:");
    let ends = [
        ("Normal termination", "The scenario called `VoxEngine.terminate`."),
        (TIMEOUT, "It was without a call for too long."),
        (JS_ERROR, "The script threw an error that nothing caught, ran for too long without a pause, or had no memory left. The log has the error."),
        ("Terminated administratively", "`StopSession` ended it, or the server stopped."),
        ("Internal error (the server was restarted)", "A crash of the server cut it off."),
    ];
    page.table("Ends", &["finish_reason", "Why"], ends.into_iter().map(|(reason, why)| vec![vec![code(reason)], marked(why)]).collect());
    page.heading("What is not built");
    page.paragraph("A function that is not built throws `Error: NAME is not yet available in Cordboard`.");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generated_text_is_read_whole() {
        let surface = Surface::read(NAMES);
        let names: usize = surface.spaces.values().map(Vec::len).sum();
        assert_eq!(names, NAMES.lines().filter(|line| line.starts_with("| `")).count());
        assert!(surface.spaces["VoxEngine"].iter().any(|name| name.name == "VoxEngine.terminate()" && name.status == "built"));
        let constants: usize = surface.constants.iter().map(|group| group.names.len()).sum();
        assert!(NAMES.contains(&format!("| constants | {constants} | 0 |")), "{constants}");
    }
}
