//! Formulas: set by an own typesetter, without the network, and drawn as pictures in the colour of the text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use egui::{
    Color32, ColorImage, Context, FontId, Id, Pos2, Rect, Role, Sense, TextStyle, TextureHandle, TextureOptions, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};
use ratex_font::{FontId as FaceId, katex_ttf_glyph_char};
use ratex_layout::{LayoutOptions, layout, to_display_list, validate_layout};
use ratex_types::{DisplayItem, DisplayList, MathStyle, PathCommand};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider as _};

/// Letters of formulas are lower than those of the text, so they are set larger.
const LETTERS: f32 = 1.15;
/// A longer formula, in bytes, is shown as it is written.
const LONGEST: usize = 2000;
/// The longest side of a picture, in pixels.
const LARGEST: f64 = 4096.0;
/// More strokes and letters are no formula for a note.
const MOST_ITEMS: usize = 4000;
/// So many pictures are kept; beyond that, those that are not on show go.
const KEPT: usize = 256;
/// Room round a picture for what leans out of its box, in pixels.
const RIM: f32 = 2.0;

/// Draws a formula: within a line, or on a line of its own.
pub fn show(ui: &mut Ui, tex: &str, inline: bool) {
    let font = TextStyle::Body.resolve(ui.style());
    let set = match typeset(ui.ctx(), tex, inline) {
        Ok(set) => set,
        Err(reason) => {
            let marks = if inline { "$" } else { "$$" };
            let written = super::as_written(ui, format!("{marks}{}{marks}", tex.trim()));
            written.on_hover_text(format!("This formula cannot be drawn: {reason}"));
            return;
        }
    };
    let room = ui.available_rect_before_wrap().width().max(ui.max_rect().width()).max(1.0);
    let em = (font.size * LETTERS).min(room / (set.width as f32).max(1e-3));
    let (ascent, descent) = (set.height as f32 * em, set.depth as f32 * em);
    let (size, corner) = if inline {
        // Its baseline is that of the words beside it, also where it begins a line: it is as high as they are.
        let line = line_of_text(ui, &font);
        let height = ascent + descent.max(line.below);
        let size = vec2(set.width as f32 * em, height.max(line.height));
        (size, vec2(0.0, size.y - height))
    } else {
        let gap = 0.4 * font.size;
        let size = vec2(ui.available_width().max(set.width as f32 * em), ascent + descent + 2.0 * gap);
        (size, vec2(0.5 * (size.x - set.width as f32 * em), gap))
    };
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Math, true, tex.trim()));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let scale = ui.pixels_per_point();
    let Some(picture) = picture(ui.ctx(), tex, inline, &set, em * scale) else { return };
    let at = rect.min + corner;
    let at = pos2((at.x * scale).round() / scale, (at.y * scale).round() / scale) - Vec2::splat(RIM / scale);
    let shown = Rect::from_min_size(at, picture.size_vec2() / scale);
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(picture.id(), shown, whole, ui.visuals().text_color());
}

/// Whether a formula within a line has room in its full size.
pub fn fits(ui: &Ui, tex: &str) -> bool {
    let em = TextStyle::Body.resolve(ui.style()).size * LETTERS;
    typeset(ui.ctx(), tex, true).is_ok_and(|set| set.width as f32 * em <= ui.available_width())
}

/// A line of text: how high it is, and how far it reaches below its baseline.
struct LineOfText {
    height: f32,
    below: f32,
}

fn line_of_text(ui: &Ui, font: &FontId) -> LineOfText {
    let galley = ui.painter().layout_no_wrap("x".to_owned(), font.clone(), Color32::WHITE);
    let baseline = galley.rows.first().and_then(|row| row.glyphs.first()).map_or(0.0, |glyph| glyph.pos.y);
    let height = galley.size().y;
    LineOfText { height, below: (height - baseline).max(0.0) }
}

