//! Building a network, per synapse: 4000 neurons with 250 synapses each.

use spikeloom_engine::network::{Connection, Rule, normal, redraw};

use crate::{build, connect, create, network};

const RULES: [Rule; 4] = [
    Rule::FixedIndegree { indegree: 250 },
    Rule::FixedOutdegree { outdegree: 250 },
    Rule::FixedTotalNumber { n: 1_000_000 },
    Rule::PairwiseBernoulli { p: 0.0625 },
];

#[divan::bench(args = RULES)]
fn constant_weight_and_delay(bencher: divan::Bencher, rule: &Rule) {
    connected(bencher, Connection::new(*rule).weight(1.0).delay(1.5));
}

#[divan::bench(args = RULES)]
fn drawn_weights_and_delays(bencher: divan::Bencher, rule: &Rule) {
    let delay = redraw(normal(1.5, 0.7), 0.1, f64::INFINITY);
    connected(bencher, Connection::new(*rule).weight(normal(1.0, 0.1)).delay(delay));
}

fn connected(bencher: divan::Bencher, connection: Connection) {
    let mut network = network();
    let neurons = create(&mut network, "iaf_psc_delta", 4000, &[]);
    connect(&mut network, neurons, neurons, connection);
    bencher.bench_local(|| build(&network));
}
