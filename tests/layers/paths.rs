//! Paths and literals in code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path of names: a module, or an item in it.
pub type Names = Vec<String>;

/// A path in the code.
pub struct Named {
    /// From the root of the crate.
    pub names: Names,
    /// What it is called where it stands.
    pub name: String,
    /// It begins with `crate`, `super` or `self`.
    pub rooted: bool,
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}

fn is_path_separator(tokens: &[TokenTree], i: usize) -> bool {
    is_punct(tokens.get(i), ':') && is_punct(tokens.get(i + 1), ':')
}

/// Without the items that are compiled for tests alone.
pub fn without_tests(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let is_test = is_punct(tokens.get(i), '#')
            && matches!(tokens.get(i + 1), Some(TokenTree::Group(group)) if group.to_string().replace(' ', "") == "[cfg(test)]");
        if !is_test {
            kept.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let ends = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            other => is_punct(Some(other), ';'),
        };
        i += tokens[i..].iter().position(ends).map_or(tokens.len(), |end| end + 1);
    }
    kept.into_iter().collect()
}

/// Finds the paths in the code of a module.
pub fn collect(code: TokenStream, module: &Names, is_module: &dyn Fn(&Names) -> bool, found: &mut Vec<(Named, bool)>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut i = 0;
    while i < tokens.len() {
        match &tokens[i] {
            TokenTree::Ident(word) if word == "mod" => {
                if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group))) =
                    (tokens.get(i + 1), tokens.get(i + 2))
                {
                    let inner = module.iter().cloned().chain([name.to_string()]).collect();
                    collect(group.stream(), &inner, is_module, found);
                    i += 2;
                }
                i += 1;
            }
            TokenTree::Ident(word) if word == "use" => {
                let before = i.checked_sub(1).map(|j| &tokens[j]);
                let public = is_ident(before, "pub")
                    || i > 1 && is_ident(tokens.get(i - 2), "pub") && matches!(before, Some(TokenTree::Group(_)));
                let end =
                    tokens[i..].iter().position(|token| is_punct(Some(token), ';')).map_or(tokens.len(), |n| i + n);
                let mut paths = Vec::new();
                tree(&tokens[i + 1..end], module.clone(), &mut paths);
                let known = |path: &Named| {
                    path.rooted || path.names.get(..module.len() + 1).is_some_and(|p| is_module(&p.to_vec()))
                };
                found.extend(paths.into_iter().filter(known).map(|path| (path, public)));
                i = end;
            }
            TokenTree::Ident(word)
                if ["crate", "super", "self"].iter().any(|w| word == w) && is_path_separator(&tokens, i + 1) =>
            {
                let end = tokens[i..]
                    .iter()
                    .position(|token| !matches!(token, TokenTree::Ident(_)) && !is_punct(Some(token), ':'));
                let end = end.map_or(tokens.len(), |n| i + n);
                let mut paths = Vec::new();
                tree(&tokens[i..end], module.clone(), &mut paths);
                found.extend(paths.into_iter().map(|path| (path, false)));
                i += 1;
            }
            TokenTree::Group(group) => {
                collect(group.stream(), module, is_module, found);
                i += 1;
            }
            _ => i += 1,
        }
    }
}

/// The paths of a `use` tree or of an expression, from the module in which it stands.
fn tree(tokens: &[TokenTree], from: Names, paths: &mut Vec<Named>) {
    let mut named = Named { names: from, name: String::new(), rooted: false };
    let mut i = 0;
    loop {
        match tokens.get(i) {
            Some(TokenTree::Ident(word)) => match word.to_string().as_str() {
                "crate" => (named.names, named.rooted) = (Vec::new(), true),
                "super" => {
                    named.names.pop();
                    named.rooted = true;
                }
                "self" => named.rooted = true,
                name => {
                    named.names.push(name.to_owned());
                    named.name = name.to_owned();
                }
            },
            Some(TokenTree::Group(group)) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| is_punct(Some(token), ',')).filter(|part| !part.is_empty()) {
                    let begin = paths.len();
                    tree(part, named.names.clone(), paths);
                    paths[begin..].iter_mut().for_each(|path| path.rooted |= named.rooted);
                }
                return;
            }
            _ => break,
        }
        if !is_path_separator(tokens, i + 1) {
            break;
        }
        i += 3;
    }
    if let (true, Some(TokenTree::Ident(other))) = (is_ident(tokens.get(i + 1), "as"), tokens.get(i + 2)) {
        named.name = other.to_string();
    }
    paths.push(named);
}

/// The string literals of some code, without documentation.
pub fn literals(code: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    for (i, token) in tokens.iter().enumerate() {
        let before = |n: usize| i.checked_sub(n).map(|j| &tokens[j]);
        let is_attribute = is_punct(before(1), '#') || is_punct(before(1), '!') && is_punct(before(2), '#');
        match token {
            TokenTree::Group(group) if !is_attribute => literals(group.stream(), found),
            TokenTree::Literal(literal) if literal.to_string().contains('"') => found.push(literal.to_string()),
            _ => {}
        }
    }
}
