//! A run on a thread of its own, and one that is pumped.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use super::*;
use crate::description::Value;
use crate::project::{NodeId, ProjectionId, read};
use crate::recordings::{Frame, Recordings};
use crate::runtime::Simulation;

const NETWORK: &str = r#"(nodes: {
    "E": (model: "iaf_psc_alpha", n: 40, params: (I_e: 450)),
    "noise": (model: "poisson_generator", params: (rate: 2000)),
    "spikes": (model: "spike_recorder"), "V": (model: "voltmeter"),
}, projections: [
    (from: "noise", to: "E", weight: 30, delay: 1.5), (from: "E", to: "E", rule: fixed_indegree(10), weight: -20, delay: 1.5),
    (from: "E", to: "spikes"), (from: "V", to: "E"),
])"#;

fn wait(engine: &Engine, what: impl Fn(&Status) -> bool) -> Status {
    let began = Instant::now();
    loop {
        let status = engine.status();
        if what(&status) {
            return status;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "waited in vain: {status:?}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn started() -> Engine {
    let (project, _) = read(NETWORK).unwrap();
    let engine = Engine::start(project, Arc::new(|| {}));
    wait(&engine, |s| s.phase == Phase::Paused);
    engine
}

/// What a run of 500 ms in one piece records.
fn plain_run() -> Frame {
    let (project, _) = read(NETWORK).unwrap();
    let mut simulation = Simulation::build(&project, &|_| true).unwrap();
    simulation.advance(5000).unwrap();
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    frame
}

fn record(engine: &mut Engine, into: &mut Recordings) {
    engine.drain(|frame| into.append(frame));
}

#[test]
fn the_window_records_what_a_plain_run_records() {
    let mut engine = started();
    let mut seen = Recordings::new(engine.plan().unwrap().clone());
    engine.send(Command::RunUntil(200.0));
    engine.send(Command::RunUntil(500.0));
    wait(&engine, |s| s.phase == Phase::Paused && s.time >= 499.99);
    record(&mut engine, &mut seen);
    let frame = plain_run();
    assert!(frame.rows[0].times.len() > 100);
    assert_eq!(seen.rows, frame.rows);
}

#[test]
fn going_back_makes_what_came_after_undone() {
    let mut engine = started();
    let mut seen = Recordings::new(engine.plan().unwrap().clone());
    let run_until = |engine: &Engine, ms: f64| {
        engine.send(Command::RunUntil(ms));
        wait(engine, |s| s.phase == Phase::Paused && (s.time - ms).abs() < 0.01);
    };
    run_until(&engine, 300.0);
    let mut plain = seen.clone();
    record(&mut engine, &mut plain);
    seen.rows.clone_from(&plain.rows);
    engine.send(Command::Keep);
    engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(900.0))] });
    run_until(&engine, 400.0);
    engine.send(Command::GoBack);
    wait(&engine, |s| s.phase == Phase::Paused && (s.time - 300.0).abs() < 0.01);
    record(&mut engine, &mut seen);
    assert_eq!(seen.rows, plain.rows);
    engine.send(Command::GoBack);
    assert_eq!(wait(&engine, |s| s.kept.is_some()).kept, Some(300.0));
}

#[test]
fn a_weight_changed_while_running_is_felt() {
    let mut engine = started();
    let mut seen = Recordings::new(engine.plan().unwrap().clone());
    engine.send(Command::SetWeight { projection: ProjectionId(0), weight: Value::Real(0.0) });
    engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(0.0))] });
    engine.send(Command::RunUntil(300.0));
    wait(&engine, |s| s.time >= 299.99);
    engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(600.0))] });
    engine.send(Command::RunUntil(600.0));
    wait(&engine, |s| s.phase == Phase::Paused && s.time >= 599.99);
    record(&mut engine, &mut seen);
    let spikes = &seen.rows[0].times;
    assert!(spikes.iter().all(|t| *t > 300.0), "silence before");
    assert!(spikes.len() > 100, "spikes after: {}", spikes.len());
}

