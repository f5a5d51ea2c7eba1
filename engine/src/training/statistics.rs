//! Statistics of what a project records, and how far they lie from their goals.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::analysis::{
    Bins, FEWEST_INTERVALS, active_time, mean, mean_cv, mean_pairwise_correlation, mean_rate, spike_trains,
};
use crate::description::Problem;
use crate::project::{Goal, Project, Statistic};
use crate::recordings::{Frame, RecorderKind, RecorderPlan, Recordings, Rows};
use crate::runtime::Simulation;

/// Steps after which a run looks whether it is wanted still.
const PIECE: u64 = 1000;

/// Runs a project to its duration and sums up ((statistic − target) / scale)² over the goals.
pub fn loss(project: &Project, goals: &[Goal], stop: &AtomicBool) -> Result<f64, Problem> {
    let recordings = run(project, stop)?;
    let term = |goal: &Goal| {
        // What is not defined, such as the irregularity of silent neurons, counts as 0.
        let distance = (statistic(project, &recordings, goal).unwrap_or(0.0) - goal.target) / goal.scale;
        distance * distance
    };
    Ok(goals.iter().map(term).sum())
}

/// Runs a project to its duration, unless it is stopped before.
pub fn run(project: &Project, stop: &AtomicBool) -> Result<Recordings, Problem> {
    let first = |problems: Vec<Problem>| problems.into_iter().next();
    let built = Simulation::build(project, &|_| true);
    let mut simulation = match built {
        Ok(simulation) => simulation,
        Err(problems) => {
            return Err(first(problems).unwrap_or_else(|| super::refused("the network cannot be built")));
        }
    };
    let steps = (project.simulation.duration / project.simulation.resolution).round().max(0.0) as u64;
    let mut recordings = Recordings::new(simulation.plan().clone());
    simulation.begin_run();
    let mut left = steps;
    while left > 0 {
        if stop.load(Ordering::Relaxed) {
            return Err(super::stopped());
        }
        let piece = left.min(PIECE);
        simulation.advance(piece)?;
        left -= piece;
    }
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    recordings.append(&mut frame);
    Ok(recordings)
}

/// The statistic of a goal; `None` where it is not defined.
pub fn statistic(project: &Project, recordings: &Recordings, goal: &Goal) -> Option<f64> {
    let (plan, rows) = recordings.recorder(goal.of)?;
    let recorder = project.node(goal.of)?;
    let trains = || {
        let spikes = rows.senders.iter().copied().zip(rows.times.iter().copied());
        spike_trains(spikes)
    };
    let duration = project.simulation.duration;
    match &goal.what {
        Statistic::Rate => {
            let reached = plan.sources.iter().filter_map(|id| recordings.plan.members_of(*id));
            let connections = reached.map(|members| plan.reach(members, None).connections).sum();
            mean_rate(rows.times.len() as u64, connections, active_time(recorder, duration))
        }
        Statistic::Cv => mean_cv(trains().values().map(Vec::as_slice), FEWEST_INTERVALS),
        Statistic::Correlation { bin } => {
            let origin = recorder.real("origin");
            let (start, stop) = ((origin + recorder.real("start")).max(0.0), origin + recorder.real("stop"));
            let bins = Bins::new(start, *bin)?;
            let counts: Vec<Vec<u32>> =
                trains().into_values().map(|train| bins.counts(train, stop.min(duration))).collect();
            mean_pairwise_correlation(&counts)
        }
        Statistic::Mean { variable } => mean(&over_neurons(plan, rows, variable)?),
        Statistic::Trace { variable, samples } => {
            let found = over_neurons(plan, rows, variable)?;
            let squares: Vec<f64> = found.iter().zip(samples).map(|(x, y)| (x - y) * (x - y)).collect();
            mean(&squares).map(f64::sqrt)
        }
    }
}

/// The samples of a quantity, mean over neurons at each time.
fn over_neurons(plan: &RecorderPlan, rows: &Rows, variable: &str) -> Option<Vec<f64>> {
    let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { return None };
    let place = variables.iter().position(|(name, _)| name == variable)?;
    let of_time = variables.len() * senders.len();
    if of_time == 0 {
        return None;
    }
    let at = |row: &[f64]| row.iter().skip(place).step_by(variables.len()).sum::<f64>() / senders.len() as f64;
    Some(rows.values.chunks_exact(of_time).map(at).collect())
}
