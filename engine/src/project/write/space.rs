//! Where neurons stand, masks and kernels, as text.

use super::{filled, number};
use crate::description::space::{Coordinate, Form, Kernel, Mask, Places, Point, Positions};

pub(super) fn positions(given: &Positions) -> String {
    let dimensions = given.dimensions;
    let (unit, none) = (Positions::unit(dimensions), [0.0; 3]);
    let extent = given.extent.filter(|extent| given.number().is_none() || *extent != unit || is_free(given));
    let all = [
        match &given.places {
            Places::Grid { shape } => {
                let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
                Some(format!("shape: ({})", sides.join(", ")))
            }
            Places::Free { lines: Some(lines), .. } => {
                let list = |xs: &[f64]| xs.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ");
                let axes = [("y", &lines.y), ("x", &lines.x), ("z", &lines.z)];
                let told = axes.iter().filter(|(_, xs)| !xs.is_empty());
                let each = (lines.each != 1).then(|| format!("each: {}", lines.each));
                let told = told.map(|(name, xs)| format!("{name}: [{}]", list(xs))).chain(each);
                Some(told.collect::<Vec<_>>().join(", "))
            }
            Places::Free { at, lines: None } => {
                let places: Vec<String> = at.iter().map(|place| point(place, dimensions)).collect();
                Some(format!("at: {}", filled("[", &places, "]", 8)))
            }
            Places::Uniform { .. } => None,
        },
        extent.map(|extent| format!("extent: {}", point(&extent, dimensions))),
        (!is_free(given) && given.center != none).then(|| format!("center: {}", point(&given.center, dimensions))),
        match given.places {
            Places::Uniform { seed } if seed != 1 => Some(format!("seed: {seed}")),
            _ => None,
        },
        given.edge_wrap.then(|| "edge_wrap: true".to_owned()),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    format!("{}({})", given.name(), all.join(", "))
}

fn is_free(given: &Positions) -> bool {
    matches!(given.places, Places::Free { .. })
}

pub(super) fn mask(mask: &Mask) -> String {
    let list = |masks: &[Mask]| masks.iter().map(self::mask).collect::<Vec<_>>().join(", ");
    match mask {
        Mask::Form(form) => self::form(form),
        Mask::Union(masks) | Mask::Intersection(masks) => format!("{}([{}])", mask.name(), list(masks)),
        Mask::Difference(from, without) => {
            format!("{}([{}, {}])", mask.name(), self::mask(from), self::mask(without))
        }
    }
}

fn form(form: &Form) -> String {
    let fields = form.kind.fields().iter().filter_map(|field| {
        let numbers = form.numbers_of(field);
        let is_default = field.default.is_some_and(|default| numbers.iter().all(|x| *x == default));
        let text = if field.axes == 1 { number(numbers[0]) } else { coordinates(numbers) };
        (!is_default).then(|| format!("{}: {text}", field.name))
    });
    let anchor = (form.anchor != [0.0; 3]).then(|| format!("anchor: {}", point(&form.anchor, form.kind.dimensions())));
    let all: Vec<String> = fields.chain(anchor).collect();
    format!("{}({})", form.kind.name(), all.join(", "))
}

pub(super) fn kernel(kernel: &Kernel) -> String {
    let numbers = kernel.given().filter(|(declared, x)| *x != declared.default);
    let numbers = numbers.map(|(declared, x)| format!("{}: {}", declared.name, number(x)));
    let rest = [
        (!kernel.shape.has_direction() && kernel.of != Coordinate::Distance)
            .then(|| format!("of: {}", kernel.of.name())),
        (kernel.shape.has_direction() && kernel.absolute).then(|| "absolute: true".to_owned()),
        (kernel.times != 1.0).then(|| format!("times: {}", number(kernel.times))),
        (kernel.plus != 0.0).then(|| format!("plus: {}", number(kernel.plus))),
    ];
    let all: Vec<String> = numbers.chain(rest.into_iter().flatten()).collect();
    // Empty brackets would be a tuple.
    if all.is_empty() { kernel.shape.name().to_owned() } else { format!("{}({})", kernel.shape.name(), all.join(", ")) }
}

fn point(point: &Point, dimensions: usize) -> String {
    coordinates(&point[..dimensions])
}

fn coordinates(numbers: &[f64]) -> String {
    format!("({})", numbers.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", "))
}
