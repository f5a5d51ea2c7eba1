use super::*;
use crate::network::view::Neuron;
use crate::network::{Events, Network, Rule, normal, uniform};

/// Driven neurons with a spike recorder and a voltmeter.
fn driven(n: usize) -> (Simulator, NodeView, NodeView, NodeView) {
    let mut simulator = Simulator::new();
    let cells = simulator.create("iaf_psc_exp", n, &[("I_e", 500.0.into())]).unwrap();
    let spikes = simulator.create("spike_recorder", 1, &[]).unwrap();
    let meter = simulator.create("voltmeter", 1, &[]).unwrap();
    simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default()).unwrap();
    simulator.connect(&meter, &cells, Rule::AllToAll, Synapse::default()).unwrap();
    (simulator, cells, spikes, meter)
}

/// A noisy recurrent network and its spikes.
fn noisy(seed: u64, threads: usize) -> Vec<(f64, usize)> {
    let mut simulator = Simulator::new().with_seed(seed).with_threads(threads);
    let cells = simulator.create("iaf_psc_exp", 200, &[("V_m", normal(-62.0, 5.0))]).unwrap();
    let noise = simulator.create("poisson_generator", 1, &[("rate", 9000.0.into())]).unwrap();
    let spikes = simulator.create("spike_recorder", 1, &[]).unwrap();
    simulator.connect(&noise, &cells, Rule::AllToAll, 20.0).unwrap();
    let weights = Synapse::default().weight(normal(10.0, 3.0)).delay(uniform(1.0, 3.0));
    simulator.connect(&cells, &cells, Connection::fixed_indegree(20), weights).unwrap();
    simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default()).unwrap();
    let mut all = Vec::new();
    for _ in 0..3 {
        let events = simulator.simulate(50.0).unwrap().spikes(&cells).unwrap();
        all.extend(events.times.into_iter().zip(events.senders.iter().map(|sender| sender.index)));
    }
    all
}

#[test]
fn two_simulators_on_two_threads_give_the_bits_of_one_alone() {
    let [a, b] = [(7, 1), (7, 2)].map(|(seed, threads)| std::thread::spawn(move || noisy(seed, threads)));
    let mut other = Simulator::new();
    other.create("iaf_psc_exp", 3, &[]).unwrap();
    other.simulate(10.0).unwrap();
    let (a, b) = (a.join().unwrap(), b.join().unwrap());
    assert!(a.len() > 100, "{}", a.len());
    assert_eq!(a, b);
    assert_eq!(noisy(7, 1), a);
    assert_ne!(noisy(8, 1), a);
}

#[test]
fn a_run_goes_on_and_begins_again() {
    let (mut simulator, cells, spikes, _) = driven(3);
    let whole = simulator.simulate(100.0).unwrap().spikes(&spikes).unwrap();
    simulator.reset();
    assert_eq!(simulator.time(), 0.0);
    let parts: Vec<Events> = (0..4).map(|_| simulator.simulate(25.0).unwrap().spikes(&spikes).unwrap()).collect();
    assert_eq!(parts.iter().flat_map(|events| events.times.clone()).collect::<Vec<_>>(), whole.times);
    let later = simulator.simulate(50.0).unwrap();
    assert_eq!((later.begin(), later.end(), simulator.time()), (100.0, 150.0, 150.0));
    assert!(simulator.simulate(-1.0).is_err() && simulator.simulate(f64::NAN).is_err());
    assert_eq!(simulator.create("iaf_psc_exp", 1, &[]), Err(Error::Begun));
    assert!(matches!(simulator.connect(&cells, &spikes, Rule::AllToAll, 1.0), Err(Error::Begun)));
    simulator.reset();
    assert!(simulator.create("iaf_psc_exp", 1, &[]).is_ok());
}

