//! Names by which models are asked for that are not theirs: older names, words of students, models of NEST that are
//! not there yet.

use super::{CATALOGUE, Family, Model};
use crate::description::nearest;

/// Words and the models that are meant by them, the most likely first.
const CALLED: &[(&[&str], &[&str])] = &[
    // Older names of NEST, and names of variants that one model covers here.
    (&["spike_detector"], &["spike_recorder"]),
    (&["iaf_neuron", "iaf"], &["iaf_psc_alpha"]),
    (&["hh_neuron"], &["hh_psc_alpha"]),
    (&["stdp_pl_synapse"], &["stdp_pl_synapse_hom"]),
    (&["rate_connection"], &["rate_connection_instantaneous", "rate_connection_delayed"]),
    (&["rate_neuron_ipn"], &["lin_rate_ipn", "tanh_rate_ipn", "threshold_lin_rate_ipn", "sigmoid_rate_ipn"]),
    (&["rate_neuron_opn"], &["lin_rate_opn", "tanh_rate_opn", "threshold_lin_rate_opn"]),
    (&["rate_transformer_node", "rate_transformer"], &["rate_transformer_lin", "rate_transformer_tanh"]),
    // Words for neurons.
    (
        &["lif", "leaky_integrate_and_fire", "integrate_and_fire", "neuron", "leaky"],
        &["iaf_psc_alpha", "iaf_psc_exp", "iaf_psc_delta", "iaf_cond_exp"],
    ),
    (&["adex", "adexp", "aeif", "adaptive_exponential"], &["aeif_cond_exp", "aeif_cond_alpha"]),
    (&["hh", "hodgkin_huxley", "hodgkin"], &["hh_psc_alpha", "hh_cond_exp_traub"]),
    (&["gif", "generalized_integrate_and_fire"], &["gif_psc_exp"]),
    (&["izhi", "izhikevich_neuron"], &["izhikevich"]),
    (&["parrot", "relay"], &["parrot_neuron"]),
    (&["binary", "binary_neuron"], &["ginzburg_neuron", "mcculloch_pitts_neuron", "erfc_neuron"]),
    (&["hopfield", "mcculloch_pitts"], &["mcculloch_pitts_neuron"]),
    (&["glif", "allen"], &["glif_psc", "glif_cond"]),
    (&["mat", "adaptive_threshold"], &["mat2_psc_exp", "amat2_psc_exp"]),
    (&["hill_tononi"], &["ht_neuron"]),
    (&["brunel_wang", "wong_wang"], &["iaf_bw_2001"]),
    (&["gif_pop", "population", "mesoscopic"], &["gif_pop_psc_exp"]),
    (&["relu", "threshold_linear"], &["threshold_lin_rate_ipn"]),
    (&["rate", "rate_neuron"], &["lin_rate_ipn", "lin_rate_opn"]),
    (&["astrocyte"], &["astrocyte_lr_1994"]),
    (&["multicompartment", "compartments", "compartmental"], &["cm_default", "iaf_cond_alpha_mc"]),
    // Words for what drives them.
    (&["poisson", "poisson_noise", "background", "poisson_process"], &["poisson_generator"]),
    (&["noise", "white_noise"], &["noise_generator", "poisson_generator"]),
    (&["spikes", "spike_source", "spike_train", "spike_times"], &["spike_generator"]),
    (
        &["current", "dc", "clamp", "current_clamp", "electrode", "current_generator", "injection"],
        &["dc_generator", "step_current_generator", "ac_generator"],
    ),
    (&["step", "step_current", "pulse"], &["step_current_generator"]),
    (&["ac", "sine", "sinus", "alternating_current"], &["ac_generator"]),
    // Words for what records them.
    (&["voltage", "potential", "membrane_potential", "v_m", "voltage_recorder"], &["voltmeter", "multimeter"]),
    (&["recorder", "detector", "raster", "spike_monitor"], &["spike_recorder"]),
    (&["meter", "monitor", "state_monitor"], &["multimeter"]),
    (&["correlation", "cross_correlation"], &["correlation_detector"]),
    (&["weight", "weights"], &["weight_recorder"]),
    // Words for synapses.
    (&["stdp", "plastic", "plasticity", "learning", "hebb"], &["stdp_synapse", "stdp_triplet_synapse"]),
    (&["static", "synapse"], &["static_synapse"]),
    (
        &["stp", "short_term_plasticity", "depression", "facilitation", "tsodyks"],
        &["tsodyks_synapse", "tsodyks2_synapse", "ht_synapse"],
    ),
    (&["gap", "electrical", "electrical_synapse"], &["gap_junction"]),
    (&["dopamine", "dopamine_synapse"], &["stdp_dopamine_synapse"]),
    (&["triplet"], &["stdp_triplet_synapse"]),
    (&["vogels", "istdp", "inhibitory_plasticity"], &["vogels_sprekeler_synapse"]),
    (&["facets", "brainscales", "hardware"], &["stdp_facetshw_synapse_hom"]),
    (&["cont_delay", "continuous_delay"], &["cont_delay_synapse", "interpolated_delay_synapse"]),
    (&["bernoulli", "stochastic_synapse"], &["bernoulli_synapse"]),
];

