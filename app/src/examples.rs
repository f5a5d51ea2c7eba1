//! The example networks that come with the program.

use std::sync::OnceLock;

use spikeloom_engine::project;

/// An example project, embedded in the program.
pub struct Example {
    /// File name in `projects/`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// A picture of it as PNG, for the gallery.
    pub picture: Option<&'static [u8]>,
}

/// An example with its picture, by the name of its file.
macro_rules! example {
    ($name:literal) => {
        Example {
            file: concat!($name, ".ron"),
            text: include_str!(concat!("../../projects/", $name, ".ron")),
            picture: Some(include_bytes!(concat!("../../assets/gallery/", $name, ".png"))),
        }
    };
}

/// The cortical microcircuit as published. It is large, so what it needs is the first thing that its text says.
const FULL_MICROCIRCUIT: Example = Example {
    file: "benchmarks/microcircuit.ron",
    text: include_str!("../../projects/benchmarks/microcircuit.ron"),
    picture: Some(include_bytes!("../../assets/gallery/microcircuit.png")),
};

/// All examples, in the order of the gallery.
pub static EXAMPLES: &[Example] = &[
    example!("one_neuron"),
    example!("epsp_ipsp"),
    example!("poisson_population"),
    example!("hodgkin_huxley"),
    example!("two_populations"),
    example!("brunel_alpha_250"),
    example!("izhikevich_1000"),
    example!("stdp"),
    example!("microcircuit"),
    FULL_MICROCIRCUIT,
];

/// The example with that file name.
pub fn find(file: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|e| e.file == file)
}

/// Title and paragraph of each example, as its file says.
pub fn titles() -> &'static [(String, String)] {
    static TITLES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    TITLES.get_or_init(|| EXAMPLES.iter().map(title).collect())
}

/// An example whose text cannot be read is shown by its file name.
fn title(example: &Example) -> (String, String) {
    match project::read(example.text) {
        Ok((project, _)) if !project.title.is_empty() => (project.title, project.about),
        _ => (example.file.trim_end_matches(".ron").replace('_', " "), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_can_be_opened_without_a_complaint() {
        for example in EXAMPLES {
            let (project, warnings) =
                project::read(example.text).unwrap_or_else(|e| panic!("{}: {:?}", example.file, e.problems));
            assert!(warnings.is_empty(), "{}: {warnings:?}", example.file);
            assert!(!project.title.is_empty() && !project.about.is_empty(), "{}", example.file);
            assert!(
                !project::validate(&project).iter().any(|p| p.severity == project::Severity::Error),
                "{}",
                example.file
            );
        }
    }
}
