use super::*;
use crate::math;
use crate::models::{CATALOGUE, Family, find};

fn of(model: &str, params: &[(&str, f64)]) -> Portrait {
    let mut asked = Asked::new(find(model).expect("in the catalogue"));
    asked.params.extend(params.iter().map(|(name, value)| ((*name).to_owned(), Value::Real(*value))));
    Portrait::try_of(&asked, &|| true).expect("it runs").expect("not given up")
}

#[test]
fn the_curve_begins_at_the_rheobase_of_a_leaky_neuron() {
    // C_m (V_th − E_L) / tau_m = 250 · 15 / 10 pA.
    let curve = of("iaf_psc_alpha", &[]).curve.expect("a curve");
    let silent = curve.points.iter().filter(|(_, rate)| *rate == 0.0).map(|(x, _)| *x).fold(0.0, f64::max);
    let fires = curve.points.iter().find(|(_, rate)| *rate > 0.0).expect("it fires").0;
    assert!(silent <= 375.0 && 375.0 <= fires + 1e-9, "silent up to {silent} pA, fires from {fires} pA");
    assert!(curve.points.windows(2).all(|w| w[1].1 >= w[0].1), "{curve:?}");
}

#[test]
fn the_rate_is_that_of_the_formula() {
    // 1 / (t_ref + tau_m ln(R I / (R I − θ))), with V_reset = E_L.
    let curve = of("iaf_psc_alpha", &[]).curve.expect("a curve");
    let (x, rate) = *curve.points.last().expect("points");
    let drive = 10.0 / 250.0 * x;
    let expected = 1000.0 / (2.0 + 10.0 * (drive / (drive - 15.0)).ln());
    assert!((rate - expected).abs() < 0.03 * expected, "{rate} instead of {expected} spikes/s at {x} pA");
}

#[test]
fn a_changed_parameter_changes_the_portrait() {
    let answer = |params: &[(&str, f64)]| of("iaf_psc_exp", params).answer.expect("an answer");
    let [narrow, wide] = [answer(&[]), answer(&[("t_ref", 20.0)])];
    assert_eq!(narrow.strength, wide.strength);
    assert!(narrow.spikes.len() > wide.spikes.len());
}

#[test]
fn a_postsynaptic_potential_has_the_wanted_size_and_sign() {
    let portrait = of("iaf_psc_exp", &[]);
    let signs: Vec<f64> = portrait.responses.iter().map(|r| r.weight.signum()).collect();
    assert_eq!(signs, [1.0, -1.0]);
    for response in &portrait.responses {
        let peak = response.trace.values.iter().fold(0.0f64, |most, x| if x.abs() > most.abs() { *x } else { most });
        assert!((0.5..2.0).contains(&(peak * response.weight.signum())), "{peak}");
        assert_eq!(response.trace.unit, "mV");
    }
}

#[test]
fn what_is_asked_to_stop_stops() {
    assert!(Portrait::of(&Asked::new(find("hh_psc_alpha").expect("there")), &|| false).is_none());
}

#[test]
fn parameters_that_cannot_run_are_refused_with_the_reason() {
    let mut asked = Asked::new(find("iaf_psc_alpha").expect("there"));
    asked.params.insert("C_m".into(), Value::Real(-1.0));
    let refused = Portrait::try_of(&asked, &|| true).expect_err("no capacitance is negative");
    assert!(refused.to_string().contains("C_m"), "{refused}");
}

/// Every neuron shows something of itself, within the time that a picture may take.
#[test]
fn every_neuron_has_a_portrait() {
    let mut without = Vec::new();
    for model in CATALOGUE.iter().filter(|model| model.family() == Family::Neuron) {
        let portrait = match Portrait::try_of(&Asked::new(model), &|| true) {
            Ok(portrait) => portrait.expect("nobody stops it"),
            Err(e) => panic!("{}: {e}", model.name),
        };
        let finite = |trace: &Trace| trace.values.iter().all(|x| x.is_finite());
        assert!(portrait.answer.iter().filter_map(|a| a.trace.as_ref()).all(finite), "{}", model.name);
        assert!(portrait.responses.iter().all(|r| finite(&r.trace)), "{}", model.name);
        if portrait.answer.is_none() && portrait.responses.is_empty() {
            without.push(model.name);
        }
    }
    assert_eq!(without, WITHOUT, "these show nothing");
}

/// Takes diffusion from other mean-field units only.
const WITHOUT: [&str; 1] = ["siegert_neuron"];

