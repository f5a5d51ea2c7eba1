//! A game of ball and paddles that a network plays: the field, the score and the reward, and a paddle for the person
//! who watches.

use egui::{
    Align2, CornerRadius, EventFilter, Key, PointerButton, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui, pos2,
    vec2,
};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::{Played, Value};
use spikeloom_engine::project::{Node, NodeId};
use spikeloom_engine::recordings::RecorderKind;

use crate::action::{Action, Edit};
use crate::plots::axis;
use crate::plots::data::{PlotData, Shown};
use crate::plots::plot::{Facts, Plot, ReadOut, Remark, passed};
use crate::plots::sheet::{Across, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use crate::theme;

/// Width of the field, whose height is 1, and radius of the ball.
const WIDTH: f64 = 1.6;
const RADIUS: f64 = 0.025;

/// Heights of the line and of the curve below the field, points.
const LINE: f32 = 22.0;
const CURVE: f32 = 34.0;

/// Points of the curve at most.
const POINTS: usize = 400;

/// By how much a press of an arrow key moves the paddle.
const STEP: f64 = 0.05;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {}

/// A game as it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    ball: [f64; 2],
    paddle: f64,
    opponent: f64,
    hits: f64,
    misses: f64,
    points: f64,
    mean: Option<f64>,
}

/// A game that a recorder samples.
#[derive(Clone, Copy)]
struct Game {
    node: NodeId,
    facts: Played,
    length: f64,
    /// Where the person who plays has sent the paddle; `None` while it follows the ball.
    aim: Option<f64>,
}

#[derive(Default)]
pub struct Pong {
    game: Option<Game>,
    state: Option<State>,
    /// The mean reward over the whole run, as far as it has been sampled.
    curve: Vec<f64>,
    focused: bool,
}

/// The first game among what the recorders sample, what was sampled of it last, and the course of the mean reward.
fn game<S>(shown: &Shown<'_, S>) -> Option<(Game, Option<State>, Vec<f64>)> {
    shown.sources.iter().find_map(|source| {
        let (plan, rows) = shown.recordings.recorder(*source)?;
        let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { return None };
        let node =
            plan.sources.iter().filter_map(|id| shown.project.node(*id)).find(|n| n.model.facts.played.is_some())?;
        let facts = node.model.facts.played?;
        let follows = node.value(facts.follows) == Some(Value::Flag(true));
        let game = Game {
            node: node.id,
            facts,
            length: node.real(facts.length),
            aim: (!follows).then(|| node.real(facts.aim)),
        };
        let members = shown.recordings.plan.members_of(node.id)?;
        let sender = senders.iter().position(|s| (members.first..members.first + members.n).contains(s))?;
        let width = senders.len() * variables.len();
        let last = rows.values.len().checked_sub(width).map(|begin| &rows.values[begin..]);
        let of = |name: &str| {
            let variable = variables.iter().position(|(known, _)| known == name)?;
            last?.get(sender * variables.len() + variable).copied()
        };
        let [hits, misses, points] = *facts.counts;
        let state = || {
            Some(State {
                ball: [of(facts.x)?, of(facts.y)?],
                paddle: of(facts.paddle)?,
                opponent: of(facts.opponent)?,
                hits: of(hits).unwrap_or(0.0),
                misses: of(misses).unwrap_or(0.0),
                points: of(points).unwrap_or(0.0),
                mean: of(facts.mean),
            })
        };
        let mean = variables.iter().position(|(name, _)| name == facts.mean);
        let samples = rows.values.len() / width.max(1);
        let every = samples.div_ceil(POINTS).max(1);
        let at = |row: usize| rows.values.get(row * width + sender * variables.len() + mean?).copied();
        let curve = (0..samples).step_by(every).filter_map(at).filter(|x| x.is_finite()).collect();
        Some((game, state(), curve))
    })
}

impl Pong {
    /// The field within the sheet.
    fn field(sheet: &Sheet) -> Rect {
        let room = sheet.rect.shrink2(vec2(6.0, 4.0));
        let height = (room.height() - LINE - CURVE).min(room.width() / WIDTH as f32).max(10.0);
        let size = vec2(height * WIDTH as f32, height);
        Rect::from_min_size(pos2(room.center().x - 0.5 * size.x, room.center().y - 0.5 * (size.y + LINE + CURVE)), size)
    }

    fn at(field: Rect, x: f64, y: f64) -> Pos2 {
        pos2(field.left() + (x / WIDTH) as f32 * field.width(), field.bottom() - y as f32 * field.height())
    }

    /// How it stands, in words.
    fn in_words(&self) -> String {
        match (&self.game, &self.state) {
            (None, _) => "The recorder samples no game".into(),
            (Some(_), None) => "The recorder does not sample ball and paddles".into(),
            (Some(_), Some(state)) => {
                let balls = state.hits + state.misses;
                let share = if balls > 0.0 { format!(" ({:.0} %)", 100.0 * state.hits / balls) } else { String::new() };
                let mean = state.mean.map_or(String::new(), |mean| format!(", mean reward {}", axis::tick(mean, 0.01)));
                format!("{} of {balls} balls returned{share}{mean}", state.hits)
            }
        }
    }

