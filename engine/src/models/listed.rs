//! Parameters of devices that are lists: the same for all devices, or one a device.

use super::declare::*;
use crate::description::{Value, number};
use crate::mechanisms::time::Grid;

/// The list of one device.
pub(super) fn list_of(value: &Option<Value>, device: usize) -> &[f64] {
    match value {
        Some(Value::List(xs)) => xs,
        Some(Value::Lists(rows)) => rows.get(device).map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

/// Devices that share all their lists need to be looked at only once.
pub(super) fn devices(given: &dyn Given, lists: &[&Option<Value>]) -> usize {
    if lists.iter().any(|list| matches!(list, Some(Value::Lists(_)))) { given.n() } else { 1 }
}

/// The parameter's name with the number of the device, where there are several.
pub(super) fn in_device(given: &dyn Given, device: usize) -> String {
    if given.n() > 1 { format!(" (device {})", device + 1) } else { String::new() }
}

/// Values of one device that change at listed times: each lasts until the next one.
#[derive(Clone, Default)]
pub(super) struct Staircase {
    stamps: Vec<i64>,
    values: Vec<f64>,
    next: usize,
    present: f64,
}

impl Staircase {
    /// New lists begin anew; the present value stays until the next time listed.
    pub(super) fn set(&mut self, times: &[f64], values: &[f64], grid: Grid) {
        self.stamps = times.iter().map(|t| grid.at_or_after(*t)).collect();
        self.values = values.to_vec();
        self.next = 0;
    }

    /// The value at a stamp; stamps ascend. What was to come before the first one asked for is skipped.
    pub(super) fn at(&mut self, stamp: i64) -> f64 {
        while self.stamps.get(self.next).is_some_and(|next| *next < stamp) {
            self.next += 1;
        }
        if self.stamps.get(self.next) == Some(&stamp) {
            self.present = self.values.get(self.next).copied().unwrap_or(0.0);
            self.next += 1;
        }
        self.present
    }
}

/// What must hold of the parameters with the times and values of a staircase, and of the one that lets times lie between
/// grid points.
pub(super) fn check_stairs(
    given: &dyn Given,
    resolution: Resolution,
    times_of: &'static str,
    values_of: &'static str,
    offgrid: &str,
) -> Result<(), Wrong> {
    let (times, values) = (given.value(times_of), given.value(values_of));
    let offgrid = given.flag(offgrid);
    for device in 0..devices(given, &[&times, &values]) {
        let which = in_device(given, device);
        let (times, values) = (list_of(&times, device), list_of(&values, device));
        if times.len() != values.len() {
            let (n, has) = (times.len(), values.len());
            let message = format!("must have one entry for each of {n} {times_of}, has {has}{which}");
            return Err((values_of, message));
        }
        check_times(times, resolution, offgrid).map_err(|message| (times_of, format!("{message}{which}")))?;
    }
    Ok(())
}

fn check_times(times: &[f64], resolution: Resolution, offgrid: bool) -> Result<(), String> {
    if let Some(t) = times.iter().find(|t| **t <= 0.0) {
        return Err(format!("must be > 0 ms, but {} is not", number(*t)));
    }
    if let Some(t) = times.iter().find(|t| !offgrid && resolution.step(**t).is_none()) {
        let h = number(resolution.ms());
        let is = number(*t);
        return Err(format!("must be multiples of the resolution ({h} ms), but {is} is not; set allow_offgrid_times"));
    }
    let together = times.windows(2).find(|pair| resolution.step_or_next(pair[0]) >= resolution.step_or_next(pair[1]));
    match together {
        Some(pair) => {
            let (a, b) = (number(pair[0]), number(pair[1]));
            Err(format!("must ascend from step to step, but {b} does not come after {a}"))
        }
        None => Ok(()),
    }
}
