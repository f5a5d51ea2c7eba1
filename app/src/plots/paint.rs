//! Paints what egui draws into pixels in memory: without a window, without a graphics card, at any scale.

use std::collections::HashMap;

use egui::epaint::{ImageData, ImageDelta, Primitive, Vertex};
use egui::{Color32, ColorImage, Context, Mesh, Pos2, RawInput, Rect, TextureFilter, TextureId, Theme, Ui, Vec2};

use crate::theme;

/// What is drawn settles within so many frames: axes learn in one how much room their numbers take.
const FRAMES: usize = 4;

/// Paints a picture of this size in points, with so many pixels a point.
pub fn picture(size: Vec2, scale: f32, dark: bool, mut draw: impl FnMut(&mut Ui)) -> ColorImage {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(if dark { Theme::Dark } else { Theme::Light });
    let mut textures = Textures::default();
    let mut canvas = Canvas::new((size * scale).round());
    for frame in 0..FRAMES {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            max_texture_side: Some(1 << 14),
            time: Some(frame as f64),
            ..RawInput::default()
        };
        input.viewports.entry(input.viewport_id).or_default().native_pixels_per_point = Some(scale);
        let mut output = ctx.run_ui(input, |ui| {
            let ground = ui.visuals().extreme_bg_color;
            ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, ground);
            draw(ui);
        });
        textures.change(output.textures_delta.set.drain());
        output.textures_delta.clear();
        if frame + 1 == FRAMES {
            let ground = ctx.global_style().visuals.extreme_bg_color;
            canvas.pixels.fill(ground);
            for primitive in ctx.tessellate(output.shapes, output.pixels_per_point) {
                if let Primitive::Mesh(mesh) = primitive.primitive
                    && let Some(texture) = textures.0.get(&mesh.texture_id)
                {
                    let clip = primitive.clip_rect * output.pixels_per_point;
                    canvas.mesh(&mesh, texture, clip, output.pixels_per_point);
                }
            }
        }
    }
    ColorImage::new(canvas.size, canvas.pixels)
}

/// The textures that egui has handed over so far.
#[derive(Default)]
struct Textures(HashMap<TextureId, Texture>);

struct Texture {
    image: ColorImage,
    smooth: bool,
}

impl Textures {
    fn change(&mut self, deltas: impl IntoIterator<Item = (TextureId, impl IntoIterator<Item = ImageDelta>)>) {
        for (id, deltas) in deltas {
            for ImageDelta { image: ImageData::Color(image), options, pos } in deltas {
                match (pos, self.0.get_mut(&id)) {
                    (Some([left, top]), Some(texture)) => {
                        let [width, height] = image.size;
                        for y in 0..height {
                            let from = &image.pixels[y * width..(y + 1) * width];
                            let begin = (top + y) * texture.image.size[0] + left;
                            texture.image.pixels[begin..begin + width].copy_from_slice(from);
                        }
                    }
                    _ => {
                        let smooth = options.magnification == TextureFilter::Linear;
                        self.0.insert(id, Texture { image: (*image).clone(), smooth });
                    }
                }
            }
        }
    }
}

impl Texture {
    /// The colour at a place of the texture, whose sides are 1 long.
    fn at(&self, u: f32, v: f32) -> [f32; 4] {
        let [width, height] = self.image.size;
        let (x, y) = (u * width as f32, v * height as f32);
        let texel = |x: f32, y: f32| {
            let place = |x: f32, most: usize| (x.max(0.0) as usize).min(most - 1);
            self.image.pixels[place(y, height) * width + place(x, width)].to_array().map(f32::from)
        };
        if !self.smooth {
            return texel(x, y);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (a, b) = (x - left, y - top);
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(i, j)| texel(left + i, top + j));
        let shares = [(1.0 - a) * (1.0 - b), a * (1.0 - b), (1.0 - a) * b, a * b];
        std::array::from_fn(|channel| (0..4).map(|corner| shares[corner] * corners[corner][channel]).sum())
    }
}

/// Pixels to be painted on.
struct Canvas {
    size: [usize; 2],
    pixels: Vec<Color32>,
}

