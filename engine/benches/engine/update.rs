//! Update of the models that networks are mostly made of, per neuron and step: 1000 neurons, 1000 steps, each with
//! a steady current that makes them fire.

use crate::{advance, build, project};

/// Model and its parameters.
const MODELS: &[(&str, &str)] = &[
    ("iaf_psc_delta", "I_e: 500"),
    ("iaf_psc_exp", "I_e: 500"),
    ("iaf_psc_alpha", "I_e: 500"),
    ("iaf_psc_alpha_multisynapse", "I_e: 500, tau_syn: [1, 2, 5, 10]"),
    ("iaf_cond_exp", "I_e: 500"),
    ("izhikevich", "I_e: 10"),
    ("hh_psc_alpha", "I_e: 700"),
    ("hh_cond_exp_traub", "I_e: 500"),
    ("gif_psc_exp", "I_e: 200, tau_stc: [40], q_stc: [15], tau_sfa: [60], q_sfa: [2]"),
    ("pp_psc_delta", "c_2: 20, tau_sfa: [60], q_sfa: [2]"),
    (
        "cm_default",
        "compartments: [(parent_idx: -1, params: (gbar_Na: 4.6, gbar_K: 0.96)), (parent_idx: 0), (parent_idx: 1)]",
    ),
];

#[divan::bench(args = MODELS)]
fn model(bencher: divan::Bencher, (model, params): &(&str, &str)) {
    let mut simulation = build(&project(&format!(r#""N": (model: "{model}", n: 1000, params: ({params}))"#), ""));
    bencher.bench_local(|| advance(&mut simulation, 1000));
}
