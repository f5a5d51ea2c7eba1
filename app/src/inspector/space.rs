//! Space: where the neurons of a node stand, and the mask and kernel of a projection.

use egui::{ComboBox, Layout, RichText, Ui};
use spikeloom_engine::description::space::{
    Coordinate, Form, Kernel, KernelShape, Mask, MaskKind, Places, Point, Positions,
};
use spikeloom_engine::project::{Node, Projection, Rule};

use super::fields::Fields;
use super::number_field::{Answer, NumberField};
use super::panel::Panel;
use super::space_picture;
use crate::action::{Action, Edit};
use crate::number;

/// What axes are called.
const AXES: [&str; 3] = ["x", "y", "z"];

/// A number of the space with its name, which is also its accessible name.
struct Number<'a> {
    key: String,
    name: &'a str,
    label: &'a str,
    doc: &'a str,
    unit: &'a str,
    whole: bool,
    limits: (f64, f64),
    /// The size of usual changes.
    scale: f64,
}

impl Number<'_> {
    fn show(&self, ui: &mut Ui, fields: &mut Fields, x: f64) -> Answer {
        let field = NumberField {
            key: &self.key,
            name: self.name,
            unit: self.unit,
            speed: if self.whole { 0.05 } else { (self.scale.abs() * 0.01).max(1e-6) },
            whole: self.whole,
            bold: false,
            limits: self.limits,
            infinity: "∞",
            zero: "",
            grid: None,
            width: 66.0,
        };
        let answer = ui
            .horizontal(|ui| {
                ui.label(RichText::new(self.label).small()).on_hover_text(self.doc);
                ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| field.show(ui, fields, x)).inner
            })
            .inner;
        fields.mark_refusal(ui, &self.key);
        answer
    }
}

/// Several numbers side by side, one for each axis; the new ones, and whether the gesture is over.
fn point(
    ui: &mut Ui,
    fields: &mut Fields,
    (key, name, doc): (&str, &str, &str),
    given: &[f64],
    (whole, limits): (bool, (f64, f64)),
) -> (Option<Vec<f64>>, bool) {
    let (mut new, mut ended) = (given.to_vec(), false);
    ui.label(RichText::new(name).small()).on_hover_text(doc);
    let scale = given.iter().fold(0.0f64, |most, x| most.max(x.abs())).max(0.1);
    ui.columns(given.len(), |columns| {
        for (axis, ui) in columns.iter_mut().enumerate() {
            let accessible = format!("{name} {}", AXES[axis.min(2)]);
            let number = Number {
                key: format!("{key} {axis}"),
                name: &accessible,
                label: AXES[axis.min(2)],
                doc,
                unit: "",
                whole,
                limits,
                scale,
            };
            let answer = number.show(ui, fields, given[axis]);
            ended |= answer.ended;
            if let Some(x) = answer.set {
                new[axis] = x;
            }
        }
    });
    ((new != given).then_some(new), ended)
}