impl Canvas {
    fn new(size: Vec2) -> Self {
        let size = [size.x.max(1.0) as usize, size.y.max(1.0) as usize];
        Canvas { size, pixels: vec![Color32::BLACK; size[0] * size[1]] }
    }

    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, clip: Rect, scale: f32) {
        let [width, height] = self.size.map(|side| side as f32);
        let clip = clip.intersect(Rect::from_min_max(Pos2::ZERO, Pos2::new(width, height)));
        for corners in mesh.indices.chunks_exact(3) {
            let vertices = [corners[0], corners[1], corners[2]].map(|index| mesh.vertices[index as usize]);
            self.triangle(vertices.map(|v| Vertex { pos: v.pos * scale, ..v }), texture, clip);
        }
    }

    /// Paints the pixels whose middle lies within a triangle; on an edge that two share, one of them has it.
    fn triangle(&mut self, [a, b, c]: [Vertex; 3], texture: &Texture, clip: Rect) {
        let area = cross(a.pos, b.pos, c.pos);
        if area == 0.0 || !area.is_finite() {
            return;
        }
        let [a, b, c] = if area > 0.0 { [a, b, c] } else { [a, c, b] };
        let area = area.abs();
        let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
        if !bounds.is_positive() {
            return;
        }
        let first = |x: f32| (x - 0.5).ceil().max(0.0) as usize;
        let one_color = a.color == b.color && b.color == c.color;
        let plain = a.uv == b.uv && b.uv == c.uv;
        let paint = if plain { texture.at(a.uv.x, a.uv.y) } else { [255.0; 4] };
        for y in first(bounds.top())..first(bounds.bottom()).min(self.size[1]) {
            for x in first(bounds.left())..first(bounds.right()).min(self.size[0]) {
                let middle = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
                let shares = [(b, c), (c, a), (a, b)].map(|(from, to)| {
                    let share = cross(from.pos, to.pos, middle);
                    let owns = is_top_or_left(from.pos, to.pos);
                    if share > 0.0 || (share == 0.0 && owns) { share / area } else { -1.0 }
                });
                if shares.iter().any(|share| *share < 0.0) {
                    continue;
                }
                let mix = |of: fn(&Vertex) -> f32| shares[0] * of(&a) + shares[1] * of(&b) + shares[2] * of(&c);
                let tint = if one_color {
                    a.color.to_array().map(f32::from)
                } else {
                    [
                        mix(|v| f32::from(v.color.r())),
                        mix(|v| f32::from(v.color.g())),
                        mix(|v| f32::from(v.color.b())),
                        mix(|v| f32::from(v.color.a())),
                    ]
                };
                let paint = if plain { paint } else { texture.at(mix(|v| v.uv.x), mix(|v| v.uv.y)) };
                self.blend(y * self.size[0] + x, std::array::from_fn(|i| tint[i] * paint[i] / 255.0));
            }
        }
    }

    /// Puts a colour, multiplied by its opacity, over a pixel.
    fn blend(&mut self, pixel: usize, [r, g, b, opacity]: [f32; 4]) {
        let below = self.pixels[pixel];
        let over = |above: f32, below: u8| (above + f32::from(below) * (1.0 - opacity / 255.0)).round() as u8;
        self.pixels[pixel] = Color32::from_rgb(over(r, below.r()), over(g, below.g()), over(b, below.b()));
    }
}

/// Twice the area of a triangle, positive where its corners go round with the clock on the screen.
fn cross(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn is_top_or_left(from: Pos2, to: Pos2) -> bool {
    (from.y == to.y && to.x > from.x) || to.y < from.y
}

#[cfg(test)]
mod tests {
    use egui::{Stroke, pos2, vec2};

    use super::*;

    #[test]
    fn shapes_stand_where_they_are_drawn() {
        let red = Color32::from_rgb(200, 0, 0);
        let image = picture(vec2(20.0, 10.0), 3.0, false, |ui| {
            let rect = Rect::from_min_max(pos2(5.0, 2.0), pos2(10.0, 8.0));
            ui.painter().rect_filled(rect, 0.0, red);
        });
        assert_eq!(image.size, [60, 30]);
        let at = |x: usize, y: usize| image.pixels[y * 60 + x];
        assert_eq!([at(22, 15), at(16, 8), at(28, 22)], [red; 3]);
        assert_eq!(at(35, 15), at(1, 1), "outside is the ground");
        assert!(at(1, 1).r() > 200, "which is light");
    }

    #[test]
    fn half_a_colour_is_blended_once_also_where_triangles_meet() {
        let image = picture(vec2(12.0, 12.0), 1.0, false, |ui| {
            ui.painter().rect_filled(Rect::EVERYTHING, 0.0, Color32::WHITE);
            let mut mesh = Mesh::default();
            let half = Color32::from_black_alpha(128);
            mesh.add_colored_rect(Rect::from_min_max(pos2(2.0, 2.0), pos2(10.0, 10.0)), half);
            ui.painter().add(mesh);
        });
        for (y, row) in image.pixels.chunks(12).enumerate() {
            for (x, pixel) in row.iter().enumerate() {
                let inside = (2..10).contains(&x) && (2..10).contains(&y);
                assert_eq!(pixel.r(), if inside { 127 } else { 255 }, "{x} {y}");
            }
        }
    }

    #[test]
    fn text_leaves_ink() {
        let image = picture(vec2(60.0, 20.0), 2.0, true, |ui| {
            ui.label("Spikes");
            ui.painter().line_segment([pos2(0.0, 19.0), pos2(60.0, 19.0)], Stroke::new(1.0, Color32::WHITE));
        });
        let bright = image.pixels.iter().filter(|p| p.r() > 120).count();
        assert!(bright > 200, "{bright} bright pixels");
    }
}
