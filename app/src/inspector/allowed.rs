//! Whether a value may be set, or a sentence that says what is allowed.

use spikeloom_engine::description::{Distribution, Range, Shape, Value};
use spikeloom_engine::models::{Edge, Model, Parameter};
use spikeloom_engine::project::{Node, Projection, Settings, check_parameter, check_synapse_parameter};

use crate::number;

/// The largest population that can be typed.
pub const MOST_NEURONS: f64 = 1e8;

/// Checks a new value of a parameter of this node: its range and its relations to others.
pub fn parameter(node: &Node, parameter: &Parameter, value: &Value, settings: &Settings) -> Result<(), String> {
    range(parameter, value)?;
    // What it gives where the neurons stand is told with the problems of the network.
    if matches!(value, Value::Spatial(_)) {
        return Ok(());
    }
    check_parameter(parameter, value, node.n, settings.resolution)
        .map_err(|reason| format!("{}: {reason}", parameter.name))?;
    relations(node.model, |name| node.value(name), parameter, value)
}

/// Checks a new value of a parameter of the synapses of this projection.
pub fn synapse_parameter(
    projection: &Projection,
    from: &Node,
    to: &Node,
    parameter: &Parameter,
    value: &Value,
) -> Result<(), String> {
    range(parameter, value)?;
    check_synapse_parameter(projection, parameter, value, from.n, to.n)
        .map_err(|reason| format!("{}: {reason}", parameter.name))?;
    relations(projection.synapse, |name| projection.value(name), parameter, value)
}

/// The values that dragging can reach.
pub fn limits(parameter: &Parameter) -> (f64, f64) {
    // Something small that still means something, where the limit itself is not allowed.
    let inward = parameter.slider.map_or(1e-3, |(a, b)| ((b - a) * 1e-4).clamp(1e-6, 1e-1));
    let inward = 10f64.powf(inward.log10().floor());
    let low = match parameter.min {
        None => f64::NEG_INFINITY,
        Some((a, Edge::Included)) => a,
        Some((a, Edge::Excluded)) => a + inward,
    };
    let high = match parameter.max {
        None => parameter.ceiling.unwrap_or(f64::INFINITY),
        Some((b, Edge::Included)) => b,
        Some((b, Edge::Excluded)) => b - inward,
    };
    (low, high.max(low))
}

fn range(parameter: &Parameter, value: &Value) -> Result<(), String> {
    let refuse = |x: f64| {
        let range = parameter.range_text().replace('-', "−");
        Err(format!("{} = {}: allowed is {range}", parameter.name, number::with_unit(x, parameter.unit)))
    };
    let outside = |xs: &[f64]| xs.iter().copied().find(|&x| !parameter.allows(x));
    match value {
        Value::Real(x) if !parameter.allows(*x) => refuse(*x),
        Value::List(xs) => outside(xs).map_or(Ok(()), refuse),
        Value::Lists(rows) => rows.iter().find_map(|xs| outside(xs)).map_or(Ok(()), refuse),
        Value::Distribution(d) => distribution(parameter.name, d),
        Value::Range(Range { from, to, logarithmic: true }) if from * to <= 0.0 => {
            Err(format!("{}: a logarithmic range goes between numbers of one sign", parameter.name))
        }
        Value::Range(range) => outside(&[range.from, range.to]).map_or(Ok(()), refuse),
        Value::Spatial(kernel) => kernel.check(3).map_err(|reason| format!("{}: {reason}", parameter.name)),
        _ => Ok(()),
    }
}

