//! Weights and delays: shapes that fit the rule, delays that fit the resolution.

use super::distribution;
use super::numbers::{check_number, describe};
use super::parameter::{check_ends, check_entries, check_numbers};
use crate::description::Resolution;
use crate::description::space::Kernel;
use crate::description::{Distribution, Shape, Value, number};
use crate::math;
use crate::models::Parameter;
use crate::project::{Part, Projection, Rule};

/// The longest delay in steps that a synapse stores (21 bits).
const LONGEST: f64 = 2_097_151.0;
/// A bell curve is taken to end after this many standard deviations: no draw in the life of a network lies further out.
const TAIL: f64 = 10.0;

pub(super) fn check_weight(projection: &Projection, sources: usize, targets: usize) -> Result<(), String> {
    let weight = &projection.weight;
    if projection.synapse.parameter("weight").is_some_and(|common| !common.per_neuron)
        && !matches!(weight, Value::Real(_))
    {
        return Err(format!(
            "must be the same for all synapses of {}, is {}",
            projection.synapse.name,
            describe(weight)
        ));
    }
    check_shape(weight, projection, sources, targets)?;
    check_each(weight, |w| if w.is_finite() { Ok(()) } else { Err(format!("must be finite, is {}", number(w))) })
}

pub(super) fn check_delay(
    projection: &Projection,
    sources: usize,
    targets: usize,
    resolution: Resolution,
) -> Result<(), String> {
    let delay = &projection.delay;
    match delay {
        Value::List(delays) if !projection.rule.lists_synapses() => check_by_source(delays, projection, sources)?,
        _ => check_shape(delay, projection, sources, targets)?,
    }
    let between = projection.synapse.acts_between_steps();
    let steps = |d: f64| if between { resolution.delay_parts(d) } else { resolution.delay_steps(d) };
    check_each(delay, |d| check_steps(d, steps(d), resolution))?;
    match delay {
        Value::Distribution(drawn) => check_drawn_delay(drawn, &steps, resolution),
        Value::Spatial(kernel) if steps(kernel.most(0.0, f64::INFINITY)) < 1.0 => {
            let h = number(resolution.ms());
            Err(format!("must be at least one step ({h} ms), but is less at every distance; add `plus: {h}`"))
        }
        _ => Ok(()),
    }
}

/// One delay for each source.
fn check_by_source(delays: &[f64], projection: &Projection, sources: usize) -> Result<(), String> {
    if projection.symmetric {
        return Err("a list with one delay for each source has no meaning both ways; give one value".into());
    }
    if projection.union.is_some() || projection.sources != Part::Whole || projection.targets != Part::Whole {
        return Err("a list with one delay for each source goes with whole nodes, one at either end".into());
    }
    if delays.len() == sources {
        return Ok(());
    }
    let given = delays.len();
    Err(format!("must be one value, a list of {sources}, one for each source, or a list of lists; here are {given}"))
}

/// A delay, whatever the rule of connection.
///
/// # Errors
/// What it must be.
pub fn check_single_delay(projection: &Projection, resolution: f64) -> Result<(), String> {
    match Resolution::new(resolution) {
        Some(resolution) if matches!(projection.delay, Value::Real(_)) => check_delay(projection, 0, 0, resolution),
        _ => Ok(()),
    }
}

/// A parameter of the synapse model beside weight and delay.
pub fn check_parameter(
    projection: &Projection,
    parameter: &Parameter,
    value: &Value,
    sources: usize,
    targets: usize,
) -> Result<(), String> {
    if parameter.per_neuron && !parameter.is_list() && !matches!(value, Value::Flag(_)) {
        check_shape(value, projection, sources, targets)?;
    } else if matches!(
        value,
        Value::Lists(_) | Value::Flags(_) | Value::Distribution(_) | Value::Range(_) | Value::Spatial(_)
    ) || (matches!(value, Value::List(_)) && !parameter.is_list())
    {
        return Err(format!("must be the same for all synapses, is {}", describe(value)));
    }
    if let Value::Spatial(kernel) = value {
        return check_extremes(parameter, kernel);
    }
    match value {
        Value::Range(range) => check_numbers(parameter, &Value::List(range.some_values(targets))),
        value => check_entries(parameter, value),
    }
}

/// Whether the parameter takes the least and the greatest value of a function of the distance, as far as it is bounded.
fn check_extremes(parameter: &Parameter, kernel: &Kernel) -> Result<(), String> {
    for end in [kernel.least(0.0, f64::INFINITY), kernel.most(0.0, f64::INFINITY)] {
        if end.is_finite() {
            check_number(parameter, end).map_err(|message| format!("{message} at some distance"))?;
        }
    }
    Ok(())
}

