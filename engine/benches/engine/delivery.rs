//! Delivery of spikes, per synaptic event: 1000 neurons that fire together with 1000 synapses each, onto neurons that
//! fire as often. The update of all of them adds a few hundredths.

use spikeloom_engine::models;
use spikeloom_engine::network::{Connection, normal, redraw};

use crate::{advance, build, connect, create, network};

/// Under so strong a current a neuron fires in the first step after its refractory period of 2 ms.
const CURRENT: f64 = 1e6;
const PERIOD: u64 = 21;

/// Weights so small that they change nothing.
const STATIC: [&str; 3] = ["one weight", "drawn weights", "drawn weights and delays"];

/// Static synapses in the forms in which they are kept, then every model with a state that these neurons can have
/// between them without a third factor.
fn synapses() -> impl Iterator<Item = &'static str> {
    let neurons = models::find("iaf_psc_delta").expect("a model");
    let fitting = models::fitting_synapses(neurons, neurons).into_iter();
    let plastic = fitting.filter(|model| model.plastic().is_some() && !model.needs(models::Service::ThirdFactor));
    STATIC.into_iter().chain(plastic.map(|model| model.name))
}

#[divan::bench(args = synapses())]
fn event(bencher: divan::Bencher, synapses: &str) {
    let plain = Connection::fixed_outdegree(1000).delay(1.5);
    let connection = match synapses {
        "one weight" => plain.weight(1e-6),
        "drawn weights" => plain.weight(normal(1e-6, 1e-7)),
        "drawn weights and delays" => {
            plain.weight(normal(1e-6, 1e-7)).delay(redraw(normal(1.5, 0.7), 0.1, f64::INFINITY))
        }
        model => plain.weight(1e-6).synapse(model),
    };
    let mut network = network();
    let sources = create(&mut network, "iaf_psc_delta", 1000, &[("I_e", CURRENT.into())]);
    let targets = create(&mut network, "iaf_psc_delta", 2000, &[("I_e", CURRENT.into())]);
    connect(&mut network, sources, targets, connection);
    let mut run = build(&network);
    advance(&mut run, 10 * PERIOD);
    let before = run.counters().synaptic_events;
    advance(&mut run, 10 * PERIOD);
    assert_eq!(run.counters().synaptic_events - before, 10_000_000, "every source fires once a period");
    bencher.bench_local(|| advance(&mut run, PERIOD));
}
