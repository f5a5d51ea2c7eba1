//! What the recorders have recorded: spikes and samples as they arrive in frames.
//!
//! The same store serves the window's plots, the command line's CSV files and
//! the reference cases. Who reads along while it grows keeps a [`Cursor`].

mod cursor;
pub mod table;

pub use cursor::{Cursor, News};

use std::sync::atomic::{AtomicU64, Ordering};

use crate::description::NodeId;

/// A half-open range of neurons in the numbering of a simulation: every
/// population, generator and recorder has consecutive numbers, in node order.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    pub node: NodeId,
    pub name: String,
    pub first: u32,
    pub n: u32,
}

/// Which recorder records what; fixed when the simulation is built.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RecordingPlan {
    /// All nodes of the network in order of their numbers.
    pub members: Vec<Members>,
    pub recorders: Vec<RecorderPlan>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RecorderPlan {
    pub node: NodeId,
    pub name: String,
    pub kind: RecorderKind,
    /// Nodes that are recorded, in order of connection, without repetition.
    pub sources: Vec<NodeId>,
    /// Of sources that are not connected once with each of their neurons: how often each neuron is.
    pub connected: Vec<(NodeId, Vec<u32>)>,
}

/// How much of a population reaches a recorder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Neurons with a connection.
    pub neurons: u32,
    /// Their connections: through each of them a spike is recorded. Mean rates are rates of a connection.
    pub connections: u64,
}

impl RecorderPlan {
    /// How much of one of its sources reaches it; with `cells`, of those neurons alone.
    pub fn reach(&self, members: &Members, cells: Option<&[u32]>) -> Reach {
        let connected = self.connected.iter().find(|(node, _)| *node == members.node).map(|(_, times)| times);
        let Some(times) = connected else {
            let n = cells.map_or(members.n, |cells| cells.len() as u32);
            return Reach { neurons: n, connections: u64::from(n) };
        };
        let sum = |all: &mut dyn Iterator<Item = u32>| {
            all.filter(|times| *times > 0).fold(Reach::default(), |reach, times| Reach {
                neurons: reach.neurons + 1,
                connections: reach.connections + u64::from(times),
            })
        };
        match cells {
            None => sum(&mut times.iter().copied()),
            Some(cells) => sum(&mut cells.iter().filter_map(|cell| times.get(*cell as usize).copied())),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum RecorderKind {
    Spikes,
    Samples {
        /// Name and unit of each sampled quantity.
        variables: Vec<(String, String)>,
        /// Numbers of the sampled neurons, in order of connection.
        senders: Vec<u32>,
        /// Time between samples, ms.
        interval: f64,
    },
    /// Rows with a time, a sender and further columns.
    Rows {
        /// Name and unit of each column.
        columns: Vec<(String, String)>,
    },
}

/// Everything recorded since the last frame.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// One entry for each recorder of the plan, in its order.
    pub rows: Vec<Rows>,
    /// The simulation was put back before these rows were recorded: so many of the last rows of each recorder, in the
    /// frames before, have not happened.
    pub rewound: Option<Vec<usize>>,
}

/// The rows of one recorder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Spikes: one a row. Samples: one for each time sampled.
    pub times: Vec<f64>,
    /// Spikes: number of the sender of each row. Samples: empty.
    pub senders: Vec<u32>,
    /// Samples: for each time, for each sender of the plan, each variable. Rows: each column.
    pub values: Vec<f64>,
}

impl Rows {
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }
    pub fn clear(&mut self) {
        self.times.clear();
        self.senders.clear();
        self.values.clear();
    }
    pub fn append(&mut self, other: &mut Rows) {
        self.times.append(&mut other.times);
        self.senders.append(&mut other.senders);
        self.values.append(&mut other.values);
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }
    /// Drops so many of the last rows.
    fn take_back(&mut self, rows: usize, kind: &RecorderKind) {
        let kept = self.times.len().saturating_sub(rows);
        self.times.truncate(kept);
        match kind {
            RecorderKind::Spikes => self.senders.truncate(kept),
            RecorderKind::Rows { columns } => {
                self.senders.truncate(kept);
                self.values.truncate(kept * columns.len());
            }
            RecorderKind::Samples { variables, senders, .. } => {
                self.values.truncate(kept * variables.len() * senders.len());
            }
        }
    }
    /// Drops so many of the first rows.
    fn drop_first(&mut self, n: usize, kind: &RecorderKind) {
        self.times.drain(..n);
        match kind {
            RecorderKind::Spikes => _ = self.senders.drain(..n),
            RecorderKind::Rows { columns } => {
                self.senders.drain(..n);
                self.values.drain(..n * columns.len());
            }
            RecorderKind::Samples { variables, senders, .. } => {
                self.values.drain(..n * variables.len() * senders.len());
            }
        }
    }
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        8 * self.times.len() + 4 * self.senders.len() + 8 * self.values.len()
    }
}

