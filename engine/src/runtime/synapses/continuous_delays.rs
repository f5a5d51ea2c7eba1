//! Synapses of constant weight whose delays need not be whole steps.

use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::synapses::plastic::{Pass, PlasticRows, Transmitted};
use crate::runtime::synapses::reads::Needs;
use crate::runtime::table::Table;

/// The weights of the synapses of one projection onto a chunk, in order of its rows. What is sent arrives within steps;
/// neurons that cannot tell see it at the end of the step. Or else it is shared between the steps before and after.
#[derive(Clone)]
pub struct ContinuousDelays {
    weights: Vec<f64>,
    interpolates: bool,
}

impl ContinuousDelays {
    pub fn new(rows: &SynapseRows, interpolates: bool) -> Self {
        ContinuousDelays { weights: (0..rows.len()).map(|i| rows.weight(i)).collect(), interpolates }
    }
}

impl PlasticRows for ContinuousDelays {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let (rows, h, sent) = (pass.rows, pass.grid.h(), pass.spike.offset);
        let row = rows.row(source);
        for ((place, i), &target) in row.clone().enumerate().zip(rows.targets().of(row)) {
            let weight = self.weights[i];
            if self.interpolates {
                let (at, early) = (step + rows.delay(i) as i64, rows.shorter(i) / h);
                pass.deliver(at, target, weight * (1.0 - early));
                if early > 0.0 {
                    pass.deliver(at - 1, target, weight * early);
                }
            } else {
                let (at, before) = rows.arrival(i, step, sent, h);
                pass.spike.offset = before;
                pass.deliver(at, target, weight);
            }
            if let Some(transmitted) = &mut pass.transmitted {
                let (source, place) = (source as u32, place as u32);
                transmitted.push(Transmitted { stamp: step + 1, source, target, weight, place });
            }
        }
    }
    fn trigger(&mut self, _: f64, _: &mut Pass<'_>) {}
    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        (name == "weight").then(|| self.weights[synapse])
    }
    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
    }
    fn set_parameters(&mut self, _: &Table, _: Grid) {}
    fn horizon(&self, _: Grid) -> f64 {
        f64::INFINITY
    }
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
    fn bytes(&self) -> usize {
        8 * self.weights.len()
    }
    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(self.clone())
    }
}
