//! Sections of a large family, so that nobody searches a list of forty neurons.

use spikeloom_engine::models::{Family, Model};

/// A family with more models than this is divided.
const MANY: usize = 12;

const SECTIONS: [&str; 11] = [
    "Integrate and fire, currents",
    "Integrate and fire, conductances",
    "Adaptive",
    "Escape noise",
    "Hodgkin and Huxley",
    "Simple and phenomenological",
    "Precise spike times",
    "Compartments",
    "Binary",
    "Rates",
    "Glia",
];

/// The section of a neuron model: models are named by what they are.
fn section(model: &Model) -> &'static str {
    let name = model.name;
    let begins = |words: &[&str]| words.iter().any(|w| name.starts_with(w));
    let holds = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if begins(&["astrocyte"]) {
        "Glia"
    } else if name.ends_with("_ps") || name.ends_with("_ps_lossless") || name == "iaf_psc_delta_canon" {
        "Precise spike times"
    } else if holds(&["_mc", "cm_"]) {
        "Compartments"
    } else if holds(&["rate", "siegert", "_ipn", "_opn"]) {
        "Rates"
    } else if begins(&["ginzburg", "mcculloch", "erfc"]) {
        "Binary"
    } else if begins(&["hh_", "ht_"]) {
        "Hodgkin and Huxley"
    } else if begins(&["pp_", "gif_"]) {
        "Escape noise"
    } else if begins(&["aeif", "amat", "mat2", "glif"]) || holds(&["sfa", "_ad", "adapt"]) {
        "Adaptive"
    } else if begins(&["iaf_cond"]) {
        "Integrate and fire, conductances"
    } else if begins(&["iaf"]) {
        "Integrate and fire, currents"
    } else {
        "Simple and phenomenological"
    }
}

/// The models of a family by section, in order; one section without a title where they are few.
pub fn of(family: Family, models: &[&'static Model]) -> Vec<(&'static str, Vec<&'static Model>)> {
    if family != Family::Neuron || models.len() <= MANY {
        return vec![("", models.to_vec())];
    }
    SECTIONS
        .into_iter()
        .map(|title| (title, models.iter().copied().filter(|m| section(m) == title).collect::<Vec<_>>()))
        .filter(|(_, members)| !members.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::CATALOGUE;

    #[test]
    fn every_neuron_is_in_one_section_that_is_listed() {
        let neurons: Vec<_> = CATALOGUE.iter().copied().filter(|m| m.is_neuron()).collect();
        let many: Vec<_> = neurons.iter().copied().cycle().take(MANY + neurons.len()).collect();
        let listed: usize = of(Family::Neuron, &many).iter().map(|(_, members)| members.len()).sum();
        assert_eq!(listed, many.len());
        assert!(neurons.iter().all(|m| SECTIONS.contains(&section(m))));
        assert_eq!(of(Family::Neuron, &neurons[..3]).len(), 1);
    }

    #[test]
    fn models_are_where_people_look_for_them() {
        let section = |name: &'static str| section(&Model { name, ..spikeloom_engine::models::STATIC_SYNAPSE });
        assert_eq!(section("iaf_cond_alpha_mc"), "Compartments");
        assert_eq!(section("iaf_psc_exp_ps"), "Precise spike times");
        assert_eq!(section("pp_cond_exp_mc_urbanczik"), "Compartments");
        assert_eq!(section("aeif_cond_alpha_astro"), "Adaptive");
        assert_eq!(section("astrocyte_lr_1994"), "Glia");
        assert_eq!(section("lin_rate_ipn"), "Rates");
        assert_eq!(section("hh_psc_alpha_gap"), "Hodgkin and Huxley");
        assert_eq!(section("izhikevich"), "Simple and phenomenological");
    }
}
