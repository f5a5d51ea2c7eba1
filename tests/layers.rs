//! The code keeps to the layers that ARCHITECTURE.md draws: what uses what is read from the sources themselves.
//!
//! Test modules are left out: a test of a low layer may build its network with what stands above it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path of names: a module, or an item in it.
type Names = Vec<String>;

/// A path in the code.
struct Named {
    /// From the root of the crate.
    names: Names,
    /// What it is called where it stands.
    name: String,
    /// It begins with `crate`, `super` or `self`.
    rooted: bool,
}

/// A file of Rust and the module that it is.
struct Source {
    file: PathBuf,
    module: Names,
    tokens: TokenStream,
}

/// A crate's sources.
struct Sources {
    sources: Vec<Source>,
    modules: BTreeSet<Names>,
    /// What `pub use` gives out under another place: by module and name, the path meant.
    given_out: BTreeMap<Names, Names>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_stem().is_some_and(|stem| stem != "tests") {
            files.push(path);
        }
    }
}

impl Sources {
    fn read(folder: &str) -> Sources {
        let folder = root().join(folder);
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        files.sort();
        let sources: Vec<Source> = files
            .into_iter()
            .map(|file| {
                let below = file.strip_prefix(&folder).expect("a file below the folder").with_extension("");
                let mut module: Names =
                    below.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
                if module.last().is_some_and(|name| ["mod", "lib", "main"].contains(&name.as_str())) {
                    module.pop();
                }
                let text = std::fs::read_to_string(&file).expect("a readable file");
                let tokens = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
                Source { file, module, tokens: without_tests(tokens) }
            })
            .collect();
        let modules = sources.iter().map(|source| source.module.clone()).collect();
        let all = Sources { sources, modules, given_out: BTreeMap::new() };
        let mut given_out = BTreeMap::new();
        for source in &all.sources {
            for (path, public) in all.paths(source) {
                if public && !path.name.is_empty() {
                    let place = source.module.iter().cloned().chain([path.name]).collect();
                    given_out.insert(place, path.names);
                }
            }
        }
        Sources { given_out, ..all }
    }

    /// All paths in a source from the root of its crate, and whether `pub use` gives them out.
    fn paths(&self, source: &Source) -> Vec<(Named, bool)> {
        let mut found = Vec::new();
        let is_module = |path: &Names| self.modules.contains(path);
        collect(source.tokens.clone(), &source.module, &is_module, &mut found);
        found
    }

    /// The module in which an item really stands.
    fn resolve(&self, path: &Names) -> Names {
        let mut path = path.clone();
        for _ in 0..8 {
            let length = (0..=path.len()).rev().find(|n| self.modules.contains(&path[..*n])).unwrap_or(0);
            let Some(meant) = path.get(..length + 1).and_then(|place| self.given_out.get(place)) else {
                return path[..length].to_vec();
            };
            path = meant.iter().chain(&path[length + 1..]).cloned().collect();
        }
        path
    }

    /// What each source uses: the modules in which it really stands.
    fn uses(&self) -> Vec<(&Source, BTreeSet<Names>)> {
        let used = |source| self.paths(source).into_iter().map(|(path, _)| self.resolve(&path.names)).collect();
        self.sources.iter().map(|source| (source, used(source))).collect()
    }

    /// By folder: which of its modules uses which, through whatever stands below them.
    fn neighbours(&self) -> BTreeMap<Names, BTreeMap<String, BTreeSet<String>>> {
        let mut graphs: BTreeMap<Names, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (source, used) in self.uses() {
            for target in used {
                let common = source.module.iter().zip(&target).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (source.module.get(common), target.get(common)) {
                    let graph = graphs.entry(source.module[..common].to_vec()).or_default();
                    graph.entry(from.clone()).or_default().insert(to.clone());
                }
            }
        }
        graphs
    }