/// Whether numbers come in the shape in which the rule makes synapses.
fn check_shape(value: &Value, projection: &Projection, sources: usize, targets: usize) -> Result<(), String> {
    let rule = &projection.rule;
    match value {
        Value::Real(_) => Ok(()),
        Value::Distribution(drawn) => distribution::check(drawn),
        Value::List(_) | Value::Lists(_) if projection.is_drawn_in_space() => {
            Err("a mask or kernel takes no lists, for the number of synapses depends on where neurons stand".into())
        }
        Value::List(xs) if *rule == Rule::Pairs => check_number_of_values(xs.len(), projection.pairs.len() as u64),
        Value::List(xs) => check_list(xs.len(), rule, sources),
        Value::Lists(rows) => check_lists(rows, rule, sources, targets),
        Value::Flag(_) | Value::Flags(_) | Value::Text(_) | Value::Names(_) | Value::Table(_) => {
            Err(format!("must be a number, a list or a distribution, is {}", describe(value)))
        }
        Value::Spatial(_) => Ok(()),
        Value::Range(range) if projection.symmetric => Err(format!(
            "is a {} range, which runs over the targets, but both ways of a symmetric projection have the same values",
            range.name()
        )),
        Value::Range(range) => check_ends(range),
    }
}

fn check_list(given: usize, rule: &Rule, sources: usize) -> Result<(), String> {
    let needed = match rule {
        Rule::OneToOne => sources as u64,
        Rule::FixedTotalNumber { n } => *n,
        _ if rule.has_random_number() => return Err(no_lists(rule)),
        _ => return Err(format!("{} takes no flat list, but a list of lists: {}", rule.name(), rows_in_words(rule))),
    };
    check_number_of_values(given, needed)
}

fn check_number_of_values(given: usize, needed: u64) -> Result<(), String> {
    if given as u64 == needed {
        return Ok(());
    }
    Err(format!("must be one value or a list of {needed}, one for each synapse; here are {given}"))
}

fn check_lists(rows: &[Vec<f64>], rule: &Rule, sources: usize, targets: usize) -> Result<(), String> {
    let (height, width) = match rule {
        Rule::AllToAll => (targets, sources as u64),
        Rule::FixedIndegree { indegree } => (targets, *indegree),
        Rule::FixedOutdegree { outdegree } => (sources, *outdegree),
        Rule::OneToOne | Rule::FixedTotalNumber { .. } | Rule::Pairs => {
            return Err(format!("{} takes a flat list, not a list of lists", rule.name()));
        }
        _ => return Err(no_lists(rule)),
    };
    let wanted = format!("must be {height} lists of {width} ({})", rows_in_words(rule));
    if rows.len() != height {
        return Err(format!("{wanted}; here are {} lists", rows.len()));
    }
    match rows.iter().enumerate().find(|(_, row)| row.len() as u64 != width) {
        Some((i, row)) => Err(format!("{wanted}; list {} has {}", i + 1, row.len())),
        None => Ok(()),
    }
}

fn no_lists(rule: &Rule) -> String {
    format!("{} takes no lists, for the number of synapses is left to chance", rule.name())
}

fn rows_in_words(rule: &Rule) -> &'static str {
    match rule {
        Rule::FixedIndegree { .. } => "a list for each target, with an entry for each of its synapses",
        Rule::FixedOutdegree { .. } => "a list for each source, with an entry for each of its synapses",
        _ => "a list for each target, with an entry for each source",
    }
}

/// Checks constants and entries of lists.
fn check_each(value: &Value, check: impl Fn(f64) -> Result<(), String>) -> Result<(), String> {
    match value {
        Value::Real(x) => check(*x),
        Value::List(xs) => xs.iter().try_for_each(|x| check(*x)),
        Value::Lists(rows) => rows.iter().flatten().try_for_each(|x| check(*x)),
        // All others lie between its ends.
        Value::Range(range) => [range.from, range.to].into_iter().try_for_each(check),
        _ => Ok(()),
    }
}

fn check_steps(delay: f64, steps: f64, resolution: Resolution) -> Result<(), String> {
    if (1.0..=LONGEST).contains(&steps) {
        return Ok(());
    }
    let h = resolution.ms();
    if steps < 1.0 {
        return Err(format!("must be at least one step ({} ms), is {}", number(h), number(delay)));
    }
    Err(format!("must be at most {LONGEST} steps ({} ms), is {}", number(LONGEST * h), number(delay)))
}