#[test]
fn results_are_read_by_recorder_and_by_neuron() {
    let (mut simulator, cells, spikes, meter) = driven(4);
    simulator.set(&cells.slice(2..).unwrap(), "I_e", 700.0).unwrap();
    let result = simulator.simulate(200.0).unwrap();
    let all = result.spikes(&spikes).unwrap();
    let trains = all.trains(&cells);
    assert_eq!(trains[0], trains[1]);
    assert!(trains[2].len() > trains[0].len() && trains[2] == trains[3]);
    assert_eq!(result.n_events(&spikes).unwrap(), trains.iter().map(Vec::len).sum::<usize>());
    let fast = cells.slice(2..).unwrap();
    assert_eq!(result.n_events(&fast).unwrap(), 2 * trains[2].len());
    assert!((result.rate(&fast).unwrap() - trains[2].len() as f64 / 0.2).abs() < 1e-9);
    assert!((result.rate(&spikes).unwrap() - all.times.len() as f64 / 4.0 / 0.2).abs() < 1e-9);
    let [by_meter, by_cells] = [&meter, &cells].map(|view| result.trace(view, "V_m").unwrap());
    assert_eq!(by_meter, by_cells);
    assert_eq!((by_meter.unit.as_str(), by_meter.neurons.len()), ("mV", 4));
    assert!(by_meter.values.iter().all(|values| values.len() == by_meter.times.len()));
    let one = result.trace(&cells.slice(3..).unwrap(), "V_m").unwrap();
    assert_eq!(one.values[0], by_meter.values[3]);
    assert!(result.trace(&meter, "I_syn_ex").unwrap_err().to_string().contains("sampled are V_m"));
    assert_eq!(result.trace(&spikes, "V_m"), Err(Error::NotRecorded));
    assert_eq!(result.spikes(&meter), Err(Error::NotRecorded));
}

#[test]
fn a_view_of_several_nodes_counts_as_one_population() {
    let mut simulator = Simulator::new();
    let a = simulator.create("iaf_psc_exp", 30, &[]).unwrap();
    let b = simulator.create("iaf_psc_exp", 10, &[]).unwrap();
    let all = &a + &b;
    let rule = || Connection::fixed_indegree(8).autapses(false).multapses(false);
    simulator.connect(&all, &all, rule(), 10.0).unwrap();
    let onto = |simulator: &mut Simulator, neuron: usize| {
        let target = all.slice(neuron..=neuron).unwrap();
        simulator.get_connections(None, Some(&target), None).unwrap()
    };
    for neuron in 0..all.len() {
        let found = onto(&mut simulator, neuron);
        assert_eq!(found.len(), 8, "of both together");
        let mut sources: Vec<Neuron> = found.sources().collect();
        sources.sort();
        sources.dedup();
        assert!(sources.len() == 8 && !sources.contains(&all.get(neuron).unwrap()));
    }
    let from_b = simulator.get_connections(Some(&b), None, None).unwrap().len();
    assert!((40..=120).contains(&from_b), "a quarter of 320, in the mean: {from_b}");
    // A part that shares neurons with the targets, but is not the same: degrees could not be kept.
    let part = a.slice(5..).unwrap();
    assert!(simulator.connect(&part, &all, rule(), 10.0).unwrap_err().to_string().contains("in common"));
    assert!(simulator.connect(&part, &all, rule().autapses(true), 10.0).is_ok());
    let twice = &a + &part;
    assert!(simulator.connect(&twice, &b, Rule::AllToAll, 10.0).unwrap_err().to_string().contains("twice"));
    let refusal = simulator.connect(&part, &b, Rule::OneToOne, 10.0).unwrap_err().to_string();
    assert!(refusal.contains("one_to_one needs populations of the same size"), "{refusal}");
}

#[test]
fn parts_are_connected_as_they_are() {
    let mut simulator = Simulator::new();
    let a = simulator.create("iaf_psc_exp", 6, &[]).unwrap();
    let (front, back) = (a.slice(..3).unwrap(), a.slice(3..).unwrap());
    let list = Synapse::default().weight(vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0], vec![7.0, 8.0, 9.0]]);
    simulator.connect(&front, &back, Rule::AllToAll, list).unwrap();
    simulator.connect(&back, &front, Rule::OneToOne, Synapse::default().weight(vec![-1.0, -2.0, -3.0])).unwrap();
    let found = simulator.get_connections(Some(&front), Some(&a.slice(4..5).unwrap()), None).unwrap();
    assert_eq!(simulator.get_synapses(&found, "weight").unwrap(), [4.0, 5.0, 6.0]);
    let back_again = simulator.get_connections(Some(&back), Some(&front), None).unwrap();
    let ends: Vec<_> = back_again.iter().map(|(source, target)| (source.index, target.index)).collect();
    assert_eq!(ends, [(3, 0), (4, 1), (5, 2)]);
    assert_eq!(simulator.get_synapses(&back_again, "weight").unwrap(), [-1.0, -2.0, -3.0]);
    let again = Network::read(&simulator.write()).unwrap();
    assert_eq!(again.write(), simulator.write());
}

