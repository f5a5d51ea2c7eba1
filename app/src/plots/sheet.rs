//! The sheet that a plot is drawn on, and what its axes mean.

use egui::{Align2, Color32, FontId, Pos2, Rect, Shape, Theme, Visuals};

/// The sheet that a plot is drawn on.
#[derive(Clone)]
pub struct Sheet {
    pub ctx: egui::Context,
    /// The plotting area on the screen, within the axes.
    pub rect: Rect,
    /// Left and right end of the horizontal axis, in its units (see [`Across`]).
    pub across: (f64, f64),
    /// Bottom and top of what is shown.
    pub y: (f64, f64),
    /// The least and the largest value that a lane has room for, where several plots of lanes lie over each other; `None`
    /// leaves it to the plot.
    pub values: Option<(f64, f64)>,
}

impl Sheet {
    /// The colours of a theme.
    pub fn visuals(&self, dark: bool) -> Visuals {
        self.ctx.style_of(if dark { Theme::Dark } else { Theme::Light }).visuals.clone()
    }

    /// A line of text, so many points high.
    pub fn text(&self, at: Pos2, anchor: Align2, text: String, size: f32, color: Color32) -> Shape {
        self.ctx.fonts_mut(|fonts| Shape::text(fonts, at, anchor, text, FontId::proportional(size), color))
    }

    /// Where a value of the horizontal axis lies on the screen.
    pub fn x(&self, value: f64) -> f32 {
        let (start, end) = self.across;
        self.rect.left() + ((value - start) / (end - start)) as f32 * self.rect.width()
    }

    /// Where a value of the vertical axis lies on the screen.
    pub fn y(&self, y: f64) -> f32 {
        let (bottom, top) = self.y;
        self.rect.bottom() - ((y - bottom) / (top - bottom)) as f32 * self.rect.height()
    }

    /// How much of the horizontal axis one point of the screen covers; where time goes across, ms.
    pub fn per_point(&self) -> f64 {
        (self.across.1 - self.across.0) / f64::from(self.rect.width().max(1.0))
    }

    /// The value of the horizontal axis at a place on the screen.
    pub fn x_at(&self, pointer: Pos2) -> f64 {
        self.across.0 + f64::from(pointer.x - self.rect.left()) * self.per_point()
    }

    /// The value of the vertical axis at a place on the screen.
    pub fn y_at(&self, pointer: Pos2) -> f64 {
        let share = f64::from((self.rect.bottom() - pointer.y) / self.rect.height().max(1.0));
        self.y.0 + share * (self.y.1 - self.y.0)
    }
}

/// What the horizontal axis says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Across {
    /// The time of the run, ms; all plots of it share the range.
    Time,
    /// Durations of the plot's own, such as lags, from and to, ms.
    Durations(f64, f64),
    /// Durations by their decadic logarithm, from and to: 0 stands for 1 ms, 1 for 10 ms.
    Decades(f64, f64),
    /// Places in space along one direction, from and to.
    Lengths(f64, f64),
    /// A picture without axes, in which the pointer and keys do what the plot makes of them.
    Nothing,
}

/// What the vertical axis says.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Numbers, with what they are: "V_m (mV)".
    Numbers(String),
    /// Names in place of numbers: centre, height and name of each band.
    Names(Vec<(f64, f64, String)>),
}
