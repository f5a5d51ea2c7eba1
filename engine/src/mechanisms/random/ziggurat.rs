//! Standard normal numbers by the ziggurat.
//!
//! Marsaglia & Tsang 2000, J Stat Softw 5:8, in the form of Doornik 2005, An Improved Ziggurat Method to Generate Normal
//! Random Samples. 256 layers of equal area lie under the density; a point of a layer is below the density for sure
//! unless it falls onto the layer's outer edge.

use std::sync::LazyLock;

use super::stream::Stream;
use crate::math;

/// Where the tail begins, and the area of a layer.
const TAIL: f64 = 3.654_152_885_361_009;
const AREA: f64 = 0.004_928_673_233_99;

/// The layers from the lowest, with the tail, to the peak: right edges, and the density there.
struct Layers {
    edges: [f64; 257],
    densities: [f64; 257],
}

static LAYERS: LazyLock<Layers> = LazyLock::new(|| {
    let mut edges = [0.0; 257];
    (edges[0], edges[1]) = (AREA / density(TAIL), TAIL);
    for i in 2..256 {
        edges[i] = (-2.0 * math::ln(AREA / edges[i - 1] + density(edges[i - 1]))).sqrt();
    }
    Layers { edges, densities: edges.map(density) }
});

fn density(x: f64) -> f64 {
    math::exp(-x * x / 2.0)
}

/// A standard normal number.
#[inline]
pub fn normal(stream: &mut Stream) -> f64 {
    let layers = &*LAYERS;
    loop {
        // The last 8 bits choose the layer, the first 52 the place.
        let word = stream.next();
        let i = (word & 0xff) as usize;
        let place = 2.0 * Stream::short_uniform(word) - 1.0;
        let x = place * layers.edges[i];
        if x.abs() < layers.edges[i + 1] {
            return x;
        }
        if i == 0 {
            return tail(stream).copysign(place);
        }
        let (below, above) = (layers.densities[i], layers.densities[i + 1]);
        if above + (below - above) * stream.uniform() < density(x) {
            return x;
        }
    }
}

/// A number of the tail: Marsaglia 1964, Technometrics 6:101.
#[cold]
fn tail(stream: &mut Stream) -> f64 {
    loop {
        let beyond = -math::ln(stream.open_uniform()) / TAIL;
        if -2.0 * math::ln(stream.open_uniform()) >= beyond * beyond {
            return TAIL + beyond;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_the_same_area() {
        let Layers { edges, densities } = &*LAYERS;
        for i in 1..256 {
            let area = edges[i] * (densities[i + 1] - densities[i]);
            assert!((area / AREA - 1.0).abs() < 1e-6, "layer {i} has {area}");
        }
    }

    #[test]
    fn moments_and_tails_are_those_of_the_normal_distribution() {
        let mut stream = Stream::new(11);
        let n = 1_000_000;
        let (mut sums, mut beyond_tail) = ([0.0; 4], 0);
        for _ in 0..n {
            let x = normal(&mut stream);
            (0..4).for_each(|k| sums[k] += x.powi(k as i32 + 1));
            beyond_tail += (x.abs() > TAIL) as u32;
        }
        let moments = sums.map(|s| s / n as f64);
        // The variance of the k-th power over n: 1, 2, 15, 96.
        for (k, (expected, variance)) in [(0.0, 1.0f64), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)].into_iter().enumerate() {
            let error = (moments[k] - expected).abs();
            assert!(error < 5.0 * (variance / n as f64).sqrt(), "moment {}: {}", k + 1, moments[k]);
        }
        let share = math::erfc(TAIL / std::f64::consts::SQRT_2) * n as f64;
        assert!((beyond_tail as f64 - share).abs() < 5.0 * share.sqrt(), "{beyond_tail} beyond, {share} expected");
    }
}
