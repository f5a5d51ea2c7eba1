//! Every example shows the point that its text promises; where a network is one of the literature, its statistics are those
//! of NEST over ten seeds, within four standard errors.

#[path = "lessons/classic_networks.rs"]
mod classic_networks;
#[path = "lessons/dynamics.rs"]
mod dynamics;
#[path = "lessons/games.rs"]
mod games;
#[path = "lessons/learning.rs"]
mod learning;
#[path = "lessons/more_networks.rs"]
mod more_networks;
#[path = "lessons/space.rs"]
mod space;

use std::path::Path;

use spikeloom_engine::network::{Network, NodeId, Run};

/// One run of ours lies within four standard errors of what so many seeds of NEST 3.10 gave: mean and standard deviation.
fn assert_like_nest(what: &str, ours: f64, (mean, sd): (f64, f64), seeds: u32) {
    let bound = 4.0 * sd * (1.0 + 1.0 / f64::from(seeds)).sqrt();
    assert!((ours - mean).abs() < bound, "{what} is {ours}, in NEST {mean} ± {bound}");
}

/// An example that runs.
struct Lesson {
    network: Network,
    run: Run,
}

impl Lesson {
    /// The example of this file name, after so many ms.
    fn after(ms: f64, file: &str) -> Lesson {
        Lesson::changed(ms, file, |_| ())
    }

    /// As [`Lesson::after`], with knobs turned to these positions first.
    fn turned(ms: f64, file: &str, positions: &[(&str, f64)]) -> Lesson {
        Lesson::changed(ms, file, |network| {
            let mut project = network.project().clone();
            for (name, x) in positions {
                let knob = project.knobs.iter().find(|k| k.name == *name).cloned();
                knob.unwrap_or_else(|| panic!("there is no knob {name}")).turn(&mut project, *x);
            }
            *network =
                Network::read(&spikeloom_engine::project::write(&project)).expect("a network with its knobs turned");
        })
    }

    /// As [`Lesson::after`], with a change of the network before it is built.
    fn changed(ms: f64, file: &str, change: impl FnOnce(&mut Network)) -> Lesson {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects").join(file).with_extension("ron");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut network = Network::read(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
        change(&mut network);
        // Tests run beside each other; results do not depend on the number of threads.
        network.threads(1);
        let mut run = network.build().unwrap_or_else(|e| panic!("{file}: {e}"));
        run.simulate(ms).unwrap_or_else(|e| panic!("{file}: {e}"));
        Lesson { network, run }
    }

    /// The node of this name.
    fn node(&self, name: &str) -> NodeId {
        let found = self.network.project().nodes.iter().find(|n| n.name == name);
        found.unwrap_or_else(|| panic!("there is no node {name}")).id
    }

    /// All spike times of a neuron, as a recorder has received them, ms.
    fn train(&self, recorder: &str, node: &str, neuron: usize) -> Vec<f64> {
        let spikes = self.run.spikes(self.node(recorder)).unwrap_or_else(|e| panic!("{recorder}: {e}"));
        spikes.train_of(self.node(node), neuron)
    }

    /// Spikes per second and neuron of a population from `from` to `to` ms.
    fn rate(&self, recorder: &str, node: &str, from: f64, to: f64) -> f64 {
        let id = self.node(node);
        let n = self.network.project().node(id).expect("a node").n;
        let within = |t: &f64| *t > from && *t <= to;
        let count: usize = (0..n).map(|i| self.train(recorder, node, i).iter().filter(|t| within(t)).count()).sum();
        count as f64 / n as f64 / (to - from) * 1000.0
    }

    /// The samples of one neuron, one a time.
    fn trace(&self, meter: &str, quantity: &str, node: &str, neuron: usize) -> Vec<f64> {
        let samples = self.run.samples(self.node(meter), quantity).unwrap_or_else(|e| panic!("{meter}: {e}"));
        samples.of(self.node(node), neuron)
    }
}
