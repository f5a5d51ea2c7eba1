//! Spikes at listed times, made for each target or sent through synapses as those of a neuron are.

use std::marker::PhantomData;

use super::declare::*;
use super::listed::{devices, in_device, list_of};
use super::shared::*;
use crate::description::{Value, number};
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Event, Generator, MakeGenerator, ORIGIN, Sending};
use crate::runtime::parameters::{Declared, Parameters, declared, flag, list, named};

const TIMES: Parameter = reals("spike_times", "ms")
    .starts_with(&[50.0, 100.0, 150.0, 200.0, 250.0, 300.0])
    .doc("Times of the spikes, in ascending order");
const MULTIPLICITIES: Parameter = integers("spike_multiplicities").doc("Number of spikes at each time, or none");
const PRECISE: Parameter = flag("precise_times", false).doc("Keep times between grid points as they are");
const OFFGRID: Parameter =
    flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them");
const SHIFT: Parameter = flag("shift_now_spikes", false).doc("Move a spike at the present time to the next step");

/// Spikes made for each target.
pub const MODEL: Model = Model {
    name: "spike_generator",
    title: "Listed spikes",
    doc: "Sends spikes at the times you list",
    equations: "a spike at each of spike_times",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                TIMES,
                reals("spike_weights", "").doc("Factor on the connection's weight, one a spike, or none"),
                MULTIPLICITIES,
                PRECISE,
                OFFGRID,
                SHIFT,
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(Listed::<Made>::MAKE, &[Signal::Spikes]).also_to_binary(),
    facts: Facts::NONE
        .also_called(&["given spikes", "spike times", "spike train", "single spike", "presynaptic spike", "stimulus"])
        .caption(&[Line::Count("spike_times", "spike")])
        .events("spike_times", &[("spike_weights", 1.0), ("spike_multiplicities", 1.0)])
        .check(check_spikes::<Made>),
};

/// Spikes that pass synapses of any model, as those of a neuron do.
pub const INJECTOR: Model = Model {
    name: "spike_train_injector",
    title: "Injected spikes",
    doc: "Sends spikes at the times you list through synapses of any model, as a neuron would",
    groups: &[Group { title: "Spikes", parameters: &[TIMES, MULTIPLICITIES, PRECISE, OFFGRID, SHIFT] }, WINDOW],
    behaviour: Behaviour::generator(Listed::<Injected>::MAKE, &[Signal::Spikes]).spreading(Spreads::AsNeurons),
    facts: MODEL
        .facts
        .also_called(&[
            "replay spikes",
            "recorded spikes",
            "spike times through plastic synapses",
            "presynaptic neuron",
        ])
        .events("spike_times", &[("spike_multiplicities", 1.0)])
        .check(check_spikes::<Injected>),
    ..MODEL
};

#[derive(Clone)]
struct Made;
declared!(Made);

#[derive(Clone)]
struct Injected;
declared!(Injected, INJECTOR);

