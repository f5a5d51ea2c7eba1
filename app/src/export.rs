//! What a run has recorded as CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};

use spikeloom_engine::analysis::{LagCounts, NeuronActivity};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::Stored;
use spikeloom_engine::project::{Node, Project};
use spikeloom_engine::recordings::{RecorderKind, RecorderPlan, RecordingPlan, Rows};

/// The column of a recording that holds numbers of neurons.
const TARGETS: &str = "targets";

/// The rows of any recorder, by its kind.
///
/// Times are in ms, or steps where the recorder has `time_in_steps`: then spikes tell, as `offset_ms`, how long before the
/// end of their step they happened. Detectors of pairs give the histogram that they have counted.
pub fn recorder_csv(
    project: &Project,
    plan: &RecordingPlan,
    recorder: &RecorderPlan,
    rows: &Rows,
    out: impl Write,
) -> io::Result<()> {
    let node = project.node(recorder.node);
    let in_steps = node.and_then(|node| node.value("time_in_steps")) == Some(Value::Flag(true));
    let clock = if in_steps { Clock::Steps(project.simulation.resolution) } else { Clock::Ms };
    match (&recorder.kind, node) {
        (RecorderKind::Spikes, _) => spikes_csv(plan, rows, clock, out),
        (RecorderKind::Samples { variables, senders, .. }, _) => {
            samples_csv(plan, variables, senders, rows, clock, out)
        }
        (RecorderKind::Rows { columns }, Some(node)) if node.model.stores() == Some(Stored::Pairs) => {
            pairs_csv(node, columns, rows, out)
        }
        (RecorderKind::Rows { columns }, _) => columns_csv(plan, columns, rows, clock, out),
    }
}

/// How times are written.
#[derive(Clone, Copy)]
enum Clock {
    Ms,
    /// As numbers of steps of this many ms.
    Steps(f64),
}

impl Clock {
    fn header(self) -> &'static str {
        match self {
            Clock::Ms => "time_ms",
            Clock::Steps(_) => "time_steps",
        }
    }
    /// A time, and how long before the end of its step it lies.
    fn read(self, time: f64) -> (String, f64) {
        let Clock::Steps(h) = self else { return (time_text(time), 0.0) };
        let exact = time / h;
        let near = exact.round();
        let step = if (exact - near).abs() < 1e-9 * near.abs().max(1.0) { near } else { exact.ceil() };
        (step.to_string(), step * h - time)
    }
}

/// Rows with columns of their own, such as transmitted weights: `time_ms,sender_node,sender`, then each column. The
/// targets of synapses are told like senders.
fn columns_csv(
    plan: &RecordingPlan,
    columns: &[(String, String)],
    rows: &Rows,
    clock: Clock,
    out: impl Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let mut header = vec![clock.header(), "sender_node", "sender"];
    for (name, _) in columns {
        if name == TARGETS { header.extend(["target_node", "target"]) } else { header.push(name) }
    }
    table.write_record(header)?;
    let all = rows.times.iter().zip(&rows.senders).zip(rows.values.chunks(columns.len().max(1)));
    for ((time, sender), values) in all {
        let (node, index) = place(plan, *sender);
        let mut record = vec![clock.read(*time).0, node.to_owned(), index];
        for ((name, _), value) in columns.iter().zip(values) {
            if name == TARGETS {
                // Counted from 1, as NEST does.
                let (node, index) = place(plan, (*value - 1.0).max(0.0) as u32);
                record.extend([node.to_owned(), index]);
            } else {
                record.push(value_text(*value));
            }
        }
        table.write_record(record)?;
    }
    table.flush()
}

