//! What passes within a slice of time: its steps, the spikes sent in them, the samples asked for, and what can go wrong.
//! All other rooms speak in these words.

pub(crate) mod outbox;
pub(crate) mod probe;
pub(crate) mod span;

pub use outbox::{Event, Outbox, Source};
pub use probe::Probe;
pub use span::{LONGEST_SPAN, STORM, Span, Trouble};
