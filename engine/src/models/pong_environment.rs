//! The game of Pong as a device: it shows a network where the ball is, moves a paddle as the network says, and sends
//! rewards.
//!
//! Wunderlich et al. 2019, Front Neurosci 13:260. What is sent in a turn depends on what has arrived until its
//! beginning, so the loop closes with a delay and results do not depend on threads.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Origin, Sending};
use crate::runtime::parameters::{declared, flag, named, real};

pub const MODEL: Model = Model {
    name: "pong_environment",
    title: "Pong",
    doc: "Plays Pong with a network: shows where the ball is, moves a paddle as motor neurons say, and sends rewards",
    equations: "device i < n - 1 stands for row i of the field, from below: while the ball is there it sends a spike each input_interval,\nfrom input_offset after the beginning of a turn on\nat the end of a turn the paddle goes towards the row whose device has received most spikes: the winner\nr = 1, 0.7, 0.4, 0.1 where the winner is 0, 1, 2, 3 rows from the ball, else 0\nwith expects: R = r - r_mean, r_mean += R / 2, one r_mean for each row; without: R = r\nthe last device sends tonic spikes each ms, and phasic R more in the first reward_time of the turn that follows",
    reference: "Wunderlich et al. 2019, Front Neurosci 13:260",
    groups: &[
        Group {
            title: "Turns",
            parameters: &[
                real("turn", "ms", 200.0).on_grid().above(0.0).main(20.0, 500.0).doc("Time between two moves"),
                real("input_interval", "ms", 10.0)
                    .on_grid()
                    .above(0.0)
                    .slider(1.0, 50.0)
                    .doc("Time between two spikes of the row where the ball is"),
                real("input_offset", "ms", 32.0)
                    .on_grid()
                    .at_least(0.0)
                    .slider(0.0, 100.0)
                    .doc("Time from the beginning of a turn to the first of these spikes"),
            ],
        },
        Group {
            title: "Reward",
            parameters: &[
                flag("expects", true).doc("Send the reward less the one that has come to be expected for this row"),
                real("tonic", "1/ms", 0.5)
                    .at_least(0.0)
                    .up_to(MOST_REWARD)
                    .main(0.0, 5.0)
                    .shared()
                    .doc("Spikes that the last device sends at all times"),
                real("phasic", "1/ms", 0.5)
                    .at_least(0.0)
                    .up_to(MOST_REWARD)
                    .main(0.0, 5.0)
                    .shared()
                    .doc("Further spikes for a reward of 1, for as long as it is sent"),
                real("reward_time", "ms", 32.0)
                    .on_grid()
                    .at_least(0.0)
                    .slider(0.0, 100.0)
                    .doc("How long a reward is sent, from the beginning of the next turn on"),
            ],
        },
        Group {
            title: "Game",
            parameters: &[
                real("ball_speed", "", 0.025)
                    .at_least(0.0)
                    .at_most(0.2)
                    .main(0.0, 0.1)
                    .shared()
                    .doc("Way of the ball in a turn, along both axes together; the field is 1.6 by 1"),
                real("paddle_speed", "", 0.05)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.0, 0.2)
                    .shared()
                    .doc("Way of a paddle in a turn"),
                real("paddle_length", "", 0.2)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.05, 0.5)
                    .shared()
                    .doc("Length of the paddles"),
                flag("opponent_follows", true).doc("The opponent on the left follows the ball"),
                real("opponent_y", "", 0.5)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.0, 1.0)
                    .shared()
                    .acts_if_off("opponent_follows")
                    .doc("Where the opponent on the left goes otherwise, from 0 below to 1 above"),
            ],
        },
        WINDOW,
    ],
    recordables: &[
        Recordable::new("ball_x", "", "Place of the ball, from 0 at the opponent to 1.6 at the network"),
        Recordable::new("ball_y", "", "Place of the ball, from 0 below to 1 above"),
        Recordable::new("paddle", "", "Middle of the network's paddle"),
        Recordable::new("opponent", "", "Middle of the opponent's paddle"),
        Recordable::new("hits", "", "Balls that the network has returned"),
        Recordable::new("misses", "", "Balls that the network has missed: points of the opponent"),
        Recordable::new("points", "", "Balls that the opponent has missed: points of the network"),
        Recordable::new("reward", "", "Reward of the last turn, r"),
        Recordable::new("mean_reward", "", "Reward that is expected, the mean over all rows"),
    ],
    ports: &[Port::spikes(0, "", "Spikes of the motor neurons of a row; weights do not count").weightless()],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["game", "environment", "closed loop", "reinforcement learning", "agent", "ball"])
        .played(Played {
            x: "ball_x",
            y: "ball_y",
            paddle: "paddle",
            opponent: "opponent",
            counts: &["hits", "misses", "points"],
            mean: "mean_reward",
            length: "paddle_length",
            aim: "opponent_y",
            follows: "opponent_follows",
        })
        .advise(advise),
};

/// More spikes in one ms would be a storm.
const MOST_REWARD: f64 = 1000.0;