/// The histogram of a detector of pairs: a line a bin, with the lag in ms, the sum of the products of weights, and the
/// number of pairs. What the detector has recorded are the changes of its bins.
fn pairs_csv(detector: &Node, columns: &[(String, String)], rows: &Rows, out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    // Lag and, in a matrix, the channels; then weights and counts.
    let keys = columns.len().saturating_sub(2);
    let mut histograms: BTreeMap<Vec<i64>, LagCounts> = BTreeMap::new();
    for row in rows.values.chunks_exact(columns.len().max(1)) {
        let channels = row[1..keys].iter().map(|channel| *channel as i64).collect();
        histograms.entry(channels).or_default().add(row[0], row[keys + 1], row[keys]);
    }
    if keys == 1 {
        histograms.entry(Vec::new()).or_default();
    }
    let channels = columns[1..keys].iter().map(|(name, _)| name.as_str());
    table.write_record(["lag_ms"].into_iter().chain(channels).chain(["weights", "counts"]))?;
    let (width, most) = (detector.real("delta_tau"), detector.real("tau_max"));
    for (channels, histogram) in &histograms {
        for (lag, count) in histogram.histogram(width, most) {
            let channels = channels.iter().map(i64::to_string);
            let counted = [count.weights.to_string(), count.pairs.to_string()];
            table.write_record([time_text(lag)].into_iter().chain(channels).chain(counted))?;
        }
    }
    table.flush()
}

/// Spikes, one a row: `time_ms,sender_node,sender`. The sender is its index, from 0, in the
/// population `sender_node`.
fn spikes_csv(plan: &RecordingPlan, rows: &Rows, clock: Clock, out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let offsets = matches!(clock, Clock::Steps(_));
    let header = [clock.header(), "sender_node", "sender"];
    table.write_record(header.into_iter().chain(offsets.then_some("offset_ms")))?;
    for (time, sender) in rows.times.iter().zip(&rows.senders) {
        let (node, index) = place(plan, *sender);
        let (time, offset) = clock.read(*time);
        let fields = [time, node.to_owned(), index];
        table.write_record(fields.into_iter().chain(offsets.then(|| time_text(offset.max(0.0)))))?;
    }
    table.flush()
}

/// Samples, one row for each time and neuron: `time_ms,sender_node,sender`, then each sampled
/// quantity by its name; nothing where a muted wire gave no value. Senders are as for [`spikes_csv`].
fn samples_csv(
    plan: &RecordingPlan,
    variables: &[(String, String)],
    senders: &[u32],
    rows: &Rows,
    clock: Clock,
    out: impl Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let names = variables.iter().map(|(name, _)| name.as_str());
    table.write_record([clock.header(), "sender_node", "sender"].into_iter().chain(names))?;
    let width = variables.len();
    for (i, time) in rows.times.iter().enumerate() {
        let time = clock.read(*time).0;
        for (k, sender) in senders.iter().enumerate() {
            let (node, index) = place(plan, *sender);
            let first = (i * senders.len() + k) * width;
            let values = rows.values.get(first..first + width).unwrap_or_default();
            table.write_field(&time)?;
            table.write_field(node)?;
            table.write_field(&index)?;
            for value in values {
                table.write_field(value_text(*value))?;
            }
            table.write_record(None::<&[u8]>)?;
        }
    }
    table.flush()
}

/// Spikes, rate and regularity of each neuron that a recorder of spikes records, also of those that were silent:
/// `node,neuron,spikes,rate_per_s,cv`.
pub fn neurons_csv(activities: &[NeuronActivity], out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["node", "neuron", "spikes", "rate_per_s", "cv"])?;
    for neuron in activities {
        let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        table.write_record([
            neuron.population.clone(),
            neuron.index.to_string(),
            neuron.spikes.to_string(),
            text(neuron.rate),
            text(neuron.cv),
        ])?;
    }
    table.flush()
}

/// The weights of all synapses of a projection, as they are now: `from_node,from,to_node,to,weight,delay_ms`.
pub fn weights_csv(from: &str, to: &str, synapses: &[(u32, u32, f64, f64)], out: impl Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["from_node", "from", "to_node", "to", "weight", "delay_ms"])?;
    for (source, target, weight, delay) in synapses {
        let (source, target) = (source.to_string(), target.to_string());
        table.write_record([from, &source, to, &target, &weight.to_string(), &time_text(*delay)])?;
    }
    table.flush()
}

