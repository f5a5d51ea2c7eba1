//! How long the canvas takes in networks of many nodes: to arrange them, and for a frame while a node is dragged, when
//! wires and labels look for free ways and places anew.
//!
//!     cargo run --release -p spikeloom --example canvas_speed

use std::time::{Duration, Instant};

use egui::{Pos2, RawInput, Rect, vec2};
use spikeloom::action::Selection;
use spikeloom::canvas::{self, CanvasState, Scene};
use spikeloom::editing::create::{insert_node, insert_projection};
use spikeloom::favourites::Favourites;
use spikeloom_engine::models;
use spikeloom_engine::project::{NodeId, Project};

/// What a frame may take of the 16 ms between two pictures of the screen.
const MOST: Duration = Duration::from_millis(4);
const FRAMES: u32 = 100;

/// Populations with input and recorders, wired at random, two wires a node.
fn network(nodes: usize) -> Project {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut draw = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    let neurons = &models::iaf_psc_alpha::MODEL;
    let kinds = [neurons, neurons, neurons, &models::POISSON_GENERATOR, &models::SPIKE_RECORDER, &models::VOLTMETER];
    let mut project = Project::default();
    for _ in 0..nodes {
        let id = insert_node(&mut project, kinds[draw(kinds.len())], [0.0; 2], None);
        if let Some(node) = project.node_mut(id).filter(|node| node.model.is_neuron()) {
            node.n = 200;
        }
    }
    while project.projections.len() < 2 * nodes {
        let _ = insert_projection(&mut project, NodeId(draw(nodes) as u32), NodeId(draw(nodes) as u32));
    }
    project
}

/// A frame of a canvas of the size that it has in a large window.
fn frame(ctx: &egui::Context, state: &mut CanvasState, project: &Project) {
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(1200.0, 800.0));
    let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
    let selection = Selection::default();
    let _ = ctx.run_ui(input, |ui| {
        let favourites = Favourites::default();
        let scene = Scene {
            project,
            selection: &selection,
            activity: &[],
            overview: true,
            running: false,
            favourites: &favourites,
        };
        canvas::show(ui, state, &scene, &mut Vec::new());
    });
}

fn main() {
    for nodes in [20, 40, 60, 80, 120] {
        let mut project = network(nodes);
        let start = Instant::now();
        canvas::arrange(&mut project);
        let arranged = start.elapsed();
        for zoomed in [false, true] {
            let (ctx, mut state) = (egui::Context::default(), CanvasState::default());
            state.fit(None);
            (0..30).for_each(|_| frame(&ctx, &mut state, &project));
            if zoomed {
                let first = Selection::node(NodeId(nodes as u32 / 2));
                state.fit(Some(&first));
                (0..30).for_each(|_| frame(&ctx, &mut state, &project));
            }
            let start = Instant::now();
            for i in 0..FRAMES {
                project.nodes[nodes / 2].position[0] += if i % 20 < 10 { 3.0 } else { -3.0 };
                frame(&ctx, &mut state, &project);
            }
            let took = start.elapsed() / FRAMES;
            let seen = if zoomed { "close" } else { "whole" };
            let verdict = if took > MOST { ", too long" } else { "" };
            println!("{nodes} nodes, {seen}: arranged in {arranged:.1?}, a frame of a drag in {took:.2?}{verdict}");
        }
    }
}
