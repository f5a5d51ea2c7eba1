//! The portraits of all neurons, of the generators, and of the synapses that learn or change, on one picture, and how long each took.
//!
//!     cargo run --release -p spikeloom --example portrait_sheet -- docs/portraits.png
//!
//! With `--times` it prints a table of times alone and draws nothing.

use std::time::Instant;

use egui::{Align, Frame, Layout, RichText, Theme, Ui, vec2};
use egui_kittest::Harness;
use spikeloom::portrait::{draw, draw_generator, draw_synapse};
use spikeloom::theme;
use spikeloom_engine::models::{CATALOGUE, DefaultValue, Family, Model};
use spikeloom_engine::portrait::{Asked, AskedGenerator, AskedSynapse, GeneratorPortrait, Portrait, SynapsePortrait};

const COLUMNS: usize = 6;
const CELL: egui::Vec2 = vec2(262.0, 176.0);
/// Weight and delay of the synapses that are portrayed, pA and ms.
const WEIGHT: f64 = 50.0;
const DELAY: f64 = 1.0;

enum Drawn {
    Neuron(Box<Portrait>),
    Synapse(SynapsePortrait, f64),
    Generator(GeneratorPortrait),
}

/// A portrait, and the milliseconds that it took.
struct Cell {
    model: &'static Model,
    drawn: Drawn,
    took: f64,
}

fn cell(model: &'static Model) -> Option<Cell> {
    let began = Instant::now();
    let drawn = match model.family() {
        Family::Neuron => Drawn::Neuron(Box::new(Portrait::of(&Asked::new(model), &|| true)?)),
        Family::Synapse => {
            let (params, target) = Default::default();
            // Half of the largest weight, so that there is room both ways.
            let weight = match model.parameter("Wmax").map(|p| p.default) {
                Some(DefaultValue::Real(most)) => 0.5 * most,
                _ => WEIGHT,
            };
            let asked = AskedSynapse { model, params, weight, delay: DELAY, target, resolution: 0.1 };
            let portrait = SynapsePortrait::try_of(&asked, &|| true).ok()??;
            Drawn::Synapse((!portrait.is_empty()).then_some(portrait)?, weight)
        }
        Family::Generator => Drawn::Generator(GeneratorPortrait::try_of(&AskedGenerator::new(model), &|| true).ok()??),
        Family::Recorder => return None,
    };
    Some(Cell { model, drawn, took: began.elapsed().as_secs_f64() * 1000.0 })
}

fn show(ui: &mut Ui, cells: &[Cell]) {
    ui.spacing_mut().item_spacing = vec2(12.0, 8.0);
    for row in cells.chunks(COLUMNS) {
        ui.horizontal_top(|ui| {
            for cell in row {
                ui.allocate_ui_with_layout(CELL, Layout::top_down(Align::Min), |ui| {
                    ui.set_min_size(CELL);
                    ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
                    ui.label(RichText::new(cell.model.name).strong());
                    match &cell.drawn {
                        Drawn::Neuron(portrait) => draw(ui, portrait),
                        Drawn::Synapse(portrait, weight) => draw_synapse(ui, portrait, *weight, "pA"),
                        Drawn::Generator(portrait) => draw_generator(ui, portrait),
                    }
                });
            }
        });
    }
}

fn main() -> Result<(), String> {
    let wanted = std::env::args().nth(1).ok_or("name the picture, or --times")?;
    let cells: Vec<Cell> = CATALOGUE.iter().copied().filter_map(cell).collect();
    if wanted == "--times" {
        println!("| model | portrait, ms |\n| --- | --- |");
        cells.iter().for_each(|cell| println!("| `{}` | {:.0} |", cell.model.name, cell.took));
        return Ok(());
    }
    let rows = cells.len().div_ceil(COLUMNS) as f32;
    let size = vec2(COLUMNS as f32 * (CELL.x + 12.0) + 24.0, rows * (CELL.y + 8.0) + 24.0);
    let builder = Harness::builder().with_size(size).with_theme(Theme::Light).with_context_setup(theme::install);
    let mut harness = builder.wgpu().build_ui(|ui| {
        Frame::new().inner_margin(12.0).show(ui, |ui| show(ui, &cells));
    });
    harness.run();
    harness.render()?.save(&wanted).map_err(|e| e.to_string())
}