/// A model of listed spikes.
trait OfListed: Declared + Clone {
    /// The parameter with a factor for each spike; none if weights are the synapses' alone.
    const WEIGHTS: Option<&'static str>;
    fn weights(p: &Parameters<'_, Self>) -> Vec<f64>;
}

impl OfListed for Made {
    const WEIGHTS: Option<&'static str> = Some(named!(Made, "spike_weights"));
    fn weights(p: &Parameters<'_, Self>) -> Vec<f64> {
        list!(p, Self, "spike_weights").to_vec()
    }
}

impl OfListed for Injected {
    const WEIGHTS: Option<&'static str> = None;
    fn weights(_: &Parameters<'_, Self>) -> Vec<f64> {
        Vec::new()
    }
}

/// The devices of a node of model `M`.
#[derive(Clone)]
struct Listed<M> {
    of: Vec<Train>,
    model: PhantomData<M>,
}

impl<M: OfListed> Listed<M> {
    const MAKE: MakeGenerator = |p, _| Box::new(Listed::<M> { of: vec![Train::default(); p.n], model: PhantomData });
}

/// Listed spikes of one device: stamps ascend.
#[derive(Clone, Default)]
struct Train {
    stamps: Vec<i64>,
    offsets: Vec<f64>,
    weights: Vec<f64>,
    multiplicities: Vec<u32>,
    next: usize,
    /// As the user reads it back, after rounding.
    times: Vec<f64>,
}

impl<M: OfListed> Generator for Listed<M> {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Spikes
    }
    fn set(&mut self, p: &DeviceSettings, names: &[&str], now: i64) {
        let lists = [named!(M, "spike_times"), named!(M, "spike_multiplicities"), ORIGIN.name];
        let decisive = |name: &&str| lists.contains(name) || M::WEIGHTS == Some(*name);
        if names.iter().any(decisive) {
            for (i, train) in self.of.iter_mut().enumerate() {
                *train = Train::read::<M>(p, i, now);
            }
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        for (source, train) in self.of.iter_mut().enumerate() {
            train.send(source as u32, p, span, sent);
        }
    }
    fn read_back(&self, name: &str, i: usize) -> Option<Value> {
        (name == named!(M, "spike_times"))
            .then(|| self.of.get(i).map(|train| Value::List(train.times.clone())))
            .flatten()
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

impl Train {
    fn read<M: OfListed>(p: &DeviceSettings, i: usize, now: i64) -> Train {
        let (origin, of_device) = (p.origin(), p.of::<M>(i));
        let precise = flag!(of_device, M, "precise_times");
        let shift = flag!(of_device, M, "shift_now_spikes");
        let mut train = Train::default();
        for &t in list!(of_device, M, "spike_times") {
            let on_grid = p.grid.at_or_after(t);
            // A precise time is on the grid only if nothing but rounding keeps it from that.
            let is_precise = precise && (p.grid.ms(on_grid) - t).abs() >= 4.0 * f64::EPSILON * t.abs();
            let (mut stamp, offset) = if is_precise { p.grid.place(t) } else { (on_grid, 0.0) };
            if shift && origin + stamp == now {
                stamp += 1;
            }
            train.stamps.push(origin + stamp);
            train.offsets.push(offset);
            train.times.push(if precise { t } else { p.grid.ms(stamp) });
        }
        train.weights = M::weights(&of_device);
        let multiplicities = list!(of_device, M, "spike_multiplicities");
        train.multiplicities = multiplicities.iter().map(|m| m.max(0.0) as u32).collect();
        train
    }

    /// Sends what is listed for the span; what lies in the past is dropped.
    fn send(&mut self, source: u32, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        let end = span.first + span.n as i64;
        while self.next < self.stamps.len() && self.stamps[self.next] <= end {
            let (i, stamp) = (self.next, self.stamps[self.next]);
            self.next += 1;
            if stamp <= span.first || !p.window.holds(stamp) {
                continue;
            }
            let multiplicity = self.multiplicities.get(i).copied().unwrap_or(1);
            let factor = self.weights.get(i).copied().unwrap_or(1.0);
            sent.spike(stamp, Event { source, multiplicity, factor, offset: self.offsets[i] });
        }
    }
}

fn check_spikes<M: OfListed>(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let (precise, offgrid) = (given.flag(named!(M, "precise_times")), given.flag(named!(M, "allow_offgrid_times")));
    let shift = given.flag(named!(M, "shift_now_spikes"));
    if precise && (offgrid || shift) {
        let other = if offgrid { "allow_offgrid_times" } else { "shift_now_spikes" };
        return Err(("precise_times", format!("cannot be true together with {other}")));
    }
    let times = given.value(named!(M, "spike_times"));
    let weights = M::WEIGHTS.and_then(|weights| given.value(weights));
    let multiplicities = given.value(named!(M, "spike_multiplicities"));
    for device in 0..devices(given, &[&times, &weights, &multiplicities]) {
        let which = in_device(given, device);
        let listed = list_of(&times, device);
        check_spike_times(listed, resolution, precise || offgrid, shift)
            .map_err(|message| ("spike_times", format!("{message}{which}")))?;
        for (name, list) in [("spike_weights", &weights), ("spike_multiplicities", &multiplicities)] {
            let length = list_of(list, device).len();
            if length != 0 && length != listed.len() {
                let message =
                    format!("must have one entry for each of {} spike times, has {length}{which}", listed.len());
                return Err((name, message));
            }
        }
        if let Some(negative) = list_of(&multiplicities, device).iter().find(|m| **m < 0.0) {
            return Err(("spike_multiplicities", format!("must be ≥ 0, is {}{which}", number(*negative))));
        }
    }
    Ok(())
}

fn check_spike_times(times: &[f64], resolution: Resolution, between_steps: bool, shift: bool) -> Result<(), String> {
    if let Some(pair) = times.windows(2).find(|pair| pair[0] > pair[1]) {
        return Err(format!("must ascend, but {} stands before {}", number(pair[0]), number(pair[1])));
    }
    if !shift && times.contains(&0.0) {
        return Err("must not be 0, for nothing is sent before the first step; set shift_now_spikes to move it".into());
    }
    if let Some(t) = times.iter().find(|t| **t < 0.0) {
        return Err(format!("must not be negative, for a run begins at time 0, but {} is", number(*t)));
    }
    let off_grid = times.iter().find(|t| resolution.step(**t).is_none());
    match off_grid.filter(|_| !between_steps) {
        Some(t) => Err(format!(
            "must be multiples of the resolution ({} ms), but {} is not; set allow_offgrid_times or precise_times",
            number(resolution.ms()),
            number(*t)
        )),
        None => Ok(()),
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
    fn spikes(params: &[(&str, Value)]) -> Vec<String> {
        problems_of("spike_generator", 1, params)
    }

    #[test]
    fn spike_times() {
        assert!(spikes(&[("spike_times", list(&[1.0, 1.0, 2.0]))]).is_empty());
        assert!(spikes(&[("spike_times", list(&[2.0, 1.0]))])[0].contains("ascend"));
        assert!(spikes(&[("spike_times", list(&[0.0, 1.0]))])[0].contains("shift_now_spikes"));
        assert!(spikes(&[("spike_times", list(&[0.0, 1.0])), ("shift_now_spikes", YES)]).is_empty());
        assert!(spikes(&[("spike_times", list(&[-1.0, 3.0]))])[0].contains("must not be negative"));
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
            problems_of("spike_generator", 2, &[("spike_times", times)]),
            ["must ascend, but 2 stands before 1 (device 2)"]
        );
    }
}
