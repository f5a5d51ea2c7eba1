//! Random inputs, rules of connection and distributions: statistics over seeds.

use serde_json::Value as Json;

use super::super::statistics::{Expected, agree};
use super::super::values::Obstacle;
use super::network::Network;
use super::quantity::Quantity;
use super::{Verdict, dynamics, flat, number_of, refused, word};
use crate::analysis::mean_and_variance;
use crate::description::{Distribution, Shape, Value};
use crate::models::LIF;
use crate::project::Rule;

/// The seeds of a case.
fn seeds(case: &Json) -> Vec<u64> {
    case.get("seeds").map(flat).unwrap_or_default().into_iter().map(|seed| seed as u64).collect()
}

/// Compares one number a seed with what is expected under each name.
fn judge(case: &Json, values: &[(String, Vec<f64>)]) -> Vec<String> {
    let judged = values.iter().filter_map(|(name, values)| {
        let expected = case.get("expected").and_then(|e| e.get(name))?;
        let expected = Expected {
            mean: number_of(expected, "mean", f64::NAN),
            sd: number_of(expected, "std", f64::NAN),
            n: number_of(expected, "n", f64::NAN),
        };
        agree(values, expected).err().map(|why| format!("{name}: {why}"))
    });
    judged.collect()
}

/// Puts what one run gave behind what the others did.
fn collect(all: &mut Vec<(String, Vec<f64>)>, of_run: Vec<(String, f64)>) {
    for (name, value) in of_run {
        match all.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => values.push(value),
            None => all.push((name, vec![value])),
        }
    }
}

/// A generator's output over all steps and targets.
pub fn random(case: &Json) -> Verdict {
    let n = number_of(case, "n", 1.0) as usize;
    let weight = case.get("params").and_then(|p| p.get("weight")).and_then(Quantity::of);
    let size = weight.map_or(1.0, |weight| weight.numbers[0]);
    let mut all = Vec::new();
    for seed in seeds(case) {
        let mut network = Network::new(case, seed);
        // A run of theirs begins with its first draw; here that acts in the second step.
        network.steps += 1;
        let device = dynamics::generator(&mut network, case, n)?;
        let (cells, reading) = dynamics::targets(&mut network, device, n)?;
        let meter = network.meter(cells, vec![reading.into()], 1);
        let values: Vec<f64> = network.run()?.samples(meter, reading)?[n..].iter().map(|x| size * x).collect();
        let mut of_run = Vec::new();
        for statistic in case.get("statistics").and_then(Json::as_array).unwrap_or(&Vec::new()) {
            let late = &values[number_of(statistic, "after", 0.0) as usize * n..];
            of_run.push((word(statistic, "name").to_owned(), moment(statistic, late, n)?));
        }
        collect(&mut all, of_run);
    }
    Ok(judge(case, &all))
}

/// A statistic of an array by step and channel.
fn moment(statistic: &Json, values: &[f64], n: usize) -> Result<f64, Obstacle> {
    let (mean, variance) = mean_and_variance(values).ok_or_else(|| refused("there are no values"))?;
    Ok(match word(statistic, "kind") {
        "mean" => mean,
        "var" => variance,
        "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "lag_corr" => {
            let lag = number_of(statistic, "lag", 1.0) as usize * n;
            correlation(&values[..values.len() - lag], &values[lag..])
        }
        kind => return Err(Obstacle::Missing(format!("no statistic {kind}"))),
    })
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |xs: &[f64]| xs.iter().sum::<f64>() / xs.len() as f64;
    let (of_a, of_b) = (mean(a), mean(b));
    let sum = |of: &dyn Fn(usize) -> f64| (0..a.len()).map(of).sum::<f64>();
    let both = sum(&|i| (a[i] - of_a) * (b[i] - of_b));
    both / (sum(&|i| (a[i] - of_a) * (a[i] - of_a)) * sum(&|i| (b[i] - of_b) * (b[i] - of_b))).sqrt()
}

/// The graphs that a rule makes.
pub fn rule(case: &Json) -> Verdict {
    let is = |key: &str, default: bool| case.get(key).and_then(Json::as_bool).unwrap_or(default);
    let (recurrent, autapses, multapses) =
        (is("recurrent", false), is("allow_autapses", true), is("allow_multapses", true));
    let sizes = [number_of(case, "n_pre", 0.0) as usize, number_of(case, "n_post", 0.0) as usize];
    let params = case.get("params").cloned().unwrap_or_default();
    if params.get("delay").is_some() {
        return Err(refused("a rule has no delay"));
    }
    let count = |key: &str| match number_of(&params, key, f64::NAN) {
        x if x >= 0.0 && x.fract() == 0.0 => Ok(x as u64),
        x => Err(refused(format!("{key} must be a whole number, 0 or more; is {x}"))),
    };
    let name = word(case, "model");
    let rule = match name {
        "OneToOneProj" => Rule::OneToOne,
        "AllToAllProj" => Rule::AllToAll,
        "PairwiseBernoulliProj" => Rule::PairwiseBernoulli { p: number_of(&params, "p", f64::NAN) },
        "SymmetricPairwiseBernoulliProj" => Rule::SymmetricPairwiseBernoulli { p: number_of(&params, "p", f64::NAN) },
        "FixedIndegreeProj" => Rule::FixedIndegree { indegree: count("K")? },
        "FixedOutdegreeProj" => Rule::FixedOutdegree { outdegree: count("K")? },
        "FixedTotalNumberProj" => Rule::FixedTotalNumber { n: count("N")? },
        "PairwisePoissonProj" => Rule::PairwisePoisson { mean: number_of(&params, "mean", f64::NAN) },
        other => return Err(Obstacle::Missing(format!("no rule {other}"))),
    };
    let symmetric = matches!(rule, Rule::SymmetricPairwiseBernoulli { .. });
    if symmetric && !recurrent {
        return Err(refused("a symmetric rule is for one population"));
    }
    // Their total number without multapses is what is left of that number when pairs that come again are dropped.
    let drops = matches!(rule, Rule::FixedTotalNumber { .. }) && !multapses;
    let mut all = Vec::new();
    for seed in seeds(case) {
        let mut network = Network::new(case, seed);
        let pre = network.add("pre", &LIF, sizes[0]);
        let post = if recurrent { pre } else { network.add("post", &LIF, sizes[1]) };
        let id = network.wire(pre, post, rule, Value::Real(1.0), 0);
        let projection = network.projection(id);
        (projection.autapses, projection.symmetric) = (autapses, symmetric);
        projection.multapses = (multapses || drops || rule.needs_multapses()) && !symmetric;
        let simulation = network.build()?;
        let pairs = simulation.synapses_of(id).into_iter().map(|(from, to, ..)| (from as usize, to as usize));
        collect(&mut all, summary(pairs.collect(), sizes, recurrent, drops));
    }
    Ok(judge(case, &all))
}