/// The positions of a node.
pub fn positions(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    if node.model.is_recorder() {
        return;
    }
    let title = |positions: &Option<Positions>| match positions.as_ref().map(|p| &p.places) {
        None => "None",
        Some(Places::Grid { .. }) => "Grid",
        Some(Places::Free { .. }) => "Listed",
        Some(Places::Uniform { .. }) => "Drawn",
    };
    ui.horizontal(|ui| {
        let label = ui.label("Positions").on_hover_text("Where the neurons stand in space");
        let combo = ComboBox::from_id_salt("positions").width(110.0).selected_text(title(&node.positions));
        let response = combo.show_ui(ui, |ui| {
            let dimensions = node.positions.as_ref().map_or(2, |p| p.dimensions);
            let seed = 1 + u64::from(node.id.0);
            let choices = [
                ("None", "They stand nowhere", None),
                ("Grid", "In rows and columns", Some(grid_for(node, dimensions))),
                ("Drawn", "Anywhere in the extent", Some(drawn_for(node, dimensions, seed))),
            ];
            for (name, doc, choice) in choices {
                let chosen = title(&node.positions) == name;
                if ui.selectable_label(chosen, name).on_hover_text(doc).clicked() && !chosen {
                    set(panel, node, choice);
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.labelled_by(label.id);
        if let Some(positions) = &node.positions {
            let mut wraps = positions.edge_wrap;
            let hint = "What leaves the space at one edge enters it at the opposite one (edge_wrap)";
            if ui.checkbox(&mut wraps, "Periodic").on_hover_text(hint).changed() {
                set(panel, node, Some(Positions { edge_wrap: wraps, ..positions.clone() }));
                panel.push(Action::EndGesture);
            }
        }
    });
    if let Some(positions) = &node.positions {
        numbers_of(ui, panel, node, positions);
    }
}

fn numbers_of(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node, positions: &Positions) {
    let key = |what: &str| format!("{what} of positions of {}", node.id.0);
    let dimensions = positions.dimensions;
    match &positions.places {
        Places::Grid { shape } => {
            let given: Vec<f64> = shape.iter().map(|n| *n as f64).collect();
            let doc = "Cells along each axis; their product is the number of neurons";
            let row = (key("shape"), "shape", doc);
            let (new, ended) = point(ui, panel.fields, (row.0.as_str(), row.1, row.2), &given, (true, (1.0, 1e5)));
            if let Some(new) = new {
                let shape: Vec<usize> = new.iter().map(|n| n.max(1.0) as usize).collect();
                if shape.iter().map(|n| *n as f64).product::<f64>() <= super::allowed::MOST_NEURONS {
                    set(panel, node, Some(Positions { places: Places::Grid { shape }, ..positions.clone() }));
                }
            }
            panel.end_gesture(ended);
        }
        Places::Free { at, .. } => {
            ui.small(format!("{} from the file", number::counted(at.len() as u64, "place")));
        }
        Places::Uniform { seed } => {
            let number = Number {
                key: key("seed"),
                name: "seed of positions",
                label: "seed",
                doc: "Another seed, other places",
                unit: "",
                whole: true,
                limits: (0.0, 1e15),
                scale: 1.0,
            };
            let answer = number.show(ui, panel.fields, *seed as f64);
            if let Some(x) = answer.set.filter(|x| (0.0..=1e15).contains(x)) {
                let places = Places::Uniform { seed: x as u64 };
                set(panel, node, Some(Positions { places, ..positions.clone() }));
            }
            panel.end_gesture(answer.ended);
        }
    }
    let of_free = matches!(positions.places, Places::Free { .. });
    let (_, extent) = positions.frame();
    let doc = "Size of the space along each axis";
    let row = key("extent");
    let (new, ended) =
        point(ui, panel.fields, (row.as_str(), "extent", doc), &extent[..dimensions], (false, (1e-9, 1e9)));
    if let Some(new) = new.filter(|new| new.iter().all(|side| *side > 0.0 && side.is_finite())) {
        set(panel, node, Some(Positions { extent: Some(padded(&new)), ..positions.clone() }));
    }
    panel.end_gesture(ended);
    if !of_free {
        let row = key("center");
        let doc = "Middle of the space";
        let given = &positions.center[..dimensions];
        let (new, ended) = point(ui, panel.fields, (row.as_str(), "center", doc), given, (false, (-1e9, 1e9)));
        if let Some(new) = new.filter(|new| new.iter().all(|x| x.is_finite())) {
            set(panel, node, Some(Positions { center: padded(&new), ..positions.clone() }));
        }
        panel.end_gesture(ended);
    }
}

fn padded(numbers: &[f64]) -> Point {
    let mut all = [0.0; 3];
    all.iter_mut().zip(numbers).for_each(|(to, from)| *to = *from);
    all
}

/// A grid of about as many cells as there are neurons: exactly so many where that is not too narrow.
fn grid_for(node: &Node, dimensions: usize) -> Positions {
    let n = node.n.max(1);
    let root = (n as f64).sqrt();
    let divisor = (1..=root as usize).rev().find(|side| n.is_multiple_of(*side)).unwrap_or(1);
    let (columns, rows) = match dimensions {
        2 if n / divisor <= 4 * divisor || n < 4 => (n / divisor, divisor),
        _ => (root.round().max(1.0) as usize, root.round().max(1.0) as usize),
    };
    let side = (n as f64).cbrt().round().max(1.0) as usize;
    let shape = if dimensions == 3 { vec![side; 3] } else { vec![columns, rows] };
    carried_over(node, Positions::grid(&shape))
}

fn drawn_for(node: &Node, dimensions: usize, seed: u64) -> Positions {
    carried_over(node, Positions::uniform(&Positions::unit(dimensions)[..dimensions], seed))
}

/// Keeps the space of the positions that a node has.
fn carried_over(node: &Node, new: Positions) -> Positions {
    match &node.positions {
        Some(old) => {
            let (center, extent) = old.frame();
            let sound = extent[..old.dimensions].iter().all(|side| *side > 0.0);
            let extent = if sound { Some(extent) } else { new.extent };
            Positions { extent, center, edge_wrap: old.edge_wrap, ..new }
        }
        None => new,
    }
}

fn set(panel: &mut Panel<'_, '_>, node: &Node, positions: Option<Positions>) {
    let id = node.id;
    let edit = Edit::new(format!("Set positions of {}", node.name), move |project| {
        if let Some(node) = project.node_mut(id) {
            node.n = positions.as_ref().and_then(Positions::number).unwrap_or(node.n);
            node.positions = positions;
        }
    });
    panel.push(edit.merged(format!("positions of {}", node.id.0)));
}

/// Mask and kernel of a projection.
pub fn projection(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let in_space = from.positions.as_ref().zip(to.positions.as_ref()).filter(|(a, b)| a.dimensions == b.dimensions);
    let looks = projection.rule.looks_at_space() && to.model.is_neuron();
    let given = projection.mask.is_some() || projection.kernel.is_some();
    if !given && (in_space.is_none() || !looks) {
        return;
    }
    let dimensions = in_space.map_or(2, |(positions, _)| positions.dimensions);
    let size = in_space.map_or(1.0, |(_, positions)| {
        let (_, extent) = positions.frame();
        extent[..dimensions].iter().copied().fold(f64::INFINITY, f64::min)
    });
    choose_mask(ui, panel, projection, dimensions, size);
    if let Some(mask) = &projection.mask {
        edit_mask(ui, panel, projection, mask, (dimensions, size));
    }
    if matches!(projection.rule, Rule::PairwiseBernoulli { .. }) && projection.mask.is_some() {
        let mut on = projection.use_on_source;
        let hint = "The mask stands at each target and holds sources (use_on_source)";
        if ui.checkbox(&mut on, "Mask at the target").on_hover_text(hint).changed() {
            panel.change(projection, "Set place of mask of", move |p| p.use_on_source = on);
            panel.push(Action::EndGesture);
        }
    }
    if projection.rule != Rule::AllToAll || projection.kernel.is_some() {
        choose_kernel(ui, panel, projection, size);
    }
    if let Some(kernel) = projection.kernel {
        let key = format!("kernel of projection {}", projection.id.0);
        let (new, ended) = edit_kernel(ui, panel.fields, &key, ("kernel", ""), &kernel, dimensions);
        if let Some(new) = new {
            match new.check(dimensions) {
                Err(reason) => panel.fields.refuse(&key, reason),
                Ok(()) => {
                    panel.fields.accept(&key);
                    panel.change(projection, "Set kernel of", move |p| p.kernel = Some(new));
                }
            }
        }
        panel.end_gesture(ended);
        panel.fields.mark_refusal(ui, &key);
    }
    if given {
        space_picture::show(ui, projection.mask.as_ref(), projection.kernel.as_ref());
    }
}

fn choose_mask(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, dimensions: usize, size: f64) {
    let title = projection.mask.as_ref().map_or("None", Mask::name);
    ui.horizontal(|ui| {
        let label = ui.label("Mask").on_hover_text("Only partners within are connected");
        let combo = ComboBox::from_id_salt("mask").width(ui.available_width()).selected_text(title);
        let response = combo.show_ui(ui, |ui| {
            if ui.selectable_label(projection.mask.is_none(), "None").clicked() && projection.mask.is_some() {
                panel.change(projection, "Set mask of", |p| {
                    p.mask = None;
                    p.use_on_source &= p.kernel.is_some();
                    p.allow_oversized_mask = false;
                });
                panel.push(Action::EndGesture);
            }
            for kind in MaskKind::ALL.into_iter().filter(|kind| kind.dimensions() == dimensions) {
                let chosen = title == kind.name();
                if ui.selectable_label(chosen, kind.name()).clicked() && !chosen {
                    let mask = Mask::Form(kind.around(round(0.25 * size)));
                    panel.change(projection, "Set mask of", move |p| p.mask = Some(mask.clone()));
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.labelled_by(label.id);
    });
}

/// Two significant digits.
fn round(x: f64) -> f64 {
    let unit = 10f64.powf(x.abs().max(1e-12).log10().floor() - 1.0);
    let rounded = (x / unit).round() * unit;
    format!("{rounded:.6}").parse().ok().filter(|x: &f64| *x > 0.0).unwrap_or(rounded)
}

fn edit_mask(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    mask: &Mask,
    (dimensions, size): (usize, f64),
) {
    let key = format!("mask of projection {}", projection.id.0);
    let mut forms: Vec<Form> = mask.forms().into_iter().cloned().collect();
    let several = forms.len() > 1;
    let (mut changed, mut ended) = (false, false);
    for (i, form) in forms.iter_mut().enumerate() {
        if several {
            ui.small(form.kind.name());
        }
        let (new, over) = edit_form(ui, panel.fields, &format!("{key} {i}"), form);
        changed |= new;
        ended |= over;
    }
    if changed {
        let mut next = forms.into_iter();
        let new = rebuilt(mask, &mut next);
        match new.check(dimensions) {
            Err(reason) => panel.fields.refuse(&key, reason),
            Ok(()) => {
                panel.fields.accept(&key);
                panel.change(projection, "Set mask of", move |p| p.mask = Some(new.clone()));
            }
        }
    }
    panel.end_gesture(ended);
    panel.fields.mark_refusal(ui, &key);
    if mask.levels() >= Mask::MOST_LEVELS {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let kind = if dimensions == 3 { MaskKind::Spherical } else { MaskKind::Circular };
        let form = || Box::new(Mask::Form(kind.around(round(0.12 * size))));
        let joined: [(&str, &str, Mask); 3] = [
            ("Add", "Join another form to the mask", Mask::Union(vec![mask.clone(), *form()])),
            ("Take away", "Leave out what lies within another form", Mask::Difference(Box::new(mask.clone()), form())),
            ("Cut", "Keep what lies within another form, too", Mask::Intersection(vec![mask.clone(), *form()])),
        ];
        for (name, doc, new) in joined {
            if ui.small_button(name).on_hover_text(doc).clicked() {
                panel.change(projection, "Set mask of", move |p| p.mask = Some(new.clone()));
                panel.push(Action::EndGesture);
            }
        }
    });
}

/// The mask with these forms in the place of its own.
fn rebuilt(mask: &Mask, next: &mut impl Iterator<Item = Form>) -> Mask {
    match mask {
        Mask::Form(form) => Mask::Form(next.next().unwrap_or_else(|| form.clone())),
        Mask::Union(masks) => Mask::Union(masks.iter().map(|mask| rebuilt(mask, next)).collect()),
        Mask::Intersection(masks) => Mask::Intersection(masks.iter().map(|mask| rebuilt(mask, next)).collect()),
        Mask::Difference(from, without) => {
            let from = rebuilt(from, next);
            Mask::Difference(Box::new(from), Box::new(rebuilt(without, next)))
        }
    }
}

/// The numbers of a form; whether one was changed, and whether the gesture is over.
fn edit_form(ui: &mut Ui, fields: &mut Fields, key: &str, form: &mut Form) -> (bool, bool) {
    let (mut changed, mut over) = (false, false);
    for field in form.kind.fields() {
        let given = form.numbers_of(field).to_vec();
        let key = format!("{key} {}", field.name);
        if field.axes == 1 {
            let limits = if field.angle { (-360.0, 360.0) } else { (0.0, 1e9) };
            let (unit, scale) = if field.angle { ("°", 100.0) } else { ("", given[0].abs().max(0.1)) };
            let number =
                Number { key, name: field.name, label: field.name, doc: field.name, unit, whole: false, limits, scale };
            let answer = number.show(ui, fields, given[0]);
            over |= answer.ended;
            if let Some(x) = answer.set {
                form.numbers[field.at] = x;
                changed = true;
            }
        } else {
            let row = (key.as_str(), field.name, "A corner, as seen from the neuron");
            let (new, ended) = point(ui, fields, row, &given, (false, (-1e9, 1e9)));
            over |= ended;
            if let Some(new) = new {
                form.numbers[field.at..field.at + field.axes].copy_from_slice(&new);
                changed = true;
            }
        }
    }
    let dimensions = form.kind.dimensions();
    let key = format!("{key} anchor");
    let row = (key.as_str(), "anchor", "Where the form stands, as seen from the neuron");
    let (new, ended) = point(ui, fields, row, &form.anchor[..dimensions], (false, (-1e9, 1e9)));
    over |= ended;
    if let Some(new) = new {
        form.anchor = padded(&new);
        changed = true;
    }
    (changed, over)
}

fn choose_kernel(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, size: f64) {
    let title = projection.kernel.map_or("None", |kernel| kernel.shape.name());
    let doc = match projection.rule {
        Rule::FixedIndegree { .. } | Rule::FixedOutdegree { .. } => "How likely each partner is drawn",
        _ => "A factor on the number of the rule",
    };
    ui.horizontal(|ui| {
        let label = ui.label("Kernel").on_hover_text(doc);
        let combo = ComboBox::from_id_salt("kernel").width(ui.available_width()).selected_text(title);
        let response = combo.show_ui(ui, |ui| {
            if ui.selectable_label(projection.kernel.is_none(), "None").clicked() && projection.kernel.is_some() {
                panel.change(projection, "Set kernel of", |p| {
                    p.kernel = None;
                    p.use_on_source &= p.mask.is_some();
                });
                panel.push(Action::EndGesture);
            }
            for shape in KernelShape::ALL {
                let chosen = title == shape.name();
                if ui.selectable_label(chosen, shape.name()).on_hover_text(shape.formula()).clicked() && !chosen {
                    let kernel = usual(shape, size);
                    panel.change(projection, "Set kernel of", move |p| p.kernel = Some(kernel));
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.labelled_by(label.id);
    });
}

/// A kernel that falls off within a space of this size.
pub fn usual(shape: KernelShape, size: f64) -> Kernel {
    let width = round(0.15 * size);
    ["std", "std_x", "std_y", "beta", "theta", "lam"]
        .into_iter()
        .filter(|name| *name != "theta" || shape == KernelShape::Gamma)
        .fold(Kernel::new(shape), |kernel, name| kernel.with(name, width))
}

/// The numbers of a kernel; the new one, and whether the gesture is over.
pub fn edit_kernel(
    ui: &mut Ui,
    fields: &mut Fields,
    key: &str,
    (name, unit): (&str, &str),
    kernel: &Kernel,
    dimensions: usize,
) -> (Option<Kernel>, bool) {
    let (mut new, mut over) = (*kernel, false);
    ui.small(kernel.shape.formula());
    ui.columns(2, |columns| {
        let mut place = 0;
        let mut field = |label: &str, doc: &str, unit: &str, x: f64, limits: (f64, f64)| {
            let accessible = format!("{name} {label}");
            let number = Number {
                key: format!("{key} {label}"),
                name: &accessible,
                label,
                doc,
                unit,
                whole: false,
                limits,
                scale: x.abs().max(0.05),
            };
            let answer = number.show(&mut columns[place % 2], fields, x);
            place += 1;
            over |= answer.ended;
            answer.set.unwrap_or(x)
        };
        for (i, (declared, x)) in kernel.given().enumerate() {
            new.numbers[i] = field(declared.name, declared.doc, "", x, declared.range);
        }
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        new.times = field("times", "The shape is multiplied by it", unit, kernel.times, free);
        new.plus = field("plus", "Added to all values", unit, kernel.plus, free);
    });
    if kernel.shape.has_direction() {
        let hint = "Coordinates count without their signs, as NEST's distance.x and distance.y";
        over |= ui.checkbox(&mut new.absolute, "Absolute coordinates").on_hover_text(hint).changed();
    } else if kernel.shape != KernelShape::Constant {
        ui.horizontal(|ui| {
            let label = ui.label(RichText::new("of").small()).on_hover_text("What of the way counts");
            let combo = ComboBox::from_id_salt((key, "of")).width(90.0).selected_text(kernel.of.name());
            let response = combo.show_ui(ui, |ui| {
                for of in Coordinate::ALL.into_iter().take(dimensions + 1) {
                    over |= ui.selectable_value(&mut new.of, of, of.name()).changed();
                }
            });
            response.response.labelled_by(label.id);
        });
    }
    ((new != *kernel).then_some(new), over)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models;
    use spikeloom_engine::project::NodeId;

    #[test]
    fn a_grid_keeps_the_number_of_neurons_where_it_can() {
        let number = |n: usize| {
            let mut node = Node::new(NodeId(0), "a", &models::iaf_psc_alpha::MODEL);
            node.n = n;
            grid_for(&node, 2).number().unwrap_or(0)
        };
        for n in [1, 2, 3, 4, 6, 100, 120, 800] {
            assert_eq!(number(n), n);
        }
        // Primes would be a single row.
        assert_eq!(number(101), 100);
    }

    #[test]
    fn forms_go_back_to_their_places() {
        let disc = |r: f64| MaskKind::Circular.around(r);
        let mask = Mask::Difference(
            Box::new(Mask::Union(vec![disc(1.0).into(), disc(2.0).into()])),
            Box::new(disc(3.0).into()),
        );
        let forms: Vec<Form> = mask.forms().into_iter().cloned().collect();
        assert_eq!(rebuilt(&mask, &mut forms.into_iter()), mask);
    }
}
