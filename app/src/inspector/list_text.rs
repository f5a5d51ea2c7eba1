//! Lists of numbers as text: separated by commas, semicolons, spaces or new lines.

use egui::{RichText, TextEdit, Ui};

use super::fields::Fields;
use crate::number;

/// The list as it is written for editing.
pub fn text_of(values: &[f64]) -> String {
    values.iter().map(|&x| spikeloom_engine::description::number(x)).collect::<Vec<_>>().join(", ")
}

/// The numbers in `text`, or what is wrong with the first piece that is none.
pub fn numbers(text: &str) -> Result<Vec<f64>, String> {
    if let Some(piece) = doubtful(text) {
        return Err(format!(
            "“{piece}” may be one number or two: write decimals with a point, or a space after the comma"
        ));
    }
    text.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|piece| !piece.is_empty())
        .map(number::parse)
        .collect()
}

/// A piece with a comma between digits where other signs separate the numbers: people write decimals so.
fn doubtful(text: &str) -> Option<&str> {
    let pieces = || text.split(|c: char| c == ';' || c.is_whitespace()).filter(|piece| !piece.is_empty());
    let tight = |piece: &&str| {
        let mut parts = piece.split(',');
        let ends_in_digit = parts.next().is_some_and(|part| part.ends_with(|c: char| c.is_ascii_digit()));
        ends_in_digit && parts.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
    };
    let separated = pieces().count() > 1 && pieces().any(|piece| !piece.ends_with(',') && !piece.starts_with(','));
    separated.then(|| pieces().find(tight)).flatten()
}

/// `from`, `from + every`, … up to and including `to`; an error if that is no list of sensible size.
pub fn regular(from: f64, to: f64, every: f64) -> Result<Vec<f64>, String> {
    const MOST: f64 = 1e6;
    if !(from.is_finite() && to.is_finite() && every.is_finite()) {
        return Err("From, to and every must be finite".into());
    }
    if every <= 0.0 {
        return Err("“Every” must be larger than 0".into());
    }
    if to < from {
        return Err("“To” must not lie before “from”".into());
    }
    let steps = ((to - from) / every + 1e-9).floor();
    if steps >= MOST {
        return Err(format!("That would be more than {} values", number::count(MOST as u64)));
    }
    // Rounding takes away the noise of binary fractions: 0.1 × 3 is written 0.3.
    Ok((0..=steps as u64).map(|i| ((from + i as f64 * every) * 1e9).round() / 1e9).collect())
}

/// The two columns of a table, such as times and values: two numbers in each line, two lines or more. A first line of words
/// names them.
pub fn columns(text: &str) -> Option<(Vec<f64>, Vec<f64>)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(numbers).peekable();
    lines.next_if(Result::is_err);
    let rows: Vec<Vec<f64>> = lines.collect::<Result<_, _>>().ok()?;
    let is_table = rows.len() > 1 && rows.iter().all(|row| row.len() == 2);
    is_table.then(|| rows.iter().map(|row| (row[0], row[1])).unzip())
}

/// The identity of the text field of this key.
pub fn field_id(key: &str) -> egui::Id {
    egui::Id::unique(("inspector list", key))
}

/// A text field for a list. `wanted` is the number of values it must have, if that is fixed.
/// Gives the list when it has changed and can be used, and whether the typing is over.
pub fn show(
    ui: &mut Ui,
    fields: &mut Fields,
    key: &str,
    name: &str,
    values: &[f64],
    wanted: Option<usize>,
) -> (Option<Vec<f64>>, bool) {
    let mut text = fields.drafts.get(key).cloned().unwrap_or_else(|| text_of(values));
    let edit = TextEdit::multiline(&mut text)
        .id(field_id(key))
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .hint_text("Numbers, separated by commas, spaces or new lines");
    let response = egui::ScrollArea::vertical()
        .id_salt(("list scroll", key))
        .max_height(110.0)
        .show(ui, |ui| ui.add(edit))
        .inner
        .accessible_name(name);
    let parsed = numbers(&text);
    let mut set = None;
    match &parsed {
        Ok(list) if wanted.is_none_or(|n| n == list.len()) => {
            if response.changed() {
                set = Some(list.clone());
            }
            if !response.has_focus() && list == values {
                fields.drafts.remove(key);
            }
        }
        _ => {}
    }
    if response.changed() {
        fields.drafts.insert(key.to_owned(), text);
    }
    count_line(ui, &parsed, wanted);
    (set, response.lost_focus())
}

fn count_line(ui: &mut Ui, parsed: &Result<Vec<f64>, String>, wanted: Option<usize>) {
    let warn = ui.visuals().error_fg_color;
    match (parsed, wanted) {
        (Err(reason), _) => {
            ui.label(RichText::new(reason).small().color(warn));
        }
        (Ok(list), Some(n)) if list.len() != n => {
            let text = format!("{} of {} values", number::count(list.len() as u64), number::count(n as u64));
            ui.label(RichText::new(text).small().color(warn));
        }
        (Ok(_), Some(n)) => {
            ui.small(format!("{} of {} values", number::count(n as u64), number::count(n as u64)));
        }
        (Ok(list), None) => {
            let n = list.len();
            ui.small(format!("{} value{}", number::count(n as u64), if n == 1 { "" } else { "s" }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_may_be_mixed_and_errors_name_the_piece() {
        assert_eq!(numbers("1, 2\n−3;4e1"), Ok(vec![1.0, 2.0, -3.0, 40.0]));
        assert_eq!(numbers(""), Ok(vec![]));
        assert!(numbers("1, two").is_err_and(|e| e.contains("two")));
        assert_eq!(numbers("1,2,3"), Ok(vec![1.0, 2.0, 3.0]));
        for text in ["0,5; 1,5", "0,5 1,5", "0,5\n1,5", "0,5;1"] {
            assert!(numbers(text).is_err_and(|e| e.contains("point")), "{text}");
        }
    }

    #[test]
    fn tables_of_two_columns_are_told_from_lists() {
        let both = Some((vec![1.0, 2.5], vec![10.0, -20.0]));
        for text in ["1 10\n2.5 -20", "1, 10\n2.5, -20\n", "time;value\n1; 10\n\n2.5; -20", "1\t10\r\n2.5\t-20\r\n"] {
            assert_eq!(columns(text), both, "{text:?}");
        }
        for text in ["1 2 3 4", "1 2", "1\n2\n3", "1 10\n2", "1 10\nx 20\n3 30", "0,5 1\n1 2", ""] {
            assert_eq!(columns(text), None, "{text:?}");
        }
    }

    #[test]
    fn regular_lists_are_exact_and_bounded() {
        assert_eq!(regular(0.1, 0.5, 0.1), Ok(vec![0.1, 0.2, 0.3, 0.4, 0.5]));
        assert_eq!(regular(5.0, 5.0, 1.0), Ok(vec![5.0]));
        assert!(regular(0.0, 1.0, 0.0).is_err());
        assert!(regular(0.0, 1e9, 0.1).is_err());
        assert!(regular(2.0, 1.0, 0.5).is_err());
    }

    #[test]
    fn text_round_trip() {
        let values = vec![1.5, -2.0, 1e-9];
        assert_eq!(numbers(&text_of(&values)), Ok(values));
    }
}
