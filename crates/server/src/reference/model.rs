//! What a page says, apart from how it looks: HTML and Markdown are made from this.

/// A page of the reference.
pub struct Page {
    /// Below `/docs/`, such as `methods/SetKeyRoles`; empty for the index.
    pub path: String,
    pub title: String,
    /// One sentence for lists of pages.
    pub about: String,
    pub blocks: Vec<Block>,
}

impl Page {
    pub fn new(path: impl Into<String>, title: impl Into<String>, about: impl Into<String>) -> Self {
        Self { path: path.into(), title: title.into(), about: about.into(), blocks: Vec::new() }
    }

    /// The address of the page as HTML.
    pub fn address(&self) -> String {
        address(&self.path)
    }

    pub fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading { level: 2, id: id_of(text), text: vec![Inline::Text(text.to_owned())] });
    }

    pub fn subheading(&mut self, text: &str) {
        self.blocks.push(Block::Heading { level: 3, id: id_of(text), text: vec![Inline::Text(text.to_owned())] });
    }

    /// A paragraph in which `code` stands between grave accents.
    pub fn paragraph(&mut self, text: &str) {
        self.blocks.push(Block::Paragraph(marked(text)));
    }

    /// The paragraphs of a doc comment.
    pub fn paragraphs(&mut self, text: &str) {
        for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            self.paragraph(&paragraph.replace('\n', " "));
        }
    }

    /// A table; `about` is its name for those who do not see it.
    pub fn table(&mut self, about: &str, head: &[&'static str], rows: Vec<Vec<Vec<Inline>>>) {
        self.blocks.push(Block::Table { about: about.to_owned(), head: head.to_vec(), rows });
    }

    pub fn code(&mut self, language: &'static str, text: impl Into<String>) {
        self.blocks.push(Block::Code { language, text: text.into() });
    }
}

pub fn address(path: &str) -> String {
    if path.is_empty() { "/docs".to_owned() } else { format!("/docs/{path}") }
}

pub enum Block {
    /// Levels 2 and 3; the title is level 1.
    Heading {
        level: u8,
        id: String,
        text: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    Table {
        about: String,
        head: Vec<&'static str>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Code {
        language: &'static str,
        text: String,
    },
    /// A field that filters the tables and lists of the page; HTML alone has it.
    Filter {
        label: &'static str,
    },
    /// A form that calls a method; HTML alone has it.
    Form(Form),
}

/// What a method is asked for.
pub struct Form {
    pub method: &'static str,
    pub writes: bool,
    pub fields: Vec<Input>,
}

pub struct Input {
    pub name: &'static str,
    pub hint: String,
    pub kind: InputKind,
    pub required: bool,
}

pub enum InputKind {
    Text,
    Secret,
    /// Several lines.
    Long,
    /// One of these, or none.
    Choice(Vec<&'static str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    /// A link; `code` when its text is a name.
    Link {
        to: String,
        text: String,
        code: bool,
    },
}

pub fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

pub fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

pub fn link(to: impl Into<String>, text: impl Into<String>) -> Inline {
    Inline::Link { to: to.into(), text: text.into(), code: false }
}

pub fn method_link(name: &str) -> Inline {
    Inline::Link { to: format!("/docs/methods/{name}"), text: name.to_owned(), code: true }
}

pub fn error_link(code: u16) -> Inline {
    link(format!("/docs/errors/{code}"), code.to_string())
}

/// Puts `between` between things.
pub fn joined(all: impl IntoIterator<Item = Inline>, between: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    for one in all {
        if !out.is_empty() {
            out.push(text(between));
        }
        out.push(one);
    }
    out
}

/// Text in which code stands between grave accents.
pub fn marked(source: &str) -> Vec<Inline> {
    let parts: Vec<&str> = source.split('`').collect();
    // An accent without a partner is an accent.
    if parts.len().is_multiple_of(2) {
        return vec![text(source)];
    }
    let inlines = parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty());
    inlines.map(|(at, part)| if at % 2 == 1 { code(part) } else { text(part) }).collect()
}

/// An identifier for the address of a heading.
pub fn id_of(text: &str) -> String {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_mark_code_when_they_come_in_pairs() {
        assert_eq!(marked("a `b` c"), [text("a "), code("b"), text(" c")]);
        assert_eq!(marked("a ` c"), [text("a ` c")]);
        assert_eq!(marked("`b`"), [code("b")]);
    }
}
