//! The models that a user reaches for: starred ones, and those put onto a canvas lately.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use spikeloom_engine::models::{BASICS, CATALOGUE, Family, Model, find};

/// Models put onto a canvas lately that are remembered.
const LATELY: usize = 5;

/// Names of models, by which the settings remember them; names that this version does not know are kept and not shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Favourites {
    starred: BTreeSet<String>,
    /// The latest first.
    used: Vec<String>,
}

impl Favourites {
    pub fn is_starred(&self, model: &Model) -> bool {
        self.starred.contains(model.name)
    }

    pub fn toggle_star(&mut self, name: &str) {
        if !self.starred.remove(name) {
            self.starred.insert(name.to_owned());
        }
    }

    /// A model has been put onto a canvas. Basic ones stand on top anyway.
    pub fn note_use(&mut self, model: &Model) {
        if is_basic(model) {
            return;
        }
        self.used.retain(|name| name != model.name);
        self.used.insert(0, model.name.to_owned());
        self.used.truncate(LATELY);
    }

    /// The starred models, in the order of the catalogue.
    pub fn starred(&self) -> Vec<&'static Model> {
        CATALOGUE.iter().copied().filter(|m| placed(m) && self.is_starred(m)).collect()
    }

    /// Models used lately that are not starred, the latest first.
    pub fn lately(&self) -> Vec<&'static Model> {
        let known = self.used.iter().filter_map(|name| find(name));
        known.filter(|m| placed(m) && !self.is_starred(m)).collect()
    }

    /// Where a model stands while nothing is searched: starred ones first, then those used lately, what a course needs
    /// first, and the others.
    pub fn place(&self, model: &Model) -> (u8, usize) {
        let used = self.used.iter().position(|name| name == model.name);
        let basic = BASICS.iter().position(|m| m.name == model.name);
        match (self.is_starred(model), used, basic) {
            (true, ..) => (0, 0),
            (_, Some(place), _) => (1, place),
            (_, _, Some(place)) => (2, place),
            _ => (3, 0),
        }
    }
}

/// Whether it is one of the few that a course needs first.
pub fn is_basic(model: &Model) -> bool {
    BASICS.iter().any(|basic| basic.name == model.name)
}

/// Synapses come with wires.
fn placed(model: &Model) -> bool {
    model.family() != Family::Synapse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str) -> &'static Model {
        find(name).unwrap_or_else(|| panic!("{name} is in the catalogue"))
    }

    fn names(models: &[&Model]) -> Vec<&'static str> {
        models.iter().map(|m| m.name).collect()
    }

    #[test]
    fn what_a_course_needs_first_is_in_the_catalogue_and_fits_on_a_screen() {
        for family in [Family::Neuron, Family::Generator, Family::Recorder] {
            let basic: Vec<_> = BASICS.iter().filter(|m| m.family() == family).collect();
            assert!((2..=7).contains(&basic.len()), "{family:?}: {}", basic.len());
        }
        assert!(BASICS.iter().all(|basic| CATALOGUE.iter().any(|m| m.name == basic.name)));
    }

    #[test]
    fn the_latest_models_come_first_once_each_and_the_oldest_are_forgotten() {
        let mut favourites = Favourites::default();
        for name in ["glif_psc", "HH", "glif_psc", "iaf_psc_alpha", "mat2_psc_exp", "Gif", "ALIF", "IF"] {
            favourites.note_use(model(name));
        }
        assert_eq!(names(&favourites.lately()), ["IF", "ALIF", "Gif", "mat2_psc_exp", "glif_psc"]);
        favourites.toggle_star("Gif");
        assert_eq!(names(&favourites.starred()), ["Gif"]);
        assert_eq!(names(&favourites.lately()), ["IF", "ALIF", "mat2_psc_exp", "glif_psc"]);
        favourites.toggle_star("Gif");
        assert!(favourites.starred().is_empty());
    }

    #[test]
    fn starred_models_stand_before_recent_ones_and_those_before_basics() {
        let mut favourites = Favourites::default();
        favourites.toggle_star("glif_psc");
        favourites.note_use(model("mat2_psc_exp"));
        let mut neurons: Vec<_> = CATALOGUE.iter().copied().filter(|m| m.is_neuron()).collect();
        neurons.sort_by_key(|m| favourites.place(m));
        assert_eq!(names(&neurons[..4]), ["glif_psc", "mat2_psc_exp", "iaf_psc_alpha", "iaf_psc_exp"]);
    }

    #[test]
    fn names_of_another_version_are_kept_and_not_shown() {
        let text = "(starred: [\"neuron_of_2030\"], used: [\"neuron_of_2031\", \"stdp_synapse\"])";
        let favourites: Favourites = ron::from_str(text).expect("favourites");
        assert!(favourites.starred().is_empty() && favourites.lately().is_empty());
        assert!(ron::to_string(&favourites).expect("a text").contains("neuron_of_2030"));
    }
}
