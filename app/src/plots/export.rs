//! What a plot shows, as data or as a picture.

use image::ImageEncoder as _;
use spikeloom_engine::project::ViewId;

use super::data::PlotData;
use super::panel::{PlotsState, Portrait};
use super::{kinds, paint};
use crate::action::PictureOptions;

/// Why a plot could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the plot is not there any more")]
    NoSuchPlot,
    #[error("there are no plots of the kind {0}")]
    NoSuchKind(String),
    #[error("{width} × {height} pixels are too many: choose a smaller scale")]
    TooLarge { width: u32, height: u32 },
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

/// More pixels than this are no picture that anything could show.
const MOST_PIXELS: f32 = 64e6;

/// What a view shows as a PNG: with its title, at a scale of choice, as wide and high as on the screen and with the ranges
/// that are seen there. The window is not needed for it.
///
/// # Errors
/// If there is no such view, or none of its kind, or if the picture would be too large.
pub fn picture(
    view: ViewId,
    state: &PlotsState,
    data: &PlotData<'_>,
    options: PictureOptions,
) -> Result<Vec<u8>, ExportError> {
    let view = data.project.view(view).ok_or(ExportError::NoSuchPlot)?;
    let kind = kinds::find(&view.kind).ok_or_else(|| ExportError::NoSuchKind(view.kind.clone()))?;
    let size = state.picture_size(view.id);
    let scale = f32::from(options.scale.max(1));
    if size.x * size.y * scale * scale > MOST_PIXELS {
        return Err(ExportError::TooLarge { width: (size.x * scale) as u32, height: (size.y * scale) as u32 });
    }
    let mut portrait = Portrait::new(kind, state, view);
    let image = paint::picture(size, scale, options.dark, |ui| portrait.show(ui, view, data));
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
    use crate::theme;
    use egui::Color32;
    use spikeloom_engine::project::NodeId;

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

    /// The picture of a view of a sample that nothing has drawn on a screen yet.
    fn picture_of(sample: &Sample, view: u32, options: PictureOptions) -> image::RgbImage {
        let png = picture(ViewId(view), &PlotsState::default(), &sample.data(), options).expect("a picture");
        image::load_from_memory(&png).expect("a PNG").to_rgb8()
    }

    fn with(scale: u8, dark: bool) -> PictureOptions {
        PictureOptions { scale, dark }
    }

    /// Pixels of about this colour.
    fn count(image: &image::RgbImage, color: Color32) -> usize {
        let near = |a: u8, b: u8| a.abs_diff(b) < 12;
        image.pixels().filter(|p| near(p.0[0], color.r()) && near(p.0[1], color.g()) && near(p.0[2], color.b())).count()
    }

    #[test]
    fn a_picture_has_its_scale_its_ground_and_its_lines() {
        let sample = Sample::two_populations();
        let excitatory = |dark| theme::node_color(&sample.project, NodeId(0), dark);
        for (view, dark) in [(0, false), (1, false), (1, true), (2, false)] {
            let [once, twice] = [1, 2].map(|scale| picture_of(&sample, view, with(scale, dark)));
            assert_eq!((2 * once.width(), 2 * once.height()), twice.dimensions());
            let (ink, more) = (count(&once, excitatory(dark)), count(&twice, excitatory(dark)));
            assert!(ink > 30 && more > 2 * ink, "{view}: {ink} {more}");
            let brightness = twice.get_pixel(3, 3).0.map(u32::from).iter().sum::<u32>();
            assert_eq!(brightness < 300, dark, "{brightness}");
        }
        assert_eq!(PictureOptions::default(), with(3, false));
    }

    #[test]
    fn a_picture_has_the_title_of_the_plot() {
        let mut sample = Sample::two_populations();
        let with_title = picture_of(&sample, 0, with(2, false));
        sample.project.views[0].title = "A title of quite another length".into();
        let another = picture_of(&sample, 0, with(2, false));
        // Letters lie elsewhere in their texture, which rounds otherwise.
        let far = |a: &image::Rgb<u8>, b: &image::Rgb<u8>| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 8);
        let differs = |top: u32, bottom: u32| {
            let width = another.width();
            (top..bottom).any(|y| (0..width).any(|x| far(with_title.get_pixel(x, y), another.get_pixel(x, y))))
        };
        assert!(differs(0, 56), "the title");
        assert!(!differs(80, another.height()), "nothing but the title");
    }

    #[test]
    fn a_dense_raster_is_painted_too() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        rows.times = (0..30_000).map(|i| f64::from(i) / 30.0).collect();
        rows.senders = (0..30_000).map(|i| i * 7 % 125).collect();
        let image = picture_of(&sample, 0, with(1, false));
        let ground = image.get_pixel(image.width() - 12, image.height() / 2).0;
        let middle = image.height() / 2;
        let painted = (100..image.width() - 20).filter(|x| image.get_pixel(*x, middle).0 != ground).count();
        assert!(painted > 100, "{painted} pixels of a row");
    }

    #[test]
    fn what_would_be_too_large_is_refused_with_its_size() {
        let sample = Sample::two_populations();
        let error =
            picture(ViewId(0), &PlotsState::default(), &sample.data(), with(200, false)).expect_err("too large");
        assert!(error.to_string().contains("pixels"), "{error}");
    }
}
