//! Shows what stands in front of everything else, one thing at a time, and does what is decided there.

use std::path::PathBuf;
use std::time::SystemTime;

use egui::{Align, Context, Frame, Id, Key, Layout, Modal, RichText, ScrollArea, TextEdit, Ui};
use spikeloom_engine::project::Severity;

use super::overlay::{Changed, Decision, Next, Overlay, PathPurpose, Report};
use super::{Window, command_list, help};
use crate::action::Action;
use crate::files;

impl Window {
    pub(super) fn show_overlay(&mut self, ui: &Ui, actions: &mut Vec<Action>) {
        let Some(mut overlay) = self.overlay.take() else { return };
        let ctx = ui.ctx().clone();
        // Each kind has its own place, because an area remembers its size.
        let id = Id::unique("overlay").with(std::mem::discriminant(&overlay));
        let frame = Frame::popup(ui.style()).inner_margin(16);
        let response = Modal::new(id).frame(frame).show(&ctx, |ui| match &mut overlay {
            Overlay::Unsaved(next) => unsaved(ui, &self.file.title(), next),
            Overlay::Changed(when) => changed(ui, &self.file.title(), self.document.modified(), when),
            Overlay::Path { purpose, text } => path(ui, purpose, text),
            Overlay::Report(report) => show_report(ui, report),
            Overlay::Recover => self.recovery(ui),
            Overlay::CommandList(search) => command_list::commands(ui, search, &self.entries(), actions),
            Overlay::FindNode(search) => command_list::nodes(ui, search, self.document.project(), actions),
            Overlay::Help => help::show(ui),
        });
        let decision = match response.inner {
            Decision::Stay if response.should_close() => Decision::Close,
            decision => decision,
        };
        self.decide(&ctx, overlay, decision);
    }

    fn decide(&mut self, ctx: &Context, overlay: Overlay, decision: Decision) {
        match decision {
            Decision::Stay => self.overlay = Some(overlay),
            Decision::Close => {}
            Decision::Save(next) => self.save(ctx, Some(next)),
            Decision::Overwrite(next) => self.overwrite(ctx, next),
            Decision::SaveAs(next) => self.save_as(ctx, next),
            Decision::Reload => self.reload(),
            Decision::Proceed(next) => self.proceed(ctx, next),
            Decision::OpenPath(path) => self.proceed(ctx, Next::Open(path)),
            Decision::OpenDraft(path) => self.open_draft(path),
            Decision::SavePath(path, next) => self.save_to(ctx, &files::with_extension(path), next),
            Decision::ExportPath(path, view, kind) => self.export(view, kind, path),
            Decision::Recover(place) => self.go(ctx, Next::Recover(place)),
            Decision::Discard(place) => {
                self.discard_remains(place);
                self.overlay = (!self.remains.is_empty()).then_some(overlay);
            }
        }
        if !matches!(&self.overlay, Some(Overlay::CommandList(_) | Overlay::FindNode(_))) {
            ctx.request_repaint();
        }
    }

    fn recovery(&self, ui: &mut Ui) -> Decision {
        ui.set_width(440.0);
        ui.heading("Unsaved work was found");
        ui.label("Spikeloom did not close properly. This is what it had not saved yet.");
        ui.add_space(6.0);
        let mut decision = Decision::Stay;
        ScrollArea::vertical().max_height(260.0).min_scrolled_height(260.0).show(ui, |ui| {
            for (place, remains) in self.remains.iter().enumerate() {
                ui.push_id(place, |ui| {
                    ui.horizontal(|ui| {
                        ui.vertical(|ui| {
                            ui.strong(remains.name());
                            let origin = remains.origin.as_ref().map(|p| format!(" • {}", p.display()));
                            let text = format!("{}{}", ago(remains.time), origin.unwrap_or_default());
                            ui.add(egui::Label::new(RichText::new(text).weak().small()).truncate());
                        });
                    });
                    ui.horizontal(|ui| {
                        if ui.button("Recover").clicked() {
                            decision = Decision::Recover(place);
                        }
                        if ui.button("Discard").clicked() {
                            decision = Decision::Discard(place);
                        }
                    });
                    ui.add_space(6.0);
                });
            }
        });
        ui.separator();
        buttons(ui, |ui| {
            if ui.button("Later").on_hover_text("Ask again at the next start").clicked() {
                decision = Decision::Close;
            }
        });
        decision
    }
}

