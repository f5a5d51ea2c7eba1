//! Pictures of the window, compared with those in `snapshots/`.
//!
//! They are drawn by a Vulkan driver; a software one such as Mesa's lavapipe will do. Without any,
//! the tests pass and say what they left out, unless `SPIKELOOM_REQUIRE_SNAPSHOTS=1` asks for them.
//! `UPDATE_SNAPSHOTS=1` takes the pictures anew: look at each before it is committed.

#[allow(dead_code)]
mod desk;

use std::future::Future as _;
use std::io::Write as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use desk::{Desk, Seat, click, key, run_to_end, settle};
use eframe::egui_wgpu::{WgpuSetup, WgpuSetupCreateNew};
use eframe::wgpu;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::Queryable as _;

const LARGE: [f32; 2] = [1280.0, 800.0];
const SMALL: [f32; 2] = [1024.0, 640.0];

/// Colour distance from which a pixel counts as different, and how many may be. Another version of a
/// driver smooths some edges otherwise; a changed colour or a moved line differs in far more pixels.
const THRESHOLD: f32 = 1.5;
const FAILED_PIXELS: usize = 40;

#[test]
fn start_page() {
    picture("start_page_light", LARGE, Theme::Light, |_| {});
}

#[test]
fn start_page_small() {
    picture("start_page_small_dark", SMALL, Theme::Dark, |_| {});
}

#[test]
fn example() {
    picture("example_light", LARGE, Theme::Light, run_example);
}

#[test]
fn example_dark() {
    picture("example_dark", LARGE, Theme::Dark, run_example);
}

#[test]
fn inspector_of_a_node() {
    picture("inspector_node_small_light", SMALL, Theme::Light, |seat| {
        run_example(seat);
        seat.get_by_label("Neuron, iaf_psc_alpha").click();
        settle(seat);
        seat.remove_cursor();
    });
}

#[test]
fn inspector_of_a_projection() {
    picture("inspector_projection_dark", LARGE, Theme::Dark, |seat| {
        run_example(seat);
        seat.get_by_label("Projection Current → Neuron").click();
        settle(seat);
        seat.remove_cursor();
    });
}

#[test]
fn finder() {
    picture("finder_small_dark", SMALL, Theme::Dark, |seat| {
        click(seat, "New network");
        key(seat, Key::N);
        seat.event(Event::Text("spike".into()));
    });
}

#[test]
fn keys() {
    picture("keys_light", LARGE, Theme::Light, |seat| {
        click(seat, "New network");
        key(seat, Key::F1);
    });
}

/// Opens the first example and runs it to its end.
fn run_example(seat: &mut Seat) {
    click(seat, "One neuron and a current");
    click(seat, "Play or pause");
    seat.key_press_modifiers(Modifiers::COMMAND, Key::R);
    settle(seat);
    run_to_end(seat);
}

/// Draws the window after `gestures` and compares it with the picture of that name.
fn picture(name: &str, size: [f32; 2], theme: Theme, gestures: impl FnOnce(&mut Seat)) {
    let Some(setup) = vulkan() else {
        let required = std::env::var("SPIKELOOM_REQUIRE_SNAPSHOTS").is_ok_and(|v| v == "1");
        assert!(!required, "no Vulkan driver was found: {name} cannot be drawn");
        // Not by a macro: what those print is hidden when a test passes.
        let _ = writeln!(std::io::stderr(), "left out: no Vulkan driver was found, {name} is not compared");
        return;
    };
    let desk = Desk::new();
    let dark = theme == Theme::Dark;
    std::fs::create_dir_all(desk.file("data")).unwrap();
    std::fs::write(desk.file("data").join("settings.ron"), format!("(dark: Some({dark}))")).unwrap();
    let options = SnapshotOptions::new()
        .threshold(THRESHOLD)
        .max_failed_pixels(FAILED_PIXELS)
        .output_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/snapshots"));
    let mut seat =
        desk.start_with(|builder| builder.with_size(size).with_theme(theme).wgpu_setup(WgpuSetup::CreateNew(setup)));
    gestures(&mut seat);
    seat.remove_cursor();
    // Hover, messages and the camera come to rest.
    seat.run_steps(80);
    seat.snapshot_options(name, &options);
}

/// How to draw with a Vulkan driver, if this machine has one.
fn vulkan() -> Option<WgpuSetupCreateNew> {
    let instance = wgpu::Instance::new(vulkan_setup()?.instance_descriptor);
    let adapters = pin!(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    // Drivers answer at once; only browsers keep one waiting.
    match adapters.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(adapters) if !adapters.is_empty() => vulkan_setup(),
        _ => None,
    }
}

fn vulkan_setup() -> Option<WgpuSetupCreateNew> {
    let WgpuSetup::CreateNew(mut setup) = egui_kittest::wgpu::default_wgpu_setup() else { return None };
    setup.instance_descriptor.backends = wgpu::Backends::VULKAN;
    Some(setup)
}
