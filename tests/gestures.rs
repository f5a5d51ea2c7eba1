//! Whatever people do with a document, in whatever order: nothing panics or hangs, undo of everything gives the first
//! document, and what is saved opens as it was.
//!
//! `PROPTEST_CASES` sets how many cases are tried: some thousands for an hour.

#[path = "gestures/deeds.rs"]
mod deeds;
mod explore;
#[path = "gestures/saved.rs"]
mod saved;

use proptest::prelude::*;
use spikeloom::action::{Edit, Selection};
use spikeloom::document::Document;
use spikeloom::editing::{self, align, create, duplicate, synapse_choice, wire_devices};
use spikeloom::{canvas, clipboard, plots};
use spikeloom_engine::description::space::{Mask, Positions};
use spikeloom_engine::description::{NodeId, Part, Severity, Storage, Value, ViewId};
use spikeloom_engine::models::{self, CATALOGUE, Family, Model, Parameter};
use spikeloom_engine::project::{Knob, Note, Play, Project, Projection, Rule, Turn, Turned, read_draft, validate};
use spikeloom_engine::recordings::{Frame, Recordings};
use spikeloom_engine::runtime::Simulation;

use deeds::{Deed, UNITED, deeds};
use saved::opens_as_it_was;

/// Networks that are foreseen to need more memory are not run here.
const LARGE: u64 = 50 << 20;

/// A document with whoever works on it.
struct Desk {
    document: Document,
    text: Option<String>,
}

impl Desk {
    fn project(&self) -> &Project {
        self.document.project()
    }

    fn node(&self, i: usize) -> Option<NodeId> {
        let nodes = &self.project().nodes;
        nodes.get(i % nodes.len().max(1)).map(|n| n.id)
    }

    fn wire(&self, i: usize) -> Option<Projection> {
        let wires = &self.project().projections;
        wires.get(i % wires.len().max(1)).cloned()
    }

    fn view(&self, i: usize) -> Option<ViewId> {
        let views = &self.project().views;
        views.get(i % views.len().max(1)).map(|v| v.id)
    }

    /// Nodes and wires that these numbers choose.
    fn selection(&self, of: &[usize]) -> Selection {
        let mut selection = Selection::default();
        for &i in of {
            if i % 3 == 0 {
                selection.projections.extend(self.wire(i / 3).map(|w| w.id));
            } else {
                selection.nodes.extend(self.node(i / 3));
            }
        }
        selection
    }

    fn edit(&mut self, edit: Edit) {
        self.document.apply(edit);
    }

    fn change(&mut self, merge: &str, change: impl FnOnce(&mut Project) + 'static) {
        let edit = Edit::new("Change", change);
        self.edit(if merge.is_empty() { edit } else { edit.merged(merge) });
    }

    fn change_wire(&mut self, i: usize, change: impl FnOnce(&mut Projection) + 'static) {
        if let Some(id) = self.wire(i).map(|w| w.id) {
            self.change("wire", move |p| change(p.projection_mut(id).expect("there")));
        }
    }

