//! Reading the rows of a recorder while they come.

use std::ops::Range;

use super::Recordings;

/// A reader's place in the rows of one recorder. A new one has read nothing.
///
/// Readers that tally what is recorded, such as plots, ask it in every frame of the window for what is new. Rows are
/// also removed: all of them when a new run begins, the latest when the network is put back to an earlier time, the
/// oldest when memory is short. What was tallied is wrong then, and the reader begins anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    series: u64,
    read: usize,
}

/// What a reader has to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Rows that were read before are gone: forget what was made of them, all rows there are follow.
    pub anew: bool,
    /// The rows to read, by their index.
    pub rows: Range<usize>,
}

impl Cursor {
    /// What is new since the last call, in the rows of the recorder at this place of the plan.
    pub fn advance(&mut self, recordings: &Recordings, recorder: usize) -> News {
        let series = recordings.series.get(recorder).copied().unwrap_or(0);
        let end = recordings.rows.get(recorder).map_or(0, |rows| rows.times.len());
        let anew = self.series != series || end < self.read;
        let begin = if anew { 0 } else { self.read };
        (self.series, self.read) = (series, end);
        News { anew, rows: begin..end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::NodeId;
    use crate::recordings::{Frame, RecorderKind, RecorderPlan, RecordingPlan, Rows};

    /// Two spike recorders that have recorded nothing yet.
    fn recordings() -> Recordings {
        let recorder = |node| RecorderPlan {
            node: NodeId(node),
            name: node.to_string(),
            kind: RecorderKind::Spikes,
            sources: vec![],
            connected: vec![],
        };
        Recordings::new(RecordingPlan { members: vec![], recorders: vec![recorder(0), recorder(1)] })
    }

    /// A frame in which the first recorder has spikes at these times.
    fn frame(times: &[f64], rewound: Option<[usize; 2]>) -> Frame {
        let spikes = Rows { times: times.into(), senders: vec![0; times.len()], values: vec![] };
        Frame { rows: vec![spikes, Rows::default()], rewound: rewound.map(Vec::from) }
    }

    fn news(anew: bool, rows: Range<usize>) -> News {
        News { anew, rows }
    }

    #[test]
    fn each_row_is_read_once_while_recordings_grow() {
        let mut recordings = recordings();
        let mut cursor = Cursor::default();
        recordings.append(&mut frame(&[1.0, 2.0], None));
        assert_eq!(cursor.advance(&recordings, 0), news(true, 0..2));
        recordings.append(&mut frame(&[3.0], None));
        assert_eq!(cursor.advance(&recordings, 0), news(false, 2..3));
        assert_eq!(cursor.advance(&recordings, 0), news(false, 3..3));
    }

    #[test]
    fn an_empty_frame_is_no_news() {
        let mut recordings = recordings();
        let mut cursor = Cursor::default();
        recordings.append(&mut frame(&[1.0], None));
        cursor.advance(&recordings, 0);
        recordings.append(&mut frame(&[], None));
        recordings.append(&mut Frame::default());
        assert_eq!(cursor.advance(&recordings, 0), news(false, 1..1));
    }

    #[test]
    fn a_rewind_begins_anew_even_if_as_many_rows_came_with_it() {
        let mut recordings = recordings();
        let mut cursor = Cursor::default();
        recordings.append(&mut frame(&[1.0, 2.0, 3.0], None));
        cursor.advance(&recordings, 0);
        recordings.append(&mut frame(&[2.5, 3.5], Some([1, 0])));
        assert_eq!(recordings.rows[0].times, [1.0, 2.0, 2.5, 3.5]);
        assert_eq!(cursor.advance(&recordings, 0), news(true, 0..4));
        assert_eq!(cursor.advance(&recordings, 0), news(false, 4..4));
    }

    #[test]
    fn a_rewind_that_removes_nothing_of_a_recorder_leaves_its_readers_alone() {
        let mut recordings = recordings();
        let [mut first, mut second] = [Cursor::default(), Cursor::default()];
        recordings.append(&mut frame(&[1.0, 3.0], None));
        first.advance(&recordings, 0);
        second.advance(&recordings, 1);
        recordings.append(&mut frame(&[], Some([0, 0])));
        assert_eq!(first.advance(&recordings, 0), news(false, 2..2));
        recordings.append(&mut frame(&[], Some([1, 0])));
        assert_eq!(first.advance(&recordings, 0), news(true, 0..1));
        assert_eq!(second.advance(&recordings, 1), news(false, 0..0));
    }

    #[test]
    fn a_dropped_half_begins_anew_even_if_all_times_are_the_same() {
        let mut recordings = recordings();
        let mut cursor = Cursor::default();
        recordings.append(&mut frame(&[5.0; 4], None));
        cursor.advance(&recordings, 0);
        recordings.drop_older_half();
        recordings.append(&mut frame(&[5.0; 2], None));
        assert_eq!(cursor.advance(&recordings, 0), news(true, 0..4));
    }

    #[test]
    fn rows_before_a_time_go_and_readers_begin_anew() {
        let mut recordings = recordings();
        let mut cursor = Cursor::default();
        recordings.append(&mut frame(&[1.0, 2.0, 5.0], None));
        cursor.advance(&recordings, 0);
        recordings.drop_before(0, 2.5);
        assert_eq!(
            (recordings.rows[0].times.as_slice(), recordings.since(0), recordings.since(1)),
            (&[5.0][..], 2.5, 0.0)
        );
        assert_eq!(recordings.rows[0].senders.len(), 1);
        assert_eq!(cursor.advance(&recordings, 0), news(true, 0..1));
        recordings.drop_before(0, 3.0);
        assert_eq!(cursor.advance(&recordings, 0), news(false, 1..1), "nothing was there");
    }

    #[test]
    fn another_run_begins_anew() {
        let mut old = recordings();
        let mut cursor = Cursor::default();
        old.append(&mut frame(&[1.0, 2.0], None));
        cursor.advance(&old, 0);
        let mut new = recordings();
        new.append(&mut frame(&[1.0, 2.0], None));
        assert_eq!(cursor.advance(&new, 0), news(true, 0..2));
        assert_eq!(cursor.advance(&Recordings::default(), 0), news(true, 0..0));
    }
}