/// Models of NEST 3.10 that are not in the catalogue, without the variants that only differ in how NEST stores them.
const NOT_YET: &[&str] = &[
    "eprop_iaf",
    "eprop_iaf_adapt",
    "eprop_iaf_adapt_bsshslm_2020",
    "eprop_iaf_bsshslm_2020",
    "eprop_iaf_psc_delta",
    "eprop_iaf_psc_delta_adapt",
    "eprop_learning_signal_connection",
    "eprop_learning_signal_connection_bsshslm_2020",
    "eprop_readout",
    "eprop_readout_bsshslm_2020",
    "eprop_synapse",
    "eprop_synapse_bsshslm_2020",
];

/// Why there is no model of this name among those that are asked for, and which is meant. `kind` is what is asked for,
/// such as "model".
pub fn no_model(kind: &str, given: &str, asked: impl Fn(&Model) -> bool) -> String {
    let what = format!("unknown {kind} `{given}`");
    let word = given.trim().to_lowercase().replace([' ', '-'], "_");
    let plain = ["_lbl", "_hpc"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(&word);
    let there = |name: &str| CATALOGUE.iter().any(|model| model.name == name && asked(model));
    if there(plain) {
        return format!("{what}: did you mean `{plain}`?");
    }
    let meant = CALLED.iter().filter(|(words, _)| words.contains(&plain));
    let meant: Vec<&str> = meant.flat_map(|(_, models)| *models).copied().filter(|name| there(name)).collect();
    match meant[..] {
        [] => {}
        [only] => return format!("{what}: did you mean `{only}`?"),
        [ref others @ .., last] => {
            let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
            return format!("{what}: did you mean {} or `{last}`?", others.join(", "));
        }
    }
    if NOT_YET.contains(&plain) {
        return format!("{what}: it is a model of NEST that is not here yet");
    }
    // A slip in the name of such a model is no reason to name a wrong neighbour.
    let names = || CATALOGUE.iter().filter(|model| asked(model)).map(|model| model.name);
    match nearest(given, names().chain(NOT_YET.iter().copied())) {
        Some(name) if NOT_YET.contains(&name) => {
            format!("{what}: if `{name}` is meant, it is a model of NEST that is not here yet")
        }
        Some(name) => format!("{what}: did you mean `{name}`?"),
        None => what,
    }
}

/// The model that is meant by a name that no model has, if any is.
pub fn meant(given: &str) -> Option<&'static str> {
    let word = given.trim().to_lowercase();
    let called = CALLED.iter().find(|(words, _)| words.contains(&word.as_str()));
    let names = CATALOGUE.iter().map(|model| model.name).chain(NOT_YET.iter().copied());
    let near = || nearest(given, names).filter(|name| !NOT_YET.contains(name));
    called.map(|(_, models)| models[0]).or_else(near)
}

/// Why there is no model of this name for a node.
pub fn no_node_model(given: &str) -> String {
    no_model("model", given, |model| model.family() != Family::Synapse)
}

/// Why there is no synapse model of this name.
pub fn no_synapse_model(given: &str) -> String {
    no_model("synapse model", given, |model| model.family() == Family::Synapse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_models_that_are_there_and_nothing_that_is_a_name_itself() {
        for (words, models) in CALLED {
            assert!(!models.is_empty());
            for model in *models {
                assert!(super::super::find(model).is_some(), "{model}");
            }
            for word in *words {
                assert!(super::super::find(word).is_none(), "{word} is a model");
                assert_eq!(CALLED.iter().filter(|(words, _)| words.contains(word)).count(), 1, "{word}");
            }
        }
        for name in NOT_YET {
            assert!(super::super::find(name).is_none(), "{name} is in the catalogue now: take it out of this list");
        }
    }

    #[test]
    fn history_and_words_of_students_are_known() {
        for (given, meant) in [
            ("spike_detector", "`spike_recorder`"),
            ("iaf_neuron", "`iaf_psc_alpha`"),
            ("poisson", "`poisson_generator`"),
            ("current", "`dc_generator`"),
            ("voltage", "`voltmeter`"),
            ("Hodgkin-Huxley", "`hh_psc_alpha`"),
            ("LIF", "`iaf_psc_alpha`"),
            ("iaf_psc_alfa", "`iaf_psc_alpha`"),
            ("static", "unknown model `static`"),
        ] {
            let message = no_node_model(given);
            assert!(message.contains(meant), "{message}");
        }
        assert!(no_synapse_model("stdp").contains("`stdp_synapse`"));
        assert!(no_synapse_model("stdp_synapse_lbl").contains("did you mean `stdp_synapse`"));
        assert!(no_synapse_model("stdp_synapse_hom_hpc").contains("did you mean `stdp_synapse_hom`"));
    }

    #[test]
    fn what_is_not_there_yet_says_so() {
        assert_eq!(no_node_model("eprop_iaf"), "unknown model `eprop_iaf`: it is a model of NEST that is not here yet");
        assert!(no_node_model("eprop_readot").contains("if `eprop_readout` is meant"));
        assert!(no_synapse_model("eprop_synapse").contains("not here yet"));
        assert_eq!(no_node_model("flux_capacitor"), "unknown model `flux_capacitor`");
    }
}
