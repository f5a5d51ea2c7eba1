//! The sources of a crate as modules that use each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

use super::paths::{Named, Names, collect, test_modules, without_tests};

/// A file of Rust and the module that it is.
pub struct Source {
    pub file: PathBuf,
    pub module: Names,
    pub tokens: TokenStream,
}

/// A crate's sources.
pub struct Sources {
    pub sources: Vec<Source>,
    pub modules: BTreeSet<Names>,
    /// What `pub use` gives out under another place: by module and name, the path meant.
    given_out: BTreeMap<Names, Names>,
}

pub fn root() -> PathBuf {
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
    /// All but what is compiled for tests alone.
    pub fn read(folder: &str) -> Sources {
        let folder = root().join(folder);
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        files.sort();
        let mut of_tests: Vec<Names> = Vec::new();
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
                let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
                let below = |name: String| module.iter().cloned().chain([name]).collect();
                of_tests.extend(test_modules(tokens.clone()).into_iter().map(below));
                Source { file, module, tokens: without_tests(tokens) }
            })
            .collect();
        let is_of_tests = |source: &Source| of_tests.iter().any(|module| source.module.starts_with(module));
        let sources: Vec<Source> = sources.into_iter().filter(|source| !is_of_tests(source)).collect();
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
    pub fn uses(&self) -> Vec<(&Source, BTreeSet<Names>)> {
        let used = |source| self.paths(source).into_iter().map(|(path, _)| self.resolve(&path.names)).collect();
        self.sources.iter().map(|source| (source, used(source))).collect()
    }
}
