//! Sections of a large family, so that nobody searches a list of forty neurons.

use spikeloom_engine::description::Section;
use spikeloom_engine::models::{Family, Model};

/// A family with more models than this is divided.
const MANY: usize = 12;

/// The models of a family by section, in order; one section without a title where they are few.
pub fn of(family: Family, models: &[&'static Model]) -> Vec<(&'static str, Vec<&'static Model>)> {
    if family != Family::Neuron || models.len() <= MANY {
        return vec![("", models.to_vec())];
    }
    let members = |section| models.iter().copied().filter(|m| m.facts.section == section).collect::<Vec<_>>();
    Section::ALL
        .into_iter()
        .map(|section| (section.title(), members(section)))
        .filter(|(_, members)| !members.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::{CATALOGUE, find};

    #[test]
    fn every_neuron_is_in_one_section_that_is_listed() {
        let neurons: Vec<_> = CATALOGUE.iter().copied().filter(|m| m.is_neuron()).collect();
        let many: Vec<_> = neurons.iter().copied().cycle().take(MANY + neurons.len()).collect();
        let listed: usize = of(Family::Neuron, &many).iter().map(|(_, members)| members.len()).sum();
        assert_eq!(listed, many.len());
        assert!(neurons.iter().all(|m| Section::ALL.contains(&m.facts.section)));
        assert_eq!(of(Family::Neuron, &neurons[..3]).len(), 1);
    }

    #[test]
    fn models_are_where_people_look_for_them() {
        let section = |name: &str| find(name).expect("in the catalogue").facts.section;
        assert_eq!(section("iaf_cond_alpha_mc"), Section::Compartments);
        assert_eq!(section("iaf_psc_exp_ps"), Section::PreciseTimes);
        assert_eq!(section("pp_cond_exp_mc_urbanczik"), Section::Compartments);
        assert_eq!(section("aeif_cond_alpha_astro"), Section::Adaptive);
        assert_eq!(section("astrocyte_lr_1994"), Section::Glia);
        assert_eq!(section("lin_rate_ipn"), Section::Rates);
        assert_eq!(section("hh_psc_alpha_gap"), Section::HodgkinHuxley);
        assert_eq!(section("izhikevich"), Section::Simple);
        assert_eq!(section("parrot_neuron_ps"), Section::PreciseTimes);
    }
}
