//! Kinds of plots side by side, whatever their settings.

use egui::{Color32, Pos2, Response, Shape, Ui, Vec2};
use spikeloom_engine::live::Asked;
use spikeloom_engine::models::{CATALOGUE, Model};
use spikeloom_engine::project::{Node, NodeId, View};

use super::data::{PlotData, Shown};
use super::editor::Editor;
use super::plot::{Facts, Plot, ReadOut, Remark};
use super::settings::{self, Entries};
use super::sheet::{Across, Scale, Sheet};
use super::table::Table;
use crate::action::{Action, Edit};

/// The name of a setting, and what is to be told of it.
type Told = (&'static str, String);

/// A kind of plot, as an entry of the list of kinds.
pub struct Kind {
    pub facts: Facts,
    /// A plot of this kind that has seen nothing yet.
    pub picture: fn() -> Box<dyn Picture>,
    /// Writes what a view shows, of the whole run, as a table.
    pub table: fn(&mut Table, &View, &PlotData<'_>) -> Result<(), csv::Error>,
    /// Lets the user change the settings of a view. The text is the list of cells while it is being typed.
    pub edit: fn(&mut Ui, &View, &PlotData<'_>, &mut Option<String>, &mut Vec<Action>),
    /// The cells chosen in a view; empty if none are.
    pub cells: fn(&View) -> Vec<u32>,
    /// Chooses cells in a view.
    pub choose_cells: fn(&mut View, &[u32]),
    /// Settings of a view that are not as they should be: name and message.
    pub problems: fn(&View) -> Vec<(String, String)>,
    /// See [`Plot::missing`].
    pub missing: fn(&View, &[String]) -> Option<Told>,
    /// See [`Plot::nothing_yet`].
    pub nothing_yet: fn(&[&Node], &PlotData<'_>) -> String,
}

impl Kind {
    pub const fn of<P: Plot>() -> Kind {
        Kind {
            facts: P::FACTS,
            picture: || Box::new(OnScreen::<P>::default()),
            table: |table, view, data| {
                let settings = settings::read(&view.settings);
                P::table(table, &Shown::new(view, &settings, data, false))
            },
            edit: |ui, view, data, cells_text, actions| {
                let settings = settings::read(&view.settings);
                let shown = Shown::new(view, &settings, data, ui.visuals().dark_mode);
                P::edit(&mut Editor { ui, shown, view: view.id, cells_text, actions });
            },
            cells: |view| {
                let mut settings = settings::read(&view.settings);
                P::cells(&mut settings).map(std::mem::take).unwrap_or_default()
            },
            choose_cells: |view, cells| {
                let mut settings = settings::read(&view.settings);
                if let Some(chosen) = P::cells(&mut settings) {
                    *chosen = cells.to_vec();
                }
                settings::write(&settings, &mut view.settings);
            },
            problems: |view| {
                let mut found = settings::problems::<P::Settings>(P::FACTS.name, &view.settings);
                let settings = settings::read(&view.settings);
                found.extend(P::problems(&settings).into_iter().map(|(name, message)| (name.to_owned(), message)));
                found
            },
            missing: |view, sampled| P::missing(&settings::read(&view.settings), sampled),
            nothing_yet: P::nothing_yet,
        }
    }

    /// Whether a recorder stores what this kind shows.
    pub fn takes(&self, model: &Model) -> bool {
        (self.facts.takes)(model)
    }

    /// The recorders that it needs one of, in words: "a voltmeter or multimeter".
    pub fn needs(&self) -> String {
        let models = CATALOGUE.iter().filter(|model| self.takes(model));
        let titles: Vec<String> = models.map(|model| model.title.to_lowercase()).collect();
        format!("a {}", titles.join(" or "))
    }
}

/// A plot on the screen, of whatever kind; its methods are those of [`Plot`].
pub trait Picture {
    fn update(&mut self, view: &View, data: &PlotData<'_>, dark: bool);
    fn across(&self) -> Across;
    fn amount(&self, view: &View, data: &PlotData<'_>, across: (f64, f64)) -> String;
    fn fit(&self, view: &View, data: &PlotData<'_>, across: (f64, f64)) -> (f64, f64);
    fn scale(&self, view: &View, data: &PlotData<'_>) -> Scale;
    fn legend(&self) -> Vec<(String, Color32)>;
    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape>;
    fn read_out(&self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut>;
    fn point(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Option<Pos2>) -> Option<Asked>;
    /// The step of the document that turns what is seen.
    fn turn(&self, view: &View, by: Vec2) -> Option<Edit>;
    fn values(&self, view: &View, data: &PlotData<'_>) -> Option<(f64, f64)>;
    fn remark(&self, view: &View, data: &PlotData<'_>) -> Option<Remark>;
    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)>;
    fn touch(
        &mut self,
        view: &View,
        data: &PlotData<'_>,
        sheet: &Sheet,
        ui: &Ui,
        response: &Response,
        actions: &mut Vec<Action>,
    ) -> bool;
}

/// A plot with the settings of its view, which are read when they have changed.
#[derive(Default)]
struct OnScreen<P: Plot> {
    plot: P,
    settings: P::Settings,
    entries: Entries,
    dark: bool,
}

impl<P: Plot> OnScreen<P> {
    fn shown<'a>(&'a self, view: &'a View, data: &'a PlotData<'_>) -> Shown<'a, P::Settings> {
        Shown::new(view, &self.settings, data, self.dark)
    }
}

impl<P: Plot> Picture for OnScreen<P> {
    fn update(&mut self, view: &View, data: &PlotData<'_>, dark: bool) {
        if self.entries != view.settings {
            self.settings = settings::read(&view.settings);
            self.entries.clone_from(&view.settings);
        }
        self.dark = dark;
        self.plot.update(&Shown::new(view, &self.settings, data, dark));
    }
    fn across(&self) -> Across {
        self.plot.across()
    }
    fn amount(&self, view: &View, data: &PlotData<'_>, across: (f64, f64)) -> String {
        self.plot.amount(&self.shown(view, data), across)
    }
    fn fit(&self, view: &View, data: &PlotData<'_>, across: (f64, f64)) -> (f64, f64) {
        self.plot.fit(&self.shown(view, data), across)
    }
    fn scale(&self, view: &View, data: &PlotData<'_>) -> Scale {
        self.plot.scale(&self.shown(view, data))
    }
    fn legend(&self) -> Vec<(String, Color32)> {
        self.plot.legend()
    }
    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        self.plot.draw(&Shown::new(view, &self.settings, data, self.dark), sheet)
    }
    fn read_out(&self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        self.plot.read_out(&self.shown(view, data), sheet, pointer)
    }
    fn point(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Option<Pos2>) -> Option<Asked> {
        self.plot.point(&Shown::new(view, &self.settings, data, self.dark), sheet, pointer)
    }
    fn turn(&self, view: &View, by: Vec2) -> Option<Edit> {
        let (id, turn) = (view.id, self.plot.turn(by)?);
        Some(settings::edit::<P::Settings>(id, "Turn map", turn).merged(format!("turn of view {}", id.0)))
    }
    fn values(&self, view: &View, data: &PlotData<'_>) -> Option<(f64, f64)> {
        self.plot.values(&self.shown(view, data))
    }
    fn remark(&self, view: &View, data: &PlotData<'_>) -> Option<Remark> {
        self.plot.remark(&self.shown(view, data))
    }
    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        self.plot.pick(y)
    }
    fn touch(
        &mut self,
        view: &View,
        data: &PlotData<'_>,
        sheet: &Sheet,
        ui: &Ui,
        response: &Response,
        actions: &mut Vec<Action>,
    ) -> bool {
        self.plot.touch(&Shown::new(view, &self.settings, data, self.dark), sheet, ui, response, actions)
    }
}