fn synapse(model: &str, params: &[(&str, f64)]) -> AskedSynapse {
    AskedSynapse {
        model: find(model).expect("in the catalogue"),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), Value::Real(*value))).collect(),
        weight: 50.0,
        delay: 1.0,
        target: Default::default(),
        resolution: 0.1,
    }
}

fn of_synapse(asked: &AskedSynapse) -> SynapsePortrait {
    SynapsePortrait::try_of(asked, &|| true).expect("it runs").expect("not given up")
}

#[test]
fn the_window_of_a_pair_rule_is_that_of_its_formula() {
    // Additive: λ Wmax e^(−s/τ₊) after the source, −α λ Wmax e^(s/τ₋) before it; the target's spike needs the delay. One
    // pair is the nearest, too.
    for model in ["stdp_synapse", "stdp_nn_symm_synapse", "stdp_nn_restr_synapse", "stdp_nn_pre_centered_synapse"] {
        let mut asked = synapse(model, &[("mu_plus", 0.0), ("mu_minus", 0.0), ("alpha", 1.5)]);
        asked.target = [("tau_minus", 30.0)].into();
        let window = of_synapse(&asked).window.expect("it learns");
        assert_eq!(window.points.len(), 81);
        for (dt, change) in window.points {
            let s = dt + 1.0;
            let expected = if s > 0.0 { math::exp(-s / 20.0) } else { -1.5 * math::exp(s / 30.0) };
            assert!((change - expected).abs() < 1e-9, "{model}: {change} instead of {expected} at {dt} ms");
        }
    }
}

/// A pair leaves A exp(−|Δt|/20 ms) of eligibility, which decays in a second, and dopamine decays from 1/tau_n; the change of the
/// weight is the integral of their product.
#[test]
fn dopamine_turns_what_a_pair_has_left_into_a_change() {
    let asked = AskedSynapse { weight: 10.0, ..synapse("stdp_dopamine_synapse", &[("A_minus", 1.0)]) };
    let window = of_synapse(&asked).window.expect("it learns");
    let released = window.released.expect("dopamine");
    let of = |dt: f64| window.points.iter().find(|(at, _)| (at - dt).abs() < 1e-9).expect("a pair").1;
    for dt in [10.0, 20.0, 50.0] {
        // The target's spike needs the delay to the synapse, dopamine that to the transmitter.
        let (lag, wait) = (dt + 1.0, released - dt);
        let change = math::exp(-lag / 20.0 - wait / 1000.0) / 200.0 / (1.0 / 1000.0 + 1.0 / 200.0);
        assert!((of(dt) - change).abs() < 0.01 * change, "{} instead of {change} at {dt} ms", of(dt));
        assert!(of(-dt) < 0.0);
    }
    assert_eq!(of_synapse(&synapse("stdp_synapse", &[])).window.expect("it learns").released, None);
}

#[test]
fn a_window_is_as_wide_as_the_rule() {
    let reach = |tau: f64| {
        let mut asked = synapse("stdp_synapse", &[("tau_plus", tau)]);
        asked.target = [("tau_minus", tau)].into();
        of_synapse(&asked).window.expect("it learns").points.last().expect("points").0
    };
    assert_eq!([3.0, 20.0, 150.0, 1000.0].map(reach), [25.0, 100.0, 400.0, 400.0]);
}

#[test]
fn a_train_shows_depression_and_recovery() {
    let portrait = of_synapse(&synapse("tsodyks2_synapse", &[("U", 0.5), ("tau_rec", 300.0)]));
    assert_eq!(portrait.window, None);
    let train = portrait.train.expect("spikes that are not alike");
    assert_eq!(train.times.len(), 11);
    let [first, second, tenth, late] = [0, 1, 9, 10].map(|i| train.weights[i]);
    // x = 1 − U x e^(−Δ/τ) …: the first spike uses half, of which 1 − e^(−50/300) has come back at the second.
    assert!((first - 25.0).abs() < 1e-9, "{first}");
    assert!((second - 50.0 * 0.5 * (1.0 - 0.5 * math::exp(-50.0 / 300.0))).abs() < 1e-9, "{second}");
    assert!(tenth < second && late > 1.5 * tenth, "{train:?}");
}

#[test]
fn every_synapse_has_a_portrait_or_a_reason() {
    let mut learning = Vec::new();
    for model in CATALOGUE.iter().filter(|m| m.family() == Family::Synapse) {
        match SynapsePortrait::try_of(&synapse(model.name, &[]), &|| true) {
            Ok(portrait) => learning.extend(portrait.and_then(|p| p.window).map(|_| model.name)),
            Err(refused) => assert!(!refused.to_string().is_empty()),
        }
    }
    for name in
        ["stdp_synapse", "stdp_triplet_synapse", "stdp_nn_symm_synapse", "stdp_dopamine_synapse", "jonke_synapse"]
    {
        assert!(learning.contains(&name), "{name} is not among {learning:?}");
    }
    assert!(!learning.contains(&"static_synapse") && !learning.contains(&"tsodyks2_synapse"));
}

