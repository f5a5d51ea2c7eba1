//! What a kind of plot is made of.

use egui::{Color32, Pos2, Response, Shape, Ui, Vec2};
use spikeloom_engine::live::Asked;
use spikeloom_engine::models::Model;
use spikeloom_engine::project::{Node, NodeId};

use super::axis::thousands;
use super::data::{PlotData, Shown};
use super::editor::Editor;
use super::settings::PlotSettings;
use super::sheet::{Across, Scale, Sheet};
use super::table::Table;
use crate::action::{Action, Edit};

/// A kind of plot. Each is a file in `kinds`, which implements this for what a plot of this kind keeps of the
/// recordings, and an entry in the list of kinds.
pub trait Plot: Default + 'static {
    /// What users can set beside the recorders shown.
    type Settings: PlotSettings;

    const FACTS: Facts;

    /// Brings what is kept up to date with the recordings. Called before anything else in a frame.
    fn update(&mut self, shown: &Shown<'_, Self::Settings>);

    /// What goes across.
    fn across(&self) -> Across {
        Across::Time
    }

    /// How much there is to see between two ends of the horizontal axis, in a few words: "1,234 spikes".
    fn amount(&self, shown: &Shown<'_, Self::Settings>, across: (f64, f64)) -> String;

    /// Bottom and top that show everything between two ends of the horizontal axis; nothing of note in a picture without axes.
    fn fit(&self, shown: &Shown<'_, Self::Settings>, across: (f64, f64)) -> (f64, f64) {
        let _ = (shown, across);
        (0.0, 1.0)
    }

    /// What the vertical axis says; nothing in a picture without axes.
    fn scale(&self, shown: &Shown<'_, Self::Settings>) -> Scale {
        let _ = shown;
        Scale::Names(Vec::new())
    }

    /// Names and colours of what is drawn, if the axis does not tell.
    fn legend(&self) -> Vec<(String, Color32)> {
        Vec::new()
    }

    fn draw(&mut self, shown: &Shown<'_, Self::Settings>, sheet: &Sheet) -> Vec<Shape>;

    /// What lies under the pointer, in words, and where the point lies that they speak of.
    fn read_out(&self, shown: &Shown<'_, Self::Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut>;

    /// What the network is to be asked of what lies under the pointer. Called in each frame, but not while the mouse drags.
    fn point(&mut self, shown: &Shown<'_, Self::Settings>, sheet: &Sheet, pointer: Option<Pos2>) -> Option<Asked> {
        let _ = (shown, sheet, pointer);
        None
    }

    /// What a drag by so many points of the screen does to the settings, if it turns what is seen.
    fn turn(&self, by: Vec2) -> Option<Turn<Self::Settings>> {
        let _ = by;
        None
    }

    /// The least and the largest value that its lanes have room for, if it has lanes: see [`Sheet::values`].
    fn values(&self, shown: &Shown<'_, Self::Settings>) -> Option<(f64, f64)> {
        let _ = shown;
        None
    }

    /// Something that the user should know of what is seen, with a cure.
    fn remark(&self, shown: &Shown<'_, Self::Settings>) -> Option<Remark> {
        let _ = shown;
        None
    }

    /// The cells of one population that lie between two heights, if cells can be picked here.
    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        let _ = y;
        None
    }

    /// What the pointer and the keyboard do in it. False leaves them to what all plots do: pan, magnify, pick.
    fn touch(
        &mut self,
        shown: &Shown<'_, Self::Settings>,
        sheet: &Sheet,
        ui: &Ui,
        response: &Response,
        actions: &mut Vec<Action>,
    ) -> bool {
        let _ = (shown, sheet, ui, response, actions);
        false
    }

    /// Lets the user change the settings.
    fn edit(editor: &mut Editor<'_, Self::Settings>) {
        let _ = editor;
    }

    /// The setting that chooses cells, by their indices within each population, if there is one. It is empty where
    /// the user leaves the choice to the plot.
    fn cells(settings: &mut Self::Settings) -> Option<&mut Vec<u32>> {
        let _ = settings;
        None
    }

    /// What is wrong with settings that have the right types: name and message, as in ("bin", "must be > 0 ms").
    fn problems(settings: &Self::Settings) -> Vec<(&'static str, String)> {
        let _ = settings;
        Vec::new()
    }

    /// What the settings ask for that the recorders do not record, of the quantities that they sample.
    fn missing(settings: &Self::Settings, sampled: &[String]) -> Option<(&'static str, String)> {
        let _ = (settings, sampled);
        None
    }

    /// Writes what is shown, of the whole run, as a table.
    ///
    /// # Errors
    /// If the table takes no more.
    fn table(table: &mut Table, shown: &Shown<'_, Self::Settings>) -> Result<(), csv::Error>;

    /// Why these recorders have recorded nothing, although time has passed, and nothing keeps them from it.
    fn nothing_yet(recorders: &[&Node], data: &PlotData<'_>) -> String {
        let _ = recorders;
        let now = passed(data);
        if data.status.time >= data.project.simulation.duration {
            format!("Sources are silent (0 spikes in {now})")
        } else {
            format!("No spikes yet (0 in {now})")
        }
    }
}

/// A change of settings that turns what is seen.
pub type Turn<S> = Box<dyn FnOnce(&mut S)>;

/// What lies under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOut {
    pub text: String,
    /// The point that the text speaks of, on the screen.
    pub at: Pos2,
}

/// Something that is to be known of what a plot shows, and the edit that mends it.
pub struct Remark {
    pub text: String,
    /// What the mending does, on its button.
    pub cure: String,
    /// Why, in a tooltip.
    pub why: String,
    pub edit: Edit,
}

/// What is the same for all plots of a kind.
#[derive(Clone, Copy)]
pub struct Facts {
    /// Its name in project files: "raster".
    pub name: &'static str,
    /// "Raster", as in "Raster of Spikes".
    pub title: &'static str,
    /// Text and tooltip of what adds one.
    pub add: (&'static str, &'static str),
    /// What it shows, for messages: "spikes".
    pub shows: &'static str,
    /// Whether a recorder stores that.
    pub takes: fn(&Model) -> bool,
    /// Whether cells that are picked in another plot are shown here.
    pub follows_picks: bool,
    /// Whether trials that are over are drawn behind the present one.
    pub overlays: bool,
}

/// The time that has been simulated, for messages: "1,200 ms".
pub fn passed(data: &PlotData<'_>) -> String {
    format!("{} ms", thousands(data.status.time.max(0.0).round() as usize))
}
