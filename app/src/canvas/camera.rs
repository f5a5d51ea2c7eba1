//! The camera: which part of the canvas is seen, and how large.
//!
//! Canvas units are pixels at zoom 1. Everything is drawn in screen coordinates,
//! so that hit areas, accessible bounds and pictures agree.

use egui::{Pos2, Rect, Vec2, vec2};

const MIN_ZOOM: f32 = 0.08;
const MAX_ZOOM: f32 = 4.0;
/// Fitting never enlarges beyond this: two nodes need not fill the window.
const MAX_FIT_ZOOM: f32 = 1.25;
/// Free border round what is fitted, in pixels.
const FIT_MARGIN: f32 = 40.0;

/// Free border that is left beside letters.
const WRITTEN_MARGIN: f32 = 6.0;

/// Maps canvas coordinates to the screen.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// The canvas point in the middle of the view.
    pub center: Pos2,
    /// Pixels per canvas unit.
    pub zoom: f32,
    /// Where the canvas lies on the screen.
    pub rect: Rect,
}

impl Default for Camera {
    fn default() -> Self {
        Camera { center: Pos2::ZERO, zoom: 1.0, rect: Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0)) }
    }
}

impl Camera {
    pub fn to_screen(self, point: Pos2) -> Pos2 {
        self.rect.center() + (point - self.center) * self.zoom
    }
    pub fn to_canvas(self, point: Pos2) -> Pos2 {
        self.center + (point - self.rect.center()) / self.zoom
    }
    pub fn rect_to_screen(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_screen(rect.min), self.to_screen(rect.max))
    }
    pub fn rect_to_canvas(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_canvas(rect.min), self.to_canvas(rect.max))
    }
    /// The part of the canvas that is seen.
    pub fn seen(&self) -> Rect {
        self.rect_to_canvas(self.rect)
    }
    /// Zooms by `factor` and keeps the canvas point under `anchor` (screen) where it is.
    pub fn zoom_about(&mut self, anchor: Pos2, factor: f32) {
        if !factor.is_finite() || factor <= 0.0 {
            return;
        }
        let kept = self.to_canvas(anchor);
        self.zoom = (self.zoom * factor).clamp(MIN_ZOOM, MAX_ZOOM);
        self.center += kept - self.to_canvas(anchor);
    }
    /// Moves the view by pixels, as a hand moves a sheet of paper.
    pub fn pan(&mut self, by: Vec2) {
        if by.is_finite() {
            self.center -= by / self.zoom;
        }
    }
    /// Shows all of `area` (canvas coordinates).
    pub fn fit(&mut self, area: Rect) {
        if !area.is_finite() || area.is_negative() {
            return;
        }
        let space = (self.rect.size() - Vec2::splat(2.0 * FIT_MARGIN)).max(Vec2::splat(40.0));
        let need = area.size().max(Vec2::splat(1.0));
        self.zoom = (space.x / need.x).min(space.y / need.y).clamp(MIN_ZOOM, MAX_FIT_ZOOM);
        self.center = area.center();
    }
    /// Shows all of `area`, and all that is written at this size, which may reach into the border. It is not made so small
    /// for that, that less is written: `legible` are zooms below which this is so.
    pub fn fit_with(&mut self, area: Rect, legible: &[f32], mut written: impl FnMut(&Camera) -> Vec<Rect>) {
        const TRIES: usize = 3;
        self.fit(area);
        let least = legible.iter().copied().filter(|zoom| *zoom <= self.zoom).fold(MIN_ZOOM, f32::max);
        for _ in 0..TRIES {
            let border = (FIT_MARGIN - WRITTEN_MARGIN) / self.zoom;
            let mut all = area;
            for text in written(self) {
                all.min = all.min.min(text.min + Vec2::splat(border));
                all.max = all.max.max(text.max - Vec2::splat(border));
            }
            self.fit(all);
            self.zoom = self.zoom.max(least);
        }
    }
    /// Moves the view just far enough that `area` is seen.
    pub fn reveal(&mut self, area: Rect) {
        let seen = self.seen().shrink(FIT_MARGIN / self.zoom);
        if !seen.contains_rect(area) {
            self.center = area.center();
        }
    }
    /// Moves the view just as far as is needed to see `area`, and zooms out if there is no room for it.
    pub fn bring_in(&mut self, area: Rect) {
        if !area.is_finite() || area.is_negative() {
            return;
        }
        let room = (self.rect.size() - Vec2::splat(2.0 * FIT_MARGIN)).max(Vec2::splat(40.0));
        let need = area.size().max(Vec2::splat(1.0));
        self.zoom = self.zoom.min((room.x / need.x).min(room.y / need.y)).max(MIN_ZOOM);
        let seen = Rect::from_center_size(self.center, room / self.zoom);
        let beyond = |low: f32, high: f32, from: f32, to: f32| (low - from).min(0.0) + (high - to).max(0.0);
        self.center.x += beyond(area.left(), area.right(), seen.left(), seen.right());
        self.center.y += beyond(area.top(), area.bottom(), seen.top(), seen.bottom());
    }
    /// A font size for text of `size` canvas units; half points, so that few sizes are laid out.
    pub fn font_size(&self, size: f32) -> f32 {
        ((size * self.zoom * 2.0).round() / 2.0).clamp(12.0, 48.0)
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut camera = Camera { center: pos2(30.0, -10.0), ..Default::default() };
        let anchor = pos2(123.0, 456.0);
        let before = camera.to_canvas(anchor);
        camera.zoom_about(anchor, 1.7);
        assert!((camera.to_canvas(anchor) - before).length() < 1e-3);
        assert!((camera.zoom - 1.7).abs() < 1e-6);
    }

    #[test]
    fn zoom_has_limits_and_ignores_nonsense() {
        let mut camera = Camera::default();
        camera.zoom_about(Pos2::ZERO, 1e9);
        assert_eq!(camera.zoom, MAX_ZOOM);
        camera.zoom_about(Pos2::ZERO, f32::NAN);
        camera.zoom_about(Pos2::ZERO, 0.0);
        assert_eq!(camera.zoom, MAX_ZOOM);
        camera.zoom_about(Pos2::ZERO, 1e-9);
        assert_eq!(camera.zoom, MIN_ZOOM);
    }

    #[test]
    fn fitting_shows_the_whole_area() {
        let mut camera = Camera::default();
        let area = Rect::from_min_max(pos2(-2000.0, 100.0), pos2(3000.0, 900.0));
        camera.fit(area);
        assert!(camera.seen().contains_rect(area));
        camera.fit(Rect::NOTHING);
        assert!(camera.seen().contains_rect(area));
    }

    #[test]
    fn what_is_written_beside_the_area_is_fitted_too() {
        let mut camera = Camera::default();
        let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(1000.0, 100.0));
        camera.fit(area);
        let zoom = camera.zoom;
        // Letters are as large on the screen at any zoom.
        let text = |half: f32| {
            move |camera: &Camera| vec![Rect::from_center_size(pos2(950.0, 110.0), vec2(half, 20.0) / camera.zoom)]
        };
        camera.fit_with(area, &[], text(100.0));
        assert_eq!(camera.zoom, zoom, "short names have room in the border");
        camera.fit_with(area, &[], text(300.0));
        let written = text(300.0)(&camera)[0];
        assert!(camera.zoom < zoom && camera.seen().contains_rect(written), "{:?} {written:?}", camera.seen());
        camera.fit_with(area, &[0.1, zoom - 0.01, zoom + 0.01], text(300.0));
        assert_eq!(camera.zoom, zoom - 0.01, "no smaller than what can be read");
    }
}