/// How long ago something was, in words.
fn ago(time: SystemTime) -> String {
    let seconds = SystemTime::now().duration_since(time).map_or(0, |d| d.as_secs());
    match seconds {
        0..60 => "less than a minute ago".into(),
        60..7200 => format!("{} min ago", seconds / 60),
        7200..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

fn unsaved(ui: &mut Ui, name: &str, next: &Next) -> Decision {
    ui.set_width(380.0);
    ui.heading(format!("Save changes to {name}?"));
    ui.label("What you do not save is lost.");
    ui.add_space(8.0);
    let mut decision = Decision::Stay;
    buttons(ui, |ui| {
        if ui.button("Save").clicked() {
            decision = Decision::Save(next.clone());
        }
        if ui.button("Don't save").clicked() {
            decision = Decision::Proceed(next.clone());
        }
        if ui.button("Cancel").clicked() {
            decision = Decision::Close;
        }
    });
    decision
}

fn changed(ui: &mut Ui, name: &str, modified: bool, when: &Changed) -> Decision {
    ui.set_width(400.0);
    ui.heading(format!("{name} has changed on disk"));
    ui.label("Another window or program has written the file since it was opened or saved here.");
    let mut decision = Decision::Stay;
    match when {
        Changed::Saving(next) => {
            ui.label("Saving here would replace what it holds now.");
            ui.add_space(8.0);
            buttons(ui, |ui| {
                if ui.button("Replace it").clicked() {
                    decision = Decision::Overwrite(next.clone());
                }
                if ui.button("Save under another name…").clicked() {
                    decision = Decision::SaveAs(next.clone());
                }
                if ui.button("Cancel").clicked() {
                    decision = Decision::Close;
                }
            });
        }
        Changed::ComingBack => {
            if modified {
                ui.label("Reading it again gives up the changes that are not saved here.");
            }
            ui.add_space(8.0);
            buttons(ui, |ui| {
                if ui.button("Read it again").clicked() {
                    decision = Decision::Reload;
                }
                if ui.button("Keep what is here").clicked() {
                    decision = Decision::Close;
                }
            });
        }
    }
    decision
}

fn path(ui: &mut Ui, purpose: &PathPurpose, text: &mut String) -> Decision {
    ui.set_width(480.0);
    let (title, verb) = match purpose {
        PathPurpose::Open => ("Open by path", "Open"),
        PathPurpose::Save(_) => ("Save to path", "Save"),
        PathPurpose::Export(..) => ("Export to path", "Export"),
    };
    ui.heading(title);
    let label = ui.label("Path of the file");
    let field = ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(label.id);
    let mut decision = Decision::Stay;
    let mut accept = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if !accept {
        field.request_focus();
    }
    ui.add_space(8.0);
    buttons(ui, |ui| {
        accept |= ui.add_enabled(!text.trim().is_empty(), egui::Button::new(verb)).clicked();
        if ui.button("Cancel").clicked() {
            decision = Decision::Close;
        }
    });
    if accept && !text.trim().is_empty() {
        let path = PathBuf::from(text.trim());
        decision = match purpose {
            PathPurpose::Open => Decision::OpenPath(path),
            PathPurpose::Save(next) => Decision::SavePath(path, next.clone()),
            PathPurpose::Export(view, kind) => Decision::ExportPath(path, *view, *kind),
        };
    }
    decision
}

fn show_report(ui: &mut Ui, report: &Report) -> Decision {
    ui.set_width(560.0);
    ui.heading(&report.title);
    let count = report.problems.len();
    ui.label(format!("{}. The network in the window is unchanged.", crate::number::counted(count as u64, "problem")));
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(320.0).min_scrolled_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
        for problem in &report.problems {
            let color = match problem.severity {
                Severity::Error => ui.visuals().error_fg_color,
                Severity::Warning => ui.visuals().warn_fg_color,
            };
            ui.horizontal_top(|ui| {
                ui.colored_label(color, "•");
                ui.add(egui::Label::new(problem.to_string()).wrap());
            });
        }
    });
    ui.add_space(8.0);
    let mut decision = Decision::Stay;
    buttons(ui, |ui| {
        if ui.button("Close").clicked() {
            decision = Decision::Close;
        }
        if ui.button("Copy list").clicked() {
            let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
            ui.ctx().copy_text(lines.join("\n"));
        }
        let hint = "Open it as it is, and put it right in the window";
        if let Some(path) = &report.draft
            && ui.button("Open anyway").on_hover_text(hint).clicked()
        {
            decision = Decision::OpenDraft(path.clone());
        }
    });
    decision
}

/// A row of buttons at the right, the first one rightmost.
fn buttons(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), ui.spacing().interact_size.y),
        Layout::right_to_left(Align::Center),
        add,
    );
}
