//! Rows of recorders as tables of text: comma-separated values.
//!
//! Times are in ms, or steps where that is asked for: then spikes tell, as `offset_ms`, how long before the end of their step
//! they happened. A sender is its index, from 0, in the population `sender_node`.

use std::io::{self, Write};

use super::{RecorderKind, RecordingPlan, Rows};

/// The column of a recording that holds numbers of neurons.
const TARGETS: &str = "targets";

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    Ms,
    /// As numbers of steps of this many ms.
    Steps(f64),
}

impl Clock {
    fn header(self) -> &'static str {
        match self {
            Clock::Ms => "time_ms",
            Clock::Steps(_) => "time_steps",
        }
    }
    /// Writes a time; gives back how long before the end of its step it lies.
    fn write(self, time: f64, out: &mut impl Write) -> io::Result<f64> {
        let Clock::Steps(h) = self else {
            write!(out, "{}", plain_time(time))?;
            return Ok(0.0);
        };
        let exact = time / h;
        let near = exact.round();
        let step = if (exact - near).abs() < 1e-9 * near.abs().max(1.0) { near } else { exact.ceil() };
        write!(out, "{step}")?;
        Ok((step * h - time).max(0.0))
    }
}

/// A time without the rounding errors of multiplying a step number; spikes between steps keep their digits.
pub fn plain_time(time: f64) -> f64 {
    (time * 1e9).round() / 1e9
}

/// The names of the columns.
///
/// Spikes: `time_ms,sender_node,sender`. Samples: each sampled quantity behind these. Rows with columns of their own: each of
/// them, the targets of synapses as `target_node,target`.
///
/// # Errors
/// Those of `out`.
pub fn write_header(kind: &RecorderKind, clock: Clock, out: &mut impl Write) -> io::Result<()> {
    write!(out, "{},sender_node,sender", clock.header())?;
    match kind {
        RecorderKind::Spikes if matches!(clock, Clock::Steps(_)) => write!(out, ",offset_ms")?,
        RecorderKind::Spikes => {}
        RecorderKind::Samples { variables, .. } => {
            for (name, _) in variables {
                out.write_all(b",")?;
                write_text(name, out)?;
            }
        }
        RecorderKind::Rows { columns } => {
            for (name, _) in columns {
                out.write_all(b",")?;
                if name == TARGETS { out.write_all(b"target_node,target")? } else { write_text(name, out)? }
            }
        }
    }
    out.write_all(b"\n")
}

