//! Devices whose parameters belong together: listed spikes, stepwise values, bins of lags.

use super::grid::Grid;
use super::{Place, Problem};
use crate::description::{Value, number};
use crate::models::{CORRELATION_DETECTOR, SPIKE_GENERATOR};
use crate::project::Node;

/// A parameter and what is wrong with it.
type Wrong = (&'static str, String);

/// Everything that the parameters of such a device must hold together.
pub(super) fn check(node: &Node, resolution: f64, place: &Place, problems: &mut Vec<Problem>) {
    let Some(grid) = Grid::new(resolution) else { return };
    let checked = if *node.model == SPIKE_GENERATOR {
        check_spikes(node, grid)
    } else if node.model.parameter("amplitude_times").is_some() {
        check_steps(node, grid)
    } else if *node.model == CORRELATION_DETECTOR {
        check_bins(node, grid)
    } else {
        Ok(())
    };
    if let Err((parameter, message)) = checked {
        problems.push(Problem::error(place.clone(), message).of(parameter));
    }
}

/// The list of one device.
fn list_of(value: &Option<Value>, device: usize) -> &[f64] {
    match value {
        Some(Value::List(xs)) => xs,
        Some(Value::Lists(rows)) => rows.get(device).map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

/// Devices that share all their lists need to be looked at only once.
fn devices(node: &Node, lists: &[&Option<Value>]) -> usize {
    if lists.iter().any(|list| matches!(list, Some(Value::Lists(_)))) { node.n } else { 1 }
}

/// The parameter's name with the number of the device, where there are several.
fn in_device(node: &Node, device: usize) -> String {
    if node.n > 1 { format!(" (device {})", device + 1) } else { String::new() }
}

fn flag(node: &Node, name: &str) -> bool {
    node.value(name) == Some(Value::Flag(true))
}

fn check_spikes(node: &Node, grid: Grid) -> Result<(), Wrong> {
    let (precise, offgrid) = (flag(node, "precise_times"), flag(node, "allow_offgrid_times"));
    let shift = flag(node, "shift_now_spikes");
    if precise && (offgrid || shift) {
        let other = if offgrid { "allow_offgrid_times" } else { "shift_now_spikes" };
        return Err(("precise_times", format!("cannot be true together with {other}")));
    }
    let (times, weights) = (node.value("spike_times"), node.value("spike_weights"));
    let multiplicities = node.value("spike_multiplicities");
    for device in 0..devices(node, &[&times, &weights, &multiplicities]) {
        let which = in_device(node, device);
        let listed = list_of(&times, device);
        check_spike_times(listed, grid, precise || offgrid, shift)
            .map_err(|message| ("spike_times", format!("{message}{which}")))?;
        for (name, list) in [("spike_weights", &weights), ("spike_multiplicities", &multiplicities)] {
            let given = list_of(list, device).len();
            if given != 0 && given != listed.len() {
                let message =
                    format!("must have one entry for each of {} spike times, has {given}{which}", listed.len());
                return Err((name, message));
            }
        }
        if let Some(negative) = list_of(&multiplicities, device).iter().find(|m| **m < 0.0) {
            return Err(("spike_multiplicities", format!("must be ≥ 0, is {}{which}", number(*negative))));
        }
    }
    Ok(())
}

fn check_spike_times(times: &[f64], grid: Grid, between_steps: bool, shift: bool) -> Result<(), String> {
    if let Some(pair) = times.windows(2).find(|pair| pair[0] > pair[1]) {
        return Err(format!("must ascend, but {} stands before {}", number(pair[0]), number(pair[1])));
    }
    if !shift && times.contains(&0.0) {
        return Err("must not be 0, for nothing is sent before the first step; set shift_now_spikes to move it".into());
    }
    let off_grid = times.iter().find(|t| grid.step(**t).is_none());
    match off_grid.filter(|_| !between_steps) {
        Some(t) => Err(format!(
            "must be multiples of the resolution ({} ms), but {} is not; set allow_offgrid_times or precise_times",
            number(grid.resolution()),
            number(*t)
        )),
        None => Ok(()),
    }
}

fn check_steps(node: &Node, grid: Grid) -> Result<(), Wrong> {
    let (times, values) = (node.value("amplitude_times"), node.value("amplitude_values"));
    let offgrid = flag(node, "allow_offgrid_times");
    for device in 0..devices(node, &[&times, &values]) {
        let which = in_device(node, device);
        let (times, values) = (list_of(&times, device), list_of(&values, device));
        if times.len() != values.len() {
            let message =
                format!("must have one entry for each of {} amplitude times, has {}{which}", times.len(), values.len());
            return Err(("amplitude_values", message));
        }
        check_step_times(times, grid, offgrid).map_err(|message| ("amplitude_times", format!("{message}{which}")))?;
    }
    Ok(())
}

fn check_step_times(times: &[f64], grid: Grid, offgrid: bool) -> Result<(), String> {
    if let Some(t) = times.iter().find(|t| **t <= 0.0) {
        return Err(format!("must be > 0 ms, but {} is not", number(*t)));
    }
    if let Some(t) = times.iter().find(|t| !offgrid && grid.step(**t).is_none()) {
        let h = number(grid.resolution());
        let is = number(*t);
        return Err(format!("must be multiples of the resolution ({h} ms), but {is} is not; set allow_offgrid_times"));
    }
    let together = times.windows(2).find(|pair| grid.step_or_next(pair[0]) >= grid.step_or_next(pair[1]));
    match together {
        Some(pair) => {
            let (a, b) = (number(pair[0]), number(pair[1]));
            Err(format!("must ascend from step to step, but {b} does not come after {a}"))
        }
        None => Ok(()),
    }
}

fn check_bins(node: &Node, grid: Grid) -> Result<(), Wrong> {
    let steps = |name: &str| match node.value(name) {
        Some(Value::Real(t)) => grid.step(t),
        _ => None,
    };
    let (Some(width), Some(most)) = (steps("delta_tau"), steps("tau_max")) else { return Ok(()) };
    if width >= 1.0 && most % width != 0.0 {
        let message = format!("must be a multiple of delta_tau ({} ms)", number(width * grid.resolution()));
        return Err(("tau_max", message));
    }
    if most > MOST_BINS * width {
        let message = format!("must not be more than {} times delta_tau", number(MOST_BINS));
        return Err(("tau_max", message));
    }
    Ok(())
}

/// Bins on either side of lag 0 that a correlation detector may have.
const MOST_BINS: f64 = 1e6;

#[cfg(test)]
mod tests {
    use crate::description::Value;
    use crate::models::find;
    use crate::project::{Node, NodeId, check_node};

    fn problems(model: &str, n: usize, params: &[(&str, Value)]) -> Vec<String> {
        let mut node = Node::new(NodeId(0), "a", find(model).unwrap());
        node.n = n;
        node.params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        check_node(&node, 0.1).iter().map(|p| p.message.clone()).collect()
    }
    fn list(xs: &[f64]) -> Value {
        Value::List(xs.to_vec())
    }
    fn spikes(params: &[(&str, Value)]) -> Vec<String> {
        problems("spike_generator", 1, params)
    }
    fn steps(params: &[(&str, Value)]) -> Vec<String> {
        problems("step_current_generator", 1, params)
    }
    const YES: Value = Value::Flag(true);

    #[test]
    fn spike_times() {
        assert!(spikes(&[("spike_times", list(&[1.0, 1.0, 2.0]))]).is_empty());
        assert!(spikes(&[("spike_times", list(&[2.0, 1.0]))])[0].contains("ascend"));
        assert!(spikes(&[("spike_times", list(&[0.0, 1.0]))])[0].contains("shift_now_spikes"));
        assert!(spikes(&[("spike_times", list(&[0.0, 1.0])), ("shift_now_spikes", YES)]).is_empty());
        assert!(spikes(&[("spike_times", list(&[1.05]))])[0].contains("1.05"));
        assert!(spikes(&[("spike_times", list(&[1.05])), ("precise_times", YES)]).is_empty());
        assert!(spikes(&[("spike_times", list(&[1.05])), ("allow_offgrid_times", YES)]).is_empty());
        assert!(!spikes(&[("precise_times", YES), ("allow_offgrid_times", YES)]).is_empty());
        assert!(!spikes(&[("precise_times", YES), ("shift_now_spikes", YES)]).is_empty());
    }

    #[test]
    fn lists_that_go_with_spike_times() {
        let times = ("spike_times", list(&[1.0, 2.0]));
        assert!(spikes(&[times.clone(), ("spike_weights", list(&[]))]).is_empty());
        assert!(spikes(&[times.clone(), ("spike_weights", list(&[1.0, 2.0]))]).is_empty());
        assert!(spikes(&[times.clone(), ("spike_weights", list(&[1.0]))])[0].contains("2 spike times, has 1"));
        assert!(spikes(&[times.clone(), ("spike_multiplicities", list(&[1.0]))])[0].contains("has 1"));
        assert!(spikes(&[times, ("spike_multiplicities", list(&[1.0, -1.0]))])[0].contains("≥ 0"));
    }

    #[test]
    fn each_device_has_its_own_list() {
        let times = Value::Lists(vec![vec![1.0], vec![2.0, 1.0]]);
        assert_eq!(
            problems("spike_generator", 2, &[("spike_times", times)]),
            ["must ascend, but 2 stands before 1 (device 2)"]
        );
    }

    #[test]
    fn current_steps() {
        let values = |n: usize| ("amplitude_values", list(&vec![1.0; n]));
        assert!(steps(&[("amplitude_times", list(&[5.0, 6.0])), values(2)]).is_empty());
        assert!(steps(&[("amplitude_times", list(&[5.0]))])[0].contains("has 0"));
        assert!(steps(&[values(1)])[0].contains("has 1"));
        assert!(steps(&[("amplitude_times", list(&[0.0, 5.0])), values(2)])[0].contains("> 0"));
        assert!(steps(&[("amplitude_times", list(&[5.0, 5.0])), values(2)])[0].contains("ascend"));
        assert!(steps(&[("amplitude_times", list(&[5.05])), values(1)])[0].contains("multiples"));
        assert!(steps(&[("amplitude_times", list(&[5.05])), values(1), ("allow_offgrid_times", YES)]).is_empty());
        let close = ("amplitude_times", list(&[5.02, 5.05]));
        assert!(steps(&[close, values(2), ("allow_offgrid_times", YES)])[0].contains("5.05"));
    }
}
