//! Every project that comes with the program can be read, told, built and run.

use std::path::{Path, PathBuf};

use spikeloom::examples;
use spikeloom_engine::project::{read, write};
use spikeloom_engine::recordings::{Frame, Rows};
use spikeloom_engine::runtime::Simulation;

fn projects() -> Vec<PathBuf> {
    fn below(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the folder of projects").flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(&path, into);
            } else if path.extension().is_some_and(|e| e == "ron") {
                into.push(path);
            }
        }
    }
    let mut all = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects"), &mut all);
    all.sort();
    all
}

/// More than a machine that runs tests needs to have; such networks are only read.
const LARGE: u64 = 1_000_000_000;

/// Something must have been recorded by this time, ms.
const LONGEST: f64 = 2000.0;

fn is_benchmark(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "benchmarks")
}

#[test]
fn every_project_is_clean_and_written_as_the_program_writes() {
    for path in projects() {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let (project, warnings) = read(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(warnings.is_empty(), "{}: {warnings:?}", path.display());
        assert!(!project.title.is_empty() && project.about.len() > 100, "{} has title and paragraph", path.display());
        assert!(!project.views.is_empty(), "{} has plots", path.display());
        assert_eq!(write(&project), text, "{} is byte-identical after reading and writing", path.display());
    }
}

/// The first sentence of a paragraph, without its Markdown.
fn first_sentence(about: &str) -> String {
    // "et al." ends none.
    let mut ends = about.match_indices(". ").map(|(place, _)| place).filter(|place| !about[..*place].ends_with(" al"));
    let end = ends.next().map_or(about.len(), |end| end + 1);
    about[..end].replace(['*', '|'], "")
}

/// The list of examples in the docs, as it must be.
fn list_of_examples() -> String {
    let mut list = "# Examples\n\nEach opens and runs by one click on the start page, and by `spikeloom run projects/FILE`. What is named as a knob\n\
        stands beside the description, to be turned while the network runs.\n"
        .to_owned();
    for (section, examples) in examples::find_all("") {
        list += &format!("\n## {}\n\n| example | shows | knobs |\n| --- | --- | --- |\n", section.title());
        for told in examples {
            let (project, _) = read(told.example.text).expect("an example");
            let knobs: Vec<&str> = project.knobs.iter().map(|knob| knob.name.as_str()).collect();
            let file = format!("[{}](../projects/{})", told.title, told.example.file);
            list += &format!("| {file} | {} | {} |\n", first_sentence(told.about), knobs.join(", "));
        }
    }
    list
}

/// `SPIKELOOM_DOCS=write` writes the list.
#[test]
fn the_list_of_examples_in_the_docs_is_that_of_the_gallery() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples.md");
    let list = list_of_examples();
    if std::env::var("SPIKELOOM_DOCS").is_ok_and(|v| v == "write") {
        std::fs::write(&path, &list).expect("a folder that can be written to");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == list, "docs/examples.md is not up to date: SPIKELOOM_DOCS=write cargo test --test examples");
}

#[test]
fn every_example_is_in_the_gallery_with_a_picture() {
    for path in projects().iter().filter(|p| !is_benchmark(p)) {
        let file = path.file_name().and_then(|f| f.to_str()).expect("a plain name");
        let example = examples::find(file).unwrap_or_else(|| panic!("{file} is not in the gallery"));
        let picture = example.picture.unwrap_or_else(|| panic!("{file} has no picture"));
        assert!(image::load_from_memory(picture).is_ok(), "the picture of {file} can be shown");
    }
}

#[test]
fn every_project_runs_and_records() {
    for path in projects() {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let (project, _) = read(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        if Simulation::estimate(&project).memory > LARGE {
            continue;
        }
        let mut simulation =
            Simulation::build(&project, &|_| true).unwrap_or_else(|p| panic!("{}: {p:?}", path.display()));
        let neurons: usize = project.nodes.iter().filter(|n| n.model.is_neuron()).map(|n| n.n).sum();
        let ms = if neurons > 5000 { 20.0 } else { 100.0 };
        let mut frame = Frame::default();
        // Some are silent until they have learnt.
        while simulation.time() < LONGEST && frame.rows.iter().all(Rows::is_empty) {
            simulation
                .advance((ms / simulation.resolution()).round() as u64)
                .unwrap_or_else(|p| panic!("{}: {p}", path.display()));
            simulation.take_frame(&mut frame);
        }
        assert!(frame.rows.iter().any(|r| !r.is_empty()), "{} records something", path.display());
    }
}
