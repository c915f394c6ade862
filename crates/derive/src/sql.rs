use proc_macro2::TokenStream;
use quote::quote;

/// One literal or several, which are joined.
pub fn parts(input: syn::parse::ParseStream) -> syn::Result<String> {
    let mut text = String::new();
    while !input.is_empty() {
        text.push_str(&input.parse::<syn::LitStr>()?.value());
    }
    Ok(text)
}

pub fn expand(text: &str) -> TokenStream {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sqlite = indexed(&lists(&words, |parameter, _| format!("(SELECT value FROM json_each({parameter}))")), |index| format!("INDEXED BY {index}"));
    let postgres = lists(&indexed(&words, |_| String::new()), |parameter, cast| {
        format!("(SELECT CAST(value AS {cast}) FROM json_array_elements_text(CAST(CAST({parameter} AS TEXT) AS JSON)))")
    })
    .replace('?', "$");
    quote! {{
        #[allow(unsafe_code)] // The link section that linkme collects rows in.
        #[linkme::distributed_slice(crate::store::db::STATEMENTS)]
        static STATEMENT: crate::store::db::Sql = crate::store::db::Sql { sqlite: #sqlite, postgres: #postgres, at: concat!(file!(), ":", line!()) };
        &STATEMENT
    }}
}

/// Replaces `INDEXED(name)` by what `spell` makes of the name.
fn indexed(text: &str, spell: impl Fn(&str) -> String) -> String {
    let mut out = text.to_owned();
    while let Some(start) = out.find("INDEXED(") {
        let name = start + "INDEXED(".len();
        let Some(length) = out[name..].find(')') else { return out };
        let index = out[name..name + length].to_owned();
        out.replace_range(start..=name + length, &spell(&index));
    }
    out
}

/// Replaces `IDS(?n)` and `TEXTS(?n)` by what `spell` makes of the parameter and its type.
fn lists(text: &str, spell: impl Fn(&str, &str) -> String) -> String {
    let mut out = text.to_owned();
    for (word, cast) in [("IDS(", "BIGINT"), ("TEXTS(", "TEXT")] {
        while let Some(start) = out.find(word) {
            let Some(length) = out[start..].find(')') else { return out };
            let parameter = out[start + word.len()..start + length].to_owned();
            out.replace_range(start..=start + length, &spell(&parameter, cast));
        }
    }
    out
}
