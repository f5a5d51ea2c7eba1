//! What a plot shows, as data or as a picture.

use egui::{ColorImage, Rect};
use image::ImageEncoder as _;
use spikeloom_engine::project::{View, ViewId};
use spikeloom_engine::recordings::RecorderKind;

use super::PlotData;
use super::correlogram::Correlogram;
use super::kinds::{Kind, Picture as _};
use super::populations;
use super::rate::Rate;
use super::traces::{self, Traces};

/// Why a plot could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the plot is not there any more")]
    NoSuchPlot,
    #[error("the plot is not on the screen")]
    NotVisible,
    #[error("could not write the table: {0}")]
    Table(#[from] csv::Error),
    #[error("could not write the picture: {0}")]
    Picture(#[from] image::ImageError),
}

/// The recorded data that a view shows, of the whole run, as a CSV file.
///
/// A raster gives `time_ms,population,neuron`; traces `time_ms,population,neuron` and every recorded
/// quantity as `name_unit`; a rate `bin_start_ms,population,rate_per_s`; weights and states
/// `time_ms,population,neuron` and what is noted; a correlogram `lag_ms,detector,pairs,sum_of_weights`.
/// Neurons are numbered from 0 within their population.
pub fn export_csv(view: ViewId, data: &PlotData<'_>) -> Result<Vec<u8>, ExportError> {
    let view = data.project.view(view).ok_or(ExportError::NoSuchPlot)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    (Kind::of(view.kind).table)(&mut table, view, data)?;
    table.into_inner().map_err(|e| ExportError::Table(e.into_error().into()))
}

/// A CSV file in memory.
pub type Table = csv::Writer<Vec<u8>>;

/// Writes every spike.
pub fn write_spikes(table: &mut Table, view: &View, data: &PlotData<'_>) -> Result<(), csv::Error> {
    table.write_record(["time_ms", "population", "neuron"])?;
    let populations = populations::of(view, data, false);
    for (r, rows) in data.recordings.rows.iter().enumerate() {
        let of_this: Vec<&populations::Population> = populations.iter().filter(|p| p.recorder == r).collect();
        if of_this.is_empty() {
            continue;
        }
        for (time, sender) in rows.times.iter().zip(&rows.senders) {
            if let Some(population) = of_this.iter().find(|p| p.place(*sender).is_some()) {
                let neuron = (sender - population.first).to_string();
                table.write_record([&exact(*time), &population.name, &neuron])?;
            }
        }
    }
    Ok(())
}

/// Writes every sample, all quantities of a cell and time in one line.
pub fn write_samples(table: &mut Table, view: &View, data: &PlotData<'_>) -> Result<(), csv::Error> {
    let variables = traces::variables(view, data);
    // One set of traces for each quantity, all with the same cells in the same order.
    let columns: Vec<Traces> = variables
        .iter()
        .map(|(name, _)| {
            let mut traces = Traces::default();
            traces.update(&View { variable: name.clone(), ..view.clone() }, data);
            traces
        })
        .collect();
    let mut header = vec!["time_ms".to_owned(), "population".into(), "neuron".into()];
    header.extend(
        variables.iter().map(|(name, unit)| if unit.is_empty() { name.clone() } else { format!("{name}_{unit}") }),
    );
    table.write_record(&header)?;
    let mut cells: Vec<_> = columns.iter().flat_map(Traces::traces).map(|t| (t.recorder, t.node, t.index)).collect();
    let mut seen = std::collections::BTreeSet::new();
    cells.retain(|cell| seen.insert(*cell));
    for (recorder, node, index) in cells {
        let Some(rows) = data.recordings.rows.get(recorder) else { continue };
        let of_cell: Vec<_> = columns
            .iter()
            .map(|c| c.traces().iter().find(|t| (t.recorder, t.node, t.index) == (recorder, node, index)))
            .collect();
        let name = data.recordings.plan.members_of(node).map_or("", |m| &m.name);
        let name = data.project.node(node).map_or(name, |n| &n.name);
        for (row, time) in rows.times.iter().enumerate() {
            let mut record = vec![exact(*time), name.to_owned(), index.to_string()];
            record.extend(of_cell.iter().map(|t| t.map_or(String::new(), |t| t.value(rows, row).to_string())));
            table.write_record(&record)?;
        }
    }
    Ok(())
}

/// Writes the rate in every bin that is over.
pub fn write_rates(table: &mut Table, view: &View, data: &PlotData<'_>) -> Result<(), csv::Error> {
    table.write_record(["bin_start_ms", "population", "rate_per_s"])?;
    let mut rate = Rate::default();
    rate.update(view, data);
    let histogram = rate.histogram();
    for (p, population) in rate.populations().iter().enumerate() {
        for bin in 0..histogram.complete(data.status.time) {
            let start = exact(bin as f64 * histogram.bin);
            table.write_record([&start, &population.name, &histogram.rate(p, bin).to_string()])?;
        }
    }
    Ok(())
}

/// Writes every row, such as a weight transmitted, with its source and all that the recorder notes.
pub fn write_rows(table: &mut Table, view: &View, data: &PlotData<'_>) -> Result<(), csv::Error> {
    let mut begun = false;
    for id in &view.sources {
        let Some((plan, rows)) = data.recordings.recorder(*id) else { continue };
        let RecorderKind::Rows { columns } = &plan.kind else { continue };
        let names = columns.iter().map(|(name, _)| name.as_str());
        if !std::mem::replace(&mut begun, true) {
            table.write_record(["time_ms", "population", "neuron"].into_iter().chain(names))?;
        }
        for ((time, sender), values) in rows.times.iter().zip(&rows.senders).zip(rows.values.chunks(columns.len())) {
            let (name, index) = match data.recordings.plan.member(*sender) {
                Some((members, index)) => (members.name.as_str(), index.to_string()),
                None => ("", sender.to_string()),
            };
            let values = values.iter().map(f64::to_string);
            table.write_record([exact(*time), name.to_owned(), index].into_iter().chain(values))?;
        }
    }
    Ok(())
}

/// Writes every bin of the histograms of the whole run, with the number of pairs and the sum of their weights.
pub fn write_correlogram(table: &mut Table, view: &View, data: &PlotData<'_>) -> Result<(), csv::Error> {
    table.write_record(["lag_ms", "detector", "pairs", "sum_of_weights"])?;
    let mut correlogram = Correlogram::default();
    correlogram.update(view, data);
    for track in correlogram.tracks() {
        for (lag, count) in track.histogram() {
            let (pairs, weights) = (count.pairs.to_string(), count.weights.to_string());
            table.write_record([&exact(lag), &track.name, &pairs, &weights])?;
        }
    }
    Ok(())
}

/// A time on the grid, without the noise of its last digits.
fn exact(time: f64) -> String {
    ((time * 1e6).round() / 1e6).to_string()
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

    fn lines(sample: &Sample, place: usize) -> Vec<String> {
        let bytes = export_csv(sample.view(place).id, &sample.data()).expect("the view exists");
        String::from_utf8(bytes).expect("CSV is text").lines().map(str::to_owned).collect()
    }

    #[test]
    fn spikes_are_written_one_a_line() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders) = (vec![0.1, 0.30000000000000004], vec![7, 101]);
        assert_eq!(lines(&sample, 0), ["time_ms,population,neuron", "0.1,Excitatory,7", "0.3,Inhibitory,1"]);
    }

    #[test]
    fn samples_have_a_column_for_each_quantity() {
        let mut sample = Sample::two_populations();
        sample.project.views[1].cells = vec![2];
        let lines = lines(&sample, 1);
        assert_eq!(lines[0], "time_ms,population,neuron,V_m_mV,g_ex_nS");
        assert_eq!(lines[1], format!("0.1,Excitatory,2,{},{}", Sample::value(0, 2, 0), Sample::value(0, 2, 1)));
        assert_eq!(lines.len(), 1 + sample.recordings.rows[1].times.len());
    }

    #[test]
    fn rates_are_written_for_whole_bins() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders) = (vec![6.0], vec![100]);
        sample.status.time = 12.0;
        let lines = lines(&sample, 2);
        assert_eq!(lines[0], "bin_start_ms,population,rate_per_s");
        assert_eq!(lines[3..], ["0,Inhibitory,0", "5,Inhibitory,8"]);
    }

    #[test]
    fn correlograms_are_written_with_empty_bins() {
        let mut sample = Sample::two_populations();
        sample.project.nodes[2].model = &spikeloom_engine::models::CORRELATION_DETECTOR;
        sample.project.nodes[2].params.insert("tau_max".into(), spikeloom_engine::description::Value::Real(0.5));
        sample.project.views[0].kind = spikeloom_engine::project::ViewKind::Correlogram;
        let columns = ["lags", "weights", "counts"].map(|name| (name.to_owned(), String::new())).into();
        sample.recordings.plan.recorders[0].kind = RecorderKind::Rows { columns };
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders, rows.values) = (vec![1.0; 2], vec![0; 2], vec![-0.5, 6.0, 3.0, 0.0, 0.5, 1.0]);
        let header = "lag_ms,detector,pairs,sum_of_weights";
        assert_eq!(lines(&sample, 0), [header, "-0.5,Spikes,3,6", "0,Spikes,1,0.5", "0.5,Spikes,0,0"]);
    }

    #[test]
    fn a_view_that_is_gone_is_an_error() {
        let sample = Sample::two_populations();
        assert!(matches!(export_csv(ViewId(77), &sample.data()), Err(ExportError::NoSuchPlot)));
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