#[test]
fn weights_are_set_one_by_one_before_and_while_it_runs() {
    // One weight and delay, drawn weights, drawn weights and delays: three ways to keep them, and a plastic one.
    let plain = Synapse::default().weight(5.0).delay(2.0);
    let drawn = || Synapse::default().weight(normal(5.0, 1.0)).delay(2.0);
    let late = || Synapse::default().weight(normal(5.0, 1.0)).delay(uniform(1.0, 20.0));
    let plastic = Synapse::new("stdp_synapse").weight(5.0).delay(2.0);
    let cells = ("iaf_psc_exp", vec![("I_e", 450.0.into())]);
    // Repeaters take every spike, whatever its weight, which is told as it was given.
    let repeaters = ("parrot_neuron", Vec::new());
    let synapses = [plain, drawn(), late(), plastic]
        .into_iter()
        .flat_map(|synapse| [(&cells, synapse.clone()), (&repeaters, synapse)]);
    for ((model, params), synapse) in synapses {
        let mut simulator = Simulator::new();
        let cells = simulator.create(model, 20, params).unwrap();
        simulator.connect(&cells, &cells, Connection::fixed_indegree(5), synapse).unwrap();
        let all = simulator.get_connections(None, None, None).unwrap();
        let before = simulator.get_synapses(&all, "weight").unwrap();
        let first = all.filter(|source, _| source.index == 0);
        simulator.set_synapses(&first, "weight", 7.25).unwrap();
        let check = |simulator: &mut Simulator, expected: f64, others: &[f64]| {
            let weights = simulator.get_synapses(&all, "weight").unwrap();
            for ((weight, before), source) in weights.iter().zip(others).zip(all.sources()) {
                assert_eq!(*weight, if source.index == 0 { expected } else { *before });
            }
        };
        check(&mut simulator, 7.25, &before);
        simulator.simulate(30.0).unwrap();
        let now = simulator.get_synapses(&all, "weight").unwrap();
        simulator.set_synapses(&first, "weight", -3.125).unwrap();
        check(&mut simulator, -3.125, &now);
        simulator.simulate(30.0).unwrap();
        let refusal = simulator.set_synapses(&first, "delay", 3.0).unwrap_err().to_string();
        assert!(refusal.contains("before the first `simulate`"), "{refusal}");
        simulator.reset();
        simulator.set_synapses(&first, "delay", 3.0).unwrap();
        assert!(simulator.get_synapses(&first, "delay").unwrap().iter().all(|d| *d == 3.0));
    }
}

#[test]
fn weights_of_late_spikes_are_set_while_they_are_on_their_way() {
    for weight in [normal(5.0, 1.0), Value::Real(5.0)] {
        let mut simulator = Simulator::new();
        let cells = simulator.create("iaf_psc_exp", 20, &[("I_e", 450.0.into())]).unwrap();
        let synapse = Synapse::default().weight(weight).delay(uniform(1.0, 20.0));
        simulator.connect(&cells, &cells, Connection::fixed_indegree(5), synapse).unwrap();
        let all = simulator.get_connections(None, None, None).unwrap();
        simulator.simulate(45.0).unwrap();
        let list: Vec<f64> = (0..all.len()).map(|i| 0.1 * i as f64).collect();
        simulator.set_synapses(&all, "weight", list.clone()).unwrap();
        simulator.simulate(100.0).unwrap();
        assert_eq!(simulator.get_synapses(&all, "weight").unwrap(), list);
    }
}

