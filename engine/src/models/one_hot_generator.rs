//! Poisson spikes of chosen devices: a list of choices, each among several options, stands for the rates of all.

use super::declare::*;
use super::listed::{devices, in_device, list_of};
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{declared, list, named, real};

pub const MODEL: Model = Model {
    name: "one_hot_generator",
    title: "Poisson spikes of choices",
    doc: "Sends random spikes from those of its devices that stand for what is chosen",
    equations: "n = choices · options · copies, devices in this order\nof a device whose option is chosen: number of spikes in each step ~ Poisson(rate h)\nof all others: 0",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                integers("choices")
                    .starts_with(&[1.0])
                    .at_least(0.0)
                    .doc("What is chosen, from 1 to options, one number for each group of devices; 0 where nothing is"),
                integer("options", 1).shared().at_least(1.0).main(1.0, 20.0).doc("Among how many each choice is made"),
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(1.0, 20000.0)
                    .logarithmic()
                    .starts_at(1000.0)
                    .doc("Mean rate of each train of a chosen device"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["one-hot", "categories", "symbols", "clues", "Sudoku", "class labels", "population code"])
        .short("Choices")
        .caption(&[Line::Count("choices", "choice"), Line::Value("rate")])
        .choices("choices", "options")
        .check(check)
        .advise(advise),
};

const MAKE: MakeGenerator = |_, _| Box::new(OneHot::default());

#[derive(Clone, Default)]
struct OneHot {
    /// Mean count a step of each device.
    means: Vec<f64>,
}

declared!(OneHot);

impl Generator for OneHot {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Poisson
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        let mean = |i: usize| {
            let of_device = p.of::<Self>(i);
            let choices = list!(of_device, Self, "choices");
            let options = real!(of_device, Self, "options").max(1.0) as usize;
            let chosen = is_chosen(i, p.n, choices, options);
            if chosen { real!(of_device, Self, "rate") * p.grid.h() / 1000.0 } else { 0.0 }
        };
        self.means = (0..p.n).map(mean).collect();
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| if p.window.holds_drawn(stamp) { self.means[i] } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

/// Whether device `i` of `n` stands for an option that is chosen.
fn is_chosen(i: usize, n: usize, choices: &[f64], options: usize) -> bool {
    let of_choice = n / choices.len().max(1);
    let copies = of_choice / options;
    if copies == 0 {
        return false;
    }
    choices.get(i / of_choice).is_some_and(|choice| *choice == ((i % of_choice) / copies + 1) as f64)
}

fn check(given: &dyn Given, _: Resolution) -> Result<(), Wrong> {
    let value = given.value(named!(OneHot, "choices"));
    let Some(options) = given.number(named!(OneHot, "options")) else {
        return Err(("options", "must be one number for all devices".into()));
    };
    for device in 0..devices(given, &[&value]) {
        let (choices, which) = (list_of(&value, device), in_device(given, device));
        if let Some(i) = choices.iter().position(|choice| *choice > options) {
            let message =
                format!("choice {} must be from 0 to {options}, the options, is {}{which}", i + 1, choices[i]);
            return Err(("choices", message));
        }
        let needed = choices.len() * options as usize;
        if needed > 0 && !given.n().is_multiple_of(needed) {
            let message = format!(
                "there are {} choices among {options} options, so the number of devices must be a multiple of {needed}, is {}",
                choices.len(),
                given.n()
            );
            return Err(("choices", message));
        }
    }
    Ok(())
}

fn advise(given: &dyn Given) -> Result<(), Wrong> {
    let value = given.value(named!(OneHot, "choices"));
    let chosen = (0..devices(given, &[&value])).any(|i| list_of(&value, i).iter().any(|choice| *choice > 0.0));
    match given.number(named!(OneHot, "rate")) {
        Some(0.0) => Err(("rate", "is 0 spikes/s, so this generator sends nothing".into())),
        _ if !chosen => Err(("choices", "choose nothing, so this generator sends nothing".into())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_chosen;
    use crate::description::Value;
    use crate::project::testing::problems_of;

    #[test]
    fn the_devices_of_an_option_that_is_chosen_are_active() {
        // Two choices among three options, with two devices each.
        let active: Vec<usize> = (0..12).filter(|i| is_chosen(*i, 12, &[2.0, 1.0], 3)).collect();
        assert_eq!(active, [2, 3, 6, 7]);
        assert!(!(0..12).any(|i| is_chosen(i, 12, &[0.0, 0.0], 3)));
        assert!(!(0..12).any(|i| is_chosen(i, 12, &[], 3)));
    }

    #[test]
    fn choices_fit_options_and_devices() {
        let problems = |n: usize, choices: &[f64], options: f64| {
            let params = [("choices", Value::List(choices.to_vec())), ("options", Value::Real(options))];
            problems_of("one_hot_generator", n, &[("rate", Value::Real(5.0)), params[0].clone(), params[1].clone()])
        };
        assert!(problems(12, &[2.0, 0.0], 3.0).is_empty());
        assert!(problems(12, &[4.0, 0.0], 3.0)[0].contains("from 0 to 3"));
        assert!(problems(10, &[2.0, 0.0], 3.0)[0].contains("a multiple of 6, is 10"));
        assert!(problems(12, &[0.0, 0.0], 3.0).is_empty(), "a warning at most");
    }
}