fn generator(model: &str, params: &[(&str, Value)]) -> AskedGenerator {
    let mut asked = AskedGenerator::new(find(model).expect("in the catalogue"));
    asked.params.extend(params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    asked
}

fn of_generator(asked: &AskedGenerator) -> GeneratorPortrait {
    GeneratorPortrait::try_of(asked, &|| true).expect("it runs").expect("not given up")
}

#[test]
fn every_generator_has_its_picture() {
    for model in CATALOGUE.iter().filter(|model| model.is_generator()) {
        let portrait = match GeneratorPortrait::try_of(&AskedGenerator::new(model), &|| true) {
            Ok(portrait) => portrait.expect("nobody stops it"),
            Err(e) => panic!("{}: {e}", model.name),
        };
        let courses = portrait.courses.iter().flat_map(|course| &course.values);
        let is_seen = courses.clone().any(|x| *x != 0.0) || portrait.trains.iter().any(|train| !train.is_empty());
        assert!(is_seen, "{} shows nothing: {portrait:?}", model.name);
        assert!(courses.clone().all(|x| x.is_finite()), "{}", model.name);
        assert_eq!(portrait.trains.is_empty(), !model.emits(crate::description::Signal::Spikes), "{}", model.name);
        assert!(portrait.duration > 0.0 && portrait.trains.iter().flatten().all(|t| *t <= portrait.duration + 1e-6));
    }
}

#[test]
fn a_sine_has_amplitude_offset_and_phase() {
    let value = |x: f64| Value::Real(x);
    let params =
        [("amplitude", value(50.0)), ("offset", value(-20.0)), ("frequency", value(25.0)), ("phase", value(90.0))];
    let portrait = of_generator(&generator("ac_generator", &params));
    assert_eq!(portrait.duration, 230.0, "five periods, and a little more");
    let [course] = &portrait.courses[..] else { panic!("one course") };
    assert_eq!((course.quantity, course.unit), ("I", "pA"));
    assert_eq!(course.values.len(), 2300);
    for (t, x) in course.times.iter().zip(&course.values) {
        let expected = -20.0 + 50.0 * (std::f64::consts::TAU * 25.0 * t / 1000.0 + std::f64::consts::FRAC_PI_2).sin();
        assert!((x - expected).abs() < 1e-6, "{x} instead of {expected} at {t} ms");
    }
}

#[test]
fn steps_stand_at_the_listed_times() {
    let lists = [("amplitude_times", vec![10.0, 25.5, 40.0]), ("amplitude_values", vec![100.0, -50.0, 0.0])];
    let lists = lists.map(|(name, list)| (name, Value::List(list)));
    let course = of_generator(&generator("step_current_generator", &lists)).courses.remove(0);
    for (t, x) in course.times.iter().zip(&course.values) {
        let level = match *t {
            t if t < 10.0 - 1e-6 => 0.0,
            t if t < 25.5 - 1e-6 => 100.0,
            t if t < 40.0 - 1e-6 => -50.0,
            _ => 0.0,
        };
        assert_eq!(*x, level, "at {t} ms");
    }
    assert!(course.times.last().is_some_and(|t| *t > 45.0));
}

#[test]
fn listed_spikes_are_those_of_the_list() {
    for model in ["spike_generator", "spike_train_injector"] {
        let times = vec![5.0, 12.5, 12.5, 80.0];
        let portrait = of_generator(&generator(model, &[("spike_times", Value::List(times.clone()))]));
        let [train] = &portrait.trains[..] else { panic!("one train for all targets of {model}") };
        assert!(train.len() == 4 && train.iter().zip(&times).all(|(a, b)| (a - b).abs() < 1e-9), "{model}: {train:?}");
    }
    // Each device has its own.
    let lists = Value::Lists(vec![vec![5.0], vec![], vec![7.0, 9.0]]);
    let asked = AskedGenerator { n: 3, ..generator("spike_generator", &[("spike_times", lists)]) };
    assert_eq!(of_generator(&asked).trains.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 2]);
}

