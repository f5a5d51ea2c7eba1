//! At what frequencies a signal fluctuates.

use std::f64::consts::PI;

use realfft::RealFftPlanner;

use super::moments::mean;
use crate::math;

/// The one-sided power spectral density of a signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Distance of two frequencies, Hz.
    pub resolution: f64,
    /// Density at 0, 1, 2, … times the resolution: square of the signal's unit per Hz. Summed over all frequencies and multiplied by
    /// the resolution it is, on average, the variance of the signal.
    pub density: Vec<f64>,
}

impl Spectrum {
    /// Frequencies (Hz), ascending from 0, and the density there.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.density.iter().enumerate().map(|(k, density)| (k as f64 * self.resolution, *density))
    }

    /// The frequency above 0 with the greatest density, Hz; `None` if there is none or all densities are 0.
    pub fn peak(&self) -> Option<f64> {
        let (frequency, density) = self.points().skip(1).max_by(|a, b| a.1.total_cmp(&b.1))?;
        (density > 0.0).then_some(frequency)
    }
}

/// The power spectral density of a signal sampled every `interval` ms, such as a potential or a population rate in bins, by
/// Welch's method: segments of `length` samples that overlap by half, each without its mean and under a Hann window
/// w, are transformed; |F|² · 2 `interval` / Σ w² is averaged over segments (the factor 2, for negative frequencies, is missing at 0 and
/// at half the sampling rate). Welch (1967), IEEE Trans Audio Electroacoust 15, 70.
///
/// `None` if the signal is shorter than one segment, a segment has fewer than 2 samples, or the interval is not positive.
pub fn power_spectrum(signal: &[f64], interval: f64, length: usize) -> Option<Spectrum> {
    if length < 2 || signal.len() < length || !(interval.is_finite() && interval > 0.0) {
        return None;
    }
    let window: Vec<f64> = (0..length).map(|i| 0.5 - 0.5 * math::cos(2.0 * PI * i as f64 / length as f64)).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(length);
    let (mut input, mut output) = (transform.make_input_vec(), transform.make_output_vec());
    let mut powers = vec![0.0; output.len()];
    let mut segments = 0.0;
    for segment in signal.windows(length).step_by(length / 2) {
        let mean = mean(segment)?;
        input.iter_mut().zip(segment).zip(&window).for_each(|((x, value), w)| *x = (value - mean) * w);
        // The buffers are those that the transform itself asked for, so that it cannot fail.
        transform.process(&mut input, &mut output).ok()?;
        powers.iter_mut().zip(&output).for_each(|(power, x)| *power += x.norm_sqr());
        segments += 1.0;
    }
    let seconds = interval * 1e-3;
    let scale = seconds / (segments * window.iter().map(|w| w * w).sum::<f64>());
    let unpaired = |k: usize| k == 0 || 2 * k == length;
    let density = powers.iter().enumerate().map(|(k, p)| p * scale * if unpaired(k) { 1.0 } else { 2.0 });
    Some(Spectrum { resolution: 1.0 / (length as f64 * seconds), density: density.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_of_four_samples_by_hand() {
        // Without the mean 1: 2, -1, 0, -1; under the window 0, 1/2, 1, 1/2: 0, -1/2, 0, -1/2. Its transform is -1, 0, 1;
        // the squares of the window add up to 3/2; samples are 1 ms apart.
        let spectrum = power_spectrum(&[3.0, 0.0, 1.0, 0.0], 1.0, 4).unwrap();
        assert_eq!(spectrum.resolution, 250.0);
        let expected = [0.001 / 1.5, 0.0, 0.001 / 1.5];
        assert!(spectrum.density.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{spectrum:?}");
    }

    #[test]
    fn a_wave_has_its_variance_at_its_frequency() {
        // 3 sin(2π 40 Hz t), sampled every ms: variance 9/2, which the window spreads over three frequencies.
        let wave: Vec<f64> = (0..1000).map(|i| 3.0 * math::sin(2.0 * PI * 0.04 * f64::from(i))).collect();
        let spectrum = power_spectrum(&wave, 1.0, 250).unwrap();
        assert_eq!((spectrum.resolution, spectrum.peak()), (4.0, Some(40.0)));
        let around: f64 = spectrum.points().filter(|(f, _)| (36.0..=44.0).contains(f)).map(|(_, d)| d).sum();
        assert!((around * 4.0 - 4.5).abs() < 1e-9, "{around}");
    }

    #[test]
    fn what_is_too_short_has_no_spectrum() {
        assert_eq!(power_spectrum(&[1.0; 3], 1.0, 4), None);
        assert_eq!(power_spectrum(&[1.0; 3], 1.0, 1), None);
        assert_eq!(power_spectrum(&[1.0; 8], 0.0, 4), None);
        assert_eq!(power_spectrum(&[1.0; 8], 1.0, 4).unwrap().peak(), None);
    }
}