const WIDTH: f64 = 1.6;
const RADIUS: f64 = 0.025;
/// Rewards by the distance of the winner from the ball, rows.
const REWARDS: [f64; 4] = [1.0, 0.7, 0.4, 0.1];

const MAKE: MakeGenerator = |p, origin: Origin| Box::new(Pong::new(p.n, origin.stream(0)));

/// A game, and the turn that is being played.
#[derive(Clone)]
struct Pong {
    stream: Stream,
    ball: [f64; 2],
    /// The way of the ball in a turn, as parts of its speed.
    direction: [f64; 2],
    paddle: f64,
    opponent: f64,
    hits: u32,
    misses: u32,
    points: u32,
    reward: f64,
    /// What is sent of it.
    sent: f64,
    /// By row.
    expected: Vec<f64>,
    /// Spikes that have arrived in this turn, by row.
    arrived: Vec<f64>,
    /// The last steps before the turn, and of it.
    began: i64,
    ends: i64,
    /// Parts of a spike of reward that have not been sent.
    owed: f64,
}

declared!(Pong);

impl Pong {
    fn new(devices: usize, stream: Stream) -> Pong {
        let rows = devices.saturating_sub(1);
        let mut game = Pong {
            stream,
            ball: [0.0; 2],
            direction: [0.0; 2],
            paddle: 0.5,
            opponent: 0.5,
            hits: 0,
            misses: 0,
            points: 0,
            reward: 0.0,
            sent: 0.0,
            expected: vec![0.0; rows],
            arrived: vec![0.0; rows],
            began: 0,
            ends: 0,
            owed: 0.0,
        };
        game.serve(1.0);
        game
    }

    /// A ball from the middle to the right (1) or the left (−1).
    fn serve(&mut self, side: f64) {
        self.ball = [0.5 * WIDTH, self.stream.uniform()];
        let along = 0.5 + 0.5 * self.stream.uniform();
        let up = if self.stream.uniform() < 0.5 { -1.0 } else { 1.0 };
        self.direction = [side * along, up * (1.0 - along)];
    }

    /// The row of a height, if there are any.
    fn row(&self, y: f64) -> Option<usize> {
        let rows = self.arrived.len();
        rows.checked_sub(1).map(|last| ((y * rows as f64).max(0.0) as usize).min(last))
    }

    /// The row that received most spikes; one of them by chance if there are several.
    fn winner(&mut self) -> Option<usize> {
        let most = self.arrived.iter().copied().reduce(f64::max)?;
        let first: Vec<usize> = (0..self.arrived.len()).filter(|row| self.arrived[*row] == most).collect();
        let chosen = if first.len() == 1 { 0 } else { self.stream.below(first.len() as u64) as usize };
        first.get(chosen).copied()
    }

    /// The turn is over: who has won, what it is worth, and how the game goes on.
    fn finish(&mut self, p: &DeviceSettings) {
        let q = p.of::<Self>(0);
        let speed = real!(q, Self, "paddle_speed");
        let target = self.row(self.ball[1]);
        let mut goal = None;
        if let (Some(winner), Some(target)) = (self.winner(), target) {
            self.reward = REWARDS.get(winner.abs_diff(target)).copied().unwrap_or(0.0);
            let beyond = self.reward - self.expected[target];
            self.expected[target] += 0.5 * beyond;
            self.sent = if flag!(q, Self, "expects") { beyond } else { self.reward };
            let own = self.row(self.paddle).unwrap_or(winner);
            goal = Some((winner as f64 - own as f64).signum() * if winner == own { 0.0 } else { 1.0 });
        }
        self.arrived.fill(0.0);
        let is_over = self.bounce(0.5 * real!(q, Self, "paddle_length"));
        self.paddle = (self.paddle + speed * goal.unwrap_or(0.0)).clamp(0.0, 1.0);
        let aim = if flag!(q, Self, "opponent_follows") { self.ball[1] } else { real!(q, Self, "opponent_y") };
        self.opponent = (self.opponent + (aim - self.opponent).clamp(-speed, speed)).clamp(0.0, 1.0);
        if !is_over {
            let way = real!(q, Self, "ball_speed");
            for (place, direction) in self.ball.iter_mut().zip(self.direction) {
                *place += way * direction;
            }
        }
    }

    /// The ball at an edge or a paddle. True if it was missed, and served anew to the one who missed it.
    fn bounce(&mut self, half: f64) -> bool {
        if self.ball[1] - RADIUS <= 0.0 {
            self.direction[1] = self.direction[1].abs();
        } else if self.ball[1] + RADIUS >= 1.0 {
            self.direction[1] = -self.direction[1].abs();
        }
        if self.ball[0] + RADIUS >= WIDTH && self.direction[0] > 0.0 {
            if (self.paddle - self.ball[1]).abs() > half {
                self.misses = self.misses.saturating_add(1);
                self.serve(1.0);
                return true;
            }
            self.hits = self.hits.saturating_add(1);
            self.direction[0] = -self.direction[0].abs();
        } else if self.ball[0] - RADIUS <= 0.0 && self.direction[0] < 0.0 {
            if (self.opponent - self.ball[1]).abs() > half {
                self.points = self.points.saturating_add(1);
                self.serve(-1.0);
                return true;
            }
            self.direction[0] = self.direction[0].abs();
        }
        false
    }

