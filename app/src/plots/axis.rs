//! Ticks and their labels, and numbers as plots write them.

use egui::{FontId, Ui};
use egui_plot::{AxisHints, GridInput, GridMark};

use super::sheet::{Across, Scale, Sheet};

/// Space for the labels left of every plot, so that time axes of plots above each other agree.
pub const LEFT: f32 = 58.0;

/// A round number not smaller than `x`: 1, 2 or 5 times a power of ten.
pub fn round_up(x: f64) -> f64 {
    if !(x.is_finite() && x > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(x.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= x * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// A number not smaller than `x` that fills an axis well: 1.2, 3 or 8 times a power of ten, say.
pub fn top_for(x: f64) -> f64 {
    if !(x.is_finite() && x > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(x.log10().floor());
    let tops = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    tops.into_iter().map(|m| m * power).find(|top| *top >= x * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// Bottom and top of an axis that holds what reaches from 0 up to `most`: zero stands a little above the border, so that
/// its label does not touch the axis below.
pub fn from_zero(most: f64) -> (f64, f64) {
    let top = top_for(most * 1.02);
    (-0.03 * top, top)
}

/// Marks at round numbers, `points` apart or a little more; `input` knows a spacing of 8 points.
fn marks(input: &GridInput, points: f64) -> Vec<GridMark> {
    let step = round_up(input.base_step_size / 8.0 * points);
    let (from, to) = ((input.bounds.0 / step).ceil(), (input.bounds.1 / step).floor());
    if !(from.is_finite() && to.is_finite()) || to - from > 1000.0 {
        return Vec::new();
    }
    (0..=(to - from).max(-1.0) as i64)
        .take_while(|_| to >= from)
        .map(|i| GridMark { value: (from + i as f64) * step, step_size: step })
        .collect()
}

/// Marks of a time axis.
fn time_marks(input: GridInput) -> Vec<GridMark> {
    // Late times have long labels.
    let late = input.bounds.0.abs().max(input.bounds.1.abs());
    marks(
        &input,
        if late < 1e4 {
            56.0
        } else if late < 1e5 {
            66.0
        } else {
            76.0
        },
    )
}

/// Marks of a vertical axis; closer to each other where there is little room, so that one beside zero remains.
pub fn value_marks(input: GridInput) -> Vec<GridMark> {
    let height = (input.bounds.1 - input.bounds.0) / (input.base_step_size / 8.0);
    marks(&input, if height < 60.0 { 15.0 } else { 26.0 })
}

/// A number with as many decimals as the step between ticks needs, and a true minus sign.
pub fn tick(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    minus(format!("{value:.decimals$}"))
}

/// A whole number with thousands apart: `1,234`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes "-" as a minus sign.
pub fn minus(text: String) -> String {
    text.replace('-', "−")
}

/// The label of a time tick: "500 ms", "12 s".
pub fn time_tick(mark: GridMark) -> String {
    if mark.step_size >= 1000.0 {
        format!("{} s", tick(mark.value / 1000.0, mark.step_size / 1000.0))
    } else {
        format!("{} ms", tick(mark.value, mark.step_size))
    }
}

/// A time as exact as a point of the screen is: "512.3 ms".
pub fn exact_time(time: f64, sheet: &Sheet) -> String {
    let step = if sheet.per_point() < 0.02 { 0.01 } else { 0.1 };
    format!("{} ms", tick(time, step))
}

/// Marks of the axis below a plot.
pub fn marks_across(across: Across, input: GridInput) -> Vec<GridMark> {
    match across {
        Across::Time | Across::Durations(..) => time_marks(input),
        Across::Decades(..) => decade_marks(input),
        Across::Lengths(..) => marks(&input, 56.0),
        Across::Nothing => Vec::new(),
    }
}

/// Marks at powers of ten, and at 2 and 5 times those where there is room.
fn decade_marks(input: GridInput) -> Vec<GridMark> {
    const CLOSEST: f64 = 34.0;
    let points_per_decade = 8.0 / input.base_step_size;
    let (from, to) = (input.bounds.0.floor(), input.bounds.1.ceil());
    if !(from.is_finite() && to.is_finite()) || to - from > 40.0 {
        return Vec::new();
    }
    // Labels are hidden by the step between marks, so all have the same.
    let (within, step_size): (&[f64], f64) =
        if points_per_decade * 2f64.log10() > CLOSEST { (&[1.0, 2.0, 5.0], 2f64.log10()) } else { (&[1.0], 1.0) };
    let decades = (0..(to - from) as i32 + 1).map(|i| from + f64::from(i));
    decades.flat_map(|d| within.iter().map(move |m| GridMark { value: d + m.log10(), step_size })).collect()
}

/// The label of a mark at a power of ten or near it: "0.5 ms", "20 ms", "1 s".
fn decade_tick(mark: GridMark) -> String {
    let ms = 10f64.powf(mark.value);
    let digit = 10f64.powf(ms.log10().floor().min(0.0));
    if ms > 999.0 { format!("{} s", tick(ms / 1000.0, digit)) } else { format!("{} ms", tick(ms, digit)) }
}

fn length_tick(mark: GridMark) -> String {
    tick(mark.value, mark.step_size)
}

/// The axis below a plot that fills `ui`, of this range. Labels that would be cut off at the right are left out.
pub fn axis_across<'a>(ui: &Ui, across: Across, (start, end): (f64, f64)) -> AxisHints<'a> {
    const HALF_LABEL: f64 = 22.0;
    let points = f64::from((ui.available_width() - LEFT).max(1.0));
    let last = end - HALF_LABEL * (end - start) / points;
    let label: fn(GridMark) -> String = match across {
        Across::Time | Across::Durations(..) => time_tick,
        Across::Decades(..) => decade_tick,
        Across::Lengths(..) | Across::Nothing => length_tick,
    };
    AxisHints::new_x()
        .formatter(move |mark, _| if mark.value <= last { label(mark) } else { String::new() })
        .label_spacing(20.0..=21.0)
        .tick_label_color(ui.visuals().text_color())
        .tick_label_font(FontId::proportional(11.0))
}

/// The axis left of a plot.
pub fn value_axis<'a>(ui: &Ui, scale: &Scale) -> AxisHints<'a> {
    let names = match scale {
        Scale::Numbers(_) => Vec::new(),
        Scale::Names(names) => names.clone(),
    };
    let text = ui.visuals().text_color();
    AxisHints::new_y()
        .formatter(move |mark, _| match names.iter().find(|(y, _, _)| *y == mark.value) {
            Some((_, _, name)) => shortened(name),
            None => tick(mark.value, mark.step_size),
        })
        .label_spacing(8.0..=9.0)
        .min_thickness(LEFT)
        .tick_label_color(text)
        .tick_label_font(FontId::proportional(11.0))
}

/// As much of a name as fits left of a plot; the number of a cell at its end is kept.
fn shortened(name: &str) -> String {
    const MOST: usize = 10;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let number = name.rsplit_once(' ').map(|(_, n)| n).filter(|n| n.len() < 6 && n.parse::<u32>().is_ok());
    let end = number.map_or(String::new(), |n| format!(" {n}"));
    name.chars().take(MOST - 1 - end.len()).collect::<String>() + "…" + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_round_numbers() {
        let input = GridInput { bounds: (1480.0, 2480.0), base_step_size: 8.0 * 1000.0 / 400.0 };
        let marks = time_marks(input);
        assert_eq!(marks.iter().map(|m| m.value).collect::<Vec<_>>(), [1600.0, 1800.0, 2000.0, 2200.0, 2400.0]);
        assert_eq!(marks.iter().map(|m| time_tick(*m)).next().as_deref(), Some("1600 ms"));
    }

    #[test]
    fn low_plots_have_a_number_beside_zero() {
        for height in [33.0, 45.0, 100.0] {
            let input = GridInput { bounds: (-2.4, 80.0), base_step_size: 8.0 * 82.4 / height };
            assert!(value_marks(input).len() > 1, "{height}");
        }
    }

    #[test]
    fn long_names_keep_the_number_of_the_cell() {
        assert_eq!(shortened("Excitatory"), "Excitatory");
        assert_eq!(shortened("Inhibitory cells"), "Inhibitor…");
        assert_eq!(shortened("Excitatory 12"), "Excita… 12");
        assert_eq!(shortened("Größe über alles 4"), "Größe ü… 4");
    }

    #[test]
    fn tops_are_round_and_close() {
        assert_eq!([88.0, 101.0, 0.0, 3.0].map(top_for), [100.0, 120.0, 1.0, 3.0]);
    }

    #[test]
    fn labels_have_the_decimals_that_tell_neighbours_apart() {
        assert_eq!(tick(-65.0, 5.0), "−65");
        assert_eq!(tick(0.30000000000000004, 0.1), "0.3");
        assert_eq!(tick(-1e-17, 0.5), "0.0");
        assert_eq!(time_tick(GridMark { value: 4000.0, step_size: 2000.0 }), "4 s");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1234, 1_000_000].map(thousands), ["0", "999", "1,234", "1,000,000"]);
    }

    #[test]
    fn decades_have_marks_between_them_where_there_is_room() {
        let labels = |points: f64| -> Vec<String> {
            let input = GridInput { bounds: (-1.0, 3.5), base_step_size: 8.0 * 4.5 / points };
            decade_marks(input).into_iter().map(decade_tick).collect()
        };
        assert_eq!(labels(300.0), ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s"]);
        assert_eq!(labels(900.0)[..5], ["0.1 ms", "0.2 ms", "0.5 ms", "1 ms", "2 ms"]);
    }

    #[test]
    fn degenerate_ranges_have_no_ticks() {
        for bounds in [(0.0, f64::INFINITY), (f64::NAN, 1.0), (1.0, 0.0)] {
            assert!(marks(&GridInput { bounds, base_step_size: 0.01 }, 20.0).len() < 2, "{bounds:?}");
        }
    }
}
