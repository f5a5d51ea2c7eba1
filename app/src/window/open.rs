//! Opens the window on the desktop: one renderer, and the other one if that fails.

use std::path::{Path, PathBuf};

use eframe::{NativeOptions, Renderer};
use egui::ViewportBuilder;

use super::{Services, Window};
use crate::crash;
use crate::dialogs::DesktopDialogs;
use crate::settings::{self, Settings};

/// Names the program to the desktop.
const APP_ID: &str = "spikeloom";

/// How the window is opened.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// File to open at once; without it the start page is shown.
    pub file: Option<PathBuf>,
    /// `glow` or `wgpu`; without it the one that worked last time, at first `glow`.
    pub renderer: Option<String>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A sentence that says why no window could be opened.
pub fn open(options: OpenOptions) -> Result<(), String> {
    let folder = settings::data_folder();
    if let Some(folder) = &folder {
        crash::install_hook(folder.clone());
    }
    let renderers = renderers(&options, folder.as_deref())?;
    let mut reasons = Vec::new();
    for renderer in renderers {
        mark_start(folder.as_deref(), renderer);
        match run(&options, folder.clone(), renderer) {
            Ok(()) => return Ok(()),
            Err(e) => reasons.push(format!("{renderer}: {e}")),
        }
    }
    clear_start(folder.as_deref());
    Err(format!("No window could be opened ({})", reasons.join("; ")))
}

/// The renderers to try, in order.
fn renderers(options: &OpenOptions, folder: Option<&Path>) -> Result<Vec<Renderer>, String> {
    if let Some(name) = &options.renderer {
        return match named(name) {
            Some(renderer) => Ok(vec![renderer]),
            None => Err(format!("There is no renderer {name}; choose glow or wgpu")),
        };
    }
    let worked = folder.and_then(|f| Settings::load(f).0.renderer).and_then(|name| named(&name));
    let mut order = vec![Renderer::Glow, Renderer::Wgpu];
    order.sort_by_key(|&r| Some(r) != worked);
    // A driver that took the whole process down last time goes to the end.
    if let Some(crashed) = crashed_start(folder) {
        order.sort_by_key(|&r| r == crashed);
    }
    Ok(order)
}

fn named(name: &str) -> Option<Renderer> {
    match name {
        "glow" => Some(Renderer::Glow),
        "wgpu" => Some(Renderer::Wgpu),
        _ => None,
    }
}

fn run(options: &OpenOptions, folder: Option<PathBuf>, renderer: Renderer) -> eframe::Result {
    let viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("Spikeloom")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([1024.0, 640.0])
        .with_drag_and_drop(true);
    let native = NativeOptions { viewport, renderer, ..NativeOptions::default() };
    let file = options.file.clone();
    eframe::run_native(
        "Spikeloom",
        native,
        Box::new(move |cc| {
            let services = Services { dialogs: Box::new(DesktopDialogs), data_folder: folder.clone() };
            let mut window = Window::new(&cc.egui_ctx, services);
            if let Some(file) = &file {
                window.open_file(file);
            }
            Ok(Box::new(Started { window, folder, renderer, drawn: false }))
        }),
    )
}

/// The window, which notes after its first frame that the renderer works.
struct Started {
    window: Window,
    folder: Option<PathBuf>,
    renderer: Renderer,
    drawn: bool,
}

impl eframe::App for Started {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if !self.drawn && ui.ctx().cumulative_frame_nr() > 0 {
            self.drawn = true;
            clear_start(self.folder.as_deref());
            self.window.settings.renderer = Some(self.renderer.to_string());
        }
        self.window.ui(ui);
    }
}

fn mark(folder: &Path) -> PathBuf {
    folder.join("starting")
}

/// Notes that a renderer is being tried. Without the note a crash of the driver is not remembered.
fn mark_start(folder: Option<&Path>, renderer: Renderer) {
    if let Some(folder) = folder {
        let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(mark(folder), renderer.to_string()));
    }
}

fn clear_start(folder: Option<&Path>) {
    if let Some(folder) = folder {
        let _ = std::fs::remove_file(mark(folder));
    }
}

fn crashed_start(folder: Option<&Path>) -> Option<Renderer> {
    named(std::fs::read_to_string(mark(folder?)).ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renderer_that_crashed_is_tried_last_and_one_that_worked_first() {
        let folder = tempfile::tempdir().unwrap();
        let order = || renderers(&OpenOptions::default(), Some(folder.path())).unwrap();
        assert_eq!(order(), [Renderer::Glow, Renderer::Wgpu]);
        mark_start(Some(folder.path()), Renderer::Glow);
        assert_eq!(order(), [Renderer::Wgpu, Renderer::Glow]);
        clear_start(Some(folder.path()));
        assert_eq!(order(), [Renderer::Glow, Renderer::Wgpu]);
        std::fs::write(folder.path().join("settings.ron"), "(renderer: Some(\"wgpu\"))").unwrap();
        assert_eq!(order(), [Renderer::Wgpu, Renderer::Glow]);
    }

    #[test]
    fn an_unknown_renderer_is_refused() {
        let options = OpenOptions { renderer: Some("vulkan".into()), ..OpenOptions::default() };
        assert!(renderers(&options, None).unwrap_err().contains("glow or wgpu"));
    }
}