    fn does(&mut self, deed: &Deed) {
        let all = |family: Option<Family>| -> Vec<&'static Model> {
            CATALOGUE
                .iter()
                .copied()
                .filter(|m| family.map_or(m.family() != Family::Synapse, |f| m.family() == f))
                .collect()
        };
        let pick = |models: Vec<&'static Model>, i: usize| models[i % models.len()];
        match deed.clone() {
            Deed::Add(model, at) => self.edit(create::add_node(self.project(), pick(all(None), model), at)),
            Deed::AddBeside(model, node) => {
                if let Some(node) = self.node(node) {
                    self.edit(create::add_and_connect(self.project(), pick(all(None), model), [40.0, 40.0], node));
                }
            }
            Deed::Connect(a, b) => {
                if let (Some(a), Some(b)) = (self.node(a), self.node(b)) {
                    match create::connect(self.project(), a, b) {
                        Ok((edit, _)) => self.edit(edit),
                        Err(reason) => assert!(!reason.is_empty()),
                    }
                }
            }
            Deed::Serve(device, wire) => {
                let edit = self.node(device).zip(self.wire(wire));
                if let Some(edit) = edit.and_then(|(device, wire)| wire_devices::serve(self.project(), device, wire.id))
                {
                    self.edit(edit);
                }
            }
            Deed::Synapse(wire, model) => {
                let model = pick(all(Some(Family::Synapse)), model);
                if let Some(wire) = self.wire(wire)
                    && synapse_choice::objection(self.project(), &wire, model).is_none()
                {
                    self.edit(synapse_choice::choose(self.project(), vec![wire], model, "Choose".into()));
                }
            }
            Deed::Set(node, parameter, value) => {
                let Some(id) = self.node(node) else { return };
                let model = self.project().node(id).expect("just found").model;
                let Some(parameter) = model.parameters().nth(parameter % model.parameters().count().max(1)) else {
                    return;
                };
                if is_of_its_kind(parameter, &value) {
                    self.change(parameter.name, move |p| {
                        p.node_mut(id).expect("there").params.insert(parameter.name.into(), value);
                    });
                }
            }
            Deed::SetSynapses(wire, parameter, value) => {
                let Some(synapse) = self.wire(wire).map(|w| w.synapse) else { return };
                let Some(parameter) = synapse.parameters().nth(parameter % synapse.parameters().count().max(1)) else {
                    return;
                };
                if !["weight", "delay"].contains(&parameter.name) && is_of_its_kind(parameter, &value) {
                    self.change_wire(wire, move |w| drop(w.params.insert(parameter.name.into(), value)));
                }
            }
            Deed::Weight(wire, value) if is_number(&value) => self.change_wire(wire, move |w| w.weight = value),
            Deed::Delay(wire, value) if is_number(&value) => self.change_wire(wire, move |w| w.give_delay(value)),
            Deed::Weight(..) | Deed::Delay(..) => {}
            Deed::Receptor(wire, number) => self.change_wire(wire, move |w| w.receptor = number),
            Deed::Rule(wire, rule) => self.change_wire(wire, move |w| editing::rule::give(w, rule)),
            Deed::Part(wire, sources, text) => {
                let Some(end) = self.wire(wire).map(|w| if sources { w.from } else { w.to }) else { return };
                let n = self.project().node(end).expect("there").n;
                if let Ok(part) = text.parse::<Part>().and_then(|part| part.cells(n).map(|_| part)) {
                    self.change_wire(wire, move |w| if sources { w.sources = part } else { w.targets = part });
                }
            }
            Deed::Storage(wire, storage) => {
                self.change_wire(wire, move |w| w.storage = Storage::ALL[storage % Storage::ALL.len()]);
            }
            Deed::SeedOf(wire, seed) => self.change_wire(wire, move |w| w.seed = seed),
            Deed::ThirdFactor(wire, choice) => {
                let Some(primary) = self.wire(wire).filter(|w| w.third_factor.is_none()) else { return };
                let nodes = editing::rule::third_factors(self.project(), &primary);
                let chosen = nodes.get(choice % (nodes.len() + 1)).map(|(node, _)| *node);
                self.change("", move |p| editing::rule::give_third_factor(p, &primary, chosen));
            }
            Deed::Unite(which) => self.does(&Deed::PasteText(UNITED[which % UNITED.len()].to_owned())),
            Deed::Positions(node, positions) => {
                if let Some(id) = self.node(node) {
                    self.change("positions", move |p| {
                        let node = p.node_mut(id).expect("there");
                        node.n = positions.as_ref().and_then(Positions::number).unwrap_or(node.n);
                        node.positions = positions;
                    });
                }
            }
            Deed::Mask(wire, mask) => self.mask(wire, mask),
            Deed::MaskWith(wire, way, form) => {
                let Some(old) = self.wire(wire).and_then(|w| w.mask) else { return };
                let form = Mask::Form(form);
                let joined = match way % 3 {
                    0 => Mask::Union(vec![old, form]),
                    1 => Mask::Difference(Box::new(old), Box::new(form)),
                    _ => Mask::Intersection(vec![old, form]),
                };
                if joined.levels() <= Mask::MOST_LEVELS {
                    self.mask(wire, Some(joined));
                }
            }
            Deed::MaskAtTarget(wire, on) => self.change_wire(wire, move |w| {
                w.use_on_source = on && w.mask.is_some() && matches!(w.rule, Rule::PairwiseBernoulli { .. });
            }),
            Deed::Kernel(wire, kernel) => {
                if kernel.is_none_or(|kernel| kernel.check(3).is_ok()) {
                    self.change_wire(wire, move |w| w.kernel = kernel);
                }
            }
            Deed::Flags(wire, flags) => self.change_wire(wire, move |w| {
                [w.autapses, w.multapses, w.symmetric, w.muted] = [0, 1, 2, 3].map(|bit| flags >> bit & 1 == 1);
            }),
            Deed::Number(node, n) => {
                if let Some(id) = self.node(node) {
                    self.change("n", move |p| p.node_mut(id).expect("there").n = n);
                }
            }
            Deed::Rename(node, name) => {
                // As the window does: names are trimmed, unique and not empty.
                let name = name.trim().to_owned();
                let taken = self.project().nodes.iter().any(|n| n.name == name);
                if let Some(id) = self.node(node).filter(|_| !name.is_empty() && !taken) {
                    self.change("", move |p| p.node_mut(id).expect("there").name = name);
                }
            }
            Deed::Color(node, color) => {
                if let Some(id) = self.node(node) {
                    self.change("", move |p| p.node_mut(id).expect("there").color = Some(color));
                }
            }
            Deed::Move(node, at) => {
                if let Some(id) = self.node(node) {
                    self.change("move", move |p| p.node_mut(id).expect("there").position = at);
                }
            }
            Deed::Delete(of) => self.edit(editing::delete(self.project(), &self.selection(&of))),
            Deed::Duplicate(of) => {
                if let Some(edit) = duplicate::beside(self.project(), &self.selection(&of)) {
                    self.edit(edit);
                }
            }
            Deed::Copy(of, wires) => {
                self.text = clipboard::copy(self.project(), &self.selection(&of)).or(self.text.take());
                if let Some(text) = self.text.clone() {
                    let fragment = clipboard::parse(&text, None).unwrap_or_else(|e| panic!("{e}\n{text}"));
                    self.edit(editing::insert(self.project(), "Paste".into(), fragment, wires, clipboard::OFFSET));
                }
            }
            Deed::PasteText(text) => match clipboard::parse(&text, None) {
                Ok(fragment) => {
                    self.edit(editing::insert(self.project(), "Paste".into(), fragment, true, clipboard::OFFSET));
                }
                Err(reason) => assert!(!reason.is_empty()),
            },
            Deed::Mute(of) => self.edit(editing::mute(self.project(), &self.selection(&of))),
            Deed::Reverse(of) => {
                if let Some(edit) = editing::reverse_sign(self.project(), &self.selection(&of)) {
                    self.edit(edit);
                }
            }
            Deed::Align(of, row, spread) => {
                let nodes = self.selection(&of).nodes;
                let axis = if row { align::Axis::Row } else { align::Axis::Column };
                self.change("", move |p| {
                    if spread { align::distribute(p, &nodes, axis) } else { align::align(p, &nodes, axis) }
                });
            }
            Deed::Arrange => self.edit(Edit::new("Arrange", canvas::arrange)),
            Deed::Record(node, recorder) => {
                let recorder = pick(all(Some(Family::Recorder)), recorder);
                let fits = |id: &NodeId| create::can_record(self.project().node(*id).expect("there"), recorder);
                let edit = self.node(node).filter(fits).and_then(|id| create::record(self.project(), id, recorder));
                if let Some(edit) = edit {
                    self.edit(edit);
                }
            }
            Deed::RecordAll => {
                if let Some(edit) = editing::record_all(self.project()) {
                    self.edit(edit);
                }
            }
            Deed::Plot(kind) => {
                let kinds: Vec<_> = plots::kinds().map(|(kind, _)| kind).collect();
                let kind = kinds[kind % kinds.len()];
                if let Some(edit) = editing::plot(self.project(), self.document.selection(), kind) {
                    self.edit(edit);
                }
            }
            Deed::ViewSetting(view, name, value) => {
                // Files know names of settings by words alone.
                let name: String = name.chars().filter(char::is_ascii_alphabetic).collect();
                let known = ["bin", "cells", "variable", "stacked", "from", "to"];
                let name = if name.is_empty() { known[view % known.len()].to_owned() } else { name };
                // Settings are numbers, switches, words, or lists of them that hold something.
                let holds = match &value {
                    Value::List(list) => !list.is_empty(),
                    Value::Flags(list) => !list.is_empty(),
                    Value::Names(list) => !list.is_empty(),
                    Value::Lists(lists) => !lists.is_empty() && lists.iter().all(|list| !list.is_empty()),
                    _ => true,
                };
                if let Some(id) = self.view(view).filter(|_| {
                    holds
                        && !["kind", "of", "title", "inf", "nan", "true", "false"]
                            .contains(&name.to_lowercase().as_str())
                }) {
                    self.change("", move |p| {
                        let view = p.view_mut(id).expect("there");
                        view.settings.retain(|(other, _)| *other != name);
                        view.settings.push((name, value));
                    });
                }
            }
            Deed::RemoveView(view) => {
                if let Some(id) = self.view(view) {
                    self.change("", move |p| p.views.retain(|v| v.id != id));
                }
            }
            Deed::Knob(node, parameter, a, b) => {
                let Some(id) = self.node(node) else { return };
                let model = self.project().node(id).expect("just found").model;
                let Some(parameter) = model.parameters().nth(parameter % model.parameters().count().max(1)) else {
                    return;
                };
                // As the window asks for it: a range from a smaller to a larger number, of a parameter that is a number.
                if !(parameter.is_number() && a.is_finite() && b.is_finite() && a != b) {
                    return;
                }
                let name = format!("k{}", self.project().knobs.len());
                let what = Turned::Parameter { of: id, name: parameter.name.into() };
                self.add_knob(name, what, 1.0, (a.min(b), a.max(b)));
            }
            Deed::KnobOfWeights(node, times) => {
                if let Some(from) = self.node(node).filter(|_| times.is_finite() && times != 0.0) {
                    self.add_knob(
                        format!("w{}", self.project().knobs.len()),
                        Turned::Weights { from, to: None },
                        times,
                        (0.0, 1.0),
                    );
                }
            }
            Deed::KnobOfSynapses(wire, parameter, a, b) => {
                let Some(wire) = self.wire(wire) else { return };
                // Weights have knobs of their own.
                let is_turned = |p: &&Parameter| p.is_number() && !["weight", "delay"].contains(&p.name);
                let numbers: Vec<_> = wire.synapse.parameters().filter(is_turned).collect();
                let Some(parameter) = numbers.get(parameter % numbers.len().max(1)) else { return };
                if a.is_finite() && b.is_finite() && a != b {
                    let name = format!("s{}", self.project().knobs.len());
                    let to = (parameter.name.len() % 2 == 0).then_some(wire.to);
                    let what = Turned::Synapses { from: wire.from, to, name: parameter.name.into() };
                    self.add_knob(name, what, 1.0, (a.min(b), a.max(b)));
                }
            }
            Deed::Texts(title, about) => self.change("", move |p| (p.title, p.about) = (title, about)),
            Deed::Note(text, position) => self.change("", move |p| p.notes.push(Note { text, position })),
            Deed::Resolution(x) => self.change("", move |p| p.simulation.resolution = x),
            Deed::Duration(x) => self.change("", move |p| p.simulation.duration = x),
            Deed::Seed(x) => self.change("", move |p| p.simulation.seed = x),
            Deed::Play(x) => self.change("", move |p| {
                p.simulation.play = [Play::Endless, Play::Once, Play::Repeat { next_seed: x > 99 }][usize::from(x % 3)];
            }),
            Deed::Select(of) => self.document.select(self.selection(&of)),
            Deed::EndGesture => self.document.end_gesture(),
            Deed::Undo => drop(self.document.undo()),
            Deed::Redo => drop(self.document.redo()),
            Deed::Save => opens_as_it_was(self.project()),
            Deed::Run(steps) => run(self.project(), steps),
        }
    }

    /// As the window does: a form that is no region is refused.
    fn mask(&mut self, wire: usize, mask: Option<Mask>) {
        let is_region = |mask: &Mask| [2, 3].iter().any(|dimensions| mask.check(*dimensions).is_ok());
        if mask.as_ref().is_none_or(is_region) {
            self.change_wire(wire, move |w| {
                w.mask = mask;
                w.use_on_source &= w.mask.is_some() || w.kernel.is_some();
                w.allow_oversized_mask &= w.mask.is_some();
            });
        }
    }

    fn add_knob(&mut self, name: String, what: Turned, times: f64, range: (f64, f64)) {
        if self.project().knobs.iter().any(|k| k.name == name) {
            return;
        }
        let knob = Knob { name, doc: String::new(), step: 0.0, range, turns: vec![Turn { what, times }] };
        self.change("", move |p| p.knobs.push(knob));
    }
}