#[test]
fn synapses_change_while_they_run() {
    let text = r#"(nodes: {
        "pre": (model: "iaf_psc_exp", params: (I_e: 500)), "post": (model: "iaf_psc_exp"),
        "w": (model: "weight_recorder") },
        projections: [(from: "pre", to: "post", weight: 10, synapse: "tsodyks_synapse", params: (U: 0.5), weight_recorder: "w")])"#;
    let (project, _) = read(text).unwrap();
    let mut engine = Engine::start(project.clone(), Arc::new(|| {}));
    wait(&engine, |s| s.phase == Phase::Paused);
    let mut seen = Recordings::new(engine.plan().unwrap().clone());
    engine.send(Command::RunUntil(200.0));
    wait(&engine, |s| s.time >= 199.99);
    let params = vec![("U".to_owned(), Value::Real(0.05))];
    engine.send(Command::SetSynapses { projection: ProjectionId(0), params: params.clone() });
    engine.send(Command::RunUntil(400.0));
    wait(&engine, |s| s.time >= 399.99);
    record(&mut engine, &mut seen);

    let run = |params: &[(String, Value)]| {
        let mut simulation = Simulation::build(&project, &|_| true).unwrap();
        simulation.advance(2000).unwrap();
        let told = simulation.set_synapses(ProjectionId(0), params);
        simulation.advance(2000).unwrap();
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        (told, frame.rows.swap_remove(0))
    };
    let (_, as_built) = run(&[]);
    let (told, changed) = run(&params);
    assert_eq!((told, &changed), (Ok(()), &seen.rows[0]));
    let width = as_built.values.len() / as_built.times.len();
    let before = as_built.times.iter().filter(|t| **t <= 200.0).count() * width;
    assert!(before > 0 && before < as_built.values.len());
    assert_eq!(as_built.values[..before], changed.values[..before]);
    assert_ne!(as_built.values[before..], changed.values[before..]);
    for (name, value) in [("U", 2.0), ("tau_rec", -1.0), ("u", 0.1), ("nothing", 1.0)] {
        let (told, rows) = run(&[("tau_psc".into(), Value::Real(7.0)), (name.into(), Value::Real(value))]);
        assert!(told.unwrap_err()[0].to_string().contains(name));
        assert_eq!(rows, as_built, "all or none");
    }
}

#[test]
fn a_refused_value_is_told_and_changes_nothing() {
    let engine = started();
    engine.send(Command::Set { node: NodeId(0), params: vec![("tau_m".into(), Value::Real(-1.0))] });
    let status = wait(&engine, |s| !s.refused.is_empty());
    assert!(status.refused[0].to_string().contains("tau_m"), "{}", status.refused[0]);
}

#[test]
fn the_speed_limit_holds() {
    let engine = started();
    engine.send(Command::SpeedLimit(Some(0.1)));
    let began = Instant::now();
    engine.send(Command::RunUntil(20.0));
    wait(&engine, |s| s.time >= 19.99);
    assert!(began.elapsed() >= Duration::from_millis(190));
}

#[test]
fn a_project_that_cannot_be_built_fails_with_its_problems() {
    let (mut project, _) = read(NETWORK).unwrap();
    project.nodes[0].params.insert("C_m".into(), Value::Real(0.0));
    let engine = Engine::start(project, Arc::new(|| {}));
    let status = wait(&engine, |s| matches!(s.phase, Phase::Failed(_)));
    let Phase::Failed(problems) = status.phase else { unreachable!("waited for it") };
    assert!(problems[0].to_string().contains("C_m"));
}

fn pump() -> Pump {
    let (project, _) = read(NETWORK).unwrap();
    Pump::build(&project, 0, &|_| true).unwrap()
}