    /// The edit by which a person moves the paddle on the left.
    fn aim(&self, y: f64) -> Option<Edit> {
        let Game { node: id, facts, .. } = self.game?;
        let y = (y.clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
        let edit = Edit::new("Play", move |project| {
            if let Some(node) = project.node_mut(id) {
                node.params.insert(facts.aim.to_owned(), Value::Real(y));
                node.params.insert(facts.follows.to_owned(), Value::Flag(false));
            }
        });
        Some(edit.merged(format!("play {}", id.0)))
    }
}

impl Plot for Pong {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "pong",
        title: "Pong",
        add: ("Add game", "Watch a network play Pong, and play against it"),
        shows: "the game",
        takes: takes::samples,
        follows_picks: false,
        overlays: false,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let found = game(shown);
        self.game = found.as_ref().map(|(game, ..)| *game);
        (self.state, self.curve) = found.map_or((None, Vec::new()), |(_, state, curve)| (state, curve));
    }

    fn across(&self) -> Across {
        Across::Nothing
    }

    fn amount(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        self.in_words()
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let field = Pong::field(sheet);
        let visuals = sheet.visuals(shown.dark);
        let (text, own) = (visuals.strong_text_color(), theme::palette_color(0, shown.dark));
        let line = visuals.widgets.noninteractive.fg_stroke.color;
        let edge = if self.focused { visuals.selection.stroke } else { Stroke::new(1.5, line.gamma_multiply(0.7)) };
        let mut shapes = vec![
            Shape::rect_filled(field, CornerRadius::ZERO, visuals.extreme_bg_color),
            Shape::rect_stroke(field, CornerRadius::ZERO, edge, StrokeKind::Outside),
        ];
        let middle = [field.center_top(), field.center_bottom()];
        shapes.extend(Shape::dashed_line(&middle, Stroke::new(1.0, line.gamma_multiply(0.4)), 6.0, 6.0));
        if let (Some(game), Some(state)) = (&self.game, &self.state) {
            let score = (0.12 * field.height()).clamp(12.0, 40.0);
            let faint = text.gamma_multiply(0.45);
            for (x, points) in [(0.6, state.misses), (1.0, state.points)] {
                let at = Pong::at(field, x, 0.98);
                shapes.push(sheet.text(at, Align2::CENTER_TOP, points.to_string(), score, faint));
            }
            let thick = (0.02 * field.width()).clamp(3.0, 12.0);
            for (x, y, color) in [(0.0, state.opponent, text), (WIDTH, state.paddle, own)] {
                let size = vec2(thick, (game.length as f32 * field.height()).max(2.0));
                let paddle = Rect::from_center_size(Pong::at(field, x, y), size).intersect(field.expand(thick));
                shapes.push(Shape::rect_filled(paddle, CornerRadius::same(2), color));
            }
            let radius = (RADIUS as f32 * field.height()).max(3.0);
            let [x, y] = state.ball;
            let at = Pong::at(field, x, y).clamp(field.min, field.max);
            shapes.push(Shape::circle_filled(at, radius, visuals.warn_fg_color));
        }
        if self.curve.len() > 1 {
            // From 0 at the bottom to the largest possible mean at the top.
            let band = Rect::from_min_size(field.left_bottom() + vec2(0.0, LINE), vec2(field.width(), CURVE - 2.0));
            shapes.push(Shape::hline(band.x_range(), band.bottom(), Stroke::new(1.0, line.gamma_multiply(0.4))));
            let step = band.width() / (self.curve.len() - 1) as f32;
            let point = |(i, mean): (usize, &f64)| {
                pos2(band.left() + i as f32 * step, band.bottom() - mean.clamp(0.0, 1.0) as f32 * band.height())
            };
            shapes.push(Shape::line(self.curve.iter().enumerate().map(point).collect(), Stroke::new(1.5, own)));
        }
        let below = pos2(field.center().x, field.bottom() + 0.5 * LINE + 1.0);
        shapes.push(sheet.text(below, Align2::CENTER_CENTER, self.in_words(), 13.0, visuals.text_color()));
        shapes
    }