#[test]
fn random_trains_have_their_rate() {
    for (model, name) in [("poisson_generator", "rate"), ("poisson_generator_ps", "rate"), ("PoissonSpike", "freqs")] {
        let portrait = of_generator(&generator(model, &[(name, Value::Real(100.0))]));
        assert_eq!(portrait.trains.len(), 8, "{model}");
        // 64 trains of some 40 spikes: a standard error of 2 %.
        assert!((portrait.mean_rate - 100.0).abs() < 8.0, "{model}: {}", portrait.mean_rate);
        let rates = portrait.rate.expect("there are enough spikes");
        let seconds: f64 = rates.bin * rates.values.len() as f64 / 1000.0;
        let mean = rates.values.iter().sum::<f64>() / rates.values.len() as f64;
        assert!((mean - portrait.mean_rate).abs() < 5.0, "{model}: {mean} over {seconds} s");
    }
}

#[test]
fn a_rate_that_changes_is_seen() {
    let lists = [("rate_times", vec![100.0, 200.0]), ("rate_values", vec![1000.0, 200.0])];
    let lists = lists.map(|(name, list)| (name, Value::List(list)));
    let rates = of_generator(&generator("inhomogeneous_poisson_generator", &lists)).rate.expect("many spikes");
    let of = |from: f64, to: f64| {
        let bins = rates.values.iter().enumerate().map(|(i, rate)| (i as f64 * rates.bin, *rate));
        let within: Vec<f64> =
            bins.filter(|(t, _)| *t >= from && t + rates.bin <= to + 1e-9).map(|(_, rate)| rate).collect();
        within.iter().sum::<f64>() / within.len() as f64
    };
    // 64 trains over 90 and 20 ms.
    assert_eq!(of(0.0, 95.0), 0.0);
    assert!((of(105.0, 195.0) - 1000.0).abs() < 60.0, "{}", of(105.0, 195.0));
    assert!((of(205.0, 230.0) - 200.0).abs() < 60.0, "{}", of(205.0, 230.0));
    let params = [("rate", 100.0), ("amplitude", 50.0), ("frequency", 10.0)].map(|(name, x)| (name, Value::Real(x)));
    for model in ["sinusoidal_poisson_generator", "sinusoidal_gamma_generator"] {
        let portrait = of_generator(&generator(model, &params));
        let course = &portrait.courses[0];
        assert_eq!((course.quantity, portrait.trains.len(), portrait.rate.is_none()), ("rate", 8, true));
        for (t, rate) in course.times.iter().zip(&course.values) {
            let expected = 100.0 + 50.0 * (std::f64::consts::TAU * 0.01 * t).sin();
            assert!((rate - expected).abs() < 0.5, "{model}: {rate} instead of {expected} at {t} ms");
        }
    }
}

#[test]
fn who_receives_spikes_shows_what_it_received() {
    let portrait = of_generator(&generator("spike_dilutor", &[("p_copy", Value::Real(1.0))]));
    let received = portrait.received.expect("it receives");
    assert!(received.len() > 20, "{received:?}");
    assert_eq!(portrait.trains.len(), 1, "all targets get all of them");
    let train = &portrait.trains[0];
    assert!(train.iter().zip(&received).all(|(a, b)| (a - b).abs() < 0.11), "{train:?} of {received:?}");
}

#[test]
fn a_generator_that_cannot_run_says_why_and_one_that_floods_is_shown() {
    let refused = GeneratorPortrait::try_of(&generator("poisson_generator", &[("rate", Value::Real(-1.0))]), &|| true);
    assert!(refused.is_err_and(|e| e.to_string().contains("rate")));
    let asked = generator("poisson_generator", &[("rate", Value::Real(1e11))]);
    let portrait = GeneratorPortrait::try_of(&asked, &|| true).expect("what can run is shown").expect("not given up");
    assert!(portrait.trains.is_empty(), "so many cannot be drawn");
    let many = of_generator(&generator("poisson_generator", &[("rate", Value::Real(1e7))]));
    // The first of twenty steps may send nothing.
    assert!((many.mean_rate - 1e7).abs() < 6e5, "{}", many.mean_rate);
    assert_eq!(GeneratorPortrait::try_of(&asked, &|| false).expect("it could run"), None);
}

#[test]
fn devices_that_differ_are_shown_side_by_side() {
    let range = Value::Range(crate::description::Range { from: 100.0, to: 300.0, logarithmic: false });
    let asked = AskedGenerator { n: 3, ..generator("dc_generator", &[("amplitude", range)]) };
    let levels: Vec<f64> = of_generator(&asked).courses.iter().filter_map(|c| c.values.last().copied()).collect();
    assert_eq!(levels, [100.0, 200.0, 300.0]);
    let many = AskedGenerator { n: 1_000_000, ..asked };
    assert_eq!(of_generator(&many).courses.len(), 8, "and no million of devices is made");
}