#[test]
fn a_pump_goes_as_far_as_its_budget_of_steps() {
    let mut pump = pump();
    assert_eq!(pump.pump(Budget::Steps(10)), Pumped::Idle, "nobody told it to run");
    pump.obey(Command::RunUntil(2.5));
    assert_eq!((pump.pump(Budget::Steps(10)), pump.simulation().step()), (Pumped::Spent, 10));
    assert_eq!(pump.status().phase, Phase::Running);
    assert_eq!((pump.pump(Budget::Steps(100)), pump.simulation().step()), (Pumped::Idle, 25));
    assert!(pump.has_news() && pump.status().phase == Phase::Paused);
}

#[test]
fn a_budget_of_time_does_a_batch_at_least() {
    let mut pump = pump();
    pump.obey(Command::Run);
    assert_eq!(pump.pump(Budget::Time(Duration::ZERO)), Pumped::Spent);
    assert!(pump.simulation().step() > 0);
}

#[test]
fn any_budgets_record_what_a_plain_run_records() {
    let mut pump = pump();
    let mut seen = Recordings::new(pump.simulation().plan().clone());
    let mut frame = Frame::default();
    pump.obey(Command::RunUntil(500.0));
    let budgets = [Budget::Steps(7), Budget::Time(Duration::from_micros(300)), Budget::Steps(400)];
    for budget in budgets.into_iter().cycle() {
        let pumped = pump.pump(budget);
        pump.take_frame(&mut frame);
        seen.append(&mut frame);
        if pumped == Pumped::Idle {
            break;
        }
    }
    assert_eq!(seen.rows, plain_run().rows);
}

#[test]
fn a_pump_is_early_where_the_speed_limit_holds_it() {
    let mut pump = pump();
    // A step of 0.1 ms lasts 100 s.
    pump.obey(Command::SpeedLimit(Some(1e-6)));
    pump.obey(Command::Run);
    let Pumped::Early(wait) = pump.pump(Budget::Steps(5)) else { panic!("it is held back") };
    assert!(wait > Duration::from_secs(1) && wait <= Duration::from_secs(100), "{wait:?}");
    assert_eq!(pump.simulation().step(), 0);
    pump.obey(Command::SpeedLimit(None));
    assert_eq!((pump.pump(Budget::Steps(5)), pump.simulation().step()), (Pumped::Spent, 5));
}

#[test]
fn a_look_at_a_neuron_shows_what_the_voltmeter_records() {
    let mut engine = started();
    let mut recordings = Recordings::new(engine.plan().unwrap().clone());
    engine.send(Command::Look(Some(Look::Neuron(NodeId(0), 7))));
    let before = wait(&engine, |s| s.seen.is_some()).seen.unwrap();
    let potential = |seen: &Seen| seen.quantities.iter().find(|q| q.name == "V_m").expect("a potential").clone();
    assert_eq!((potential(&before).mean, potential(&before).unit), (-70.0, "mV"));
    engine.send(Command::RunUntil(200.0));
    let status = wait(&engine, |s| s.phase == Phase::Paused && s.time >= 199.99);
    record(&mut engine, &mut recordings);
    let rows = &recordings.rows[1];
    let neurons = rows.values.len() / rows.times.len();
    let last = rows.values[rows.values.len() - neurons..][7];
    assert_eq!(potential(&status.seen.unwrap()).mean, last);
    engine.send(Command::Set { node: NodeId(0), params: vec![("V_m".into(), Value::Real(-61.5))] });
    wait(&engine, |s| s.seen.as_ref().is_some_and(|seen| potential(seen).mean == -61.5));
    engine.send(Command::Look(None));
    wait(&engine, |s| s.seen.is_none());
}

