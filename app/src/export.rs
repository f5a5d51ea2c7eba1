//! The rows of a recorder as CSV.

use std::io::{self, Write};

use spikeloom_engine::recordings::{RecorderKind, RecorderPlan, RecordingPlan, Rows};

/// The rows of any recorder: [`spikes_csv`] or [`samples_csv`], by its kind.
pub fn recorder_csv(
    plan: &RecordingPlan,
    recorder: &RecorderPlan,
    rows: &Rows,
    range: Option<(f64, f64)>,
    out: impl Write,
) -> io::Result<()> {
    match &recorder.kind {
        RecorderKind::Spikes => spikes_csv(plan, rows, range, out),
        RecorderKind::Samples { .. } => samples_csv(plan, recorder, rows, range, out),
        RecorderKind::Rows { columns } => columns_csv(plan, columns, rows, range, out),
    }
}

/// Rows with columns of their own, such as transmitted weights: `time_ms,sender_node,sender`, then each column.
fn columns_csv(
    plan: &RecordingPlan,
    columns: &[(String, String)],
    rows: &Rows,
    range: Option<(f64, f64)>,
    out: impl Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let names = columns.iter().map(|(name, _)| name.as_str());
    table.write_record(["time_ms", "sender_node", "sender"].into_iter().chain(names))?;
    let all = rows.times.iter().zip(&rows.senders).zip(rows.values.chunks(columns.len().max(1)));
    for ((time, sender), values) in all.filter(|((time, _), _)| within(**time, range)) {
        let (node, index) = place(plan, *sender);
        let fixed = [time_text(*time), node.to_owned(), index];
        table.write_record(fixed.into_iter().chain(values.iter().map(f64::to_string)))?;
    }
    table.flush()
}

/// Spikes, one a row: `time_ms,sender_node,sender`. The sender is its index, from 0, in the
/// population `sender_node`. Only times within `range` (both ends included, ms), if given.
pub fn spikes_csv(plan: &RecordingPlan, rows: &Rows, range: Option<(f64, f64)>, out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["time_ms", "sender_node", "sender"])?;
    for (time, sender) in rows.times.iter().zip(&rows.senders).filter(|(time, _)| within(**time, range)) {
        let (node, index) = place(plan, *sender);
        table.write_record([time_text(*time).as_str(), node, &index])?;
    }
    table.flush()
}

/// Samples, one row for each time and neuron: `time_ms,sender_node,sender`, then each sampled
/// quantity by its name. Sender and `range` are as for [`spikes_csv`]. For a recorder of
/// spikes there is nothing but the header.
pub fn samples_csv(
    plan: &RecordingPlan,
    recorder: &RecorderPlan,
    rows: &Rows,
    range: Option<(f64, f64)>,
    out: impl Write,
) -> io::Result<()> {
    let (variables, senders) = match &recorder.kind {
        RecorderKind::Samples { variables, senders, .. } => (variables.as_slice(), senders.as_slice()),
        RecorderKind::Spikes | RecorderKind::Rows { .. } => (&[][..], &[][..]),
    };
    let mut table = csv::Writer::from_writer(out);
    let names = variables.iter().map(|(name, _)| name.as_str());
    table.write_record(["time_ms", "sender_node", "sender"].into_iter().chain(names))?;
    let width = variables.len();
    for (i, time) in rows.times.iter().enumerate().filter(|(_, time)| within(**time, range)) {
        let time = time_text(*time);
        for (k, sender) in senders.iter().enumerate() {
            let (node, index) = place(plan, *sender);
            let first = (i * senders.len() + k) * width;
            let values = rows.values.get(first..first + width).unwrap_or_default();
            table.write_field(&time)?;
            table.write_field(node)?;
            table.write_field(&index)?;
            for value in values {
                table.write_field(value.to_string())?;
            }
            table.write_record(None::<&[u8]>)?;
        }
    }
    table.flush()
}

fn within(time: f64, range: Option<(f64, f64)>) -> bool {
    range.is_none_or(|(from, to)| from <= time && time <= to)
}

/// Name of the population that a neuron belongs to, and its index there.
fn place(plan: &RecordingPlan, number: u32) -> (&str, String) {
    match plan.member(number) {
        Some((members, index)) => (&members.name, index.to_string()),
        None => ("", number.to_string()),
    }
}

/// A time without the rounding errors of multiplying a step number; spikes between steps keep their digits.
fn time_text(time: f64) -> String {
    ((time * 1e9).round() / 1e9).to_string()
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::project::NodeId;
    use spikeloom_engine::recordings::Members;

    use super::*;

    fn plan() -> RecordingPlan {
        let member = |id, name: &str, first, n| Members { node: NodeId(id), name: name.into(), first, n };
        RecordingPlan { members: vec![member(0, "E", 0, 3), member(1, "I, fast", 3, 2)], recorders: Vec::new() }
    }
    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn spikes_name_population_and_index() {
        let rows = Rows { times: vec![0.1 + 0.2, 2.0, 3.0], senders: vec![1, 4, 0], values: Vec::new() };
        let all = text(|out| spikes_csv(&plan(), &rows, None, out));
        assert_eq!(all, "time_ms,sender_node,sender\n0.3,E,1\n2,\"I, fast\",1\n3,E,0\n");
        let part = text(|out| spikes_csv(&plan(), &rows, Some((2.0, 2.5)), out));
        assert_eq!(part, "time_ms,sender_node,sender\n2,\"I, fast\",1\n");
    }

    #[test]
    fn rows_have_their_columns_behind_the_sender() {
        let columns = vec![("weights".into(), String::new()), ("targets".into(), String::new())];
        let rows = Rows { times: vec![1.0, 2.0], senders: vec![0, 4], values: vec![20.5, 3.0, -1.0, 2.0] };
        let kind = RecorderKind::Rows { columns };
        let recorder = RecorderPlan { node: NodeId(2), name: "w".into(), kind, sources: Vec::new() };
        let all = text(|out| recorder_csv(&plan(), &recorder, &rows, Some((1.5, 9.0)), out));
        assert_eq!(all, "time_ms,sender_node,sender,weights,targets\n2,\"I, fast\",1,-1,2\n");
    }

    #[test]
    fn samples_have_a_row_for_each_time_and_neuron() {
        let variables = vec![("V_m".into(), "mV".into()), ("I_syn_ex".into(), "pA".into())];
        let kind = RecorderKind::Samples { variables, senders: vec![0, 3], interval: 1.0 };
        let recorder = RecorderPlan { node: NodeId(2), name: "m".into(), kind, sources: Vec::new() };
        let rows = Rows {
            times: vec![1.0, 2.0],
            senders: Vec::new(),
            values: vec![-70.0, 0.0, -60.5, 1e-9, -69.0, 1.0, -59.0, 2.0],
        };
        let part = text(|out| recorder_csv(&plan(), &recorder, &rows, Some((1.5, 9.0)), out));
        assert_eq!(part, "time_ms,sender_node,sender,V_m,I_syn_ex\n2,E,0,-69,1\n2,\"I, fast\",0,-59,2\n");
        assert_eq!(text(|out| recorder_csv(&plan(), &recorder, &rows, None, out)).lines().count(), 5);
    }
}
