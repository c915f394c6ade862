use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemFn, Meta, Token, punctuated::Punctuated};

pub fn expand(arguments: &Punctuated<Meta, Token![,]>, item: ItemFn) -> syn::Result<TokenStream> {
    let handler = &item.sig.ident;
    let doc = crate::documentation(&item.attrs);
    if doc.is_empty() {
        return Err(syn::Error::new_spanned(handler, "a method needs a doc comment"));
    }
    let mut name = camel(&handler.to_string());
    let mut credentials = quote! { Own };
    let mut origin = quote! { Reference };
    let mut answer = quote! { crate::wire::Answer::json(&response) };
    let mut answers_file = false;
    let mut otherwise = quote! {};
    for argument in arguments {
        match argument {
            Meta::NameValue(pair) if pair.path.is_ident("name") => {
                let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else {
                    return Err(syn::Error::new_spanned(pair, "name is a string"));
                };
                name = text.value();
            }
            Meta::Path(path) if path.is_ident("parent_credentials") => credentials = quote! { Parent },
            Meta::Path(path) if path.is_ident("ours") => origin = quote! { Cordboard },
            Meta::Path(path) if path.is_ident("answer") => {
                answer = quote! { Ok(response) };
                answers_file = true;
            }
            Meta::List(list) if list.path.is_ident("or") => {
                let shape = &list.tokens;
                otherwise = quote! { crate::registry::schema_of::<#shape> };
            }
            other => return Err(syn::Error::new_spanned(other, "unknown argument of #[method]")),
        }
    }
    Ok(quote! {
        #item

        #[allow(unsafe_code)] // The link section that linkme collects rows in.
        #[linkme::distributed_slice(crate::registry::METHODS)]
        static METHOD: crate::registry::Method = crate::registry::Method {
            name: #name,
            group: &super::GROUP,
            doc: #doc,
            file: file!(),
            origin: crate::registry::Origin::#origin,
            credentials: crate::registry::Credentials::#credentials,
            access: ACCESS,
            kind: KIND,
            area: AREA,
            errors: ERRORS,
            takes_raw_body: <Request as crate::wire::Request>::TAKES_RAW_BODY,
            fields: <Request as crate::wire::Request>::fields,
            returns: crate::registry::schema_of::<Response>,
            otherwise: &[#otherwise],
            answers_file: #answers_file,
            check: |params| <Request as crate::wire::Request>::read(params).map(|_| ()),
            run: |call, params| Box::pin(async move {
                let request = <Request as crate::wire::Request>::read(params)?;
                let response = #handler(call, request).await?;
                #answer
            }),
        };
    })
}

/// `set_key_roles` as `SetKeyRoles`.
fn camel(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        })
        .collect()
}
