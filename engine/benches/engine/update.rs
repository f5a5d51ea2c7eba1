//! Update of the models that networks are mostly made of, per neuron and step: 1000 neurons, 1000 steps, each with
//! a steady current that makes them fire.

use std::collections::BTreeMap;

use spikeloom_engine::network::Value;

use crate::{advance, build, create, network};

const MODELS: [&str; 11] = [
    "iaf_psc_delta",
    "iaf_psc_exp",
    "iaf_psc_alpha",
    "iaf_psc_alpha_multisynapse",
    "iaf_cond_exp",
    "izhikevich",
    "hh_psc_alpha",
    "hh_cond_exp_traub",
    "gif_psc_exp",
    "pp_psc_delta",
    "cm_default",
];

/// The parameters with which a model is measured.
fn params(model: &str) -> Vec<(&'static str, Value)> {
    let list = |x: f64| Value::List(vec![x]);
    let current = |x: f64| ("I_e", Value::Real(x));
    match model {
        "iaf_psc_alpha_multisynapse" => vec![current(500.0), ("tau_syn", vec![1.0, 2.0, 5.0, 10.0].into())],
        "izhikevich" => vec![current(10.0)],
        "hh_psc_alpha" => vec![current(700.0)],
        "gif_psc_exp" => vec![
            current(200.0),
            ("tau_stc", list(40.0)),
            ("q_stc", list(15.0)),
            ("tau_sfa", list(60.0)),
            ("q_sfa", list(2.0)),
        ],
        "pp_psc_delta" => vec![("c_2", 20.0.into()), ("tau_sfa", list(60.0)), ("q_sfa", list(2.0))],
        "cm_default" => {
            let compartment = |parent: f64, more: &[(&str, f64)]| -> BTreeMap<String, Value> {
                let keys = [("parent_idx", parent)].into_iter().chain(more.iter().copied());
                keys.map(|(key, x)| (key.to_owned(), Value::Real(x))).collect()
            };
            let soma = compartment(-1.0, &[("params.gbar_Na", 4.6), ("params.gbar_K", 0.96)]);
            vec![("compartments", Value::Table(vec![soma, compartment(0.0, &[]), compartment(1.0, &[])]))]
        }
        _ => vec![current(500.0)],
    }
}

#[divan::bench(args = MODELS)]
fn model(bencher: divan::Bencher, model: &str) {
    let mut network = network();
    create(&mut network, model, 1000, &params(model));
    let mut run = build(&network);
    bencher.bench_local(|| advance(&mut run, 1000));
}
