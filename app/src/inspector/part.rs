//! Which cells of its nodes a projection concerns, and the other nodes that share its rule.

use egui::{CollapsingHeader, Key, Label, RichText, TextEdit, Ui};
use spikeloom_engine::project::{Node, Part, Projection};

use super::panel::Panel;
use crate::action::Action;

/// What is written for all cells.
const ALL: &str = "all";

/// Width of the names of both fields, in points.
const LABEL: f32 = 60.0;

/// The cells at either end, where there are several, and what the rule sees as one.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    if projection.union.is_some() {
        let (sources, targets) = (panel.project.sources_label(projection), panel.project.targets_label(projection));
        let text = format!("Part of {sources} → {targets}");
        let hint = "One rule sees these nodes as one; changes here go to all of their wires";
        ui.add(Label::new(RichText::new(text).strong()).wrap()).on_hover_text(hint);
    }
    if (from.n == 1 && to.n == 1) || projection.third_factor.is_some() {
        return;
    }
    let partial = projection.sources != Part::Whole || projection.targets != Part::Whole;
    let header = CollapsingHeader::new("Cells").id_salt("cells of a projection").default_open(partial);
    header.show_unindented(ui, |ui| {
        if from.n > 1 {
            let set = |p: &mut Projection, part: Part| p.sources = part;
            field(ui, panel, projection, ("Sources", from), &projection.sources, set);
        }
        if to.n > 1 {
            let set = |p: &mut Projection, part: Part| p.targets = part;
            field(ui, panel, projection, ("Targets", to), &projection.targets, set);
        }
    });
}

fn field(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    (name, node): (&str, &Node),
    part: &Part,
    set: fn(&mut Projection, Part),
) {
    let key = format!("{name} of projection {}", projection.id.0);
    let written = match part {
        Part::Whole => ALL.to_owned(),
        Part::List(cells) => cells.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
        slice => slice.label().trim_matches(['[', ']']).to_owned(),
    };
    let mut text = panel.fields.drafts.get(&key).cloned().unwrap_or_else(|| written.clone());
    let response = ui
        .horizontal(|ui| {
            // Both fields begin at the same place.
            let row = ui.cursor().left();
            let label = ui.label(name);
            ui.add_space((row + LABEL - ui.cursor().left()).max(0.0));
            ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY)).labelled_by(label.id)
        })
        .inner
        .on_hover_text(format!(
            "The cells of {}, counted from 0: “all”, a slice as in Python (0:50, 0:50:2, −10:), or a list (3, 5, 8)",
            node.name
        ));
    let read = |text: &str| text.replace('−', "-").parse::<Part>().and_then(|part| part.cells(node.n).map(|_| part));
    if response.changed() {
        match read(&text) {
            Ok(_) => panel.fields.accept(&key),
            Err(reason) => panel.fields.refuse(&key, reason.replace('`', "")),
        }
        panel.fields.drafts.insert(key.clone(), text.clone());
    }
    if panel.fields.drafts.contains_key(&key) && !response.has_focus() {
        let cancelled = ui.input(|i| i.key_pressed(Key::Escape)) || text == written;
        let given = read(&text);
        if cancelled || given.is_ok() {
            panel.fields.drafts.remove(&key);
            panel.fields.accept(&key);
        }
        if let Ok(part) = given
            && !cancelled
        {
            panel.change(projection, "Set cells of", move |p| set(p, part.clone()));
            panel.push(Action::EndGesture);
        }
    }
    panel.fields.mark_refusal(ui, &key);
}