impl Frame {
    pub fn is_empty(&self) -> bool {
        self.rewound.is_none() && self.rows.iter().all(Rows::is_empty)
    }
    /// Empties it; its memory is kept for reuse.
    pub fn clear(&mut self) {
        self.rows.iter_mut().for_each(Rows::clear);
        self.rewound = None;
    }
    /// The simulation has been put back, and so many of the last rows of each recorder have not happened: those that are
    /// still here go, the rest has gone with frames before.
    pub fn rewind(&mut self, plan: &RecordingPlan, undone: &[usize]) {
        let rewound = self.rewound.get_or_insert_default();
        rewound.resize(plan.recorders.len(), 0);
        self.rows.resize_with(plan.recorders.len(), Rows::default);
        for (i, (recorder, undone)) in plan.recorders.iter().zip(undone).enumerate() {
            let here = self.rows[i].len().min(*undone);
            self.rows[i].take_back(here, &recorder.kind);
            rewound[i] += undone - here;
        }
    }
    /// Puts `later` behind what is here and leaves it empty.
    pub fn append(&mut self, later: &mut Frame) {
        if self.rows.is_empty() {
            std::mem::swap(self, later);
        } else {
            self.rows.iter_mut().zip(&mut later.rows).for_each(|(a, b)| a.append(b));
        }
    }
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(Rows::bytes).sum()
    }
}

/// All that was recorded in a run so far.
#[derive(Clone, Debug, Default)]
pub struct Recordings {
    pub plan: RecordingPlan,
    /// One entry for each recorder of the plan, in the order in which rows were recorded. Times ascend, except those of
    /// weight recorders, which tell of a spike when it arrives.
    pub rows: Vec<Rows>,
    /// For each recorder, which series its rows are: another number as soon as rows were removed, so that places among
    /// them no longer mean the same.
    series: Vec<u64>,
    /// For each recorder: what it recorded before this time, ms, is no longer here.
    since: Vec<f64>,
}

/// A number that no series of rows has had in this process.
fn new_series() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Recordings {
    pub fn new(plan: RecordingPlan) -> Self {
        let rows = plan.recorders.iter().map(|_| Rows::default()).collect();
        let series = plan.recorders.iter().map(|_| new_series()).collect();
        let since = vec![0.0; plan.recorders.len()];
        Recordings { plan, rows, series, since }
    }
    /// Appends a frame and leaves it empty.
    pub fn append(&mut self, frame: &mut Frame) {
        if let Some(undone) = frame.rewound.take() {
            let recorders = self.rows.iter_mut().zip(&self.plan.recorders).zip(&mut self.series);
            for (((rows, recorder), series), undone) in recorders.zip(undone) {
                if undone > 0 && !rows.is_empty() {
                    *series = new_series();
                    rows.take_back(undone, &recorder.kind);
                }
            }
        }
        self.rows.iter_mut().zip(&mut frame.rows).for_each(|(a, b)| a.append(b));
    }
    pub fn recorder(&self, node: NodeId) -> Option<(&RecorderPlan, &Rows)> {
        let i = self.plan.recorders.iter().position(|r| r.node == node)?;
        Some((&self.plan.recorders[i], &self.rows[i]))
    }
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(Rows::bytes).sum()
    }
    /// What a recorder, by its place in the plan, recorded before this time, ms, is no longer here.
    pub fn since(&self, recorder: usize) -> f64 {
        self.since.get(recorder).copied().unwrap_or(0.0)
    }
    /// Drops what a recorder, by its place in the plan, recorded before a time, ms.
    pub fn drop_before(&mut self, recorder: usize, time: f64) {
        let (Some(rows), Some(of)) = (self.rows.get_mut(recorder), self.plan.recorders.get(recorder)) else { return };
        let n = rows.times.iter().position(|t| *t >= time).unwrap_or(rows.len());
        if n > 0 {
            rows.drop_first(n, &of.kind);
            self.series[recorder] = new_series();
        }
        self.since[recorder] = time;
    }
    /// Drops the older half of everything and says up to which time data are gone.
    pub fn drop_older_half(&mut self) -> f64 {
        let mut until = 0.0f64;
        for ((plan, rows), series) in self.plan.recorders.iter().zip(&mut self.rows).zip(&mut self.series) {
            let half = rows.times.len() / 2;
            if half == 0 {
                continue;
            }
            *series = new_series();
            until = until.max(rows.times[half - 1]);
            rows.drop_first(half, &plan.kind);
        }
        until
    }
}

impl RecordingPlan {
    /// The node that a neuron's number belongs to, and its index there.
    pub fn member(&self, number: u32) -> Option<(&Members, u32)> {
        let i = self.members.partition_point(|m| m.first + m.n <= number);
        let m = self.members.get(i)?;
        (number >= m.first).then(|| (m, number - m.first))
    }
    pub fn members_of(&self, node: NodeId) -> Option<&Members> {
        self.members.iter().find(|m| m.node == node)
    }
}