    /// Whole spikes of so many; the rest is kept for later.
    fn spikes(&mut self, mean: f64) -> u64 {
        self.owed += mean;
        let whole = (self.owed + 1e-9).floor().max(0.0);
        self.owed -= whole;
        whole as u64
    }

    /// In the order of the declaration.
    fn shown(&self) -> [f64; 9] {
        let mean = self.expected.iter().sum::<f64>() / self.expected.len().max(1) as f64;
        let counts = [self.hits, self.misses, self.points].map(f64::from);
        let [x, y] = self.ball;
        [x, y, self.paddle, self.opponent, counts[0], counts[1], counts[2], self.reward, mean]
    }
}

impl Generator for Pong {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Spikes
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        let (q, h) = (p.of::<Self>(0), p.grid.h());
        let steps = |ms: f64| p.grid.steps_up(ms);
        let turn = steps(real!(q, Self, "turn")).max(1);
        let (offset, interval) =
            (steps(real!(q, Self, "input_offset")), steps(real!(q, Self, "input_interval")).max(1));
        let (tonic, phasic) = (real!(q, Self, "tonic"), real!(q, Self, "phasic"));
        let rewarded = steps(real!(q, Self, "reward_time"));
        let rows = self.arrived.len();
        for step in span.first..span.first + span.n as i64 {
            let stamp = step + 1;
            if stamp > self.ends {
                if self.ends > 0 {
                    self.finish(p);
                }
                (self.began, self.ends) = (step, step + turn);
            }
            for (row, arrived) in self.arrived.iter_mut().enumerate() {
                *arrived += sent.take_arrived(row, stamp);
            }
            sent.take_arrived(rows, stamp);
            let since = stamp - self.began - 1;
            let phase = if since < rewarded { phasic * self.sent } else { 0.0 };
            let spikes = self.spikes((tonic + phase).max(0.0) * h);
            if p.window.holds(stamp) {
                let row = self.row(self.ball[1]).filter(|_| since >= offset && (since - offset) % interval == 0);
                if let Some(row) = row {
                    sent.spikes(stamp, row, 1);
                }
                sent.spikes(stamp, rows, spikes);
            }
            sent.set_quantities(step, &self.shown());
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn advise(given: &dyn Given) -> Result<(), Wrong> {
    let (offset, turn) = (named!(Pong, "input_offset"), named!(Pong, "turn"));
    if given.n() == 1 {
        return Err((
            turn,
            "this game has no rows, so the network sees nothing: set n to their number and 1 more".into(),
        ));
    }
    match (given.number(offset), given.number(turn)) {
        (Some(begins), Some(lasts)) if begins >= lasts => {
            Err((offset, format!("lies beyond the turn, which lasts {lasts} ms, so no row ever sends a spike")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::random::Purpose;

    fn game(devices: usize) -> Pong {
        let origin = Origin { seed: 3, purpose: Purpose::Noise, owner: 0, part: 0 };
        Pong::new(devices, origin.stream(0))
    }

    #[test]
    fn balls_leave_edges_and_paddles_and_are_served_to_who_missed() {
        let mut game = game(21);
        (game.ball, game.direction) = ([0.8, 0.99], [0.6, 0.4]);
        assert!(!game.bounce(0.1));
        assert_eq!(game.direction, [0.6, -0.4]);
        (game.ball, game.paddle) = ([1.59, 0.4], 0.45);
        assert!(!game.bounce(0.1));
        assert_eq!((game.direction[0], game.hits), (-0.6, 1));
        (game.ball, game.direction, game.paddle) = ([1.59, 0.4], [0.6, 0.4], 0.55);
        assert!(game.bounce(0.1), "missed");
        assert_eq!((game.misses, game.ball[0]), (1, 0.8));
        assert!(game.direction[0] >= 0.5, "the network is served");
        (game.ball, game.direction, game.opponent) = ([0.01, 0.4], [-0.6, 0.4], 0.9);
        assert!(game.bounce(0.1) && game.points == 1 && game.direction[0] <= -0.5);
    }

    #[test]
    fn the_row_with_most_spikes_wins_and_chance_decides_between_equals() {
        let mut game = game(5);
        game.arrived = vec![1.0, 4.0, 2.0, 0.0];
        assert_eq!(game.winner(), Some(1));
        game.arrived = vec![3.0, 0.0, 3.0, 0.0];
        let winners: Vec<Option<usize>> = (0..50).map(|_| game.winner()).collect();
        assert!(winners.contains(&Some(0)) && winners.contains(&Some(2)) && !winners.contains(&Some(1)));
        assert_eq!((game.row(0.0), game.row(0.6), game.row(1.0)), (Some(0), Some(2), Some(3)));
    }

    #[test]
    fn parts_of_spikes_add_up() {
        let mut game = game(2);
        let sent: u64 = (0..1000).map(|_| game.spikes(0.05)).sum();
        assert_eq!(sent, 50);
    }
}