/// Whether a value is of a kind that the fields of the window give to a parameter: what its default is, one for each neuron, or,
/// for numbers, a distribution. Whether it is in range is for problems to say.
fn is_of_its_kind(parameter: &Parameter, value: &Value) -> bool {
    match Value::from(parameter.default) {
        Value::Real(_) => is_number(value),
        Value::Flag(_) => matches!(value, Value::Flag(_)) || matches!(value, Value::Flags(list) if !list.is_empty()),
        Value::List(_) => matches!(value, Value::List(_)) || matches!(value, Value::Lists(lists) if !lists.is_empty()),
        default => std::mem::discriminant(&default) == std::mem::discriminant(value),
    }
}

/// A number, one for each, or a distribution to draw them from.
fn is_number(value: &Value) -> bool {
    match value {
        Value::Real(_) | Value::Distribution(_) | Value::Range(_) | Value::Spatial(_) => true,
        Value::List(list) => !list.is_empty(),
        _ => false,
    }
}

/// Runs what can be run, for some steps; what cannot says why.
fn run(project: &Project, steps: u8) {
    let problems = plots::check(project);
    assert!(problems.iter().all(|p| !p.message.trim().is_empty()));
    if Simulation::estimate(project).memory > LARGE {
        return;
    }
    match Simulation::build(project, &|_| true) {
        Err(problems) => assert!(problems.iter().any(|p| p.severity == Severity::Error), "refused without a cause"),
        Ok(mut simulation) => {
            let found = validate(project);
            let errors: Vec<_> = found.iter().filter(|p| p.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "it runs with {errors:?}");
            let most = (3.0 / project.simulation.resolution).clamp(1.0, 12.0) as u64;
            let _ = simulation.advance(u64::from(steps) % most + 1);
            let mut recordings = Recordings::new(simulation.plan().clone());
            let mut frame = Frame::default();
            simulation.take_frame(&mut frame);
            recordings.append(&mut frame);
        }
    }
}

