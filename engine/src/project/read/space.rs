//! Reads where neurons stand, masks and kernels.

use super::fields::{Fields, Reader};
use crate::description::Value;
use crate::description::space::{
    Coordinate, Form, Kernel, KernelShape, Lines, Mask, MaskKind, Places, Point, Positions as Standing,
};
use crate::project::Place;
use crate::project::scan::{Field, Item, Position, Spanned};
use crate::project::suggest::unknown;

/// The word for values that depend on where neurons stand.
pub(super) const SPATIAL: &str = "spatial";
const COMBINED: [&str; 3] = ["union", "intersection", "difference"];
const GRID: [&str; 4] = ["shape", "extent", "center", "edge_wrap"];
const FREE: [&str; 7] = ["at", "x", "y", "z", "each", "extent", "edge_wrap"];
const UNIFORM: [&str; 4] = ["extent", "center", "seed", "edge_wrap"];

impl Reader {
    /// `grid(shape: (4, 4))`, `free(at: [(0, 0), (1, 2)])` or `uniform(extent: (1, 1), seed: 1)`.
    pub fn standing(&mut self, place: &Place, given: Spanned) -> Option<Standing> {
        let at = given.position;
        let wanted = "`grid(shape: (4, 4))`, `free(at: [(0, 0), (1, 2)])` or `uniform(extent: (1, 1))`";
        let Item::Struct { name: Some(name), fields } = given.item else {
            return self.expected(place, "positions", at, wanted, &given.item);
        };
        let known: &[&str] = match name.as_str() {
            "grid" => &GRID,
            "free" => &FREE,
            "uniform" => &UNIFORM,
            _ => {
                let message = unknown("way", &name, "to place neurons", &Standing::NAMES);
                self.error_of(place, "positions", at, message);
                return None;
            }
        };
        let mut fields = self.own_fields(place, &name, fields, at, known)?;
        let extent = match fields.take("extent") {
            Some(extent) => Some(self.point(place, "positions", extent)?),
            None => None,
        };
        let (places, dimensions) = match name.as_str() {
            "grid" => {
                let Some(shape) = fields.take("shape") else {
                    self.error_of(place, "positions", at, "give the shape of the grid: `grid(shape: (4, 4))`");
                    return None;
                };
                let shape = self.shape(place, shape)?;
                let dimensions = shape.len();
                (Places::Grid { shape }, dimensions)
            }
            "free" => {
                let lines = self.lines(place, &mut fields)?;
                if let Some(lattice) = lines {
                    if fields.take("at").is_some() {
                        let message = "give either the places, `at`, or the lines of a lattice, `x` and `y`";
                        self.error_of(place, "positions", at, message);
                        return None;
                    }
                    let lattice = Standing::lattice(lattice);
                    (lattice.places, lattice.dimensions)
                } else {
                    let Some(listed) = fields.take("at") else {
                        self.error_of(place, "positions", at, "give the places: `free(at: [(0, 0), (1, 2)])`");
                        return None;
                    };
                    let listed_at = listed.position;
                    let items = self.list(place, "positions", listed)?;
                    let points = self.all(items, |r, item| r.point(place, "positions", item))?;
                    let dimensions = points.first().map_or(2, |(_, dimensions)| *dimensions);
                    if points.iter().any(|(_, other)| *other != dimensions) {
                        self.error_of(place, "positions", listed_at, "all places must have as many coordinates");
                        return None;
                    }
                    let at = points.into_iter().map(|(point, _)| point).collect();
                    (Places::Free { at, lines: None }, dimensions)
                }
            }
            _ => {
                let seed = match fields.take("seed") {
                    Some(seed) => self.whole(place, "positions", seed, 0, u64::MAX)?,
                    None => 1,
                };
                (Places::Uniform { seed }, extent.map_or(2, |(_, dimensions)| dimensions))
            }
        };
        let center = match fields.take("center") {
            Some(center) => Some(self.point(place, "positions", center)?),
            None => None,
        };
        for (what, given) in [("extent", extent), ("center", center)] {
            if let Some((_, other)) = given.filter(|(_, other)| *other != dimensions) {
                let message = format!("{what} must have {dimensions} coordinates as the places have, has {other}");
                self.error_of(place, "positions", at, message);
                return None;
            }
        }
        let edge_wrap = match fields.take("edge_wrap") {
            Some(wraps) => self.flag(place, "positions", wraps)?,
            None => false,
        };
        let of_free = matches!(places, Places::Free { .. });
        let extent = extent.map(|(extent, _)| extent).or((!of_free).then_some(Standing::unit(dimensions)));
        Some(Standing { places, dimensions, extent, center: center.map_or([0.0; 3], |(center, _)| center), edge_wrap })
    }

