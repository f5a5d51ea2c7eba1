//! Numbers of a random run, and whether they agree with those of another simulator.

use serde_json::Value as Json;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::case::Statistic;
use super::run::RecordedColumns;
use super::values::real;
use crate::analysis::{self, Bins, mean_and_variance};

/// Two samples differ if chance would make them differ so much less often than this.
const SIGNIFICANCE: f64 = 0.001;

/// The statistic of one run of `duration` ms, from the rows of its recorder; `size` is
/// the number of neurons that a rate is divided by. NaN where the data do not define it.
pub fn statistic(want: &Statistic, rows: &RecordedColumns, size: usize, duration: f64) -> Result<f64, String> {
    let late = |t: f64| t > want.after;
    let value = match want.kind.as_str() {
        "rate" => {
            let n = rows.times.iter().filter(|t| late(**t)).count();
            analysis::mean_rate(n as u64, size as u64, duration - want.after)
        }
        "cv_isi" => {
            let spikes = rows.senders.iter().copied().zip(rows.times.iter().copied());
            let trains = analysis::spike_trains(spikes.filter(|(_, t)| late(*t)));
            analysis::mean_cv(trains.values().map(Vec::as_slice), analysis::FEWEST_INTERVALS)
        }
        "fano" => {
            let bins = want.bin.and_then(|width| Bins::new(want.after, width)).ok_or("fano: no bin is given")?;
            analysis::fano_factor(&bins.counts(rows.times.iter().copied(), duration))
        }
        "mean" | "std" => {
            let name = want.column.as_deref().ok_or("no column is given")?;
            let column = rows.column(name)?;
            let values: Vec<f64> = rows.times.iter().zip(column).filter(|(t, _)| late(**t)).map(|(_, x)| *x).collect();
            let moments = mean_and_variance(&values);
            moments.map(|(mean, variance)| if want.kind == "mean" { mean } else { variance.sqrt() })
        }
        other => return Err(format!("no statistic {other}")),
    };
    Ok(value.unwrap_or(f64::NAN))
}

/// Mean, standard deviation (n − 1) and number of runs of the other simulator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    pub mean: f64,
    pub sd: f64,
    pub n: f64,
}

impl Expected {
    pub fn read(json: &Json) -> Result<Self, String> {
        let number =
            |key: &str| json.get(key).ok_or("is missing").and_then(real).map_err(|e| format!("expected {key}: {e}"));
        Ok(Expected { mean: number("mean")?, sd: number("sd")?, n: number("n")? })
    }
}

/// Whether one number a run agrees with what is expected; if not, both in words.
pub fn agree(values: &[f64], expected: Expected) -> Result<(), String> {
    if let Some(odd) = values.iter().find(|x| !x.is_finite()) {
        return Err(format!("a run gave {odd}, expected {}", expected.mean));
    }
    if expected.sd == 0.0 {
        let tolerance = 1e-9 * expected.mean.abs();
        return match values.iter().find(|x| (*x - expected.mean).abs() > tolerance) {
            Some(x) => Err(format!("{x} where every run gives {}", expected.mean)),
            None => Ok(()),
        };
    }
    let n = values.len() as f64;
    let Some((mean, variance)) = mean_and_variance(values) else { return Err("there are no runs".into()) };
    let variance = variance * n / (n - 1.0);
    let p = welch(Expected { mean, sd: variance.sqrt(), n }, expected)?;
    if p < SIGNIFICANCE {
        let sd = variance.sqrt();
        return Err(format!(
            "{mean:.6} ± {sd:.3} over {n} runs, expected {:.6} ± {:.3} over {} (p = {p:.1e})",
            expected.mean, expected.sd, expected.n
        ));
    }
    Ok(())
}