#[test]
fn a_weight_set_while_it_runs_acts() {
    // A relay sends to two neurons; one of the two weights is changed between spikes.
    let mut simulator = Simulator::new();
    let times = Value::List(vec![5.0, 55.0]);
    let given = simulator.create("spike_generator", 1, &[("spike_times", times)]).unwrap();
    let relay = simulator.create("parrot_neuron", 1, &[]).unwrap();
    let cells = simulator.create("iaf_psc_exp", 2, &[]).unwrap();
    let meter = simulator.create("voltmeter", 1, &[("interval", 0.1.into())]).unwrap();
    simulator.connect(&given, &relay, Rule::AllToAll, 1.0).unwrap();
    simulator.connect(&relay, &cells, Rule::AllToAll, 100.0).unwrap();
    simulator.connect(&meter, &cells, Rule::AllToAll, Synapse::default()).unwrap();
    let peak = |result: &SimulationResult, i: usize| {
        result.trace(&cells, "V_m").unwrap().values[i].iter().fold(f64::NEG_INFINITY, |most, v| most.max(*v)) + 70.0
    };
    let first = simulator.simulate(50.0).unwrap();
    assert_eq!(peak(&first, 0), peak(&first, 1));
    let onto = simulator.get_connections(Some(&relay), Some(&cells.slice(1..).unwrap()), None).unwrap();
    simulator.set_synapses(&onto, "weight", 300.0).unwrap();
    let second = simulator.simulate(50.0).unwrap();
    assert!((peak(&second, 1) / peak(&second, 0) - 3.0).abs() < 0.05, "{} {}", peak(&second, 1), peak(&second, 0));
}

#[test]
fn weights_that_do_not_count_are_told_as_they_were_given() {
    for (model, synapse) in [("parrot_neuron", "static_synapse"), ("parrot_neuron_ps", "cont_delay_synapse")] {
        for weight in [Value::Real(1.5), Value::List(vec![0.5, -2.0, 3.0]), normal(5.0, 1.0)] {
            let mut simulator = Simulator::new();
            let times = Value::List(vec![5.0, 15.0]);
            let given = simulator.create("spike_generator", 3, &[("spike_times", times)]).unwrap();
            let [first, second] = [3, 3].map(|n| simulator.create(model, n, &[]).unwrap());
            let mut told = Vec::new();
            for (from, to, name) in [(&given, &first, "static_synapse"), (&first, &second, synapse)] {
                let made = Synapse::new(name).weight(weight.clone());
                simulator.connect(from, to, Rule::OneToOne, made).unwrap();
                told.push(simulator.get_connections(Some(from), None, None).unwrap());
            }
            let spikes = simulator.create("spike_recorder", 1, &[]).unwrap();
            simulator.connect(&second, &spikes, Rule::AllToAll, Synapse::default()).unwrap();
            let result = simulator.simulate(20.0).unwrap();
            assert_eq!(result.n_events(&spikes).unwrap(), 6, "weights do not count");
            for all in &told {
                let weights = simulator.get_synapses(all, "weight").unwrap();
                match &weight {
                    Value::Real(w) => assert_eq!(weights, [*w; 3]),
                    Value::List(list) => assert_eq!(weights, *list),
                    _ => assert!(weights.iter().all(|w| (w - 5.0).abs() < 5.0) && weights[0] != weights[1]),
                }
            }
        }
    }
}

#[test]
fn single_synapses_of_unions_and_parts_are_set_before_they_run() {
    let text = |wires: &str| {
        format!(
            r#"(
                nodes: {{
                    "E": (model: "iaf_psc_exp", n: 8),
                    "I": (model: "iaf_psc_exp", n: 4),
                    "astrocytes": (model: "astrocyte_lr_1994", n: 3),
                }},
                projections: [({wires})],
            )"#
        )
    };
    let wires = [
        r#"from: ["E", "I"], to: ["E", "I"], rule: fixed_indegree(3), weight: 2"#,
        r#"from: ["E", "I"], to: "I", rule: fixed_indegree(3), weight: normal(mean: 5, std: 1), delay: uniform(low: 1, high: 5)"#,
        r#"from: "E", sources: slice(start: 2, stop: 8, step: 2), to: "I", targets: [1, 3], weight: 2"#,
        r#"from: "E", sources: slice(start: 2, stop: 8), to: "E", rule: fixed_outdegree(2), synapse: "stdp_synapse", weight: uniform(low: 1, high: 3), params: (lambda: uniform(low: 0.1, high: 0.2))"#,
    ];
    for wires in wires {
        let mut simulator = Simulator::of(Network::read(&text(wires)).unwrap());
        let state = |simulator: &mut Simulator| {
            let all = simulator.get_connections(None, None, None).unwrap();
            let [weights, delays] = ["weight", "delay"].map(|name| simulator.get_synapses(&all, name).unwrap());
            let mut rows: Vec<_> = all.iter().zip(weights).zip(delays).map(|((ends, w), d)| (ends, w, d)).collect();
            rows.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
            (all, rows)
        };
        let (all, mut before) = state(&mut simulator);
        let some = all.filter(|source, target| source.index % 4 == 0 && target.index != 2);
        assert!(!some.is_empty(), "{wires}");
        simulator.set_synapses(&some, "weight", 7.25).unwrap();
        let concerned = |ends: &(Neuron, Neuron)| some.iter().any(|one| one == *ends);
        before.iter_mut().filter(|(ends, ..)| concerned(ends)).for_each(|(_, weight, _)| *weight = 7.25);
        before.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
        assert_eq!(state(&mut simulator).1, before, "{wires}");
        let again = Network::read(&simulator.write()).unwrap();
        assert_eq!(state(&mut Simulator::of(again)).1, before, "written and read: {wires}");
        // All of them alike: what shares a rule shares it still.
        let mut simulator = Simulator::of(Network::read(&text(wires)).unwrap());
        let (all, _) = state(&mut simulator);
        simulator.set_synapses(&all, "weight", 4.0).unwrap();
        assert!(state(&mut simulator).1.iter().all(|(_, weight, _)| *weight == 4.0));
        assert!(!simulator.write().contains("pairs"), "{wires}");
    }
}

