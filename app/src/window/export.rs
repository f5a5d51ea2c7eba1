//! Saves plots as pictures and their data as tables.

use std::path::{Path, PathBuf};

use egui::Context;
use spikeloom_engine::project::ViewId;

use super::Window;
use super::open_save::Purpose;
use super::panels::plot_data;
use crate::action::ExportKind;
use crate::dialogs::{self, FileKind};
use crate::messages;
use crate::plots;

pub(super) fn file_kind(kind: ExportKind) -> FileKind {
    match kind {
        ExportKind::Png(_) => dialogs::PICTURE,
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

    /// Saves a plot to a file.
    pub(super) fn export(&mut self, view: ViewId, kind: ExportKind, path: PathBuf) {
        let extension = file_kind(kind).extension;
        let path = if path.extension().is_some() { path } else { path.with_extension(extension) };
        let data = plot_data(self.document.project(), &self.session);
        let bytes = match kind {
            ExportKind::Csv => plots::export_csv(view, &data),
            ExportKind::Png(options) => plots::picture(view, &self.panels.plots, &data, options),
        };
        self.write_export(&path, bytes.map_err(|e| e.to_string()));
    }

    fn write_export(&mut self, path: &Path, bytes: Result<Vec<u8>, String>) {
        let written = bytes.and_then(|bytes| std::fs::write(path, bytes).map_err(|e| e.to_string()));
        self.messages.say(match written {
            Ok(()) => messages::info(format!("Exported {}", path.display())),
            Err(reason) => messages::error(format!("{} could not be exported: {reason}", path.display())),
        });
    }
}
