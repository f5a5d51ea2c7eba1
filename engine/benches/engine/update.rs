//! Update of the models that networks are mostly made of, per neuron and step: 1000 neurons, 1000 steps, each with
//! a steady current that makes them fire.

use crate::{advance, build, project};

/// Model and its parameters.
const MODELS: &[(&str, &str)] = &[
    ("iaf_psc_delta", "I_e: 500"),
    ("iaf_psc_exp", "I_e: 500"),
    ("iaf_psc_alpha", "I_e: 500"),
    ("iaf_cond_exp", "I_e: 500"),
    ("izhikevich", "I_e: 10"),
    ("hh_psc_alpha", "I_e: 700"),
];

#[divan::bench(args = MODELS)]
fn model(bencher: divan::Bencher, (model, params): &(&str, &str)) {
    let mut simulation = build(&project(&format!(r#""N": (model: "{model}", n: 1000, params: ({params}))"#), ""));
    bencher.bench_local(|| advance(&mut simulation, 1000));
}
