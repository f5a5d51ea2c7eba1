//! Opens the window on the desktop: one renderer, and the other one if that fails.

use std::path::{Path, PathBuf};

use eframe::{NativeOptions, Renderer};
use egui::{Context, Pos2, Rect, Vec2, ViewportBuilder, ViewportCommand};

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

/// What the desktop is told of the window.
fn native(renderer: Renderer) -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("Spikeloom")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size(SMALLEST)
        .with_drag_and_drop(true);
    // Fonts of the system, looked for on a thread of their own, fill in for characters that the window's lack.
    NativeOptions { viewport, renderer, system_font_fallback: true, ..NativeOptions::default() }
}

fn run(options: &OpenOptions, folder: Option<PathBuf>, renderer: Renderer) -> eframe::Result {
    let file = options.file.clone();
    eframe::run_native(
        "Spikeloom",
        native(renderer),
        Box::new(move |cc| {
            let services = Services { dialogs: Box::new(DesktopDialogs), data_folder: folder.clone() };
            let mut window = Window::new(&cc.egui_ctx, services);
            if let Some(file) = &file {
                window.open_file(file);
            }
            Ok(Box::new(Started { window, folder, renderer, drawn: false, fit_until: None }))
        }),
    )
}

/// The window, which notes after its first frame that the renderer works.
struct Started {
    window: Window,
    folder: Option<PathBuf>,
    renderer: Renderer,
    drawn: bool,
    /// Until then it is seen to that the window is no larger than the screen.
    fit_until: Option<f64>,
}

impl eframe::App for Started {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if !self.drawn && ui.ctx().cumulative_frame_nr() > 0 {
            self.drawn = true;
            clear_start(self.folder.as_deref());
            self.window.settings.renderer = Some(self.renderer.to_string());
        }
        let now = ui.input(|i| i.time);
        if now < *self.fit_until.get_or_insert(now + FIT_SECONDS) {
            fit_screen(ui.ctx());
            ui.ctx().request_repaint_after_secs(0.1);
        }
        self.window.ui(ui);
    }
}

/// For so long it is watched whether the window fits: some desktops tell the size of its frame late.
const FIT_SECONDS: f64 = 2.0;

/// The smallest size of the contents, where the screen is not smaller still.
const SMALLEST: Vec2 = Vec2::new(1024.0, 640.0);

/// Makes the window smaller if it reaches beyond the screen with its frame.
fn fit_screen(ctx: &Context) {
    let told = ctx.input(|i| {
        let viewport = i.viewport();
        Some((viewport.inner_rect?.size(), viewport.outer_rect?, viewport.monitor_size?))
    });
    let Some((inner, outer, screen)) = told else { return };
    let Some((inner, at)) = within(inner, outer, screen) else { return };
    ctx.send_viewport_cmd(ViewportCommand::MinInnerSize(SMALLEST.min(inner)));
    ctx.send_viewport_cmd(ViewportCommand::InnerSize(inner));
    ctx.send_viewport_cmd(ViewportCommand::OuterPosition(at));
}

/// Size of the contents and place of a window that is larger than the screen, so that it fits with its frame.
fn within(inner: Vec2, outer: Rect, screen: Vec2) -> Option<(Vec2, Pos2)> {
    let excess = (outer.size() - screen).max(Vec2::ZERO);
    let sensible = screen.min_elem() > 0.0 && inner.min_elem() > 0.0 && excess.is_finite();
    (sensible && excess != Vec2::ZERO).then(|| {
        let room = (screen - (outer.size() - excess)).max(Vec2::ZERO);
        (inner - excess, outer.min.clamp(Pos2::ZERO, room.to_pos2()))
    })
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
    use std::sync::Arc;

    use egui::FontProvider as _;

    use super::*;

    #[test]
    fn a_window_larger_than_the_screen_is_made_to_fit() {
        let outer = |x, y, w, h| Rect::from_min_size(Pos2::new(x, y), Vec2::new(w, h));
        let inner = Vec2::new(1280.0, 800.0);
        assert_eq!(within(inner, outer(50.0, 20.0, 1282.0, 822.0), Vec2::new(1920.0, 1080.0)), None);
        let fitted = within(inner, outer(40.0, 20.0, 1282.0, 822.0), Vec2::new(1366.0, 768.0));
        assert_eq!(fitted, Some((Vec2::new(1280.0, 746.0), Pos2::new(40.0, 0.0))));
        assert_eq!(within(inner, outer(0.0, 0.0, 1282.0, 822.0), Vec2::ZERO), None, "a screen of no size is none");
    }

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
    fn fonts_of_the_system_fill_in_for_what_the_windows_lack() {
        assert!(native(Renderer::Glow).system_font_fallback);
        let provider = Arc::new(egui_system_font_provider::SystemFontProvider::new());
        let ctx = Context::default();
        crate::theme::install(&ctx);
        ctx.add_font_provider(provider.clone());
        let text = "日本語 العربية עברית ภาษา 한국어 हिन्दी 🧠 ✈";
        let out = ctx.run_ui(egui::RawInput::default(), |ui| {
            crate::markdown::show(ui, text);
            for letter in text.chars().filter(|c| !c.is_ascii() && c.is_alphanumeric()) {
                let (family, cluster) = (&egui::FontFamily::Proportional, &letter.to_string());
                let found = provider.font_for(&egui::FallbackRequest { cluster, family }).is_some();
                let drawn = ui.fonts_mut(|fonts| fonts.has_glyph(&egui::FontId::proportional(13.0), letter));
                assert!(drawn || !found, "{letter} is in a font of this system and is not drawn");
            }
        });
        out.drop_without_applying_deltas();
    }

    #[test]
    fn an_unknown_renderer_is_refused() {
        let options = OpenOptions { renderer: Some("vulkan".into()), ..OpenOptions::default() };
        assert!(renderers(&options, None).unwrap_err().contains("glow or wgpu"));
    }
}
