//! Pages of `docs/` that follow from declarations say what the declarations say.
//!
//! `SPIKELOOM_DOCS=write` writes them anew.

use std::fmt::Write;
use std::path::Path;

use spikeloom_engine::models::{CATALOGUE, Family};

/// The catalogue as a page in Markdown: a table a family, a line a model.
fn models_page() -> String {
    let mut page = String::from(
        "# Models\n\nNames, parameters, units and rounding are NEST's. `spikeloom models NAME` tells all about one: \
         equations, parameters with ranges, ports, recordables, literature.\n\nThis page follows from the catalogue \
         (`engine/src/models`); a test keeps it so.\n",
    );
    for family in [Family::Neuron, Family::Generator, Family::Recorder, Family::Synapse] {
        let models: Vec<_> = CATALOGUE.iter().filter(|model| model.family == family).collect();
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