#[test]
fn synapses_with_a_third_factor_are_told_apart_while_they_run() {
    let text = r#"(
        nodes: {"cells": (model: "aeif_cond_alpha_astro", n: 8), "astrocytes": (model: "astrocyte_lr_1994", n: 3)},
        projections: [(
            from: "cells",
            to: "cells",
            rule: fixed_indegree(2),
            weight: 2,
            third_factor: (
                node: "astrocytes", p: 0.5, pool_size: 1, pool_type: "random",
                third_in: (synapse: "tsodyks_synapse", weight: 1), third_out: (synapse: "sic_connection"),
            ),
        )],
    )"#;
    let mut simulator = Simulator::of(Network::read(text).unwrap());
    let all = simulator.get_connections(None, None, Some("static_synapse")).unwrap();
    let some = all.filter(|source, _| source == all.sources().next().expect("there are some"));
    let refusal = simulator.set_synapses(&some, "weight", 3.0).unwrap_err().to_string();
    assert!(refusal.contains("third factor"), "{refusal}");
    simulator.simulate(1.0).unwrap();
    simulator.set_synapses(&some, "weight", 3.0).unwrap();
    assert!(simulator.get_synapses(&some, "weight").unwrap().iter().all(|weight| *weight == 3.0));
}

#[test]
fn dense_and_sparse_synapses_do_the_same() {
    let network = |storage: &str, synapses: &str| {
        format!(
            r#"(
                nodes: {{
                    "in": (model: "poisson_generator", n: 70, params: (rate: 400)),
                    "A": (model: "parrot_neuron", n: 70),
                    "B": (model: "iaf_psc_exp", n: 130, params: (I_e: 360)),
                    "spikes": (model: "spike_recorder"),
                }},
                projections: [
                    (from: "in", to: "A", rule: one_to_one),
                    (from: "A", to: "B", {synapses}, storage: {storage}),
                    (from: "B", to: "spikes"),
                ],
            )"#
        )
    };
    let run = |storage: &str, synapses: &str| {
        let mut simulator = Simulator::of(Network::read(&network(storage, synapses)).unwrap()).with_threads(2);
        let [a, b, spikes] = ["A", "B", "spikes"].map(|name| simulator.find(name).expect("it is there"));
        let all = simulator.get_connections(Some(&a), Some(&b), None).unwrap();
        let result = simulator.simulate(100.0).unwrap();
        let weights = simulator.get_synapses(&all, "weight").unwrap();
        let ends: Vec<_> = all.iter().collect();
        (ends, weights, result.spikes(&spikes).unwrap().times)
    };
    for synapses in [
        "weight: 20",
        "weight: normal(mean: 20, std: 3, min: 0)",
        "weight: normal(mean: 5, std: 30)",
        "weight: linear(from: -10, to: 60), delay: linear(from: 1, to: 5)",
        r#"synapse: "stdp_synapse", weight: uniform(low: 5, high: 30)"#,
        r#"synapse: "cont_delay_synapse", weight: 20, delay: 1.234"#,
    ] {
        let (sparse, dense) = (run("sparse", synapses), run("dense", synapses));
        assert!(sparse.2.len() > 200, "{synapses}: {} spikes", sparse.2.len());
        assert!(sparse.0 == dense.0 && sparse.0.len() == 70 * 130, "{synapses}: other synapses");
        assert!(sparse.1 == dense.1 && sparse.2 == dense.2, "{synapses}: other results");
        assert!(run("auto", synapses) == dense, "{synapses}");
        let [many, few] = ["sparse", "dense"].map(|storage| {
            let (project, _) = crate::project::read(&network(storage, synapses)).unwrap();
            crate::runtime::Simulation::build(&project, &|_| true).unwrap().memory()
        });
        assert!(many > few + 15_000, "{synapses}: {many} and {few} bytes");
    }
}

