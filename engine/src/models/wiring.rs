//! Which models can be wired to which, in which direction, and why not.

use super::declare::*;

/// What flows through a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    Spikes,
    Currents,
    /// Samples asked for by a multimeter.
    Samples,
}

/// A wire that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    pub carries: Carries,
    /// It was drawn against the direction in which it works (cell to voltmeter,
    /// recorder to cell) and has to be turned round.
    pub reversed: bool,
}

/// How a wire drawn from one model to another can work, or why it cannot.
pub fn wire(from: &Model, to: &Model) -> Result<Wiring, String> {
    if let Some(carries) = fits(from, to) {
        return Ok(Wiring { carries, reversed: false });
    }
    if (from.is_recorder() || to.is_recorder())
        && let Some(carries) = fits(to, from)
    {
        return Ok(Wiring { carries, reversed: true });
    }
    Err(refusal(from, to))
}

fn fits(from: &Model, to: &Model) -> Option<Carries> {
    let takes = |kind| to.ports.iter().any(|p| p.kind == kind);
    match from.emits {
        Emits::Spikes if takes(PortKind::Spikes) => Some(Carries::Spikes),
        Emits::Currents if takes(PortKind::Currents) => Some(Carries::Currents),
        Emits::Requests if !to.recordables.is_empty() && !to.is_recorder() => Some(Carries::Samples),
        _ => None,
    }
}

fn refusal(from: &Model, to: &Model) -> String {
    if from.is_recorder() && to.is_recorder() {
        return format!("{} records neurons and generators, not another recorder", from.name);
    }
    if from.emits == Emits::Requests || to.emits == Emits::Requests {
        let other = if from.emits == Emits::Requests { to } else { from };
        return format!("{} has nothing to sample", other.name);
    }
    if to.is_generator() {
        return format!("{} is a generator and takes no input", to.name);
    }
    match from.emits {
        Emits::Currents if to.is_recorder() => {
            format!("{} sends a current, {} stores spikes; use a multimeter", from.name, to.name)
        }
        Emits::Currents => format!("{} takes no currents", to.name),
        Emits::Spikes => format!("{} takes no spikes", to.name),
        _ => format!("{} sends nothing", from.name),
    }
}

/// The unit that a weight has at this target: what a spike or a current of weight 1 means there.
pub fn weight_unit(carries: Carries, to: &Model, port: u32) -> &'static str {
    let kind = match carries {
        Carries::Spikes => PortKind::Spikes,
        Carries::Currents => PortKind::Currents,
        Carries::Samples => return "",
    };
    // Ports of a list have one unit, so their number does not matter.
    to.port(kind, port, &|_| usize::MAX >> 1).map_or("", |p| p.unit)
}
