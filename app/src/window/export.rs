//! Saves plots as pictures and their data as tables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, unbounded};
use egui::{ColorImage, Context};
use spikeloom_engine::project::ViewId;

use super::Window;
use super::open_save::Purpose;
use crate::action::ExportKind;
use crate::dialogs::{self, FileKind};
use crate::messages;
use crate::plots::{self, PlotData};

/// A picture that is on its way from the screen to a file.
pub(super) struct Snapshot {
    view: ViewId,
    path: PathBuf,
    picture: Option<Receiver<Arc<ColorImage>>>,
}

pub(super) fn file_kind(kind: ExportKind) -> FileKind {
    match kind {
        ExportKind::Png => dialogs::PICTURE,
        ExportKind::Csv => dialogs::TABLE,
    }
}

impl Window {
    /// Asks where a plot is to be saved.
    pub(super) fn ask_export(&mut self, ctx: &Context, view: ViewId, kind: ExportKind) {
        let Some(name) = self.export_name(view, kind) else { return };
        let folder = self.folder();
        let reply = self.ask(ctx, Purpose::Export(view, kind));
        self.services.dialogs.save(file_kind(kind), folder.as_deref(), &name, reply);
    }

    /// The plot's name as that of a file; the network's where the plot's says nothing.
    pub(super) fn export_name(&self, view: ViewId, kind: ExportKind) -> Option<String> {
        let project = self.document.project();
        let view = project.view(view)?;
        let says_something = !view.title.trim().is_empty() || !view.sources.is_empty();
        let name = if says_something { plots::name_of(view, project) } else { self.file.title() };
        Some(format!("{}.{}", crate::files::file_name(&name), file_kind(kind).extension))
    }

    /// Saves a plot to a file; a picture comes one frame later, without messages over it.
    pub(super) fn export(&mut self, view: ViewId, kind: ExportKind, path: PathBuf) {
        let extension = file_kind(kind).extension;
        let path = if path.extension().is_some() { path } else { path.with_extension(extension) };
        match kind {
            ExportKind::Csv => {
                let data = PlotData {
                    project: self.document.project(),
                    recordings: self.session.recordings(),
                    generation: self.session.generation(),
                    status: self.session.status(),
                };
                let table = plots::export_csv(view, &data).map_err(|e| e.to_string());
                self.write_export(&path, table);
            }
            ExportKind::Png => self.snapshot = Some(Snapshot { view, path, picture: None }),
        }
    }

    /// Takes the picture of the frame just drawn, or writes it once it has come.
    pub(super) fn continue_export(&mut self, ctx: &Context) {
        let Some(snapshot) = &mut self.snapshot else { return };
        let Some(picture) = &snapshot.picture else {
            let (send, receive) = unbounded();
            snapshot.picture = Some(receive);
            let wake = ctx.clone();
            ctx.request_screenshot(move |image| {
                let _ = send.send(image);
                wake.request_repaint();
            });
            return;
        };
        if let Ok(image) = picture.try_recv()
            && let Some(snapshot) = self.snapshot.take()
        {
            let png = match self.panels.plots.pane_rect(snapshot.view) {
                Some(rect) => plots::crop_png(&image, rect, ctx.pixels_per_point()).map_err(|e| e.to_string()),
                None => Err("the plot is not on the screen".into()),
            };
            self.write_export(&snapshot.path, png);
        }
    }

    fn write_export(&mut self, path: &Path, bytes: Result<Vec<u8>, String>) {
        let written = bytes.and_then(|bytes| std::fs::write(path, bytes).map_err(|e| e.to_string()));
        self.messages.say(match written {
            Ok(()) => messages::info(format!("Exported {}", path.display())),
            Err(reason) => messages::error(format!("{} could not be exported: {reason}", path.display())),
        });
    }
}
