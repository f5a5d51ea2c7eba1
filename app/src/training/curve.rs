//! A number over epochs: a small plot with a target line and a read-out.

use egui::{Align2, Color32, FontId, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::number;

/// Room for the numbers left of and below a curve, points.
const LEFT: f32 = 44.0;
const BELOW: f32 = 15.0;
const SIZE: f32 = 11.0;
/// A curve whose largest number is so many times its least one has a logarithmic axis.
const DECADES: f64 = 20.0;

/// What is drawn.
pub struct Curve<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it says, for who cannot see it.
    pub told: String,
    /// Its numbers, epoch by epoch from the first.
    pub values: &'a [f64],
    /// A dashed line, with its name.
    pub target: Option<(f64, &'a str)>,
    /// Bottom and top, if they do not follow from the numbers.
    pub range: Option<(f64, f64)>,
    /// A number in words.
    pub words: fn(f64) -> String,
    pub color: Color32,
    /// Where there is no room for another plot: shares from 0 to 1 over the same epochs, from the bottom to the top, with
    /// their name.
    pub shares: Option<(&'a [f64], &'a str, Color32)>,
}

/// The vertical axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Axis {
    /// An axis that holds these numbers.
    fn of(values: &[f64], target: Option<f64>, range: Option<(f64, f64)>) -> Axis {
        if let Some((low, high)) = range {
            return Axis { low, high, logarithmic: false };
        }
        let all = || values.iter().copied().chain(target).filter(|x| x.is_finite());
        let (low, high) = all().fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        let least = all().filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
        if low > 0.0 && high > DECADES * least {
            let (low, high) = (10f64.powf(least.log10().floor()), 10f64.powf(high.log10().ceil()));
            return Axis { low, high, logarithmic: true };
        }
        let high = if high > 0.0 { high * 1.05 } else { 1.0 };
        Axis { low: low.min(0.0), high, logarithmic: false }
    }

    /// How far up a number stands, from 0 to 1.
    fn share(&self, x: f64) -> f32 {
        let share = match self.logarithmic {
            true => (x.max(self.low).log10() - self.low.log10()) / (self.high.log10() - self.low.log10()),
            false => (x - self.low) / (self.high - self.low),
        };
        share.clamp(0.0, 1.0) as f32
    }

    /// The numbers that are written beside it, where there is room for so many.
    fn ticks(&self, most: usize) -> Vec<f64> {
        if self.logarithmic {
            let (from, to) = (self.low.log10().round() as i32, self.high.log10().round() as i32);
            let every = ((to - from) as usize).div_ceil(most.max(1)).max(1);
            return (from..=to).step_by(every).map(|power| 10f64.powi(power)).collect();
        }
        let step = round_up((self.high - self.low) / most.max(1) as f64);
        let first = (self.low / step).ceil() as i64;
        let ticks = (first..first + 20).map(|i| i as f64 * step);
        ticks.take_while(|x| *x <= self.high * (1.0 + 1e-9)).collect()
    }
}

