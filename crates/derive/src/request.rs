use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Meta, Token, punctuated::Punctuated};

pub fn expand(input: DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(&input.ident, "a request is a struct"));
    };
    let fields: Vec<&syn::Field> = match &data.fields {
        Fields::Named(named) => named.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => return Err(syn::Error::new_spanned(&input.ident, "a request has named fields")),
    };
    let mut names = Vec::new();
    let mut types = Vec::new();
    let mut rules = Vec::new();
    let mut raw = Vec::new();
    for field in fields {
        names.push(field.ident.clone().ok_or_else(|| syn::Error::new_spanned(field, "a field needs a name"))?);
        types.push(&field.ty);
        let rule = rules_of(field)?;
        raw.push(quote! { { #[allow(unused_imports)] use crate::codes::*; #rule.raw_body } });
        rules.push(rule);
    }
    let wire_names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let ident = &input.ident;
    let body = match &data.fields {
        Fields::Unit => quote! { Self },
        _ => quote! { Self { #(#names: errors.value(#names)?),* } },
    };
    Ok(quote! {
        impl crate::wire::Request for #ident {
            const TAKES_RAW_BODY: bool = false #(|| #raw)*;

            fn fields() -> Vec<crate::wire::Field> {
                #[allow(unused_imports)]
                use crate::codes::*;
                #[allow(unused_mut)]
                let mut fields = Vec::new();
                #(<#types as crate::wire::Param>::fields(#wire_names, &#rules, &mut fields);)*
                fields
            }

            fn read(params: &crate::wire::Params) -> Result<Self, crate::error::Errors> {
                #[allow(unused_imports)]
                use crate::codes::*;
                #[allow(unused_mut)]
                let mut errors = crate::error::Errors::default();
                #(let #names = errors.keep(<#types as crate::wire::Param>::read(params, #wire_names, &#rules));)*
                errors.none()?;
                Ok(#body)
            }
        }
    })
}

/// `#[param(a, b(c))]` as the chain `Rules::NONE.doc("…").a().b(c)`.
fn rules_of(field: &syn::Field) -> syn::Result<TokenStream> {
    let doc = crate::documentation(&field.attrs);
    if doc.is_empty() {
        return Err(syn::Error::new_spanned(field, "a wire parameter needs a doc comment"));
    }
    let mut chain = quote! { const { crate::wire::Rules::NONE.doc(#doc) } };
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("param")) {
        let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        let mut calls = TokenStream::new();
        for meta in metas {
            match meta {
                Meta::Path(path) => calls.extend(quote! { .#path() }),
                Meta::List(list) => {
                    let (path, tokens) = (&list.path, &list.tokens);
                    calls.extend(quote! { .#path(#tokens) });
                }
                Meta::NameValue(pair) => return Err(syn::Error::new_spanned(pair, "write a rule as rule(value)")),
            }
        }
        chain = quote! { const { crate::wire::Rules::NONE.doc(#doc) #calls } };
    }
    Ok(chain)
}