/// What has been set and drawn, for as long as it is on show.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Kept>>);

/// What has been set, or why it could not be.
type Set = Result<Arc<DisplayList>, String>;

/// By text, and whether it stands within a line; each with the pass in which it was last used.
#[derive(Default)]
struct Kept {
    set: HashMap<(String, bool), (u64, Set)>,
    drawn: HashMap<(String, bool, u32), (u64, Option<TextureHandle>)>,
}

fn with_shelf<T>(ctx: &Context, act: impl FnOnce(&mut Kept, u64) -> T) -> T {
    let shelf = ctx.data_mut(|data| data.get_temp_mut_or_default::<Shelf>(Id::unique("formulas")).clone());
    let now = ctx.cumulative_pass_nr();
    let mut kept = shelf.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if kept.set.len() > KEPT {
        kept.set.retain(|_, (used, _)| *used + 2 > now);
    }
    if kept.drawn.len() > KEPT {
        kept.drawn.retain(|_, (used, _)| *used + 2 > now);
    }
    act(&mut kept, now)
}

fn typeset(ctx: &Context, tex: &str, inline: bool) -> Set {
    with_shelf(ctx, |kept, now| {
        let set = kept.set.entry((tex.to_owned(), inline)).or_insert_with(|| (now, set(tex, inline).map(Arc::new)));
        set.0 = now;
        set.1.clone()
    })
}

/// The picture of a formula whose letters have this size in pixels.
fn picture(ctx: &Context, tex: &str, inline: bool, set: &DisplayList, em: f32) -> Option<TextureHandle> {
    // What is too large for a texture is drawn smaller.
    let side = ctx.input(|i| i.max_texture_side).min(LARGEST as usize) as f32 - 4.0 * RIM;
    let em = em.min(side / (set.width.max(set.height + set.depth) as f32).max(1e-3));
    // A quarter of a pixel is not seen.
    let quarters = (em * 4.0).floor().max(1.0) as u32;
    with_shelf(ctx, |kept, now| {
        let drawn = kept.drawn.entry((tex.to_owned(), inline, quarters)).or_insert_with(|| {
            let image = draw(set, f64::from(quarters) * 0.25);
            (now, image.map(|image| ctx.load_texture("formula", image, TextureOptions::LINEAR)))
        });
        drawn.0 = now;
        drawn.1.clone()
    })
}

/// Sets a formula, or says why that cannot be done.
pub fn set(tex: &str, inline: bool) -> Result<DisplayList, String> {
    if tex.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} characters"));
    }
    let parsed = ratex_parser::parse(tex.trim()).map_err(|e| e.to_string())?;
    let style = if inline { MathStyle::Text } else { MathStyle::Display };
    let set = layout(&parsed, &LayoutOptions { style, ..LayoutOptions::default() });
    validate_layout(&set)?;
    let list = to_display_list(&set);
    let sensible = |x: f64| x.is_finite() && (0.0..1000.0).contains(&x);
    if !(sensible(list.width) && sensible(list.height) && sensible(list.depth)) || list.items.len() > MOST_ITEMS {
        return Err("it is too large".to_owned());
    }
    for item in &list.items {
        if let DisplayItem::GlyphPath { font, char_code, .. } = item
            && face(font).is_none()
        {
            let letter = char::from_u32(*char_code).unwrap_or('?');
            return Err(format!("there is no letter “{letter}” for formulas"));
        }
    }
    Ok(list)
}

