//! The code keeps to the layers that ARCHITECTURE.md draws: what uses what is read from the sources themselves.
//!
//! Test modules are left out: a test of a low layer may build its network with what stands above it.

#[path = "layers/circles.rs"]
mod circles;
#[path = "layers/paths.rs"]
mod paths;
#[path = "layers/sources.rs"]
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use paths::{Names, literals, parts_asked};
use sources::{Sources, root};

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

#[test]
fn no_modules_of_a_folder_use_each_other_in_a_circle() {
    let mut circles = BTreeMap::new();
    for crate_folder in ["engine/src", "app/src"] {
        for (folder, circle) in circles::circles(&Sources::read(crate_folder)) {
            circles.insert(format!("{crate_folder} {}", folder.join("::")), circle);
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
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
    for folder in ["engine/src", "app/src"] {
        let is_catalogue = |names: &Names| folder == "engine/src" && names.first().is_some_and(|l| l == "models");
        for source in Sources::read(folder).sources.iter().filter(|source| !is_catalogue(&source.module)) {
            let mut found = Vec::new();
            literals(source.tokens.clone(), &mut found);
            for model in spikeloom_engine::models::CATALOGUE {
                let named = found.iter().filter(|literal| names_model(literal, model.name));
                asked.extend(named.map(|literal| format!("{}: {literal}", source.file.display())));
            }
            // Nor by what its name is made of.
            let mut parts = Vec::new();
            parts_asked(source.tokens.clone(), &mut parts);
            asked.extend(parts.iter().map(|part| format!("{}: a name with {part}", source.file.display())));
        }
    }
    assert!(asked.is_empty(), "{asked:#?}");
}
