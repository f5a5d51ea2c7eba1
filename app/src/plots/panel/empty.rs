//! Why a plot shows nothing.

use spikeloom_engine::live::Phase;
use spikeloom_engine::project::{Node, NodeId, View};
use spikeloom_engine::recordings::RecorderKind;

use super::trials::has_rows;
use crate::plots::data::PlotData;
use crate::plots::kind::Kind;

/// Says why a plot is empty; `None` if it has something to show.
pub fn reason(kind: &Kind, view: &View, data: &PlotData<'_>) -> Option<String> {
    let recorders: Vec<&Node> =
        view.sources.iter().filter_map(|id| data.project.node(*id)).filter(|n| kind.takes(n.model)).collect();
    if recorders.is_empty() {
        return Some("No recorder chosen".into());
    }
    let ids: Vec<NodeId> = recorders.iter().map(|node| node.id).collect();
    let of_past = || data.past.iter().any(|trial| has_rows(&ids, trial.recordings));
    if has_rows(&ids, data.recordings) || of_past() {
        return nothing_left(&(kind.cells)(view), &recorders, data);
    }
    if !recorders.iter().any(|node| data.project.reaches(node.id)) {
        return Some(
            if recorders.len() == 1 { "The recorder is not connected" } else { "No recorder is connected" }.into(),
        );
    }
    match &data.status.phase {
        Phase::Failed(_) if data.status.time <= 0.0 => Some("The network cannot run yet, see its problems".into()),
        Phase::Failed(_) => Some("The run was stopped by an error".into()),
        _ if data.status.time <= 0.0 => Some(format!("Press play to see {}", kind.facts.shows)),
        _ => Some(why_nothing_came(kind, &recorders, data)),
    }
}

/// With data there, the choice of cells may still leave nothing.
fn nothing_left(cells: &[u32], recorders: &[&Node], data: &PlotData<'_>) -> Option<String> {
    if cells.is_empty() {
        return None;
    }
    let plan = &data.recordings.plan;
    let has_chosen_cell = recorders.iter().filter_map(|node| data.recordings.recorder(node.id)).any(|(recorder, _)| {
        match &recorder.kind {
            RecorderKind::Spikes | RecorderKind::Rows { .. } => {
                let mut sources = recorder.sources.iter().filter_map(|node| plan.members_of(*node));
                sources.any(|m| cells.iter().any(|c| *c < m.n))
            }
            RecorderKind::Samples { senders, .. } => {
                senders.iter().filter_map(|s| plan.member(*s)).any(|(_, index)| cells.contains(&index))
            }
        }
    });
    (!has_chosen_cell).then(|| "None of the chosen cells is recorded".into())
}

/// Time has passed and recorders are connected, yet there is not one row.
fn why_nothing_came(kind: &Kind, recorders: &[&Node], data: &PlotData<'_>) -> String {
    let now = data.status.time;
    let begin = recorders.iter().map(|n| n.real("origin") + n.real("start")).fold(f64::INFINITY, f64::min);
    if begin > now {
        return format!("Recording starts at {} ms", spikeloom_engine::description::number(begin));
    }
    let plans: Vec<_> = recorders.iter().filter_map(|n| data.recordings.recorder(n.id)).collect();
    if plans.is_empty() {
        return "The recorder takes part from the next run on".into();
    }
    if recorders.iter().all(|n| n.muted) {
        return "The recorder is muted".into();
    }
    let sources: Vec<&Node> =
        plans.iter().flat_map(|(plan, _)| &plan.sources).filter_map(|id| data.project.node(*id)).collect();
    if !sources.is_empty() && sources.iter().all(|n| n.muted) {
        return "Sources are muted".into();
    }
    (kind.nothing_yet)(recorders, data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::kinds;
    use crate::plots::sample::Sample;
    use spikeloom_engine::description::Value;
    use spikeloom_engine::models;

    fn why(sample: &Sample, place: usize) -> Option<String> {
        let view = sample.view(place);
        reason(kinds::find(&view.kind).expect("a known kind"), view, &sample.data())
    }

    fn choose(sample: &mut Sample, place: usize, cells: Vec<f64>) {
        sample.project.views[place].settings = vec![("cells".into(), Value::List(cells))];
    }

    #[test]
    fn a_plot_with_data_needs_no_excuse() {
        let sample = Sample::two_populations();
        assert_eq!([0, 1, 2].map(|place| why(&sample, place)), [None, None, None]);
    }

    #[test]
    fn before_the_run_it_asks_to_press_play() {
        let sample = Sample::before_the_run();
        assert_eq!(why(&sample, 0).as_deref(), Some("Press play to see spikes"));
        assert_eq!(why(&sample, 1).as_deref(), Some("Press play to see traces"));
    }

    #[test]
    fn recorders_that_are_missing_or_unconnected_are_named_first() {
        let mut sample = Sample::before_the_run().without_projection(2);
        assert_eq!(why(&sample, 1).as_deref(), Some("The recorder is not connected"));
        sample.project.views[1].sources.clear();
        assert_eq!(why(&sample, 1).as_deref(), Some("No recorder chosen"));
        sample.project.views[0].sources = vec![spikeloom_engine::project::NodeId(99)];
        assert_eq!(why(&sample, 0).as_deref(), Some("No recorder chosen"));
    }

    #[test]
    fn silence_is_told_with_the_time_that_has_passed() {
        let mut sample = Sample::before_the_run();
        sample.status.time = 350.0;
        assert_eq!(why(&sample, 0).as_deref(), Some("No spikes yet (0 in 350 ms)"));
        sample.status.time = 1000.0;
        assert_eq!(why(&sample, 0).as_deref(), Some("Sources are silent (0 spikes in 1,000 ms)"));
        sample.project.nodes[0].muted = true;
        sample.project.nodes[1].muted = true;
        assert_eq!(why(&sample, 0).as_deref(), Some("Sources are muted"));
        sample.project.nodes[2].params.insert("start".into(), Value::Real(5000.0));
        assert_eq!(why(&sample, 0).as_deref(), Some("Recording starts at 5000 ms"));
    }

    #[test]
    fn pairs_need_spikes_at_both_ports() {
        let mut sample = Sample::before_the_run();
        sample.project.nodes[2].model = &models::CORRELATION_DETECTOR;
        sample.project.views[0].kind = "correlogram".into();
        sample.status.time = 350.0;
        assert_eq!(why(&sample, 0).as_deref(), Some("Nothing comes to port 1: pairs need spikes at both ports"));
        sample.project.projections[1].receptor = 1;
        assert_eq!(why(&sample, 0).as_deref(), Some("No spikes so close to each other yet (in 350 ms)"));
    }

    #[test]
    fn a_choice_of_cells_that_are_not_there_is_told() {
        let mut sample = Sample::two_populations();
        choose(&mut sample, 1, vec![50.0]);
        assert_eq!(why(&sample, 1).as_deref(), Some("None of the chosen cells is recorded"));
        choose(&mut sample, 0, vec![50.0]);
        assert_eq!(why(&sample, 0), None);
    }
}