/// A face of the typesetter, and its file.
type Face = (FaceId, Cow<'static, [u8]>);

/// The face of a name.
fn face(name: &str) -> Option<Face> {
    let bytes = ratex_katex_fonts::ttf_bytes(&format!("KaTeX_{name}.ttf"))?;
    Some((FaceId::parse(name)?, bytes))
}

/// Paints a formula in white on nothing; `None` if it is too large for a picture.
pub fn draw(list: &DisplayList, em: f64) -> Option<ColorImage> {
    let rim = 2.0 * f64::from(RIM);
    let (width, height) = ((list.width * em).ceil() + rim, ((list.height + list.depth) * em).ceil() + rim);
    if !(width <= LARGEST && height <= LARGEST && em.is_finite()) {
        return None;
    }
    let mut ink = Ink { width: width as usize, height: height as usize, alpha: Vec::new() };
    ink.alpha.resize(ink.width * ink.height, 0.0);
    let mut faces: HashMap<&str, Option<Face>> = HashMap::new();
    let place = |x: f64, y: f64| point((x * em) as f32 + RIM, (y * em) as f32 + RIM);
    for item in &list.items {
        match item {
            DisplayItem::GlyphPath { x, y, scale, font, char_code, .. } => {
                let Some((id, bytes)) = faces.entry(font.as_str()).or_insert_with(|| face(font)) else { continue };
                let letter = katex_ttf_glyph_char(*id, *char_code);
                let mut path = Path::new(place(*x, *y), (scale * em) as f32);
                if path.letter(bytes, letter).is_some() {
                    ink.fill(&path);
                }
            }
            DisplayItem::Line { x, y, width, thickness, .. } => {
                // A line is never thinner than it can be seen.
                let thick = thickness.max(1.0 / em.max(1e-6));
                ink.fill(&Path::rectangle(place(*x, y - 0.5 * thick), place(x + width, y + 0.5 * thick)));
            }
            // Coloured grounds are left out: formulas have the colour of the text.
            DisplayItem::Rect { .. } => {}
            DisplayItem::Path { x, y, commands, fill, .. } => {
                for part in commands.chunk_by(|_, next| !matches!(next, PathCommand::MoveTo { .. })) {
                    let mut path = Path::new(place(*x, *y), em as f32);
                    path.follow(part);
                    if *fill {
                        path.close();
                        ink.fill(&path);
                    } else {
                        path.lines.clone().iter().for_each(|line| ink.fill(&line.stroked((0.04 * em).max(1.0) as f32)));
                    }
                }
            }
        }
    }
    let pixels =
        ink.alpha.iter().map(|a| Color32::from_white_alpha((a.clamp(0.0, 1.0) * 255.0).round() as u8)).collect();
    Some(ColorImage::new([ink.width, ink.height], pixels))
}

/// How much of each pixel is covered.
struct Ink {
    width: usize,
    height: usize,
    alpha: Vec<f32>,
}

impl Ink {
    /// Fills a path; what lies outside the picture is left out.
    fn fill(&mut self, path: &Path) {
        let (mut low, mut high) = (pos2(f32::MAX, f32::MAX), pos2(f32::MIN, f32::MIN));
        for p in path.lines.iter().flat_map(|line| [line.from, line.to]) {
            low = pos2(low.x.min(p.x), low.y.min(p.y));
            high = pos2(high.x.max(p.x), high.y.max(p.y));
        }
        let inside = low.x >= -64.0
            && low.y >= -64.0
            && high.x <= self.width as f32 + 64.0
            && high.y <= self.height as f32 + 64.0;
        let finite = path.lines.iter().all(|line| line.to.x.is_finite() && line.to.y.is_finite());
        if !(inside && finite) {
            return;
        }
        let (left, top) = (low.x.floor(), low.y.floor());
        let size = ((high.x.ceil() - left) as usize + 2, (high.y.ceil() - top) as usize + 2);
        let mut rasterizer = Rasterizer::new(size.0, size.1);
        let shift = |p: Point| point(p.x - left, p.y - top);
        path.lines.iter().for_each(|line| rasterizer.draw_line(shift(line.from), shift(line.to)));
        rasterizer.for_each_pixel_2d(|x, y, cover| {
            let (x, y) = (x as f32 + left, y as f32 + top);
            if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
                let pixel = &mut self.alpha[y as usize * self.width + x as usize];
                *pixel = pixel.max(cover);
            }
        });
    }
}

