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
        ["stdp_synapse", "stdp_triplet_synapse", "stdp_nn_symm_synapse", "vogels_sprekeler_synapse", "jonke_synapse"]
    {
        assert!(learning.contains(&name), "{name} is not among {learning:?}");
    }
    assert!(!learning.contains(&"static_synapse") && !learning.contains(&"tsodyks2_synapse"));
}