#[test]
fn connections_of_devices_are_found() {
    let mut simulator = Simulator::new();
    let noise = simulator.create("poisson_generator", 2, &[("rate", 100.0.into())]).unwrap();
    let current = simulator.create("dc_generator", 1, &[("amplitude", 10.0.into())]).unwrap();
    let cells = simulator.create("iaf_psc_exp", 3, &[]).unwrap();
    let spikes = simulator.create("spike_recorder", 1, &[]).unwrap();
    let meter = simulator.create("voltmeter", 1, &[]).unwrap();
    simulator.connect(&noise, &cells, Rule::AllToAll, 2.0).unwrap();
    simulator.connect(&current, &cells, Rule::AllToAll, 3.0).unwrap();
    simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default()).unwrap();
    simulator.connect(&meter, &cells, Rule::AllToAll, Synapse::default()).unwrap();
    for (from, n) in [(&noise, 6), (&current, 3), (&cells, 3), (&meter, 3)] {
        assert_eq!(simulator.get_connections(Some(from), None, None).unwrap().len(), n);
    }
    assert_eq!(simulator.get_connections(None, Some(&cells.slice(..1).unwrap()), None).unwrap().len(), 4);
    assert_eq!(simulator.get_connections(None, None, Some("stdp_synapse")).unwrap().len(), 0);
    assert!(matches!(simulator.get_connections(None, None, Some("stdp")), Err(Error::UnknownModel { .. })));
    let currents = simulator.get_connections(Some(&current), None, None).unwrap();
    simulator.simulate(5.0).unwrap();
    simulator.set_synapses(&currents, "weight", vec![1.0, 2.0, 3.0]).unwrap();
    assert_eq!(simulator.get_synapses(&currents, "weight").unwrap(), [1.0, 2.0, 3.0]);
    let drive = simulator.get_connections(Some(&noise), None, None).unwrap();
    let each = vec![1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
    assert!(simulator.set_synapses(&drive, "weight", each.clone()).unwrap_err().to_string().contains("one weight"));
    simulator.set_synapses(&drive, "weight", 4.0).unwrap();
    simulator.reset();
    simulator.set_synapses(&drive, "weight", each.clone()).unwrap();
    simulator.simulate(5.0).unwrap();
    assert_eq!(simulator.get_synapses(&drive, "weight").unwrap(), each);
}

#[test]
fn parameters_are_set_of_parts_before_and_while_it_runs() {
    let (mut simulator, cells, _, _) = driven(4);
    simulator.set(&cells, "C_m", vec![200.0, 210.0, 220.0, 230.0]).unwrap();
    simulator.set(&cells.step_by(2).unwrap(), "C_m", 100.0).unwrap();
    assert_eq!(simulator.numbers(&cells, "C_m").unwrap(), [100.0, 210.0, 100.0, 230.0]);
    simulator.set(&cells.slice(1..3).unwrap(), "V_m", normal(-65.0, 1.0)).unwrap();
    let v = simulator.numbers(&cells, "V_m").unwrap();
    assert!(v[0] == -70.0 && v[3] == -70.0 && v[1] != v[2]);
    simulator.simulate(10.0).unwrap();
    simulator.set(&cells.slice(3..).unwrap(), "V_m", -60.0).unwrap();
    simulator.set(&cells.slice(..1).unwrap(), "I_e", 0.0).unwrap();
    assert_eq!(simulator.numbers(&cells.slice(3..).unwrap(), "V_m").unwrap(), [-60.0]);
    simulator.reset();
    assert_eq!(simulator.numbers(&cells, "I_e").unwrap(), [0.0, 500.0, 500.0, 500.0], "parameters stay");
    assert_eq!(simulator.numbers(&cells, "V_m").unwrap(), v, "state begins again");
    for (wrong, part) in [(-1.0, "must be > 0"), (f64::NAN, "C_m")] {
        let refusal = simulator.set(&cells, "C_m", wrong).unwrap_err().to_string();
        assert!(refusal.contains(part), "{refusal}");
    }
    assert!(simulator.set(&cells, "C_n", 1.0).unwrap_err().to_string().contains("did you mean `C_m`"));
    assert!(simulator.set(&cells, "C_m", vec![1.0]).unwrap_err().to_string().contains("1 values"));
    assert_eq!(simulator.numbers(&cells, "C_m").unwrap()[1], 210.0, "nothing has changed");
}

