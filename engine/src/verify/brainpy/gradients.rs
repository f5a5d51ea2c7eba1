//! Surrogates, and gradients of a loss by weights: the models' own steps with numbers that carry derivatives.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::values::Obstacle;
use super::network::{Network, model};
use super::quantity::{Stimulus, factor};
use super::{Tolerance, Verdict, difference, expected, flat, number_of, refused, word};
use crate::description::Value;
use crate::mechanisms::dual::Dual;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::surrogates::Surrogate;
use crate::mechanisms::time::Grid;
use crate::models::{self, Visit};
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::neurons::constants::ChunkConstants;
use crate::runtime::neurons::dynamics::{Arrivals, Neuron};
use crate::runtime::neurons::lists::{ListShape, Lists};
use crate::runtime::parameters::{Parameters, Raw};
use crate::runtime::table::Table;

pub fn surrogate(case: &Json) -> Verdict {
    let spec = case.get("surrogate").ok_or_else(|| refused("there is no surrogate"))?;
    let name = word(spec, "name");
    let given: Vec<(&str, f64)> = (spec.get("params").and_then(Json::as_object).into_iter().flatten())
        .filter_map(|(name, json)| Some((name.as_str(), json.as_f64()?)))
        .collect();
    if Surrogate::named(name, &[]).is_none() {
        return Err(Obstacle::Missing(format!("no surrogate {name}")));
    }
    let surrogate = Surrogate::named(name, &given).ok_or_else(|| refused(format!("{name} has no such parameter")))?;
    let xs = case.get("x").map(flat).unwrap_or_default();
    let compared = |name: &str, of: &dyn Fn(f64) -> f64| {
        let ours: Vec<f64> = xs.iter().map(|x| of(*x)).collect();
        difference(name, &ours, &expected(case, name)?, 1, Tolerance::of(case, name))
    };
    let value = compared("value", &Surrogate::step);
    Ok(value.into_iter().chain(compared("derivative", &|x| surrogate.slope(x))).collect())
}

/// One neuron over some steps, given its input with derivatives.
struct Trained<'a> {
    params: &'a BTreeMap<String, Value>,
    h: f64,
    /// Current of each step.
    input: &'a [Dual],
    /// It goes through the first synapse of the neuron.
    through_synapse: bool,
}

impl Visit for Trained<'_> {
    /// Spike and its derivative in each step.
    type Output = Result<Vec<Dual>, String>;

    fn visit<N: Neuron>(self) -> Self::Output {
        let table = Table::new(N::DECLARATION, self.params, 1, 1, 0)?;
        let grid = Grid::new(self.h).ok_or("no step")?;
        let p = Parameters::<N>::of(Raw { table: &table, neuron: 0, grid });
        let of_model = N::constants(&p);
        let mut k = N::Constants::<Dual>::filled(Dual::of(0.0));
        for (to, x) in k.numbers_mut().iter_mut().zip(Fields::<f64>::numbers(&of_model)) {
            *to = Dual::of(*x);
        }
        let mut s = N::State::<Dual>::filled(Dual::of(0.0));
        for (to, x) in s.numbers_mut().iter_mut().zip(Fields::<f64>::numbers(&N::initial(&p, &of_model))) {
            *to = Dual::of(*x);
        }
        for state in N::DECLARATION.states() {
            if let Some(place) = N::READINGS.find(N::DECLARATION.name, state.name).place() {
                s.numbers_mut()[place] = Dual::of(table.real(state.name, 0));
            }
        }
        let entries = |list: usize| table.list(N::LISTS.all()[list].of, 0).len();
        let shape = ListShape::new(N::LISTS.all(), (0..N::LISTS.len()).map(entries));
        let mut of_lists = vec![0.0; shape.constants];
        for entry in shape.entries() {
            N::entry_constants(&p, entry.list, entry.entry, &mut of_lists[entry.constants]);
        }
        // Beside each constant stands its derivative, 0.
        let mut constants = ChunkConstants::of_each(shape.constants, 1);
        constants.set(0, &of_lists);
        let mut rows = vec![Lanes([0.0; 64]); shape.rows];
        let mut lists = Lists { shape: &shape, constants: constants.block(0), rows: &mut rows, lane: 0 };
        let chance = [0.0; 64];
        let mut spikes = Vec::new();
        for given in self.input {
            let mut gathered = Gathered::default();
            gathered.spikes = vec![Lanes([0.0; 64]); 16];
            gathered.currents = vec![Lanes([0.0; 64]); 2];
            if self.through_synapse {
                given.store(&mut gathered.spikes[1].0);
            } else {
                given.store(&mut gathered.currents[0].0);
            }
            let input = Arrivals::new(&gathered, &chance, grid.h()).at::<Dual>(0);
            let fired = N::step(&k, &mut s, &mut lists, &input);
            spikes.push(Dual::new(f64::from(u8::from(fired.set)), fired.slope));
        }
        Ok(spikes)
    }
}

/// d loss/d weight for every weight, and the loss.
pub fn gradient(case: &Json) -> Verdict {
    let (n, mut network) = (number_of(case, "n", 1.0) as usize, Network::new(case, 1));
    let (steps, h) = (network.steps, network.h);
    let cells = network.population("cells", case, n)?;
    let mut unit = network.unit_of(cells, "I");
    let through_synapse = case.get("syn").is_some_and(|syn| !syn.is_null());
    if through_synapse {
        let output = serde_json::json!({"model": "CUBA"});
        network.receptor(cells, &case["syn"], &output)?;
        unit = "mS";
    }
    let weights: Vec<Vec<f64>> = case.get("weight").and_then(Json::as_array).into_iter().flatten().map(flat).collect();
    let size = factor(word(case, "weight_unit"), unit)?;
    let spikes = Stimulus::of(case.get("spikes"), steps, weights.len())?;
    let loss = Stimulus::of(case.get("loss"), steps, n)?;
    let name = word(case, "model");
    model(name)?;
    let (mut total, mut ours) = (0.0, vec![0.0; weights.len() * n]);
    for a in 0..weights.len() {
        for b in 0..n {
            let input: Vec<Dual> = (spikes.values.iter())
                .map(|row| {
                    let sum = row.iter().zip(&weights).map(|(x, w)| x * w[b]).sum::<f64>();
                    Dual::new(size * sum, size * row[a])
                })
                .collect();
            let params = network.node(cells).params.clone();
            let trained = Trained { params: &params, h, input: &input, through_synapse };
            let spikes =
                models::visit(name, trained).ok_or_else(|| Obstacle::Missing(format!("no gradient of {name}")))?;
            for (spike, loss) in spikes.map_err(refused)?.iter().zip(&loss.values) {
                ours[a * n + b] += loss[b] * spike.slope;
                total += if a == 0 { loss[b] * spike.value } else { 0.0 };
            }
        }
    }
    let of = |name: &str, ours: &[f64]| difference(name, ours, &expected(case, name)?, n, Tolerance::of(case, name));
    Ok(of("loss", &[total]).into_iter().chain(of("gradient", &ours)).collect())
}
