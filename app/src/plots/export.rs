//! What a plot shows, as data or as a picture.

use egui::{ColorImage, Rect};
use image::ImageEncoder as _;
use spikeloom_engine::project::ViewId;

use super::data::PlotData;
use super::kinds;

/// Why a plot could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the plot is not there any more")]
    NoSuchPlot,
    #[error("there are no plots of the kind {0}")]
    NoSuchKind(String),
    #[error("the plot is not on the screen")]
    NotVisible,
    #[error("could not write the table: {0}")]
    Table(#[from] csv::Error),
    #[error("could not write the picture: {0}")]
    Picture(#[from] image::ImageError),
}

/// The recorded data that a view shows, of the whole run, as a CSV file.
///
/// The first line names the columns, with units. Neurons are numbered from 0 within their population.
///
/// # Errors
/// If there is no such view, or none of its kind.
pub fn export_csv(view: ViewId, data: &PlotData<'_>) -> Result<Vec<u8>, ExportError> {
    let view = data.project.view(view).ok_or(ExportError::NoSuchPlot)?;
    let kind = kinds::find(&view.kind).ok_or_else(|| ExportError::NoSuchKind(view.kind.clone()))?;
    let mut table = csv::Writer::from_writer(Vec::new());
    (kind.table)(&mut table, view, data)?;
    table.into_inner().map_err(|e| ExportError::Table(e.into_error().into()))
}

/// Cuts a rectangle (in points, see [`super::PlotsState::pane_rect`]) out of a screenshot and writes it as PNG.
pub fn crop_png(screen: &ColorImage, rect: Rect, pixels_per_point: f32) -> Result<Vec<u8>, ExportError> {
    let pixel = |x: f32, most: usize| (x * pixels_per_point).round().clamp(0.0, most as f32) as usize;
    let [width, height] = screen.size;
    let (left, right) = (pixel(rect.left(), width), pixel(rect.right(), width));
    let (top, bottom) = (pixel(rect.top(), height), pixel(rect.bottom(), height));
    if left >= right || top >= bottom {
        return Err(ExportError::NotVisible);
    }
    let image = screen.region_by_pixels([left, top], [right - left, bottom - top]);
    let opaque: Vec<u8> = image.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b()]).collect();
    let mut png = Vec::new();
    image::codecs::png::PngEncoder::new(&mut png).write_image(
        &opaque,
        image.size[0] as u32,
        image.size[1] as u32,
        image::ExtendedColorType::Rgb8,
    )?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;
    use egui::{Color32, pos2};

    #[test]
    fn a_view_that_is_gone_is_an_error() {
        let sample = Sample::two_populations();
        assert!(matches!(export_csv(ViewId(77), &sample.data()), Err(ExportError::NoSuchPlot)));
    }

    #[test]
    fn a_view_of_an_unknown_kind_is_an_error() {
        let mut sample = Sample::two_populations();
        sample.project.views[0].kind = "spectrogram".into();
        let error = export_csv(ViewId(0), &sample.data()).expect_err("no such kind");
        assert_eq!(error.to_string(), "there are no plots of the kind spectrogram");
    }

    #[test]
    fn the_picture_is_what_lies_in_the_rectangle() {
        let mut screen = ColorImage::filled([40, 20], Color32::BLACK);
        screen.pixels[10 * 40 + 20] = Color32::WHITE;
        let rect = Rect::from_min_max(pos2(10.0, 5.0), pos2(15.0, 100.0));
        let png = crop_png(&screen, rect, 2.0).expect("the rectangle is on the screen");
        let image = image::load_from_memory(&png).expect("a PNG").to_rgb8();
        assert_eq!(image.dimensions(), (10, 10));
        assert_eq!(image.get_pixel(0, 0).0, [255; 3]);
        assert_eq!(image.get_pixel(1, 0).0, [0; 3]);
        let outside = Rect::from_min_max(pos2(90.0, 5.0), pos2(95.0, 9.0));
        assert!(matches!(crop_png(&screen, outside, 1.0), Err(ExportError::NotVisible)));
    }
}