#[test]
fn mistakes_are_refused_at_once() {
    let mut simulator = Simulator::new();
    assert!(simulator.create("iaf_psc_exq", 1, &[]).unwrap_err().to_string().contains("did you mean"));
    assert!(simulator.create("iaf_psc_exp", 0, &[]).is_err());
    assert!(simulator.create("iaf_psc_exp", 1, &[("C_m", (-1.0).into())]).is_err());
    let a = simulator.create("iaf_psc_exp", 3, &[]).unwrap();
    assert_eq!(simulator.nodes(), a, "what was refused is not there");
    let b = simulator.create("iaf_psc_exp", 4, &[]).unwrap();
    for (rule, synapse) in [
        (Connection::one_to_one(), Synapse::default()),
        (Connection::pairwise_bernoulli(1.5), Synapse::default()),
        (Connection::fixed_indegree(4).multapses(false), Synapse::default()),
        (Connection::all_to_all(), Synapse::default().receptor(3)),
        (Connection::all_to_all(), Synapse::default().delay(0.01)),
        (Connection::all_to_all(), Synapse::default().weight(vec![1.0])),
        (Connection::all_to_all(), Synapse::new("static_synaps")),
        (Connection::all_to_all(), Synapse::new("stdp_synapse").set("lambd", 1.0)),
    ] {
        assert!(simulator.connect(&a, &b, rule.clone(), synapse.clone()).is_err(), "{rule:?} {synapse:?}");
    }
    assert!(simulator.network().project().projections.is_empty());
}

#[test]
fn the_seed_of_a_connection_decides_its_graph_alone() {
    let graph = |of_all: u64, own: Option<u64>| {
        let mut simulator = Simulator::new().with_seed(of_all);
        let cells = simulator.create("iaf_psc_exp", 20, &[]).unwrap();
        let rule = || match own {
            Some(seed) => Connection::pairwise_bernoulli(0.3).seed(seed),
            None => Connection::pairwise_bernoulli(0.3),
        };
        let made = [(); 2].map(|()| simulator.connect(&cells, &cells, rule(), 1.0).unwrap()[0]);
        let all = simulator.get_connections(None, None, None).unwrap();
        let [a, b] = made.map(|id| {
            let of = all.by_projection().into_iter().find(|(own, _)| *own == id).unwrap().1;
            of.into_iter().map(|(_, pair)| (pair.source.index, pair.target.index)).collect::<Vec<_>>()
        });
        assert_ne!(a, b, "two connections have graphs of their own");
        a
    };
    assert_eq!(graph(1, Some(5)), graph(2, Some(5)));
    assert_ne!(graph(1, Some(5)), graph(1, Some(6)));
    assert_ne!(graph(1, None), graph(2, None));
}

#[test]
fn weights_are_traced() {
    let (mut simulator, cells, _, _) = driven(2);
    let recorder = simulator.create("weight_recorder", 1, &[]).unwrap();
    let plastic = Synapse::new("stdp_synapse").weight(20.0).weight_recorder(recorder.node().unwrap());
    simulator.connect(&cells, &cells, Connection::all_to_all().autapses(false), plastic).unwrap();
    let result = simulator.simulate(200.0).unwrap();
    let trace = result.weight_trace(&recorder).unwrap();
    assert!(trace.times.len() > 4 && trace.weights.len() == trace.times.len());
    let (times, weights) = trace.between(cells.get(0).unwrap(), cells.get(1).unwrap());
    assert!(times.len() * 2 == trace.times.len() && weights[0] == 20.0 && weights.last() != Some(&20.0));
    assert_eq!(result.weight_trace(&cells), Err(Error::NotRecorded));
}