/// What is counted of a graph.
fn summary(pairs: Vec<(usize, usize)>, sizes: [usize; 2], recurrent: bool, drops: bool) -> Vec<(String, f64)> {
    let mut times = vec![vec![0usize; sizes[1]]; sizes[0]];
    for (from, to) in pairs {
        let times = &mut times[from][to];
        *times = if drops { 1 } else { *times + 1 };
    }
    let out: Vec<usize> = times.iter().map(|row| row.iter().sum()).collect();
    let into: Vec<usize> = (0..sizes[1]).map(|j| times.iter().map(|row| row[j]).sum()).collect();
    let ends = |xs: &[usize]| {
        let (low, high) = (xs.iter().min().copied().unwrap_or(0), xs.iter().max().copied().unwrap_or(0));
        (low as f64, high as f64)
    };
    let ((out_min, out_max), (in_min, in_max)) = (ends(&out), ends(&into));
    let square = sizes[0].min(sizes[1]);
    let mirrored = || (0..square).flat_map(|i| (0..square).map(move |j| (i, j)));
    let autapses = if recurrent { (0..square).map(|i| times[i][i]).sum() } else { 0 };
    let asymmetric = mirrored().filter(|(i, j)| times[*i][*j] != times[*j][*i]).count() as f64;
    [
        ("edges", out.iter().sum::<usize>() as f64),
        ("indegree_min", in_min),
        ("indegree_max", in_max),
        ("outdegree_min", out_min),
        ("outdegree_max", out_max),
        ("autapses", autapses as f64),
        ("largest_multiplicity", times.iter().flatten().copied().max().unwrap_or(0) as f64),
        ("asymmetric_pairs", if recurrent { asymmetric } else { -1.0 }),
    ]
    .map(|(name, x)| (name.to_owned(), x))
    .to_vec()
}

/// The weights of 1000 synapses.
pub fn distribution(case: &Json) -> Verdict {
    let params = case.get("params").cloned().unwrap_or_default();
    let quantity = |key: &str| {
        let quantity = params.get(key).and_then(Quantity::of);
        quantity.ok_or_else(|| refused(format!("no {key}")))
    };
    let pair = |a: &str, b: &str| {
        let (a, b) = (quantity(a)?, quantity(b)?);
        Ok::<_, Obstacle>((a.numbers[0], b.within(&a.unit)?[0], a.unit))
    };
    let shape = match word(case, "model") {
        "Normal" => {
            let (mean, std, _) = pair("mean", "std")?;
            Shape::Normal { mean, std }
        }
        "LogNormal" => {
            let (mean, std, unit) = pair("mean", "std")?;
            if unit != "1" {
                return Err(refused("the logarithm has no unit"));
            }
            Shape::Lognormal { mean, std }
        }
        "Uniform" => {
            let (low, high, _) = pair("low", "high")?;
            Shape::Uniform { low, high }
        }
        other => return Err(Obstacle::Missing(format!("no distribution {other}"))),
    };
    let weight = Value::Distribution(Distribution { shape, min: None, max: None });
    let mut all = Vec::new();
    for seed in seeds(case) {
        let mut network = Network::new(case, seed);
        let cells = network.add("cells", &LIF, 1000);
        let id = network.wire(cells, cells, Rule::OneToOne, weight.clone(), 0);
        let weights: Vec<f64> = network.build()?.synapses_of(id).iter().map(|synapse| synapse.2).collect();
        let (mean, variance) = mean_and_variance(&weights).ok_or_else(|| refused("there are no weights"))?;
        let fold = |start: f64, of: fn(f64, f64) -> f64| weights.iter().copied().fold(start, of);
        let of_run = [
            ("mean", mean),
            ("std", variance.sqrt()),
            ("min", fold(f64::INFINITY, f64::min)),
            ("max", fold(f64::NEG_INFINITY, f64::max)),
        ];
        collect(&mut all, of_run.map(|(name, x)| (name.to_owned(), x)).to_vec());
    }
    Ok(judge(case, &all))
}
