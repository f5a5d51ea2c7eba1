//! Parameters of devices that are lists: the same for all devices, or one a device.

use crate::description::{Given, Value};

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
