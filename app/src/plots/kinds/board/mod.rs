//! A board of cells, each of which holds the option whose neurons fire most: a Sudoku that a network solves.
//!
//! The neurons of a population stand row by row, in each cell option by option. Where a generator that chooses
//! reaches them, its choices are the clues, and they can be typed into the cells.

mod tally;

use egui::{
    Align2, Color32, CornerRadius, EventFilter, Key, Modifiers, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui,
    pos2, vec2,
};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, NodeId, Project};

use crate::action::{Action, Edit};
use crate::focus;
use crate::plots::axis;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::{Editor, NumberField};
use crate::plots::plot::{Facts, Plot, ReadOut, passed};
use crate::plots::populations::{self, Population, Reader, are_spikes};
use crate::plots::sheet::{Across, Sheet};
use crate::plots::table::Table;
use crate::plots::takes;
use tally::{Held, Shape as Layout, Tally};

/// Rows, columns and options at most.
const MOST: u32 = 64;

/// Height of the line below the board, and the largest cell, points.
const LINE: f32 = 20.0;
const LARGEST_CELL: f32 = 64.0;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub rows: u32,
    pub columns: u32,
    /// How many options there are in each cell.
    pub options: u32,
    /// Size of the boxes in which, as in rows and columns, each option may stand once; 0 for no such rule.
    pub box_rows: u32,
    pub box_columns: u32,
    /// Spikes of so many ms decide what a cell holds.
    pub window: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { rows: 9, columns: 9, options: 9, box_rows: 3, box_columns: 3, window: 100.0 }
    }
}

impl Settings {
    fn layout(&self) -> Layout {
        let [rows, columns, options, box_rows, box_columns] =
            [self.rows, self.columns, self.options, self.box_rows, self.box_columns].map(|n| n.min(MOST) as usize);
        Layout { rows, columns, options, box_rows, box_columns }
    }
}

/// A generator whose choices reach the population.
struct Clues {
    node: NodeId,
    /// The parameter with the choices.
    list: &'static str,
    choices: Vec<usize>,
}

#[derive(Default)]
pub struct Board {
    reader: Reader,
    layout: Layout,
    tally: Tally,
    held: Vec<Held>,
    conflicts: Vec<bool>,
    clues: Option<Clues>,
    /// Since when it has been solved without a break, ms.
    solved: Option<f64>,
    /// The cell that what is typed goes to.
    cursor: Option<usize>,
    focused: bool,
}

impl Board {
    fn population(&self) -> Option<&Population> {
        self.reader.populations().first()
    }

    fn copies(&self) -> Option<usize> {
        self.layout.copies(self.population()?.n as usize)
    }

    fn clue(&self, cell: usize) -> usize {
        self.clues.as_ref().and_then(|clues| clues.choices.get(cell).copied()).unwrap_or(0)
    }

    /// Cells with a clue that hold something else.
    fn lost(&self, cell: usize) -> bool {
        self.clue(cell) != 0
            && self.held.get(cell).is_some_and(|held| held.option != 0 && held.option != self.clue(cell))
    }

    fn options(&self) -> Vec<usize> {
        self.held.iter().map(|held| held.option).collect()
    }

    /// How it stands, in words.
    fn in_words(&self) -> String {
        let Some(population) = self.population() else { return String::new() };
        let Layout { rows, columns, options, .. } = self.layout;
        if self.copies().is_none() {
            let n = axis::thousands(population.n as usize);
            return format!("{n} neurons do not fill {rows} × {columns} cells of {options} options");
        }
        if let Some(since) = self.solved {
            return format!("Solved at {} ms", axis::thousands(since.max(0.0).round() as usize));
        }
        let lost = (0..self.layout.cells()).filter(|cell| self.lost(*cell)).count();
        let lost = match lost {
            0 => String::new(),
            1 => ", 1 clue overruled".into(),
            n => format!(", {n} clues overruled"),
        };
        let (right, groups) = self.layout.right(&self.options());
        if groups == 0 {
            let decided = self.held.iter().filter(|held| held.option != 0).count();
            return format!("{decided} of {} cells decided{lost}", self.layout.cells());
        }
        let what = if self.layout.box_rows * self.layout.box_columns > 1 {
            "rows, columns and boxes"
        } else {
            "rows and columns"
        };
        format!("{right} of {groups} {what} are right{lost}")
    }

