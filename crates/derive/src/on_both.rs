use proc_macro2::TokenStream;
use quote::quote;

pub fn expand(item: syn::ItemFn) -> syn::Result<TokenStream> {
    let (name, body) = (&item.sig.ident, &item.block);
    let Some(syn::FnArg::Typed(world)) = item.sig.inputs.first() else {
        return Err(syn::Error::new_spanned(&item.sig, "the one argument is `world: World`"));
    };
    Ok(quote! {
        mod #name {
            #[allow(unused_imports)]
            use super::*;

            async fn story(#world) #body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story(World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story(World::postgres().await).await;
            }
        }
    })
}
