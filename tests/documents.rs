//! Pages of `docs/` that follow from declarations say what the declarations say.
//!
//! `SPIKELOOM_DOCS=write` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use spikeloom_engine::models::{CATALOGUE, Family};
use spikeloom_engine::project::{FIELDS, Rule, read, write};
use spikeloom_engine::runtime::Simulation;

/// The catalogue as a page in Markdown: a table a family, a line a model.
fn models_page() -> String {
    let mut page = String::from(
        "# Models\n\nNames, parameters, units and rounding are NEST's; of models whose title says so they are BrainPy's. \
         `spikeloom models NAME` tells all about one: equations, parameters with ranges, ports, recordables, literature.\n\nThis page follows from the catalogue \
         (`engine/src/models`); a test keeps it so.\n",
    );
    for family in [Family::Neuron, Family::Generator, Family::Recorder, Family::Synapse] {
        let models: Vec<_> = CATALOGUE.iter().filter(|model| model.family() == family).collect();
        write!(page, "\n## {} ({})\n\n| model | what it does |\n| --- | --- |\n", family.title(), models.len())
            .unwrap();
        for model in models {
            writeln!(page, "| `{}` | {} |", model.name, model.doc.replace('|', "\\|")).unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_models_is_what_the_catalogue_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/models.md");
    let page = models_page();
    if std::env::var("SPIKELOOM_DOCS").as_deref() == Ok("write") {
        std::fs::write(&file, &page).expect("a file that can be written");
    }
    let there = std::fs::read_to_string(&file).expect("docs/models.md");
    assert!(there == page, "docs/models.md is out of date: SPIKELOOM_DOCS=write cargo test --test documents writes it");
}

/// The whole files that a page shows.
fn examples(page: &str) -> Vec<&str> {
    page.split("```ron\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

fn page(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn examples_of_the_pages_are_sound_and_run() {
    for (name, least) in [("docs/file.md", 12), ("README.md", 1)] {
        let page = page(name);
        let all = examples(&page);
        assert!(all.len() >= least, "{name} has {} examples", all.len());
        for text in all {
            let (project, warnings) = read(text).unwrap_or_else(|e| panic!("{name}:\n{text}\n{e}"));
            let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
            assert!(warnings.is_empty(), "{name}:\n{text}\n{warnings:#?}");
            let mut simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
            simulation.advance(20).unwrap_or_else(|e| panic!("{text}\n{e}"));
            assert_eq!(read(&write(&project)).map(|(again, _)| again), Ok(project), "{text}");
        }
    }
}

#[test]
fn the_page_of_the_file_tells_every_field_and_rule() {
    let page = page("docs/file.md");
    let examples = examples(&page).concat();
    for (place, fields) in FIELDS {
        for field in fields {
            assert!(page.contains(&format!("`{field}`")), "docs/file.md does not tell of `{field}` of a {place}");
        }
    }
    for rule in Rule::ALL {
        assert!(page.contains(rule.name()), "docs/file.md does not tell of {}", rule.name());
    }
    let shown =
        ["symmetric: true", "notes: [", "knobs: {", "views: {", "compartments: [", "receptors: [", "receptor: \""];
    for example in shown {
        assert!(examples.contains(example), "docs/file.md has no example with `{example}`");
    }
}
