//! What recordings say: firing rates, regularity, correlation and synchrony, each defined once.
//!
//! Plots, command line, reference cases and programs that use this library all ask here.
//!
//! | question | answer |
//! | --- | --- |
//! | How often do neurons fire? | [`mean_rate`], [`PopulationRate`] |
//! | How long are the intervals between their spikes? | [`intervals()`], [`Intervals`], [`Histogram`] |
//! | How regular are they? | [`cv`], [`cv2`], [`lv`], [`lvr`], [`mean_cv`] |
//! | How much do spike counts vary? | [`Bins::counts`], [`fano_factor`], [`count_distribution`] |
//! | At what lags do two neurons fire? | [`cross_correlogram`], [`autocorrelogram`], [`LagCounts`] |
//! | Do neurons fire together? | [`correlation`], [`mean_pairwise_correlation`], [`synchrony()`] |
//! | At what frequencies does a signal fluctuate? | [`power_spectrum`] |
//! | All in a few numbers, by population, by neuron | [`activities`], [`neuron_activities`]; of spikes that are not kept [`Tally`] |
//!
//! Conventions: times, intervals, lags and widths of bins are in ms, rates in spikes per second, frequencies in Hz.
//! The times of a spike train ascend. A variance divides by the number of values. What is not defined for the data
//! given (the rate of no neuron, the CV of a single spike) is `None`, never NaN. Functions take data that lie in memory as a whole;
//! types ([`PopulationRate`], [`Intervals`], [`Histogram`], [`Moments`], [`LagCounts`]) also
//! take spikes one after the other as they arrive.

mod activity;
mod bins;
mod correlogram;
mod counts;
mod histogram;
mod intervals;
mod irregularity;
mod lag_counts;
mod moments;
mod per_neuron;
mod rates;
mod spectrum;
mod synchrony;
mod tally;
mod trains;

pub use activity::{Activity, active_time, activities};
pub use bins::Bins;
pub use correlogram::{Correlogram, autocorrelogram, cross_correlogram};
pub use counts::{count_distribution, fano_factor};
pub use histogram::Histogram;
pub use intervals::Intervals;
pub use irregularity::{FEWEST_INTERVALS, cv, cv2, lv, lvr, mean_cv};
pub use lag_counts::{LagCount, LagCounts};
pub use moments::{Moments, mean, mean_and_variance};
pub use per_neuron::{NeuronActivity, neuron_activities};
pub use rates::{PopulationRate, mean_rate};
pub use spectrum::{Spectrum, power_spectrum};
pub use synchrony::{correlation, mean_pairwise_correlation, synchrony};
pub use tally::Tally;
pub use trains::{intervals, spike_trains};