    /// A form of a mask, or several combined.
    pub fn mask(&mut self, place: &Place, given: Spanned) -> Option<Mask> {
        let at = given.position;
        match given.item {
            Item::Tuple { name: Some(name), items } if COMBINED.contains(&name.as_str()) => {
                let items = match <[Spanned; 1]>::try_from(items) {
                    Ok([Spanned { item: Item::List(items), .. }]) => items,
                    Ok([one]) => vec![one],
                    Err(items) => items,
                };
                let mut masks = self.all(items, |r, item| r.mask(place, item))?;
                match name.as_str() {
                    "union" => Some(Mask::Union(masks)),
                    "intersection" => Some(Mask::Intersection(masks)),
                    _ if masks.len() == 2 => {
                        let without = masks.pop()?;
                        Some(Mask::Difference(masks.pop()?.into(), without.into()))
                    }
                    _ => {
                        let message = format!("a difference takes two masks, here are {}", masks.len());
                        self.error_of(place, "mask", at, message);
                        None
                    }
                }
            }
            Item::Struct { name: Some(name), fields } => self.form(place, &name, fields, at).map(Mask::Form),
            other => {
                let wanted = "a mask such as `circular(radius: 0.5)`, or `union([…, …])` of several";
                self.expected(place, "mask", at, wanted, &other)
            }
        }
    }

    fn form(&mut self, place: &Place, name: &str, fields: Vec<Field>, at: Position) -> Option<Form> {
        let Some(kind) = MaskKind::ALL.into_iter().find(|kind| kind.name() == name) else {
            let known: Vec<&str> = MaskKind::ALL.iter().map(|kind| kind.name()).chain(COMBINED).collect();
            self.error_of(place, "mask", at, unknown("mask", name, "projections", &known));
            return None;
        };
        let known: Vec<&str> = kind.fields().iter().map(|field| field.name).chain(["anchor"]).collect();
        let mut fields = self.own_fields(place, name, fields, at, &known)?;
        let mut form = Form { kind, numbers: [0.0; 8], anchor: [0.0; 3] };
        for field in kind.fields() {
            let numbers = &mut form.numbers[field.at..field.at + field.axes];
            match (fields.take(field.name), field.default) {
                (Some(given), _) if field.axes == 1 => numbers[0] = self.real(place, "mask", given)?,
                (Some(given), _) => {
                    let given_at = given.position;
                    let (point, axes) = self.point(place, "mask", given)?;
                    if axes != field.axes {
                        let message =
                            format!("{} of {name} has {} coordinates, here are {axes}", field.name, field.axes);
                        self.error_of(place, "mask", given_at, message);
                        return None;
                    }
                    numbers.copy_from_slice(&point[..axes]);
                }
                (None, Some(default)) => numbers.fill(default),
                (None, None) => {
                    self.error_of(place, "mask", at, format!("give {} of the {name} mask", field.name));
                    return None;
                }
            }
        }
        if let Some(anchor) = fields.take("anchor") {
            let given_at = anchor.position;
            let (point, axes) = self.point(place, "mask", anchor)?;
            if axes != kind.dimensions() {
                let message = format!("anchor of {name} has {} coordinates, here are {axes}", kind.dimensions());
                self.error_of(place, "mask", given_at, message);
                return None;
            }
            form.anchor = point;
        }
        Some(form)
    }

    /// `spatial(gaussian(std: 0.5, times: 20))`.
    pub fn spatial(&mut self, place: &Place, field: &str, items: Vec<Spanned>, at: Position) -> Option<Value> {
        match <[Spanned; 1]>::try_from(items) {
            Ok([kernel]) => self.kernel(place, field, kernel).map(Value::Spatial),
            Err(_) => {
                let message = "give one function of the distance: `spatial(gaussian(std: 0.5, times: 20))`";
                self.error_of(place, field, at, message);
                None
            }
        }
    }