/// Rows of a recorder, in their order. Samples: a line for each time and neuron, with nothing where a muted wire gave no
/// value.
///
/// # Errors
/// Those of `out`.
pub fn write_rows(
    plan: &RecordingPlan,
    kind: &RecorderKind,
    rows: &Rows,
    clock: Clock,
    out: &mut impl Write,
) -> io::Result<()> {
    match kind {
        RecorderKind::Spikes => {
            for (time, sender) in rows.times.iter().zip(&rows.senders) {
                let offset = clock.write(*time, out)?;
                write_sender(plan, *sender, out)?;
                if matches!(clock, Clock::Steps(_)) {
                    write!(out, ",{}", plain_time(offset))?;
                }
                out.write_all(b"\n")?;
            }
        }
        RecorderKind::Samples { variables, senders, .. } => {
            let width = variables.len();
            for (i, time) in rows.times.iter().enumerate() {
                for (k, sender) in senders.iter().enumerate() {
                    clock.write(*time, out)?;
                    write_sender(plan, *sender, out)?;
                    let first = (i * senders.len() + k) * width;
                    for value in rows.values.get(first..first + width).unwrap_or_default() {
                        write_value(*value, out)?;
                    }
                    out.write_all(b"\n")?;
                }
            }
        }
        RecorderKind::Rows { columns } => {
            let all = rows.times.iter().zip(&rows.senders).zip(rows.values.chunks(columns.len().max(1)));
            for ((time, sender), values) in all {
                clock.write(*time, out)?;
                write_sender(plan, *sender, out)?;
                for ((name, _), value) in columns.iter().zip(values) {
                    if name == TARGETS {
                        // Counted from 1, as NEST does.
                        write_sender(plan, (*value - 1.0).max(0.0) as u32, out)?;
                    } else {
                        write_value(*value, out)?;
                    }
                }
                out.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}

/// Name of the population that a neuron belongs to, and its index there.
fn write_sender(plan: &RecordingPlan, number: u32, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b",")?;
    match plan.member(number) {
        Some((members, index)) => {
            write_text(&members.name, out)?;
            write!(out, ",{index}")
        }
        None => write!(out, ",{number}"),
    }
}

/// A number; nothing where there is none.
fn write_value(value: f64, out: &mut impl Write) -> io::Result<()> {
    if value.is_nan() { out.write_all(b",") } else { write!(out, ",{value}") }
}

/// A text, in quotes where it could be taken for more than one.
fn write_text(text: &str, out: &mut impl Write) -> io::Result<()> {
    if text.contains(['"', ',', '\n', '\r']) {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::NodeId;
    use crate::recordings::Members;

    fn plan() -> RecordingPlan {
        let member = |id, name: &str, first, n| Members { node: NodeId(id), name: name.into(), first, n };
        RecordingPlan { members: vec![member(0, "E", 0, 3), member(1, "I, fast", 3, 2)], recorders: Vec::new() }
    }

    fn text(kind: &RecorderKind, rows: &Rows, clock: Clock) -> String {
        let mut bytes = Vec::new();
        write_header(kind, clock, &mut bytes).unwrap();
        write_rows(&plan(), kind, rows, clock, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn spikes_name_population_and_index() {
        let rows = Rows { times: vec![0.1 + 0.2, 2.0, 3.0], senders: vec![1, 4, 0], values: Vec::new() };
        let all = text(&RecorderKind::Spikes, &rows, Clock::Ms);
        assert_eq!(all, "time_ms,sender_node,sender\n0.3,E,1\n2,\"I, fast\",1\n3,E,0\n");
    }

    #[test]
    fn times_in_steps_come_with_the_offset() {
        let rows = Rows { times: vec![0.3, 0.1 + 0.2, 2.05], senders: vec![1, 1, 0], values: Vec::new() };
        let all = text(&RecorderKind::Spikes, &rows, Clock::Steps(0.1));
        assert_eq!(all, "time_steps,sender_node,sender,offset_ms\n3,E,1,0\n3,E,1,0\n21,E,0,0.05\n");
    }

    #[test]
    fn rows_have_their_columns_behind_the_sender_and_targets_are_told_by_name() {
        let columns = vec![("weights".into(), String::new()), ("targets".into(), String::new())];
        let rows = Rows { times: vec![1.0, 2.0], senders: vec![0, 4], values: vec![20.5, 3.0, -1.0, 4.0] };
        let wanted =
            "time_ms,sender_node,sender,weights,target_node,target\n1,E,0,20.5,E,2\n2,\"I, fast\",1,-1,\"I, fast\",0\n";
        assert_eq!(text(&RecorderKind::Rows { columns }, &rows, Clock::Ms), wanted);
    }

    #[test]
    fn samples_have_a_row_for_each_time_and_neuron() {
        let variables = vec![("V_m".to_owned(), "mV".to_owned()), ("I_syn_ex".into(), "pA".into())];
        let rows = Rows {
            times: vec![1.0, 2.0],
            senders: Vec::new(),
            values: vec![-70.0, 0.0, -60.5, 1e-9, -69.0, 1.0, f64::NAN, 2.0],
        };
        let all = text(&RecorderKind::Samples { variables, senders: vec![0, 3], interval: 1.0 }, &rows, Clock::Ms);
        let last = all.lines().skip(3).collect::<Vec<_>>();
        assert!(all.starts_with("time_ms,sender_node,sender,V_m,I_syn_ex\n1,E,0,-70,0\n"));
        assert_eq!(last, ["2,E,0,-69,1", "2,\"I, fast\",0,,2"]);
    }
}
