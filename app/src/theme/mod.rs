//! Colours, fonts and spacing. Populations get colours that colour-blind eyes can tell apart
//! (Okabe & Ito 2008, adapted to light and dark); colour is never the only sign.

pub mod icon;
mod look;

pub use icon::{Icon, icon_button};
pub use look::{install, semibold};

use egui::Color32;
use spikeloom_engine::models::Family;
use spikeloom_engine::project::{NodeId, Project};

/// Colours for populations, in the order in which they are given out.
const LIGHT: [Color32; 8] = [
    Color32::from_rgb(0x00, 0x72, 0xB2),
    Color32::from_rgb(0xD5, 0x5E, 0x00),
    Color32::from_rgb(0x00, 0x8F, 0x68),
    Color32::from_rgb(0xB2, 0x5A, 0x92),
    Color32::from_rgb(0xA8, 0x7A, 0x00),
    Color32::from_rgb(0x2C, 0x8F, 0xC9),
    Color32::from_rgb(0x6B, 0x4F, 0xBB),
    Color32::from_rgb(0x5F, 0x6B, 0x76),
];
const DARK: [Color32; 8] = [
    Color32::from_rgb(0x4F, 0xA8, 0xE8),
    Color32::from_rgb(0xF2, 0x8E, 0x3C),
    Color32::from_rgb(0x2F, 0xC4, 0x9A),
    Color32::from_rgb(0xDD, 0x8F, 0xC3),
    Color32::from_rgb(0xE6, 0xC2, 0x3D),
    Color32::from_rgb(0x8C, 0xD0, 0xF5),
    Color32::from_rgb(0xA7, 0x93, 0xF0),
    Color32::from_rgb(0xA6, 0xB1, 0xBC),
];

/// The colour of a node: the user's choice, or by its place among the populations.
pub fn node_color(project: &Project, id: NodeId, dark: bool) -> Color32 {
    let colors = if dark { &DARK } else { &LIGHT };
    let Some(node) = project.node(id) else { return colors[7] };
    if let Some(chosen) = node.color {
        return colors[chosen as usize % colors.len()];
    }
    match node.model.family() {
        Family::Neuron => {
            let place = project.nodes.iter().filter(|n| n.model.is_neuron()).position(|n| n.id == id).unwrap_or(0);
            colors[place % 7]
        }
        _ => colors[7],
    }
}

/// Colour of the palette at an index, for a colour chooser.
pub fn palette_color(index: u8, dark: bool) -> Color32 {
    let colors = if dark { &DARK } else { &LIGHT };
    colors[index as usize % colors.len()]
}

/// Number of colours in the palette.
pub const COLORS: u8 = 8;
