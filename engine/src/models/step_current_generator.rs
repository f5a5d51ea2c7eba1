//! Values that change at listed times: a current, or a rate for rate neurons.

use std::marker::PhantomData;

use super::declare::*;
use super::listed::{Staircase, check_stairs};
use super::shared::*;
use crate::description::Value;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{Declared, declared, list, named};

/// Current that changes at listed times.
pub const CURRENT: Model = Model {
    name: "step_current_generator",
    title: "Stepwise current",
    doc: "Sends a current that takes a new value at each listed time",
    equations: "I(t) = amplitude_values[i] from amplitude_times[i] on",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                reals("amplitude_times", "ms")
                    .starts_with(&[100.0, 300.0, 500.0, 700.0])
                    .doc("Times at which the current changes"),
                reals("amplitude_values", "pA")
                    .starts_with(&[400.0, 0.0, 600.0, 0.0])
                    .doc("Current from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(Stairs::<StepCurrent>::MAKE, &[Signal::Currents]),
    facts: Facts::NONE
        .also_called(&[
            "step current",
            "current steps",
            "current pulse",
            "pulse",
            "pulses",
            "current clamp, steps",
            "electrode, steps",
            "ramp",
        ])
        .caption(&[Line::Count("amplitude_values", "step")])
        .happens_at("amplitude_times")
        .steps("amplitude_times", "amplitude_values")
        .check(check_steps)
        .largest_current(largest_current),
};

/// Rate that changes at listed times.
pub const RATE: Model = Model {
    name: "step_rate_generator",
    title: "Stepwise rate",
    doc: "Shows rate neurons a rate that takes a new value at each listed time",
    equations: "rate(t) = amplitude_values[i] from amplitude_times[i] on",
    groups: &[
        Group {
            title: "Rate",
            parameters: &[
                reals("amplitude_times", "ms")
                    .starts_with(&[100.0, 300.0, 500.0, 700.0])
                    .doc("Times at which the rate changes"),
                reals("amplitude_values", "")
                    .starts_with(&[1.0, 0.0, 1.5, 0.0])
                    .doc("Rate from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[Recordable::new("rate", "", "Rate sent")],
    behaviour: Behaviour::generator(Stairs::<StepRate>::MAKE, &[Signal::Rate]),
    facts: CURRENT.facts.also_called(&["rate steps", "rate input"]),
    ..CURRENT
};

#[derive(Clone)]
struct StepCurrent;
declared!(StepCurrent, CURRENT);

#[derive(Clone)]
struct StepRate;
declared!(StepRate, RATE);

/// The devices of a node of model `M`.
#[derive(Clone)]
struct Stairs<M> {
    of: Vec<Staircase>,
    model: PhantomData<M>,
}

impl<M: Declared + Clone> Stairs<M> {
    const MAKE: MakeGenerator =
        |p, _| Box::new(Stairs::<M> { of: vec![Staircase::default(); p.n], model: PhantomData });
}

impl<M: Declared + Clone> Generator for Stairs<M> {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Values
    }
    /// New lists begin anew; the present value stays until the next time listed.
    fn set(&mut self, p: &DeviceSettings, names: &[&str], _: i64) {
        let lists = [named!(M, "amplitude_times"), named!(M, "amplitude_values")];
        if names.iter().any(|name| lists.contains(name)) {
            for (i, stair) in self.of.iter_mut().enumerate() {
                let p_of = p.of::<M>(i);
                stair.set(list!(p_of, M, "amplitude_times"), list!(p_of, M, "amplitude_values"), p.grid);
            }
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| {
            // It is followed while inactive, too.
            let value = self.of[i].at(stamp);
            if p.window.holds_current(stamp) { value } else { 0.0 }
        });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn check_steps(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let times = named!(StepCurrent, "amplitude_times");
    let values = named!(StepCurrent, "amplitude_values");
    check_stairs(given, resolution, times, values, named!(StepCurrent, "allow_offgrid_times"))
}

/// The largest of its currents.
fn largest_current(given: &dyn Given, weight: f64) -> Option<f64> {
    match given.value(named!(StepCurrent, "amplitude_values")) {
        Some(Value::List(values)) => Some(values.iter().map(|x| weight * x).fold(0.0, f64::max)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::description::Value;
    use crate::project::testing::problems_of;

    const YES: Value = Value::Flag(true);

    fn list(xs: &[f64]) -> Value {
        Value::List(xs.to_vec())
    }
    fn steps(params: &[(&str, Value)]) -> Vec<String> {
        problems_of("step_current_generator", 1, params)
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
