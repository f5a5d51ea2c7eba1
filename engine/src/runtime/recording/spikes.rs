//! The spike recorder: a row a spike.

use super::detector::{Detector, DetectorSettings, Received};
use super::sources::TooMany;
use crate::recordings::Rows;

/// Rows for the spikes of one neuron in one step at most.
const MOST_ROWS: u64 = 1_000_000;

/// Stores time and sender of each spike.
#[derive(Clone)]
pub struct SpikeRecorder;

impl SpikeRecorder {
    pub fn make(_: &DetectorSettings<'_>) -> Box<dyn Detector> {
        Box::new(SpikeRecorder)
    }
}

impl Detector for SpikeRecorder {
    fn record(&mut self, received: &mut Received<'_>, rows: &mut Rows) -> Result<(), TooMany> {
        let Received { span, grid, window, inputs, outboxes, trains, .. } = received;
        for i in 0..span.n {
            let stamp = span.first + i as i64 + 1;
            let (time, begin) = (grid.ms(stamp), rows.times.len());
            let (holds, mut precise) = (window.holds(stamp), false);
            for input in inputs.iter_mut() {
                let (first, mut flood) = (input.first, false);
                input.receive(span, i, outboxes, trains, |sent, connections| {
                    if holds {
                        precise |= sent.offset > 0.0;
                        let times = u64::from(connections.times(&sent)) * u64::from(sent.multiplicity);
                        flood |= times > MOST_ROWS;
                        for _ in 0..times.min(MOST_ROWS) {
                            rows.times.push(time - sent.offset);
                            rows.senders.push(first + sent.source);
                        }
                    }
                })?;
                if flood {
                    return Err(TooMany);
                }
            }
            if precise {
                sort_by_time(rows, begin);
            }
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn Detector> {
        Box::new(self.clone())
    }
}

/// Puts the rows from `begin` on in order of time.
fn sort_by_time(rows: &mut Rows, begin: usize) {
    let times = rows.times[begin..].iter().copied();
    let mut tail: Vec<(f64, u32)> = times.zip(rows.senders[begin..].iter().copied()).collect();
    tail.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (i, (time, sender)) in tail.into_iter().enumerate() {
        (rows.times[begin + i], rows.senders[begin + i]) = (time, sender);
    }
}