    fn touch(
        &mut self,
        _: &Shown<'_, Settings>,
        sheet: &Sheet,
        ui: &Ui,
        response: &Response,
        actions: &mut Vec<Action>,
    ) -> bool {
        let field = Pong::field(sheet);
        if response.clicked() || response.drag_started() || response.drag_stopped() {
            response.request_focus();
        }
        self.focused = response.has_focus();
        let pressed = response.clicked() || response.dragged_by(PointerButton::Primary);
        if let Some(pointer) = response.interact_pointer_pos().filter(|_| pressed) {
            let y = f64::from((field.bottom() - pointer.y) / field.height().max(1.0));
            actions.extend(self.aim(y).map(Action::from));
        }
        if self.focused {
            let arrows = EventFilter { horizontal_arrows: false, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let presses = |key| f64::from(ui.input(|i| i.num_presses(key)) as u32);
            let way = STEP * (presses(Key::ArrowUp) - presses(Key::ArrowDown));
            let now = self.game.and_then(|game| game.aim).or(self.state.map(|state| state.opponent));
            if let Some(now) = now.filter(|_| way != 0.0) {
                actions.extend(self.aim(now + way).map(Action::from));
            }
        }
        if response.drag_stopped() || response.lost_focus() {
            actions.push(Action::EndGesture);
        }
        true
    }

    fn read_out(&self, _: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let game = self.game?;
        let field = Pong::field(sheet);
        let on_left = field.contains(pointer) && pointer.x < field.left() + 0.2 * field.width();
        let text = "Drag to play the left paddle";
        let at = Pong::at(field, 0.0, self.state?.opponent);
        (on_left && game.aim.is_none()).then(|| ReadOut { text: text.into(), at })
    }

    fn remark(&self, _: &Shown<'_, Settings>) -> Option<Remark> {
        let Game { node: id, facts, aim, .. } = self.game?;
        aim?;
        let edit = Edit::new("Let the opponent play by itself", move |project| {
            if let Some(node) = project.node_mut(id) {
                node.params.remove(facts.follows);
                node.params.remove(facts.aim);
            }
        });
        Some(Remark {
            text: "You play the left paddle".into(),
            cure: "Let it play by itself".into(),
            why: "It follows the ball then".into(),
            edit,
        })
    }

    /// Writes the samples of the game.
    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        for source in shown.sources {
            let Some((plan, rows)) = shown.recordings.recorder(*source) else { continue };
            let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { continue };
            let names = variables.iter().map(|(name, _)| name.as_str());
            table.write_record(["time_ms"].into_iter().chain(names))?;
            let width = (senders.len() * variables.len()).max(1);
            for (time, values) in rows.times.iter().zip(rows.values.chunks_exact(width)) {
                let values = values.iter().take(variables.len()).map(f64::to_string);
                table.write_record(std::iter::once(exact(*time)).chain(values))?;
            }
            return Ok(());
        }
        Ok(())
    }

    fn nothing_yet(_: &[&Node], data: &PlotData<'_>) -> String {
        format!("Nothing recorded yet (in {})", passed(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;

    /// The multimeter of the sample samples a game of three devices.
    fn sample() -> Sample {
        let mut sample = Sample::two_populations();
        let model = spikeloom_engine::models::find("pong_environment").expect("a game");
        sample.project.nodes[0] = Node { n: 100, ..Node::new(NodeId(0), "Game", model) };
        let names = ["ball_x", "ball_y", "paddle", "opponent", "hits", "misses", "points", "mean_reward"];
        let first = sample.recordings.plan.members[0].first;
        sample.recordings.plan.recorders[1].kind = RecorderKind::Samples {
            variables: names.iter().map(|name| ((*name).to_owned(), String::new())).collect(),
            senders: vec![first],
            interval: 200.0,
        };
        sample.recordings.rows[1].times = vec![200.0, 400.0];
        let rows = [[0.8, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0], [0.9, 0.6, 0.4, 0.7, 3.0, 1.0, 2.0, 0.25]];
        sample.recordings.rows[1].values = rows.concat();
        sample
    }

    fn updated(sample: &Sample) -> Pong {
        let mut pong = Pong::default();
        pong.update(&sample.shown(1, &Settings::default()));
        pong
    }

    #[test]
    fn the_game_is_what_was_sampled_last() {
        let pong = updated(&sample());
        let state = pong.state.expect("a game");
        assert_eq!((state.ball, state.paddle, state.opponent), ([0.9, 0.6], 0.4, 0.7));
        assert_eq!(pong.curve, [0.0, 0.25]);
        assert_eq!(pong.in_words(), "3 of 4 balls returned (75 %), mean reward 0.25");
        assert_eq!(updated(&Sample::two_populations()).in_words(), "The recorder samples no game");
    }

    #[test]
    fn a_person_takes_the_paddle_and_gives_it_back() {
        let mut sample = sample();
        assert!(updated(&sample).remark(&sample.shown(1, &Settings::default())).is_none());
        (updated(&sample).aim(0.8).expect("an edit").change)(&mut sample.project);
        let pong = updated(&sample);
        assert_eq!(pong.game.and_then(|game| game.aim), Some(0.8));
        let remark = pong.remark(&sample.shown(1, &Settings::default())).expect("a way back");
        (remark.edit.change)(&mut sample.project);
        assert_eq!(updated(&sample).game.and_then(|game| game.aim), None);
    }

    #[test]
    fn turns_are_written_one_by_one() {
        let mut sample = sample();
        sample.project.views[1].kind = "pong".into();
        let lines = sample.lines(1);
        assert_eq!(lines[0], "time_ms,ball_x,ball_y,paddle,opponent,hits,misses,points,mean_reward");
        assert_eq!(lines[2], "400,0.9,0.6,0.4,0.7,3,1,2,0.25");
    }
}