/// Whether the numbers describe a distribution at all.
fn distribution(name: &str, d: &Distribution) -> Result<(), String> {
    match d.shape {
        Shape::Normal { mean, std } | Shape::Lognormal { mean, std } if !(mean.is_finite() && std.is_finite()) => {
            return Err(format!("{name}: mean and std must be finite"));
        }
        Shape::Normal { std, .. } | Shape::Lognormal { std, .. } if std < 0.0 => {
            return Err(format!("{name}: std = {}: allowed is ≥ 0", number::plain(std)));
        }
        Shape::Uniform { low, high } if !(low.is_finite() && high.is_finite() && low < high) => {
            return Err(format!("{name}: low must be less than high"));
        }
        Shape::Exponential { beta } if !(beta.is_finite() && beta > 0.0) => {
            return Err(format!("{name}: beta = {}: allowed is > 0", number::plain(beta)));
        }
        _ => {}
    }
    match (d.min, d.max) {
        (Some(min), Some(max)) if min >= max => Err(format!("{name}: min must be less than max")),
        _ => Ok(()),
    }
}

fn relations(
    model: &Model,
    now: impl Fn(&str) -> Option<Value>,
    parameter: &Parameter,
    value: &Value,
) -> Result<(), String> {
    let of = |name: &str| match if name == parameter.name { Some(value.clone()) } else { now(name) } {
        Some(Value::Real(x)) => Some(x),
        _ => None,
    };
    for relation in model.relations {
        let names = relation.parameters();
        if !names.contains(&parameter.name) {
            continue;
        }
        let Some(values) = names.iter().map(|name| of(name)).collect::<Option<Vec<f64>>>() else { continue };
        // What is merely odd is a warning of the whole network.
        if !relation.holds(&values) && !relation.is_advice() {
            let name = names[0];
            let unit = model.parameter(name).map_or("", |p| p.unit);
            let demand = relation.demand(0, &values, unit).replace('-', "−");
            return Err(format!("{name} = {}: {demand}", number::plain(values[0])));
        }
    }
    Ok(())
}

/// Checks a new weight.
pub fn weight(projection: &Projection, value: &Value) -> Result<(), String> {
    if let Some(parameter) = projection.synapse.parameter("weight") {
        range(parameter, value)?;
    }
    every(value, f64::is_finite, "weight must be finite")
}

/// Checks a new delay: at least one time step.
pub fn delay(projection: &Projection, value: &Value, settings: &Settings) -> Result<(), String> {
    if let Some(parameter) = projection.synapse.parameter("delay") {
        range(parameter, value)?;
    }
    let step = settings.resolution;
    let sentence = format!("delay must be finite and at least one time step, {}", number::with_unit(step, "ms"));
    // Half a step is rounded up to a whole one.
    every(value, |x| x.is_finite() && x >= 0.5 * step, &sentence)
}

fn every(value: &Value, good: impl Fn(f64) -> bool, sentence: &str) -> Result<(), String> {
    let fine = match value {
        Value::Real(x) => good(*x),
        Value::List(xs) => xs.iter().all(|&x| good(x)),
        Value::Lists(rows) => rows.iter().flatten().all(|&x| good(x)),
        Value::Range(range) => good(range.from) && good(range.to),
        _ => true,
    };
    if fine { Ok(()) } else { Err(sentence.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::iaf_psc_alpha;
    use spikeloom_engine::project::NodeId;

    fn check(name: &str, x: f64) -> Result<(), String> {
        let node = Node::new(NodeId(0), "cell", &iaf_psc_alpha::MODEL);
        let p = node.model.parameter(name).expect("a parameter");
        parameter(&node, p, &Value::Real(x), &Settings::default())
    }

    #[test]
    fn refusals_say_what_is_allowed() {
        assert!(check("tau_m", 20.0).is_ok());
        assert!(check("tau_m", -1.0).is_err_and(|e| e.contains("> 0")));
        assert!(check("V_th", -80.0).is_err_and(|e| e.contains("V_reset") && e.contains("−80")));
    }

    #[test]
    fn dragging_stops_inside_the_range() {
        let p = iaf_psc_alpha::MODEL.parameter("tau_m").expect("a parameter");
        let (low, high) = limits(p);
        assert!(p.allows(low) && high == f64::INFINITY);
    }
}
