//! `#[derive(Fields)]` for structs of numbers: the state, the constants or the slopes of a neuron model.

use proc_macro::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result};

/// Implements `mechanisms::fields::Fields` for a `#[repr(C)]` struct with named fields.
///
/// The first type parameter of the struct is the number type; every field is of that type or itself made of such
/// fields. `#[name = "V_m"]` on a field gives the name by which the user knows it.
#[proc_macro_derive(Fields, attributes(name))]
pub fn fields(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    implement(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn implement(input: &DeriveInput) -> Result<proc_macro2::TokenStream> {
    let of = |message: &str| Error::new(input.ident.span(), message);
    let laid_out = input.attrs.iter().any(|a| {
        a.path().is_ident("repr") && a.parse_args::<syn::Ident>().is_ok_and(|representation| representation == "C")
    });
    if !laid_out {
        return Err(of("needs #[repr(C)], so that its fields stand one after the other"));
    }
    let Data::Struct(data) = &input.data else { return Err(of("only structs are made of fields")) };
    let Fields::Named(fields) = &data.fields else { return Err(of("fields need names")) };
    let number =
        input.generics.type_params().next().ok_or_else(|| of("its first type parameter is the number type"))?;
    let number = &number.ident;
    let idents: Vec<_> =
        fields.named.iter().map(|f| f.ident.as_ref().expect("named fields have identifiers")).collect();
    let types: Vec<_> = fields.named.iter().map(|f| &f.ty).collect();
    let mut names = Vec::new();
    let mut before = quote!(0);
    for field in &fields.named {
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("name")) {
            let syn::Meta::NameValue(pair) = &attribute.meta else {
                return Err(Error::new(attribute.span(), "write #[name = \"…\"]"));
            };
            let value = &pair.value;
            let name: LitStr = syn::parse2(quote!(#value))?;
            names.push(quote!((#name, #before)));
        }
        let ty = &field.ty;
        before = quote!(#before + <#ty as crate::mechanisms::fields::Fields<#number>>::COUNT);
    }
    let ident = &input.ident;
    let (_, generics, _) = input.generics.split_for_impl();
    let mut bounded = input.generics.clone();
    let clause = bounded.make_where_clause();
    clause.predicates.push(syn::parse_quote!(#number: crate::mechanisms::lanes::Real));
    for parameter in input.generics.type_params() {
        let ident = &parameter.ident;
        clause.predicates.push(syn::parse_quote!(#ident: ::core::marker::Copy));
    }
    for ty in &types {
        clause.predicates.push(syn::parse_quote!(#ty: crate::mechanisms::fields::Fields<#number>));
    }
    let (parameters, _, clause) = bounded.split_for_impl();
    Ok(quote! {
        // SAFETY: the struct is `repr(C)`, and its fields are the number type or made of nothing but it.
        unsafe impl #parameters crate::mechanisms::fields::Fields<#number> for #ident #generics #clause {
            const COUNT: usize = #before;
            const NAMED: &'static [(&'static str, usize)] = &[#(#names),*];
            #[inline(always)]
            fn filled(x: #number) -> Self {
                #ident { #(#idents: <#types as crate::mechanisms::fields::Fields<#number>>::filled(x)),* }
            }
        }
    })
}