/// Two-sided probability that two samples of one mean, but unequal variances, differ so much.
fn welch(a: Expected, b: Expected) -> Result<f64, String> {
    if !(a.n >= 2.0 && b.n >= 2.0) {
        return Err("a statistic needs two runs at least".into());
    }
    let (va, vb) = (a.sd * a.sd / a.n, b.sd * b.sd / b.n);
    let t = (a.mean - b.mean) / (va + vb).sqrt();
    let freedom = (va + vb) * (va + vb) / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0));
    let distribution = StudentsT::new(0.0, 1.0, freedom).map_err(|e| e.to_string())?;
    Ok(2.0 * distribution.cdf(-t.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(times: &[f64], senders: &[i64]) -> RecordedColumns {
        RecordedColumns { times: times.to_vec(), senders: senders.to_vec(), columns: Vec::new() }
    }
    fn want(kind: &str, after: f64) -> Statistic {
        let json =
            serde_json::json!({"name": "s", "kind": kind, "of": "r", "after": after, "column": "V_m", "bin": 2.0});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_rate_counts_what_is_later_than_after() {
        let rows = table(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 0, 1]);
        assert_eq!(statistic(&want("rate", 0.0), &rows, 2, 10.0), Ok(200.0));
        assert_eq!(statistic(&want("rate", 2.0), &rows, 1, 10.0), Ok(250.0));
    }

    #[test]
    fn the_cv_takes_neurons_with_five_intervals_only() {
        // Intervals 1 and 3 in turn: mean 2, standard deviation 1. Neuron 1 has too few.
        let mut rows = table(&[0.0, 1.0, 4.0, 5.0, 8.0, 9.0, 12.0], &[0; 7]);
        rows.times.extend([1.0, 50.0]);
        rows.senders.extend([1, 1]);
        let cv = statistic(&want("cv_isi", -1.0), &rows, 1, 60.0).unwrap();
        assert!((cv - 0.5).abs() < 1e-12, "{cv}");
        assert!(statistic(&want("cv_isi", 9.5), &rows, 1, 60.0).unwrap().is_nan());
    }

    #[test]
    fn fano_counts_in_whole_bins() {
        // Bins [0, 2), [2, 4), [4, 6]: counts 1, 0, 2; the time 6.5 is in no whole bin.
        let rows = table(&[0.5, 4.0, 6.0, 6.5], &[0; 4]);
        let value = statistic(&want("fano", 0.0), &rows, 1, 7.0).unwrap();
        assert!((value - 2.0 / 3.0).abs() < 1e-12, "{value}");
        assert!(statistic(&want("fano", 0.0), &table(&[], &[]), 1, 7.0).unwrap().is_nan());
    }

    #[test]
    fn means_of_a_column_divide_by_n() {
        let rows = RecordedColumns {
            columns: vec![("V_m".into(), vec![100.0, 1.0, 3.0])],
            ..table(&[1.0, 2.0, 3.0], &[0, 0, 0])
        };
        assert_eq!(statistic(&want("mean", 1.0), &rows, 1, 3.0), Ok(2.0));
        assert_eq!(statistic(&want("std", 1.0), &rows, 1, 3.0), Ok(1.0));
        assert!(statistic(&want("std", 1.0), &table(&[1.0], &[0]), 1, 3.0).is_err());
        assert!(statistic(&want("mode", 1.0), &rows, 1, 3.0).is_err());
    }

    #[test]
    fn the_welch_test_gives_textbook_numbers() {
        // t = -2.0 / sqrt(0.5 + 0.5), degrees of freedom 1 / (0.25/7 + 0.25/7) = 14: p = 0.0653.
        let a = Expected { mean: 10.0, sd: 2.0, n: 8.0 };
        let b = Expected { mean: 12.0, sd: 2.0, n: 8.0 };
        let p = welch(a, b).unwrap();
        assert!((p - 0.0653).abs() < 1e-4, "{p}");
    }

    #[test]
    fn agreement_is_judged_by_the_spread() {
        let expected = Expected { mean: 10.0, sd: 1.0, n: 10.0 };
        assert!(agree(&[9.0, 10.5, 11.0, 9.5], expected).is_ok());
        assert!(agree(&[19.0, 20.5, 21.0, 19.5], expected).unwrap_err().contains("expected 10"));
        assert!(agree(&[10.0, f64::NAN], expected).is_err());
    }

    #[test]
    fn where_nothing_varies_the_number_is_exact() {
        let expected = Expected { mean: 100.0, sd: 0.0, n: 10.0 };
        assert!(agree(&[100.0, 100.00000005], expected).is_ok());
        assert!(agree(&[100.0, 100.0000002], expected).is_err());
        let zero = Expected { mean: 0.0, sd: 0.0, n: 10.0 };
        assert!(agree(&[0.0, 0.0], zero).is_ok());
        assert!(agree(&[0.0, 1e-12], zero).is_err());
    }
}
