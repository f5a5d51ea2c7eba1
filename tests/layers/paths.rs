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

/// The items that are compiled for tests alone, as ranges of tokens with their attribute.
fn test_items(tokens: &[TokenTree]) -> Vec<std::ops::Range<usize>> {
    let mut items = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let is_test = is_punct(tokens.get(i), '#')
            && matches!(tokens.get(i + 1), Some(TokenTree::Group(group)) if group.to_string().replace(' ', "") == "[cfg(test)]");
        if !is_test {
            i += 1;
            continue;
        }
        let ends = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            other => is_punct(Some(other), ';'),
        };
        let end = tokens[i..].iter().position(ends).map_or(tokens.len(), |end| i + end + 1);
        items.push(i..end);
        i = end;
    }
    items
}

/// Without the items that are compiled for tests alone.
pub fn without_tests(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let items = test_items(&tokens);
    let kept = tokens.iter().enumerate().filter(|(i, _)| !items.iter().any(|item| item.contains(i)));
    kept.map(|(_, token)| token.clone()).collect()
}

/// The modules in files of their own that are compiled for tests alone.
pub fn test_modules(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let name = |item: std::ops::Range<usize>| {
        let declared = tokens[item].windows(3).find(|t| is_ident(t.first(), "mod") && is_punct(t.get(2), ';'))?;
        Some(declared[1].to_string())
    };
    test_items(&tokens).into_iter().filter_map(name).collect()
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

/// The literals with which code asks for a part of a name: `model.name.ends_with("_ps")`.
pub fn parts_asked(code: TokenStream, found: &mut Vec<String>) {
    const ASKS: [&str; 8] = [
        "contains",
        "starts_with",
        "ends_with",
        "strip_prefix",
        "strip_suffix",
        "trim_start_matches",
        "trim_end_matches",
        "replace",
    ];
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    for (i, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        parts_asked(group.stream(), found);
        let before = |n: usize| i.checked_sub(n).map(|j| &tokens[j]);
        let is_asked = ASKS.iter().any(|ask| is_ident(before(1), ask)) && is_punct(before(2), '.');
        let of_name = is_ident(before(3), "name") && is_punct(before(4), '.');
        let of_model = ["model", "synapse"].iter().any(|of| is_ident(before(5), of));
        if is_asked && of_name && of_model {
            literals(group.stream(), found);
        }
    }
}