fn all_is_undone_and_done_again(document: &mut Document, first: &Project) {
    while document.redo().is_some() {}
    let last = document.project().clone();
    while document.undo().is_some() {}
    assert!(document.project() == first, "undo of everything gives\n{:#?}\nand not\n{first:#?}", document.project());
    assert!(!document.modified());
    while document.redo().is_some() {}
    assert!(*document.project() == last, "redo of everything gives\n{:#?}\nand not\n{last:#?}", document.project());
}

fn examples() -> &'static [Project] {
    static ALL: std::sync::OnceLock<Vec<Project>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects");
        let read = |file: std::path::PathBuf| read_draft(&std::fs::read_to_string(file).ok()?).ok().map(|(p, _)| p);
        let mut files: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        std::iter::once(Project::default()).chain(files.into_iter().filter_map(read)).collect()
    })
}

proptest! {
    #![proptest_config(explore::config(150, 27))]

    #[test]
    fn any_deeds_can_be_undone_and_what_is_saved_opens(
        begin in prop_oneof![3 => Just(0), 1 => any::<usize>()], deeds in prop::collection::vec(deeds(), 1..40)
    ) {
        let all = examples();
        let first = all[begin % all.len()].clone();
        let mut desk = Desk { document: Document::new(first.clone()), text: None };
        for deed in &deeds {
            desk.does(deed);
        }
        opens_as_it_was(desk.project());
        all_is_undone_and_done_again(&mut desk.document, &first);
        // The catalogue has what the wires say.
        assert!(desk.project().projections.iter().all(|w| models::find(w.synapse.name).is_some()));
    }
}
