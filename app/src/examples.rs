//! The example networks that come with the program.

use std::sync::OnceLock;

use spikeloom_engine::project;

use crate::search::{self, Texts};

/// Where an example stands in the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    OneNeuron,
    Synapses,
    Networks,
    Learning,
    Rates,
    Large,
}

impl Section {
    /// All of them, in the order of the gallery.
    pub const ALL: [Section; 6] =
        [Section::OneNeuron, Section::Synapses, Section::Networks, Section::Learning, Section::Rates, Section::Large];

    pub fn title(self) -> &'static str {
        match self {
            Section::OneNeuron => "One neuron",
            Section::Synapses => "Synapses",
            Section::Networks => "Networks",
            Section::Learning => "Learning",
            Section::Rates => "Rates and mean field",
            Section::Large => "Large networks",
        }
    }
}

/// An example project, embedded in the program.
pub struct Example {
    pub section: Section,
    /// File name in `projects/`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// A picture of it as PNG, for the gallery.
    pub picture: Option<&'static [u8]>,
}

/// An example with its picture, by the name of its file.
macro_rules! example {
    ($section:ident, $name:literal) => {
        Example {
            section: Section::$section,
            file: concat!($name, ".ron"),
            text: include_str!(concat!("../../projects/", $name, ".ron")),
            picture: Some(include_bytes!(concat!("../../assets/gallery/", $name, ".png"))),
        }
    };
}

/// The cortical microcircuit as published. It is large, so what it needs is the first thing that its text says.
const FULL_MICROCIRCUIT: Example = Example {
    section: Section::Large,
    file: "benchmarks/microcircuit.ron",
    text: include_str!("../../projects/benchmarks/microcircuit.ron"),
    picture: Some(include_bytes!("../../assets/gallery/microcircuit.png")),
};

/// All examples, in the order of the gallery.
pub static EXAMPLES: &[Example] = &[
    example!(OneNeuron, "one_neuron"),
    example!(OneNeuron, "f_i_curve"),
    example!(OneNeuron, "noise_makes_spikes"),
    example!(OneNeuron, "hodgkin_huxley"),
    example!(OneNeuron, "refractory"),
    example!(OneNeuron, "adex_patterns"),
    example!(OneNeuron, "izhikevich_patterns"),
    example!(OneNeuron, "excitability"),
    example!(OneNeuron, "relaxation"),
    example!(OneNeuron, "bursting"),
    example!(OneNeuron, "resonance"),
    example!(OneNeuron, "rebound"),
    example!(OneNeuron, "precise_spikes"),
    example!(Synapses, "epsp_ipsp"),
    example!(Synapses, "receptors"),
    example!(Synapses, "dendrite"),
    example!(Synapses, "short_term_plasticity"),
    example!(Synapses, "gap_junctions"),
    example!(Networks, "poisson_population"),
    example!(Networks, "recorders"),
    example!(Networks, "correlograms"),
    example!(Networks, "correlation_matrix"),
    example!(Networks, "escape_noise"),
    example!(Networks, "two_populations"),
    example!(Networks, "balance"),
    example!(Networks, "gamma_interneurons"),
    example!(Networks, "gamma_loop"),
    example!(Networks, "fast_rhythm"),
    example!(Networks, "izhikevich_1000"),
    example!(Networks, "synfire_chain"),
    example!(Networks, "coba_1000"),
    example!(Networks, "coba_kick"),
    example!(Networks, "cuba_irregular"),
    example!(Networks, "brunel_alpha_250"),
    example!(Networks, "brunel_four_regimes"),
    example!(Networks, "one_spike_more"),
    example!(Networks, "wang_decision"),
    example!(Networks, "clusters"),
    example!(Networks, "sudoku"),
    example!(Networks, "astrocytes"),
    example!(Networks, "travelling_activity"),
    example!(Learning, "stdp"),
    example!(Learning, "clopath_pairing"),
    example!(Learning, "inhibitory_plasticity"),
    example!(Learning, "dopamine"),
    example!(Learning, "pong_r_stdp"),
    example!(Learning, "pong_dopamine"),
    example!(Learning, "urbanczik"),
    example!(Learning, "learn_spike_times"),
    example!(Learning, "learn_two_patterns"),
    example!(Learning, "learn_xor"),
    example!(Learning, "learn_pictures"),
    example!(Learning, "fit_a_trace"),
    example!(Learning, "evolve_brunel"),
    example!(Rates, "rate_decision"),
    example!(Rates, "siegert"),
    example!(Large, "microcircuit"),
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

/// An example with what its file says of it.
#[derive(Clone, Copy)]
pub struct Told {
    pub example: &'static Example,
    pub title: &'static str,
    pub about: &'static str,
}

/// The examples that fit what is typed, those of a section together; all of them where nothing is typed.
pub fn find_all(typed: &str) -> Vec<(Section, Vec<Told>)> {
    let told = EXAMPLES.iter().zip(titles()).map(|(example, (title, about))| Told { example, title, about });
    let texts = |told: &Told| Texts::new([told.title]).called([told.example.section.title()]).about(told.about);
    let found: Vec<Told> = search::find(typed, told, texts).into_iter().map(|(_, told)| told).collect();
    let of = |section| found.iter().copied().filter(|told| told.example.section == section).collect::<Vec<_>>();
    Section::ALL.into_iter().map(|section| (section, of(section))).filter(|(_, told)| !told.is_empty()).collect()
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
    fn the_gallery_shows_every_example_once_and_finds_what_is_typed() {
        let all = find_all("");
        assert_eq!(all.iter().map(|(_, told)| told.len()).sum::<usize>(), EXAMPLES.len());
        assert!(EXAMPLES.is_sorted_by_key(|e| e.section as usize), "sections stand together");
        let found = find_all("spike timing");
        let files: Vec<_> = found.iter().flat_map(|(_, told)| told).map(|told| told.example.file).collect();
        assert!(files.contains(&"stdp.ron"), "{files:?}");
        assert!(files.len() < EXAMPLES.len());
        assert!(find_all("no such lesson").is_empty());
    }

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