fn check_drawn_delay(drawn: &Distribution, steps: &dyn Fn(f64) -> f64, resolution: Resolution) -> Result<(), String> {
    let (low, high) = distribution::range(drawn);
    let name = drawn.shape.name();
    let h = resolution.ms();
    if steps(low) < 1.0 {
        let message =
            format!("must be at least one step ({} ms), but this {name} distribution can give less", number(h));
        return Err(format!("{message}; set min: {}", number(h)));
    }
    let likely_high = match drawn.shape {
        Shape::Normal { mean, std } => high.min(mean + TAIL * std),
        Shape::Lognormal { mean, std } => high.min(math::exp(mean + TAIL * std)),
        Shape::Uniform { .. } => high,
        Shape::Exponential { beta } => high.min(4.0 * TAIL * beta),
    };
    let steps = steps(likely_high);
    if steps.is_nan() || steps > LONGEST {
        let most = number(LONGEST * h);
        return Err(format!("must be at most {most} ms, but this {name} distribution can give more; set its max"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::description::{Distribution, Shape, Value};
    use crate::project::Rule;
    use crate::project::validate::testing::{errors, pair};

    /// Errors with 2 sources, 3 targets.
    fn with_weight(rule: Rule, weight: Value) -> Vec<String> {
        let mut project = pair("parrot_neuron", 2, "parrot_neuron", if rule == Rule::OneToOne { 2 } else { 3 });
        (project.projections[0].rule, project.projections[0].weight) = (rule, weight);
        errors(&project)
    }
    fn with_delay(delay: Value) -> Vec<String> {
        let mut project = pair("parrot_neuron", 2, "parrot_neuron", 3);
        project.projections[0].delay = delay;
        errors(&project)
    }
    fn flat(n: usize) -> Value {
        Value::List(vec![1.0; n])
    }
    fn rows(height: usize, width: usize) -> Value {
        Value::Lists(vec![vec![1.0; width]; height])
    }
    fn normal(mean: f64, std: f64, min: Option<f64>) -> Value {
        Value::Distribution(Distribution { shape: Shape::Normal { mean, std }, min, max: None })
    }

    #[test]
    fn lists_have_the_shape_of_the_rule() {
        let right = [
            (Rule::AllToAll, rows(3, 2)),
            (Rule::OneToOne, flat(2)),
            (Rule::FixedIndegree { indegree: 4 }, rows(3, 4)),
            (Rule::FixedOutdegree { outdegree: 4 }, rows(2, 4)),
            (Rule::FixedTotalNumber { n: 5 }, flat(5)),
        ];
        for (rule, weight) in right {
            assert_eq!(with_weight(rule, weight), Vec::<String>::new(), "{rule:?}");
        }
        let wrong = [
            (Rule::AllToAll, rows(2, 3), "3 lists of 2"),
            (Rule::AllToAll, flat(6), "no flat list"),
            (Rule::OneToOne, flat(3), "a list of 2"),
            (Rule::OneToOne, rows(2, 2), "flat list"),
            (Rule::FixedIndegree { indegree: 4 }, rows(3, 3), "list 1 has 3"),
            (Rule::FixedOutdegree { outdegree: 4 }, rows(3, 4), "2 lists of 4"),
            (Rule::FixedTotalNumber { n: 5 }, flat(4), "a list of 5"),
            (Rule::PairwiseBernoulli { p: 0.5 }, flat(3), "takes no lists"),
            (Rule::PairwiseBernoulli { p: 0.5 }, rows(3, 2), "takes no lists"),
        ];
        for (rule, weight, message) in wrong {
            let found = with_weight(rule, weight);
            assert!(found.len() == 1 && found[0].contains(message), "{rule:?}: {found:?}");
        }
    }

    #[test]
    fn weights_are_finite_numbers() {
        assert!(with_weight(Rule::AllToAll, Value::Real(f64::NAN))[0].contains("finite"));
        assert!(with_weight(Rule::AllToAll, Value::Flag(true))[0].contains("is true"));
        assert!(with_weight(Rule::AllToAll, normal(1.0, -1.0, None))[0].contains("std"));
    }

    #[test]
    fn delays_are_whole_steps_from_one_on() {
        for (delay, right) in [
            (0.05, true),
            (0.04, false),
            (0.0, false),
            (-1.0, false),
            (209715.1, true),
            (209716.0, false),
            (1e300, false),
            (f64::NAN, false),
        ] {
            assert_eq!(with_delay(Value::Real(delay)).is_empty(), right, "{delay}");
        }
    }

    #[test]
    fn drawn_delays_need_a_bound() {
        assert!(with_delay(normal(1.5, 0.5, None))[0].contains("set min: 0.1"));
        assert!(with_delay(normal(1.5, 0.5, Some(0.1))).is_empty());
        assert!(with_delay(normal(1.5, 0.0, None)).is_empty());
        let uniform =
            |low, high| Value::Distribution(Distribution { shape: Shape::Uniform { low, high }, min: None, max: None });
        assert!(with_delay(uniform(1.0, 2.0)).is_empty());
        assert!(with_delay(uniform(0.0, 2.0))[0].contains("set min"));
        assert!(with_delay(uniform(1.0, 1e6))[0].contains("set its max"));
    }
}