    /// Modules of one folder that use each other in a circle.
    fn circles(&self) -> Vec<(Names, String)> {
        let mut circles = Vec::new();
        for (folder, graph) in self.neighbours() {
            let reached: BTreeMap<&String, BTreeSet<&String>> = graph.keys().map(|n| (n, reach(&graph, n))).collect();
            let mut told = BTreeSet::new();
            for (name, reaches) in &reached {
                if !reaches.contains(name) || told.contains(name) {
                    continue;
                }
                let circle = reached.iter().filter(|(other, back)| reaches.contains(*other) && back.contains(name));
                let circle: Vec<&String> = circle.map(|(other, _)| *other).collect();
                let edges = circle.iter().flat_map(|from| {
                    let to = graph[*from].iter().filter(|to| circle.contains(to));
                    to.map(move |to| format!("{from} -> {to}"))
                });
                circles.push((folder.clone(), edges.collect::<Vec<_>>().join(", ")));
                told.extend(circle);
            }
        }
        circles
    }
}

/// All that can be reached from a module of a folder.
fn reach<'a>(graph: &'a BTreeMap<String, BTreeSet<String>>, from: &String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph.get(from).into_iter().flatten().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(graph.get(name).into_iter().flatten());
        }
    }
    reached
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
fn without_tests(tokens: TokenStream) -> TokenStream {
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
fn collect(code: TokenStream, module: &Names, is_module: &dyn Fn(&Names) -> bool, found: &mut Vec<(Named, bool)>) {
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

/// The layers of the engine as ARCHITECTURE.md lists them, the highest first.
fn layers() -> Names {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let section = text.split("\n## ").find(|section| section.starts_with("engine")).expect("a section on the engine");
    let table = section.lines().skip_while(|line| !line.starts_with("| layer |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).expect("the name of a layer").to_owned()).collect()
}

#[test]
fn every_layer_of_the_engine_uses_only_what_stands_below_it() {
    let engine = Sources::read("engine/src");
    let layers = layers();
    let there: BTreeSet<&String> = engine.modules.iter().filter_map(|module| module.first()).collect();
    assert_eq!(there, layers.iter().collect(), "the table of ARCHITECTURE.md and the modules of the engine");
    let height = |name: &String| layers.iter().position(|layer| layer == name);
    let mut upward = Vec::new();
    for (source, used) in engine.uses() {
        let Some(own) = source.module.first() else { continue };
        let wrong = used.iter().filter_map(|target| target.first()).filter(|target| height(target) < height(own));
        upward.extend(wrong.map(|target| format!("{} uses {target}", source.file.display())));
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

/// Folders in which modules still use each other in circles. The list only ever grows shorter.
const TANGLED: &[&str] = &[
    "app/src canvas",
    "app/src inspector",
    "app/src plots",
    "engine/src project",
    "engine/src runtime",
    "engine/src runtime::neurons",
    "engine/src runtime::synapses",
];

#[test]
fn no_modules_of_a_folder_use_each_other_in_a_circle() {
    let mut circles = BTreeMap::new();
    for crate_folder in ["engine/src", "app/src"] {
        for (folder, circle) in Sources::read(crate_folder).circles() {
            circles.insert(format!("{crate_folder} {}", folder.join("::")), circle);
        }
    }
    let new: Vec<_> = circles.iter().filter(|(folder, _)| !TANGLED.contains(&folder.as_str())).collect();
    assert!(new.is_empty(), "{new:#?}");
    let untied: Vec<_> = TANGLED.iter().filter(|folder| !circles.contains_key(**folder)).collect();
    assert!(untied.is_empty(), "no longer tangled, to be struck from the list: {untied:?}");
}

/// The string literals of some code, without documentation.
fn literals(code: TokenStream, found: &mut Vec<String>) {
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

/// Whether a literal names a model: as a whole word, or alone if the name is a word of plain English.
fn names_model(literal: &str, model: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = literal.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    if model.contains('_') { words.into_iter().any(|word| word == model) } else { literal == format!("\"{model}\"") }
}

#[test]
fn nothing_outside_the_catalogue_asks_for_a_model_by_its_name() {
    let mut asked = Vec::new();
    for folder in ["engine/src"] {
        for source in &Sources::read(folder).sources {
            if source.module.first().is_some_and(|layer| layer == "models") {
                continue;
            }
            let mut found = Vec::new();
            literals(source.tokens.clone(), &mut found);
            for model in spikeloom_engine::models::CATALOGUE {
                let named = found.iter().filter(|literal| names_model(literal, model.name));
                asked.extend(named.map(|literal| format!("{}: {literal}", source.file.display())));
            }
        }
    }
    assert!(asked.is_empty(), "{asked:#?}");
}