#[derive(Clone, Copy)]
struct Line {
    from: Point,
    to: Point,
}

impl Line {
    /// A line of some width as an area.
    fn stroked(&self, width: f32) -> Path {
        let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        let length = dx.hypot(dy).max(1e-6);
        let (nx, ny) = (-0.5 * width * dy / length, 0.5 * width * dx / length);
        let corners = [
            point(self.from.x + nx, self.from.y + ny),
            point(self.to.x + nx, self.to.y + ny),
            point(self.to.x - nx, self.to.y - ny),
            point(self.from.x - nx, self.from.y - ny),
        ];
        Path::polygon(&corners)
    }
}

/// An outline in pixels, as straight pieces.
struct Path {
    origin: Point,
    scale: f32,
    /// 1 if the outline's y runs down, as in formulas, -1 if it runs up, as in letters.
    down: f32,
    lines: Vec<Line>,
    start: Point,
    at: Point,
}

impl Path {
    fn new(origin: Point, scale: f32) -> Path {
        Path { origin, scale, down: 1.0, lines: Vec::new(), start: origin, at: origin }
    }

    fn rectangle(low: Point, high: Point) -> Path {
        Path::polygon(&[low, point(high.x, low.y), high, point(low.x, high.y)])
    }

    fn polygon(corners: &[Point]) -> Path {
        let mut path = Path::new(point(0.0, 0.0), 1.0);
        let next = corners.iter().cycle().skip(1);
        path.lines = corners.iter().zip(next).map(|(from, to)| Line { from: *from, to: *to }).collect();
        path
    }

    /// Adds the outline of a letter.
    fn letter(&mut self, bytes: &[u8], letter: char) -> Option<()> {
        let font = FontRef::new(bytes).ok()?;
        let glyph = font.charmap().map(letter)?;
        let units = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1);
        self.scale /= f32::from(units);
        self.down = -1.0;
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        font.outline_glyphs().get(glyph)?.draw(settings, self).ok()?;
        Some(())
    }

    fn follow(&mut self, commands: &[PathCommand]) {
        for command in commands {
            match *command {
                PathCommand::MoveTo { x, y } => self.move_to(x as f32, y as f32),
                PathCommand::LineTo { x, y } => self.line_to(x as f32, y as f32),
                PathCommand::QuadTo { x1, y1, x, y } => self.quad_to(x1 as f32, y1 as f32, x as f32, y as f32),
                PathCommand::CubicTo { x1, y1, x2, y2, x, y } => {
                    self.curve_to(x1 as f32, y1 as f32, x2 as f32, y2 as f32, x as f32, y as f32);
                }
                PathCommand::Close => self.close(),
            }
        }
    }

    fn place(&self, x: f32, y: f32) -> Point {
        point(self.origin.x + x * self.scale, self.origin.y + self.down * y * self.scale)
    }

    fn line(&mut self, to: Point) {
        self.lines.push(Line { from: self.at, to });
        self.at = to;
    }
}

/// Straight pieces that a curve is drawn with.
const PIECES: usize = 8;

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.place(x, y);
        self.at = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.line(self.place(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (a, b, c) = (self.at, self.place(cx, cy), self.place(x, y));
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let (wa, wb, wc) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            self.line(point(wa * a.x + wb * b.x + wc * c.x, wa * a.y + wb * b.y + wc * c.y));
        }
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (a, b, c, d) = (self.at, self.place(cx0, cy0), self.place(cx1, cy1), self.place(x, y));
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            let (wa, wb, wc, wd) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
            let x = wa * a.x + wb * b.x + wc * c.x + wd * d.x;
            self.line(point(x, wa * a.y + wb * b.y + wc * c.y + wd * d.y));
        }
    }

    fn close(&mut self) {
        self.line(self.start);
    }
}
