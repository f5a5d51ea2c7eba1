//! Tables of what plots show, as CSV.

use spikeloom_engine::recordings::RecorderKind;

use super::data::Shown;

/// A CSV file in memory.
pub type Table = csv::Writer<Vec<u8>>;

/// A time on the grid, without the noise of its last digits.
pub fn exact(time: f64) -> String {
    ((time * 1e6).round() / 1e6).to_string()
}

/// Writes every row, such as a weight transmitted, with its source and all that the recorder notes.
///
/// # Errors
/// If the table takes no more.
pub fn write_rows<S>(table: &mut Table, shown: &Shown<'_, S>) -> Result<(), csv::Error> {
    let mut begun = false;
    for id in shown.sources {
        let Some((plan, rows)) = shown.recordings.recorder(*id) else { continue };
        let RecorderKind::Rows { columns } = &plan.kind else { continue };
        let names = columns.iter().map(|(name, _)| name.as_str());
        if !std::mem::replace(&mut begun, true) {
            table.write_record(["time_ms", "population", "neuron"].into_iter().chain(names))?;
        }
        for ((time, sender), values) in rows.times.iter().zip(&rows.senders).zip(rows.values.chunks(columns.len())) {
            let (name, index) = match shown.recordings.plan.member(*sender) {
                Some((members, index)) => (members.name.as_str(), index.to_string()),
                None => ("", sender.to_string()),
            };
            let values = values.iter().map(f64::to_string);
            table.write_record([exact(*time), name.to_owned(), index].into_iter().chain(values))?;
        }
    }
    Ok(())
}