    /// A shape with its numbers: `gaussian(std: 0.5, times: 20)`.
    pub fn kernel(&mut self, place: &Place, field: &str, given: Spanned) -> Option<Kernel> {
        let at = given.position;
        let (name, fields) = match given.item {
            Item::Struct { name: Some(name), fields } => (name, fields),
            Item::Tuple { name: Some(name), items } if items.is_empty() => (name, Vec::new()),
            Item::Word(name) => (name, Vec::new()),
            other => {
                return self.expected(place, field, at, "a function such as `gaussian(std: 0.5)`", &other);
            }
        };
        let Some(shape) = KernelShape::ALL.into_iter().find(|shape| shape.name() == name) else {
            let known: Vec<&str> = KernelShape::ALL.iter().map(|shape| shape.name()).collect();
            self.error_of(place, field, at, unknown("function", &name, "the distance", &known));
            return None;
        };
        let direction = if shape.has_direction() { "absolute" } else { "of" };
        let known: Vec<&str> =
            shape.numbers().iter().map(|number| number.name).chain([direction, "times", "plus"]).collect();
        let mut fields = self.own_fields(place, &name, fields, at, &known)?;
        let mut kernel = Kernel::new(shape);
        for (number, declared) in kernel.numbers.iter_mut().zip(shape.numbers()) {
            if let Some(given) = fields.take(declared.name) {
                *number = self.real(place, field, given)?;
            }
        }
        for (name, number) in [("times", &mut kernel.times), ("plus", &mut kernel.plus)] {
            if let Some(given) = fields.take(name) {
                *number = self.real(place, field, given)?;
            }
        }
        if let Some(given) = fields.take("absolute") {
            kernel.absolute = self.flag(place, field, given)?;
        }
        if let Some(given) = fields.take("of") {
            let of_at = given.position;
            let Item::Word(word) = given.item else {
                return self.expected(place, field, of_at, "`distance`, `x`, `y` or `z`", &given.item);
            };
            let Some(of) = Coordinate::ALL.into_iter().find(|of| of.name() == word) else {
                let known = Coordinate::ALL.map(Coordinate::name);
                self.error_of(place, field, of_at, unknown("coordinate", &word, "kernels", &known));
                return None;
            };
            kernel.of = of;
        }
        Some(kernel)
    }

    /// Two or three coordinates, and how many they are.
    fn point(&mut self, place: &Place, field: &str, given: Spanned) -> Option<(Point, usize)> {
        let at = given.position;
        let items = match given.item {
            Item::Tuple { name: None, items } | Item::List(items) if (2..=3).contains(&items.len()) => items,
            other => return self.expected(place, field, at, "two or three coordinates, `(x, y)`", &other),
        };
        let numbers = self.all(items, |r, item| r.real(place, field, item))?;
        let mut point = [0.0; 3];
        point[..numbers.len()].copy_from_slice(&numbers);
        Some((point, numbers.len()))
    }

    /// The lines of a lattice, `x: [0, 1, 3], y: [0, 1]`, perhaps with `z` and `each`; `Some(None)` if none are given.
    fn lines(&mut self, place: &Place, fields: &mut Fields) -> Option<Option<Lines>> {
        const MOST: usize = 1 << 24;
        let mut lines = Lines { each: 1, ..Lines::default() };
        let mut at = None;
        for (name, coordinates) in [("x", &mut lines.x), ("y", &mut lines.y), ("z", &mut lines.z)] {
            let Some(given) = fields.take(name) else { continue };
            at = Some(given.position);
            let items = self.list(place, "positions", given)?;
            *coordinates = self.all(items, |r, item| r.real(place, "positions", item))?;
        }
        if let Some(each) = fields.take("each") {
            at = Some(each.position);
            lines.each = self.whole(place, "positions", each, 1, MOST as u64)? as usize;
        }
        let Some(at) = at else { return Some(None) };
        if lines.x.is_empty() || lines.y.is_empty() {
            self.error_of(place, "positions", at, "a lattice needs both `x` and `y`: `free(x: [0, 1, 3], y: [0, 1])`");
            return None;
        }
        if lines.number() > MOST {
            let message = format!("the lattice has more than {MOST} places; give it fewer lines");
            self.error_of(place, "positions", at, message);
            return None;
        }
        Some(Some(lines))
    }

    fn shape(&mut self, place: &Place, given: Spanned) -> Option<Vec<usize>> {
        let at = given.position;
        let items = match given.item {
            Item::Tuple { name: None, items } | Item::List(items) if (2..=3).contains(&items.len()) => items,
            other => {
                let wanted = "two or three numbers of cells, `shape: (4, 4)`";
                return self.expected(place, "positions", at, wanted, &other);
            }
        };
        self.all(items, |r, item| r.whole(place, "positions", item, 1, 1 << 31).map(|n| n as usize))
    }

    /// The fields in the brackets of a word; their names are not those of the node or projection.
    fn own_fields(
        &mut self,
        place: &Place,
        what: &str,
        fields: Vec<Field>,
        position: Position,
        known: &[&str],
    ) -> Option<Fields> {
        let given = Spanned { position, item: Item::Struct { name: None, fields } };
        self.inner_fields(place, what, given, known)
    }
}