/// Name of the population that a neuron belongs to, and its index there.
fn place(plan: &RecordingPlan, number: u32) -> (&str, String) {
    match plan.member(number) {
        Some((members, index)) => (&members.name, index.to_string()),
        None => ("", number.to_string()),
    }
}

/// A number; nothing where there is none.
fn value_text(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

/// A time without the rounding errors of multiplying a step number; spikes between steps keep their digits.
fn time_text(time: f64) -> String {
    ((time * 1e9).round() / 1e9).to_string()
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models::find;
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
        let all = text(|out| spikes_csv(&plan(), &rows, Clock::Ms, out));
        assert_eq!(all, "time_ms,sender_node,sender\n0.3,E,1\n2,\"I, fast\",1\n3,E,0\n");
    }

    #[test]
    fn times_in_steps_come_with_the_offset() {
        let rows = Rows { times: vec![0.3, 0.1 + 0.2, 2.05], senders: vec![1, 1, 0], values: Vec::new() };
        let all = text(|out| spikes_csv(&plan(), &rows, Clock::Steps(0.1), out));
        assert_eq!(all, "time_steps,sender_node,sender,offset_ms\n3,E,1,0\n3,E,1,0\n21,E,0,0.05\n");
    }

    #[test]
    fn rows_have_their_columns_behind_the_sender_and_targets_are_told_by_name() {
        let columns = vec![("weights".into(), String::new()), ("targets".into(), String::new())];
        let rows = Rows { times: vec![1.0, 2.0], senders: vec![0, 4], values: vec![20.5, 3.0, -1.0, 4.0] };
        let kind = RecorderKind::Rows { columns };
        let recorder =
            RecorderPlan { node: NodeId(2), name: "w".into(), kind, sources: Vec::new(), connected: Vec::new() };
        let all = text(|out| recorder_csv(&Project::default(), &plan(), &recorder, &rows, out));
        let wanted =
            "time_ms,sender_node,sender,weights,target_node,target\n1,E,0,20.5,E,2\n2,\"I, fast\",1,-1,\"I, fast\",0\n";
        assert_eq!(all, wanted);
    }

    #[test]
    fn a_detector_of_pairs_gives_its_histogram() {
        let columns = ["lags", "weights", "counts"].map(|name| (name.to_owned(), String::new())).to_vec();
        let mut detector = Node::new(NodeId(2), "c", find("correlation_detector").unwrap());
        detector.params.insert("delta_tau".into(), Value::Real(1.0));
        detector.params.insert("tau_max".into(), Value::Real(1.0));
        let project = Project { nodes: vec![detector], ..Project::default() };
        let rows = Rows {
            times: vec![1.0, 1.0, 2.0],
            senders: vec![0, 0, 0],
            values: vec![-1.0, 2.0, 1.0, 0.0, 3.0, 1.0, -1.0, 4.0, 2.0],
        };
        let kind = RecorderKind::Rows { columns };
        let recorder =
            RecorderPlan { node: NodeId(2), name: "c".into(), kind, sources: Vec::new(), connected: Vec::new() };
        let all = text(|out| recorder_csv(&project, &plan(), &recorder, &rows, out));
        assert_eq!(all, "lag_ms,weights,counts\n-1,6,3\n0,3,1\n1,0,0\n");
    }

    #[test]
    fn samples_have_a_row_for_each_time_and_neuron() {
        let variables = vec![("V_m".to_owned(), "mV".to_owned()), ("I_syn_ex".into(), "pA".into())];
        let rows = Rows {
            times: vec![1.0, 2.0],
            senders: Vec::new(),
            values: vec![-70.0, 0.0, -60.5, 1e-9, -69.0, 1.0, f64::NAN, 2.0],
        };
        let all = text(|out| samples_csv(&plan(), &variables, &[0, 3], &rows, Clock::Ms, out));
        let last = all.lines().skip(3).collect::<Vec<_>>();
        assert!(all.starts_with("time_ms,sender_node,sender,V_m,I_syn_ex\n1,E,0,-70,0\n"));
        assert_eq!(last, ["2,E,0,-69,1", "2,\"I, fast\",0,,2"]);
    }
}
