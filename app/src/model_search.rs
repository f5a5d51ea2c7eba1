//! How a typed text finds models that can be put onto the canvas: one search for palette, canvas and command list.

use spikeloom_engine::description::Convention;
use spikeloom_engine::models::{CATALOGUE, Family, Model};

use crate::favourites::Favourites;
use crate::search::{Texts, find};

/// What a model is found by.
pub fn texts(model: &Model) -> Texts {
    Texts::new([model.title, model.name]).called(model.facts.also_called.iter().copied()).about(&format!(
        "{} {}",
        model.family().title(),
        model.doc
    ))
}

/// The models of these families that are wanted and fit, those of a family together: the family of the best one
/// stands first, and of families that fit alike the one named first. While nothing is typed, favourites come before
/// what a course needs first, and that before the others.
pub fn find_models(
    typed: &str,
    families: [Family; 3],
    favourites: &Favourites,
    wanted: impl Fn(&Model) -> bool,
) -> Vec<&'static Model> {
    let models = CATALOGUE.iter().copied().filter(|m| families.contains(&m.family()) && wanted(m));
    let models: Vec<&Model> = families.iter().flat_map(|f| models.clone().filter(|m| m.family() == *f)).collect();
    let mut found: Vec<&Model> = find(typed, models, |m| texts(m)).into_iter().map(|(_, m)| m).collect();
    if typed.trim().is_empty() {
        found.sort_by_cached_key(|m| (families.iter().position(|f| *f == m.family()), favourites.place(m)));
        return found;
    }
    found.sort_by_cached_key(|m| meant(typed.trim(), m));
    let place = |family: Family| found.iter().position(|m| m.family() == family);
    let mut together = found.clone();
    together.sort_by_key(|m| place(m.family()));
    together
}

/// Names that differ in their capitals alone (`izhikevich`, `Izhikevich`) are told apart where one is typed as it is written;
/// else who is called so comes before who has the name. Models of BrainPy come after others where their names
/// have nothing of what is typed.
fn meant(typed: &str, model: &Model) -> usize {
    let named = || model.name.to_lowercase().contains(&typed.to_lowercase());
    if model.name == typed {
        0
    } else if model.facts.also_called.iter().any(|called| called.eq_ignore_ascii_case(typed)) {
        1
    } else if model.facts.convention == Convention::Nest || named() {
        2
    } else {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [Family; 3] = [Family::Neuron, Family::Generator, Family::Recorder];

    fn found(typed: &str) -> Vec<&'static str> {
        find_models(typed, FAMILIES, &Favourites::default(), |_| true).into_iter().map(|m| m.name).collect()
    }

    /// What students and users of NEST type first, and what they mean.
    #[test]
    fn what_people_type_finds_what_they_mean_first() {
        for (typed, meant) in [
            ("current", "dc_generator"),
            ("curr", "dc_generator"),
            ("spike gen", "spike_generator"),
            ("spike generator", "spike_generator"),
            ("poisson", "poisson_generator"),
            ("poisson noise", "poisson_generator"),
            ("background", "poisson_generator"),
            ("noise", "noise_generator"),
            ("electrode", "dc_generator"),
            ("clamp", "dc_generator"),
            ("current clamp", "dc_generator"),
            ("step current", "step_current_generator"),
            ("pulse", "step_current_generator"),
            ("recording electrode", "voltmeter"),
            ("voltage", "voltmeter"),
            ("volt", "voltmeter"),
            ("membrane potential", "voltmeter"),
            ("record conductance", "multimeter"),
            ("raster", "spike_recorder"),
            ("spike detector", "spike_recorder"),
            ("recorder", "spike_recorder"),
            ("spike", "spike_generator"),
            ("lif", "iaf_psc_alpha"),
            ("integrate and fire", "iaf_psc_alpha"),
            ("adex", "aeif_cond_exp"),
            ("hodgkin huxley", "hh_psc_alpha"),
            ("hh", "hh_psc_alpha"),
            ("escape noise", "pp_psc_delta"),
            ("mean field", "siegert_neuron"),
            ("rate neuron", "lin_rate_ipn"),
            ("dendrite", "iaf_cond_alpha_mc"),
            ("sine", "ac_generator"),
            ("glia", "astrocyte_lr_1994"),
            ("dopamine", "volume_transmitter"),
            ("correlation", "correlation_detector"),
            ("iaf_psc", "iaf_psc_alpha"),
            ("LIF", "LIF"),
            ("izhikevich", "izhikevich"),
            ("Izhikevich", "Izhikevich"),
        ] {
            assert_eq!(found(typed).first(), Some(&meant), "{typed}: {:?}", found(typed));
        }
    }

    #[test]
    fn generators_of_currents_stand_before_neurons_that_have_currents() {
        let found = found("current");
        let place = |name| found.iter().position(|n| *n == name).unwrap_or_else(|| panic!("{name}: {found:?}"));
        for generator in ["dc_generator", "step_current_generator", "ac_generator", "noise_generator"] {
            assert!(place(generator) < place("iaf_psc_alpha"), "{found:?}");
        }
    }

    /// Words that a declaration takes over from the one it starts from would find the wrong model.
    #[test]
    fn no_two_models_are_called_the_same() {
        let mut called = std::collections::HashMap::new();
        for model in CATALOGUE {
            assert!(!model.facts.also_called.is_empty(), "{}", model.name);
            for call in model.facts.also_called {
                let other = called.insert(*call, model.name);
                assert!(other.is_none(), "{call}: {} and {other:?}", model.name);
            }
        }
    }
}