#[test]
fn a_look_at_a_neuron_shows_every_entry_of_its_lists() {
    let text = r#"(nodes: {
        "A": (model: "glif_psc", params: (spike_dependent_threshold: true, after_spike_currents: true,
            asc_decay: [0.003, 0.1, 0.5], asc_amps: [-9, -190, 30], asc_r: [1, 1, 1], asc_init: [0, 0, 0],
            ASCurrents: [0, 0, 0])),
        "I": (model: "dc_generator", params: (amplitude: 400)),
    }, projections: [(from: "I", to: "A")])"#;
    let (project, _) = read(text).unwrap();
    let mut pump = Pump::build(&project, 0, &|_| true).unwrap();
    pump.obey(Command::RunUntil(100.0));
    while pump.pump(Budget::Steps(100)) != Pumped::Idle {}
    let seen = Look::Neuron(NodeId(0), 0).at(pump.simulation());
    let told = |name: &str| seen.quantities.iter().find(|q| q.name == name).unwrap_or_else(|| panic!("no {name}")).mean;
    let each = [told("ASCurrents_1"), told("ASCurrents_2"), told("ASCurrents_3")];
    assert!(each[0] < -9.0 && each[1] < 0.0 && each[2] > 0.0, "it has fired: {each:?}");
}

#[test]
fn a_look_at_synapses_sums_up_their_weights_and_state() {
    let text = NETWORK.replace(
        "weight: -20, delay: 1.5)",
        "weight: uniform(low: 10, high: 30), delay: 1.5, synapse: \"tsodyks2_synapse\", params: (u: 0.25))",
    );
    let (project, _) = read(&text).unwrap();
    let pump = Pump::build(&project, 0, &|_| true).unwrap();
    let seen = Look::Synapses(ProjectionId(1)).at(pump.simulation());
    let find = |name| seen.quantities.iter().find(|q| q.name == name).unwrap_or_else(|| panic!("no {name}: {seen:?}"));
    let weight = find("weight");
    assert_eq!(weight.count, 400);
    assert!(weight.smallest >= 10.0 && weight.largest <= 30.0 && (weight.mean - 20.0).abs() < 1.5, "{weight:?}");
    assert!((weight.std - 20.0 / 12f64.sqrt()).abs() < 0.5, "{weight:?}");
    assert_eq!((find("u").mean, find("u").std), (0.25, 0.0));
}

#[test]
fn a_neuron_tells_its_targets_and_sources_with_their_weights() {
    let text = NETWORK.replace("weight: -20,", "weight: uniform(low: 10, high: 30),");
    let (project, _) = read(&text).unwrap();
    let mut pump = Pump::build(&project, 0, &|_| true).unwrap();
    let all = pump.simulation().synapses_of(ProjectionId(1));
    for (direction, neuron) in [(Direction::Targets, 3), (Direction::Sources, 39)] {
        let asked = Asked { node: NodeId(0), neuron, direction };
        pump.obey(Command::Connections(Some(asked)));
        let told = pump.status().connections.expect("an answer");
        assert_eq!(told.asked, asked);
        let bundle = told.bundles.iter().find(|bundle| bundle.projection == ProjectionId(1)).expect("its own");
        let outgoing = direction == Direction::Targets;
        let ends = |s: &(u32, u32, f64, f64)| if outgoing { (s.0, s.1) } else { (s.1, s.0) };
        let ours = all.iter().filter(|s| ends(s).0 == neuron as u32);
        let mut wanted: Vec<(u32, f64)> = ours.map(|s| (ends(s).1, s.2)).collect();
        wanted.sort_by_key(|(other, _)| *other);
        assert_eq!((bundle.node, &bundle.synapses), (NodeId(0), &wanted));
        let mut neurons: Vec<u32> = wanted.iter().map(|(other, _)| *other).collect();
        neurons.dedup();
        assert_eq!(bundle.neurons(), neurons.len());
        let mean = wanted.iter().map(|(_, weight)| weight).sum::<f64>() / wanted.len() as f64;
        assert!((bundle.mean_weight() - mean).abs() < 1e-12 && (10.0..30.0).contains(&mean));
        if !outgoing {
            assert_eq!(wanted.len(), 10, "the rule gives each ten sources");
        }
    }
    pump.obey(Command::Connections(None));
    assert_eq!(pump.status().connections, None);
}
