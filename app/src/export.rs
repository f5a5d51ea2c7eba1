//! What a run has recorded as CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};

use spikeloom_engine::analysis::{LagCounts, NeuronActivity};
use spikeloom_engine::live::files;
use spikeloom_engine::models::Stored;
use spikeloom_engine::project::{Node, Project};
use spikeloom_engine::recordings::table::{self, Clock};
use spikeloom_engine::recordings::{RecorderKind, RecorderPlan, RecordingPlan, Rows};

/// The rows of any recorder, by its kind, as [`table`] tells them: in steps where the recorder has `time_in_steps`. Detectors
/// of pairs give the histogram that they have counted.
pub fn recorder_csv(
    project: &Project,
    plan: &RecordingPlan,
    recorder: &RecorderPlan,
    rows: &Rows,
    mut out: impl Write,
) -> io::Result<()> {
    let node = project.node(recorder.node);
    match (&recorder.kind, node) {
        (RecorderKind::Rows { columns }, Some(node)) if node.model.stores() == Some(Stored::Pairs) => {
            pairs_csv(node, columns, rows, out)
        }
        (kind, node) => {
            let clock = node.map_or(Clock::Ms, |node| files::clock(node, project.simulation.resolution));
            table::write_header(kind, clock, &mut out)?;
            table::write_rows(plan, kind, rows, clock, &mut out)?;
            out.flush()
        }
    }
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

/// A time without the rounding errors of multiplying a step number.
fn time_text(time: f64) -> String {
    table::plain_time(time).to_string()
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::description::Value;
    use spikeloom_engine::models::find;
    use spikeloom_engine::project::NodeId;
    use spikeloom_engine::recordings::Members;

    use super::*;

    fn plan() -> RecordingPlan {
        let members = vec![Members { node: NodeId(0), name: "E".into(), first: 0, n: 3 }];
        RecordingPlan { members, recorders: Vec::new() }
    }
    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
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
}
