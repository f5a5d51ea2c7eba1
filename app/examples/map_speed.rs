//! How long a picture of the map takes with 100,000 cells, of which each fires 5 or 50 times a second: what is recorded is read, the
//! plot is drawn, and its shapes become the triangles that the graphics processor gets. On a sheet and in a box; while nothing
//! moves, while the pointer does, and (of the box) while the camera turns.
//!
//!     cargo run --release -p spikeloom --example map_speed

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use spikeloom::plots::{self, PlotData, PlotsState};
use spikeloom::statistics::Statistics;
use spikeloom_engine::live::{Phase, Status};
use spikeloom_engine::project::{Project, read};
use spikeloom_engine::recordings::{Frame, Recordings};
use spikeloom_engine::runtime::Simulation;

/// The time between two pictures of the screen.
const MOST: Duration = Duration::from_millis(16);
const FRAMES: usize = 60;
const CELLS: usize = 100_000;

#[derive(Clone, Copy, PartialEq)]
enum Moves {
    Nothing,
    Pointer,
    Camera,
}

fn network(shape: &str, rate: f64) -> Project {
    let text = format!(
        r#"(spikeloom: 1, nodes: {{
            "Noise": (model: "poisson_generator", params: (rate: {rate})),
            "Cells": (model: "parrot_neuron", n: {CELLS}, positions: grid(shape: {shape})),
            "Spikes": (model: "spike_recorder"),
        }}, projections: [(from: "Noise", to: "Cells"), (from: "Cells", to: "Spikes")],
        views: {{1: (kind: map, of: ["Spikes"])}}, layout: view(1))"#
    );
    read(&text).unwrap_or_else(|problems| panic!("{problems:?}")).0
}

fn input(moves: Moves, frame: usize) -> RawInput {
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(1200.0, 900.0));
    let at = pos2(400.0 + 3.0 * (frame % 100) as f32, 400.0 + (frame % 100) as f32);
    let down =
        Event::PointerButton { pos: at, button: PointerButton::Primary, pressed: true, modifiers: Modifiers::NONE };
    let events = match moves {
        Moves::Nothing => Vec::new(),
        Moves::Camera if frame == 0 => vec![Event::PointerMoved(at), down],
        Moves::Pointer | Moves::Camera => vec![Event::PointerMoved(at)],
    };
    RawInput { screen_rect: Some(screen), events, ..RawInput::default() }
}

fn main() {
    for (space, shape) in [("a sheet", "(400, 250)"), ("a box", "(50, 50, 40)")] {
        for rate in [5.0, 50.0] {
            for (moving, moves) in [
                ("nothing moves", Moves::Nothing),
                ("the pointer moves", Moves::Pointer),
                ("the camera turns", Moves::Camera),
            ] {
                if moves == Moves::Camera && space == "a sheet" {
                    continue;
                }
                let project = network(shape, rate);
                let mut simulation = Simulation::build(&project, &|_| true).expect("a network");
                let mut recordings = Recordings::new(simulation.plan().clone());
                let (ctx, mut state, mut frame) = (egui::Context::default(), PlotsState::default(), Frame::default());
                let mut status = Status { phase: Phase::Running, neurons: CELLS as u64, ..Status::default() };
                let (mut all, mut actions) = (Vec::new(), Vec::new());
                for i in 0..FRAMES + 10 {
                    simulation.advance(160).expect("it runs");
                    simulation.take_frame(&mut frame);
                    recordings.append(&mut frame);
                    status.time = simulation.time();
                    let data = PlotData {
                        project: &project,
                        recordings: &recordings,
                        generation: 1,
                        status: &status,
                        statistics: &Statistics::default(),
                        previous_run: false,
                        trial: None,
                        edited: None,
                        past: Vec::new(),
                    };
                    let began = Instant::now();
                    let moves = if i < 10 { Moves::Nothing } else { moves };
                    let shown = ctx.run_ui(input(moves, i.saturating_sub(10)), |ui| {
                        plots::show(ui, &mut state, &data, &mut actions);
                    });
                    let triangles = ctx.tessellate(shown.shapes, shown.pixels_per_point);
                    if i >= 10 {
                        all.push(began.elapsed());
                    }
                    assert!(!triangles.is_empty());
                }
                all.sort();
                let (middle, most) = (all[FRAMES / 2], all[FRAMES * 95 / 100]);
                let verdict = if most > MOST { ", too long" } else { "" };
                println!("{space}, {rate} spikes/s, {moving}: {middle:.1?}, 95 of 100 within {most:.1?}{verdict}");
            }
        }
    }
}