/// A round number not smaller than `x`: 1, 2 or 5 times a power of ten.
fn round_up(x: f64) -> f64 {
    if !(x > 0.0 && x.is_finite()) {
        return 1.0;
    }
    let power = 10f64.powf(x.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|step| *step >= x * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The last epoch of the axis, so that the curve has some room to grow and the axis does not change at every epoch.
fn last_epoch(done: usize) -> usize {
    let wanted = (done as f64 * 1.02).max(10.0);
    let power = 10f64.powf(wanted.log10().floor());
    let tops = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    tops.into_iter().map(|m| m * power).find(|top| *top >= wanted).unwrap_or(wanted) as usize
}

/// Draws it into `rect`.
pub fn show(ui: &mut Ui, rect: Rect, curve: &Curve<'_>) {
    let response = ui.interact(rect, ui.scope_id().with(curve.name), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Figure, true, curve.name);
        info.current_text_value = Some(curve.told.clone());
        info
    });
    let text = ui.visuals().text_color();
    let weak = ui.visuals().weak_text_color();
    let font = FontId::proportional(SIZE);
    // The name stands above, as over plots.
    let (head, below) = rect.split_top_bottom_at_y(rect.top() + 15.0);
    let painter = ui.painter().with_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
    painter.text(head.left_center() + vec2(4.0, 0.0), Align2::LEFT_CENTER, curve.name, font.clone(), text);
    let area =
        Rect::from_min_max(pos2(below.left() + LEFT, below.top() + 5.0), below.right_bottom() - vec2(8.0, BELOW));
    if !area.is_positive() {
        return;
    }
    painter.rect_filled(area, 2.0, ui.visuals().extreme_bg_color);
    let axis = Axis::of(curve.values, curve.target.map(|(x, _)| x).filter(|x| *x > 0.0), curve.range);
    let last = last_epoch(curve.values.len());
    let x = |epoch: f64| area.left() + ((epoch - 1.0) / (last as f64 - 1.0)) as f32 * area.width();
    let y = |value: f64| area.bottom() - axis.share(value) * area.height();
    let grid = Stroke::new(1.0, weak.gamma_multiply(0.25));
    let mut lowest_label = f32::INFINITY;
    for tick in axis.ticks((area.height() / 22.0) as usize) {
        let at = y(tick);
        painter.hline(area.x_range(), at, grid);
        // Numbers that would touch each other are left out.
        if lowest_label - at > 12.0 {
            painter.text(pos2(area.left() - 5.0, at), Align2::RIGHT_CENTER, (curve.words)(tick), font.clone(), text);
            lowest_label = at;
        }
    }
    let step = round_up(last as f64 / f64::from((area.width() / 48.0).max(1.0))).max(1.0) as usize;
    for epoch in std::iter::once(1).chain((step..=last).step_by(step)) {
        let at = x(epoch as f64);
        if epoch == 1 || at - area.left() > 24.0 {
            painter.vline(at, area.y_range(), grid);
            let align = if at > area.right() - 10.0 { Align2::RIGHT_TOP } else { Align2::CENTER_TOP };
            painter.text(pos2(at, area.bottom() + 2.0), align, epoch.to_string(), font.clone(), text);
        }
    }
    if let Some((target, name)) = curve.target.filter(|(target, _)| *target > 0.0) {
        let line = [pos2(area.left(), y(target)), pos2(area.right(), y(target))];
        let strong = ui.visuals().strong_text_color();
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.2, strong), 5.0, 4.0));
        let above = y(target) - area.top() > 16.0;
        // At the left, where training begins far above it.
        let (align, dy) = if above { (Align2::LEFT_BOTTOM, -1.0) } else { (Align2::LEFT_TOP, 1.0) };
        painter.text(line[0] + vec2(4.0, dy), align, name, font.clone(), strong);
    }
    let draw = |values: &[f64], color: Color32, y: &dyn Fn(f64) -> f32| {
        let line: Vec<Pos2> = thinned(values, area.width()).map(|(i, v)| pos2(x((i + 1) as f64), y(v))).collect();
        match line[..] {
            [only] => drop(painter.circle_filled(only, 2.5, color)),
            _ => drop(painter.add(Shape::line(line, Stroke::new(1.6, color)))),
        }
    };
    if let Some((shares, name, color)) = curve.shares {
        draw(shares, color, &|share| area.bottom() - share as f32 / 1.05 * area.height());
        painter.text(head.right_center() - vec2(8.0, 0.0), Align2::RIGHT_CENTER, name, font.clone(), color);
    }
    draw(curve.values, curve.color, &y);
    if let Some(pointer) = response.hover_pos().filter(|at| area.contains(*at)) {
        let share = f64::from((pointer.x - area.left()) / area.width());
        let epoch = (1.0 + share * (last as f64 - 1.0)).round() as usize;
        if let Some(value) = curve.values.get(epoch.saturating_sub(1)) {
            painter.circle_filled(pos2(x(epoch as f64), y(*value)), 3.0, curve.color);
            let told = format!("epoch {epoch}: {}", (curve.words)(*value));
            let (align, dx) = if share > 0.5 { (Align2::RIGHT_TOP, -6.0) } else { (Align2::LEFT_TOP, 6.0) };
            let at = pos2(x(epoch as f64) + dx, area.top() + 3.0);
            painter.text(at, align, told, font, ui.visuals().strong_text_color());
        }
    }
}

/// The points to be drawn, with their places: where there are many for each point of the screen, the least and the largest
/// of each stretch.
fn thinned(values: &[f64], width: f32) -> impl Iterator<Item = (usize, f64)> + '_ {
    let each = (values.len() as f32 / (2.0 * width.max(1.0))).ceil().max(1.0) as usize;
    values.chunks(each).enumerate().flat_map(move |(chunk, values)| {
        let by = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
        let all = || values.iter().enumerate().filter(|(_, x)| x.is_finite());
        let (low, high) = (all().min_by(by), all().max_by(by));
        let mut ends: Vec<(usize, f64)> = low.into_iter().chain(high).map(|(i, x)| (chunk * each + i, *x)).collect();
        ends.sort_by_key(|(i, _)| *i);
        ends.dedup();
        ends
    })
}

/// A loss in three digits.
pub fn loss_words(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return number::plain(x);
    }
    let unit = 10f64.powf(x.abs().log10().floor() - 2.0);
    number::plain((x / unit).round() * unit)
}

/// A share in percent.
pub fn percent(x: f64) -> String {
    format!("{:.0} %", 100.0 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_is_logarithmic_where_the_numbers_span_decades() {
        let log = Axis::of(&[5.0, 0.7, 0.02], Some(0.01), None);
        assert_eq!(log, Axis { low: 0.01, high: 10.0, logarithmic: true });
        assert_eq!(log.ticks(10).len(), 4);
        assert_eq!((log.share(0.01), log.share(10.0)), (0.0, 1.0));
        let plain = Axis::of(&[5.0, 4.0], None, None);
        assert_eq!((plain.low, plain.logarithmic), (0.0, false));
        assert_eq!(plain.ticks(3), [0.0, 2.0, 4.0]);
        assert!(!Axis::of(&[], None, None).logarithmic);
    }

    #[test]
    fn a_long_curve_keeps_its_peaks() {
        let mut values = vec![1.0; 100_000];
        (values[777], values[50_000]) = (9.0, 0.1);
        let drawn: Vec<(usize, f64)> = thinned(&values, 300.0).collect();
        assert!(drawn.len() < 1300, "{}", drawn.len());
        assert!(drawn.contains(&(777, 9.0)) && drawn.contains(&(50_000, 0.1)));
        assert_eq!(loss_words(0.047_712), "0.0477");
        assert_eq!(loss_words(123.4), "123");
    }
}
