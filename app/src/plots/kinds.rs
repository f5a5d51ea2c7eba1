//! The kinds of plots. A kind is a variant of [`ViewKind`], one entry in [`KINDS`] and its own file.

use egui::{Rect, Shape, Ui};
use spikeloom_engine::models::Model;
use spikeloom_engine::project::{NodeId, View, ViewKind};

use super::correlogram::Correlogram;
use super::export::Table;
use super::raster::Raster;
use super::rate::Rate;
use super::states::States;
use super::traces::Traces;
use super::weights::Weights;
use super::{Pane, PlotData, empty, export, settings};
use crate::action::Action;

/// What there is to know about a kind of plot.
pub struct Kind {
    pub kind: ViewKind,
    /// "Raster", as in "Raster of Spikes".
    pub name: &'static str,
    /// Text and tooltip of the entry that adds a plot of this kind.
    pub add: (&'static str, &'static str),
    /// Whether a recorder delivers what this kind shows.
    pub fits: fn(&Model) -> bool,
    /// Recorders of this sort deliver it, for messages: "a spike recorder".
    pub needs: &'static str,
    /// What it shows, for messages: "spikes".
    pub shows: &'static str,
    /// Writes what it shows as a table.
    pub table: fn(&mut Table, &View, &PlotData<'_>) -> Result<(), csv::Error>,
    /// The part of the settings that only this kind has.
    pub settings: fn(&mut Ui, &View, &mut Pane, &PlotData<'_>, &mut Vec<Action>),
    make: fn() -> Box<dyn Picture>,
}

/// All kinds, in the order of the menu.
pub static KINDS: [Kind; 6] = [
    Kind {
        kind: ViewKind::Raster,
        name: "Raster",
        add: ("Add raster", "Plot spikes by time and neuron"),
        fits: empty::stores_spikes,
        needs: "a spike recorder",
        shows: "spikes",
        table: export::write_spikes,
        settings: settings::of_raster,
        make: || Box::new(Raster::default()),
    },
    Kind {
        kind: ViewKind::Traces,
        name: "Traces",
        add: ("Add traces", "Plot recorded quantities over time"),
        fits: empty::takes_samples,
        needs: "a voltmeter or multimeter",
        shows: "traces",
        table: export::write_samples,
        settings: settings::of_traces,
        make: || Box::new(Traces::default()),
    },
    Kind {
        kind: ViewKind::Rate,
        name: "Rate",
        add: ("Add rate", "Plot the mean firing rate of populations"),
        fits: empty::stores_spikes,
        needs: "a spike recorder",
        shows: "rates",
        table: export::write_rates,
        settings: settings::of_rate,
        make: || Box::new(Rate::default()),
    },
    Kind {
        kind: ViewKind::Weights,
        name: "Weights",
        add: ("Add weights", "Plot the weights that spikes were transmitted with"),
        fits: empty::stores_weights,
        needs: "a weight recorder",
        shows: "weights",
        table: export::write_rows,
        settings: settings::of_rate,
        make: || Box::new(Weights::default()),
    },
    Kind {
        kind: ViewKind::Correlogram,
        name: "Correlogram",
        add: ("Add correlogram", "Plot how often spikes follow each other at each lag"),
        fits: empty::counts_pairs,
        needs: "a correlation detector",
        shows: "pairs of spikes",
        table: export::write_correlogram,
        settings: settings::of_correlogram,
        make: || Box::new(Correlogram::default()),
    },
    Kind {
        kind: ViewKind::States,
        name: "States",
        add: ("Add states", "Plot the states of binary neurons over time"),
        fits: empty::stores_states,
        needs: "a spin detector",
        shows: "states",
        table: export::write_rows,
        settings: settings::of_raster,
        make: || Box::new(States::default()),
    },
];

impl Kind {
    /// What there is to know about a kind.
    pub fn of(kind: ViewKind) -> &'static Kind {
        KINDS.iter().find(|k| k.kind == kind).expect("every kind is registered, see the test below")
    }

    /// The caches and the drawing of a new plot.
    pub fn picture(&self) -> Box<dyn Picture> {
        (self.make)()
    }
}

/// The sheet that a plot is drawn on.
#[derive(Clone)]
pub struct Sheet {
    pub ctx: egui::Context,
    /// The plotting area on the screen, within the axes.
    pub rect: Rect,
    /// Start and end of the time shown, ms; of the lags, where these go across.
    pub time: (f64, f64),
    /// Bottom and top of what is shown.
    pub y: (f64, f64),
    pub dark: bool,
}

impl Sheet {
    pub fn x(&self, time: f64) -> f32 {
        let (start, end) = self.time;
        self.rect.left() + ((time - start) / (end - start)) as f32 * self.rect.width()
    }
    pub fn y(&self, y: f64) -> f32 {
        let (bottom, top) = self.y;
        self.rect.bottom() - ((y - bottom) / (top - bottom)) as f32 * self.rect.height()
    }
    /// Duration of one point of the screen, ms.
    pub fn ms_per_point(&self) -> f64 {
        (self.time.1 - self.time.0) / f64::from(self.rect.width().max(1.0))
    }
}

/// What the vertical axis says.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Numbers, with what they are: "V_m (mV)".
    Numbers(String),
    /// Names in place of numbers: centre, height and name of each band.
    Names(Vec<(f64, f64, String)>),
}

/// One plot: it keeps caches of the recordings and draws them.
pub trait Picture {
    /// Brings the caches up to date with the recordings. Called before anything else in a frame.
    fn update(&mut self, view: &View, data: &PlotData<'_>);
    /// Where the horizontal axis begins and ends, ms, if it is not the time of the run.
    fn across(&self) -> Option<(f64, f64)> {
        None
    }
    /// How much there is to see between two times, in a few words: "1,234 spikes".
    fn amount(&self, view: &View, data: &PlotData<'_>, time: (f64, f64)) -> String;
    /// Bottom and top that show everything between two times.
    fn fit(&self, view: &View, data: &PlotData<'_>, time: (f64, f64)) -> (f64, f64);
    fn scale(&self, view: &View) -> Scale;
    /// Names and colours of what is drawn, if the axis does not tell.
    fn legend(&self) -> Vec<(String, egui::Color32)>;
    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape>;
    /// What lies under the pointer, in words.
    fn read_out(&self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: egui::Pos2) -> Option<String>;
    /// The cells of one population that lie between two heights, if cells can be picked here.
    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        let _ = y;
        None
    }
    /// Drops everything that was made from recordings, as a new run has begun.
    fn forget(&mut self);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_registered_once() {
        use ViewKind::{Correlogram, Raster, Rate, States, Traces, Weights};
        for kind in [Raster, Traces, Rate, Weights, Correlogram, States] {
            assert_eq!(KINDS.iter().filter(|k| k.kind == kind).count(), 1, "{kind:?}");
        }
    }
}