    /// The board within the sheet, and the side of a cell.
    fn frame(&self, sheet: &Sheet) -> (Rect, f32) {
        let (rows, columns) = (self.layout.rows.max(1) as f32, self.layout.columns.max(1) as f32);
        let room = sheet.rect.shrink2(vec2(4.0, 2.0));
        let side = (room.width() / columns).min((room.height() - LINE) / rows).clamp(4.0, LARGEST_CELL);
        let size = vec2(columns * side, rows * side);
        let corner = pos2(room.center().x - 0.5 * size.x, room.center().y - 0.5 * (size.y + LINE));
        (Rect::from_min_size(corner, size), side)
    }

    fn cell_at(&self, sheet: &Sheet, pointer: Pos2) -> Option<usize> {
        let (frame, side) = self.frame(sheet);
        let inside = frame.contains(pointer);
        let (column, row) = ((pointer.x - frame.left()) / side, (pointer.y - frame.top()) / side);
        let (column, row) = (column as usize, row as usize);
        (inside && column < self.layout.columns && row < self.layout.rows).then_some(row * self.layout.columns + column)
    }

    fn rect_of(&self, cell: usize, frame: Rect, side: f32) -> Rect {
        let (row, column) = (cell / self.layout.columns.max(1), cell % self.layout.columns.max(1));
        Rect::from_min_size(frame.min + vec2(column as f32, row as f32) * side, vec2(side, side))
    }

    /// "row 3, column 4"
    fn place(&self, cell: usize) -> String {
        let columns = self.layout.columns.max(1);
        format!("row {}, column {}", cell / columns + 1, cell % columns + 1)
    }

    /// The edit that puts a clue into a cell, or takes it away with 0.
    fn put(&self, project: &Project, cell: usize, option: usize) -> Option<Edit> {
        let clues = self.clues.as_ref().filter(|_| self.clue(cell) != option)?;
        let (id, list) = (clues.node, clues.list);
        let mut choices: Vec<f64> = clues.choices.iter().map(|choice| *choice as f64).collect();
        *choices.get_mut(cell)? = option as f64;
        project.node(id)?;
        let label = if option == 0 { "Take clue away at" } else { "Set clue at" };
        Some(Edit::new(format!("{label} {}", self.place(cell)), move |project| {
            if let Some(node) = project.node_mut(id) {
                node.params.insert(list.to_owned(), Value::List(choices));
            }
        }))
    }

    /// The option that a digit makes of a clue: further digits are appended as long as there is such an option.
    fn typed(&self, cell: usize, digit: usize) -> Option<usize> {
        let appended = 10 * self.clue(cell) + digit;
        if digit == 0 && !(1..=self.layout.options).contains(&appended) {
            return Some(0);
        }
        [appended, digit].into_iter().find(|option| (1..=self.layout.options).contains(option))
    }

    fn move_cursor(&mut self, ui: &Ui) {
        let (rows, columns) = (self.layout.rows, self.layout.columns);
        let Some(cell) = self.cursor.filter(|cell| *cell < rows * columns) else { return };
        let presses = |key| ui.input(|i| i.num_presses(key));
        let (row, column) = (cell / columns, cell % columns);
        let row = (row + presses(Key::ArrowDown)).min(rows - 1).saturating_sub(presses(Key::ArrowUp));
        let column = (column + presses(Key::ArrowRight)).min(columns - 1).saturating_sub(presses(Key::ArrowLeft));
        self.cursor = Some(row * columns + column);
    }
}

/// The generator that chooses for a population: one whose choices are as many as the cells.
fn clues(project: &Project, population: NodeId, cells: usize) -> Option<Clues> {
    project.projections.iter().filter(|p| p.to == population).find_map(|p| {
        let node = project.node(p.from)?;
        let (list, _) = node.model.facts.choices?;
        let Some(Value::List(choices)) = node.value(list) else { return None };
        let choices: Vec<usize> = choices.iter().map(|choice| choice.max(0.0) as usize).collect();
        (choices.len() == cells).then_some(Clues { node: node.id, list, choices })
    })
}

fn tint(color: Color32, alpha: f32) -> Color32 {
    color.gamma_multiply(alpha)
}

impl Plot for Board {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "board",
        title: "Board",
        add: ("Add board", "Show which option wins in each cell of a board, such as a Sudoku"),
        shows: "spikes",
        takes: takes::spikes,
        follows_picks: false,
        overlays: false,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let mut populations = populations::of(shown, &[], are_spikes);
        populations.truncate(1);
        let news = self.reader.advance(populations, shown.recordings);
        let (layout, now) = (shown.settings.layout(), shown.status.time);
        let anew = news.anew || layout != self.layout;
        self.layout = layout;
        if anew {
            (self.tally, self.solved) = (Tally::new(&layout), None);
            if !news.anew {
                // What was counted for another layout has to be read again.
                self.reader.begin_anew();
                return self.update(shown);
            }
        }
        let since = now - shown.settings.window.max(0.0);
        if let Some(copies) = self.copies() {
            for row in self.reader.rows(&news, shown.recordings).filter(|row| row.time > since) {
                self.tally.add(row.time, row.place as usize / copies);
            }
        }
        self.tally.forget_before(since);
        self.held = self.tally.held();
        self.clues = self.population().and_then(|p| clues(shown.project, p.node, layout.cells()));
        let options = self.options();
        self.conflicts = layout.conflicts(&options);
        let (right, groups) = layout.right(&options);
        let is_solved = groups > 0 && right == groups && !(0..options.len()).any(|cell| self.lost(cell));
        self.solved = if is_solved { self.solved.or(Some(now)) } else { None };
    }

    fn across(&self) -> Across {
        Across::Nothing
    }

    fn amount(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        self.in_words()
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let (frame, side) = self.frame(sheet);
        let visuals = sheet.visuals(shown.dark);
        let (text, wrong) = (visuals.strong_text_color(), visuals.error_fg_color);
        let color = self.population().map_or(text, |p| p.color);
        let mut shapes = vec![Shape::rect_filled(frame, CornerRadius::ZERO, visuals.extreme_bg_color)];
        for (cell, held) in self.held.iter().enumerate() {
            let rect = self.rect_of(cell, frame, side);
            let (clue, lost) = (self.clue(cell), self.lost(cell));
            let is_wrong = lost || self.conflicts.get(cell) == Some(&true);
            if clue != 0 {
                shapes.push(Shape::rect_filled(rect, CornerRadius::ZERO, tint(text, 0.13)));
            }
            if is_wrong {
                shapes.push(Shape::rect_filled(rect, CornerRadius::ZERO, tint(wrong, 0.22)));
            }
            if held.option != 0 {
                // What is certain is large and bright; with all options equal its share would be one of them.
                let even = 1.0 / self.layout.options.max(1) as f64;
                let certainty = ((held.share - even) / (1.0 - even).max(1e-9)).clamp(0.0, 1.0) as f32;
                let ink = if is_wrong {
                    wrong
                } else if clue != 0 {
                    text
                } else {
                    color
                };
                let ink = tint(ink, 0.35 + 0.65 * certainty);
                let size = side * (0.34 + 0.34 * certainty);
                shapes.push(sheet.text(rect.center(), Align2::CENTER_CENTER, held.option.to_string(), size, ink));
            }
            if clue != 0 && held.option != clue {
                let at = rect.left_top() + vec2(0.08 * side, 0.02 * side);
                shapes.push(sheet.text(at, Align2::LEFT_TOP, clue.to_string(), 0.3 * side, text));
            }
        }
        let line = visuals.widgets.noninteractive.fg_stroke.color;
        let (thin, thick) = (Stroke::new(1.0, tint(line, 0.35)), Stroke::new(2.0, tint(line, 0.9)));
        let edge = |i: usize, of: usize, end: usize| i == 0 || i == end || (of > 1 && i.is_multiple_of(of));
        // Thick lines lie above thin ones.
        for bold in [false, true] {
            let stroke = if bold { thick } else { thin };
            for row in (0..=self.layout.rows).filter(|i| edge(*i, self.layout.box_rows, self.layout.rows) == bold) {
                shapes.push(Shape::hline(frame.x_range(), frame.top() + row as f32 * side, stroke));
            }
            for column in
                (0..=self.layout.columns).filter(|i| edge(*i, self.layout.box_columns, self.layout.columns) == bold)
            {
                shapes.push(Shape::vline(frame.left() + column as f32 * side, frame.y_range(), stroke));
            }
        }
        let cursor = self.cursor.filter(|cell| self.focused && *cell < self.layout.cells());
        let below = match (cursor, &self.clues) {
            (Some(cell), Some(_)) => {
                let rect = self.rect_of(cell, frame, side).shrink(1.0);
                let stroke = Stroke::new(2.0, visuals.selection.stroke.color);
                shapes.push(Shape::rect_stroke(rect, CornerRadius::ZERO, stroke, StrokeKind::Inside));
                format!("Clue at {}: type 1 to {}, 0 for none", self.place(cell), self.layout.options)
            }
            _ => self.in_words(),
        };
        let ink = if self.solved.is_some() && cursor.is_none() { color } else { visuals.text_color() };
        let at = pos2(frame.center().x, frame.bottom() + 0.5 * LINE + 2.0);
        shapes.push(sheet.text(at, Align2::CENTER_CENTER, below, 13.0, ink));
        shapes
    }

    fn touch(
        &mut self,
        shown: &Shown<'_, Settings>,
        sheet: &Sheet,
        ui: &Ui,
        response: &Response,
        actions: &mut Vec<Action>,
    ) -> bool {
        if response.clicked() || response.secondary_clicked() {
            self.cursor = response.interact_pointer_pos().and_then(|pointer| self.cell_at(sheet, pointer));
            response.request_focus();
        }
        self.focused = response.has_focus();
        if let Some(cell) = self.cursor.filter(|_| response.secondary_clicked()) {
            actions.extend(self.put(shown.project, cell, 0).map(Action::from));
        }
        if self.focused {
            let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            focus::claim_delete(ui.ctx(), response.id);
            self.cursor = self.cursor.or(Some(0));
            self.move_cursor(ui);
            let digit = ui.input(|i| {
                let mut typed = i.events.iter().filter_map(|event| match event {
                    egui::Event::Text(text) => text.chars().find_map(|c| c.to_digit(10)),
                    _ => None,
                });
                typed.next_back()
            });
            let removed = ui.input_mut(|i| {
                i.consume_key(Modifiers::NONE, Key::Delete) || i.consume_key(Modifiers::NONE, Key::Backspace)
            });
            let option = |board: &Board, cell| match digit {
                _ if removed => Some(0),
                Some(digit) => board.typed(cell, digit as usize),
                None => None,
            };
            if let Some(cell) = self.cursor
                && let Some(option) = option(self, cell)
            {
                actions.extend(self.put(shown.project, cell, option).map(Action::from));
            }
        }
        true
    }

    fn read_out(&self, _: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let cell = self.cell_at(sheet, pointer)?;
        let held = self.held.get(cell)?;
        let (frame, side) = self.frame(sheet);
        let share = format!("{:.0} % of the spikes of this cell", 100.0 * held.share);
        let holds = if held.option == 0 { "undecided".to_owned() } else { format!("{}, {share}", held.option) };
        let place = self.place(cell);
        let clue = match self.clue(cell) {
            0 if self.clues.is_some() => "\nClick to give it a clue".to_owned(),
            0 => String::new(),
            clue => format!("\nClue {clue}"),
        };
        let text = format!("{}{}: {holds}{clue}", place[..1].to_uppercase(), &place[1..]);
        Some(ReadOut { text, at: self.rect_of(cell, frame, side).center() })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        let Settings { rows, columns, options, box_rows, box_columns, window } = *editor.shown.settings;
        type Set = fn(&mut Settings, u32);
        let sides: [(&str, &str, &str, u32, f64, Set); 5] = [
            ("Rows", "rows", "Rows of the board", rows, 1.0, |s, n| s.rows = n),
            ("Columns", "columns", "Columns of the board", columns, 1.0, |s, n| s.columns = n),
            ("Options", "options", "Options in each cell", options, 1.0, |s, n| s.options = n),
            (
                "Rows of a box",
                "box_rows",
                "Rows of the boxes in which an option may stand once; 0 for no rule",
                box_rows,
                0.0,
                |s, n| {
                    s.box_rows = n;
                },
            ),
            (
                "Columns of a box",
                "box_columns",
                "Columns of the boxes in which an option may stand once; 0 for no rule",
                box_columns,
                0.0,
                |s, n| {
                    s.box_columns = n;
                },
            ),
        ];
        for (label, name, tip, value, least, set) in sides {
            let (value, range) = (f64::from(value), least..=f64::from(MOST));
            let field =
                NumberField { label, tip, name, step: "Set board", value, range, speed: 0.05, suffix: "", decimals: 0 };
            editor.number(field, move |settings, x| set(settings, x.round().max(0.0) as u32));
        }
        let field = NumberField {
            label: "Window",
            tip: "Spikes of this time decide what a cell holds",
            name: "window",
            step: "Set window",
            value: window,
            range: 1.0..=10_000.0,
            speed: 1.0,
            suffix: " ms",
            decimals: 0,
        };
        editor.number(field, |settings, x| settings.window = x);
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        let sides = [("rows", settings.rows), ("columns", settings.columns), ("options", settings.options)];
        let mut found: Vec<(&'static str, String)> = sides
            .into_iter()
            .filter(|(_, n)| !(1..=MOST).contains(n))
            .map(|(name, _)| (name, format!("must be from 1 to {MOST}")))
            .collect();
        if !(settings.window > 0.0 && settings.window.is_finite()) {
            found.push(("window", "must be > 0 ms".to_owned()));
        }
        found
    }

    /// Writes what each cell holds, with its share of the spikes and its clue.
    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        let mut board = Board::default();
        board.update(shown);
        table.write_record(["row", "column", "option", "share", "clue"])?;
        let columns = board.layout.columns.max(1);
        for (cell, held) in board.held.iter().enumerate() {
            let named = |option: usize| if option == 0 { String::new() } else { option.to_string() };
            let place = [cell / columns + 1, cell % columns + 1].map(|i| i.to_string());
            let [row, column] = place;
            table.write_record([row, column, named(held.option), held.share.to_string(), named(board.clue(cell))])?;
        }
        Ok(())
    }

    fn nothing_yet(_: &[&Node], data: &PlotData<'_>) -> String {
        format!("No spikes yet (in {})", passed(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;

    /// The hundred excitatory neurons of the sample are two rows of five cells with five options of two neurons each.
    fn settings() -> Settings {
        Settings { rows: 2, columns: 5, options: 5, box_rows: 0, box_columns: 0, window: 1000.0 }
    }

    fn updated(sample: &Sample) -> Board {
        let mut board = Board::default();
        board.update(&sample.shown(0, &settings()));
        board
    }

    #[test]
    fn the_board_shows_who_fired_most() {
        let sample = Sample::two_populations();
        let board = updated(&sample);
        let rows = &sample.recordings.rows[0];
        let mut counts = [0usize; 5];
        rows.senders.iter().filter(|sender| **sender < 10).for_each(|sender| counts[*sender as usize / 2] += 1);
        let most = counts.iter().max().copied().expect("five");
        let expected = if counts.iter().filter(|n| **n == most).count() == 1 {
            counts.iter().position(|n| *n == most).map_or(0, |i| i + 1)
        } else {
            0
        };
        assert_eq!(board.held[0].option, expected);
        assert!(board.in_words().ends_with("of 10 cells decided"), "{}", board.in_words());
        let other = Settings { options: 7, ..settings() };
        let mut board = Board::default();
        board.update(&sample.shown(0, &other));
        assert_eq!(board.in_words(), "100 neurons do not fill 2 × 5 cells of 7 options");
    }

    #[test]
    fn clues_come_from_the_generator_that_chooses_and_can_be_typed() {
        let mut sample = Sample::two_populations();
        let model = spikeloom_engine::models::find("one_hot_generator").expect("a generator that chooses");
        let id = sample.project.free_node_id();
        let mut node = Node { n: 100, ..Node::new(id, "Clues", model) };
        node.params.insert("choices".into(), Value::List(vec![0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0]));
        sample.project.nodes.push(node);
        let wire = sample.project.free_projection_id();
        sample.project.projections.push(spikeloom_engine::project::Projection::new(wire, id, NodeId(0)));
        let board = updated(&sample);
        assert_eq!((board.clue(0), board.clue(1), board.clue(9)), (0, 3, 5));
        assert_eq!((board.typed(0, 4), board.typed(0, 7), board.typed(0, 0)), (Some(4), None, Some(0)));
        let edit = board.put(&sample.project, 0, 4).expect("a clue");
        assert_eq!(edit.label, "Set clue at row 1, column 1");
        (edit.change)(&mut sample.project);
        assert_eq!(updated(&sample).clue(0), 4);
        assert!(updated(&sample).put(&sample.project, 0, 4).is_none(), "it is there already");
    }

    #[test]
    fn cells_are_written_one_by_one() {
        let mut sample = Sample::two_populations();
        sample.set(0, &settings());
        sample.project.views[0].kind = "board".into();
        let lines = sample.lines(0);
        assert_eq!(lines.len(), 11);
        assert_eq!(lines[0], "row,column,option,share,clue");
        assert!(lines[10].starts_with("2,5,"), "{}", lines[10]);
    }
}
