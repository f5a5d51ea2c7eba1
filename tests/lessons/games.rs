//! Networks that play and solve.

use spikeloom_engine::description::Value;
use spikeloom_engine::network::Network;
use spikeloom_engine::project::write;

use crate::Lesson;

/// The cells of each row, column and box of a board of nine by nine.
fn groups() -> Vec<Vec<usize>> {
    let rows = (0..9).map(|row| (0..9).map(|column| 9 * row + column).collect());
    let columns = (0..9).map(|column| (0..9).map(|row| 9 * row + column).collect());
    let of_box = |b: usize| (0..9).map(|i| 9 * (b / 3 * 3 + i / 3) + b % 3 * 3 + i % 3).collect();
    rows.chain(columns).chain((0..9).map(of_box)).collect()
}

/// The digit of each cell whose neuron has fired most in a stretch of time, where there is one.
fn digits(spikes: &[Vec<f64>], from: f64, to: f64) -> Vec<usize> {
    let count = |i: usize| spikes[i].partition_point(|t| *t <= to) - spikes[i].partition_point(|t| *t <= from);
    let cell = |cell: usize| {
        let counts: Vec<usize> = (0..9).map(|digit| count(9 * cell + digit)).collect();
        let most = counts.iter().max().copied().unwrap_or(0);
        let first = counts.iter().position(|n| *n == most && most > 0);
        first.filter(|_| counts.iter().filter(|n| **n == most).count() == 1).map_or(0, |digit| digit + 1)
    };
    (0..81).map(cell).collect()
}

fn is_solved(board: &[usize], clues: &[usize]) -> bool {
    let whole = |group: Vec<usize>| (1..=9).all(|digit| group.iter().any(|cell| board[*cell] == digit));
    let kept = |cell: usize| clues[cell] == 0 || clues[cell] == board[cell];
    groups().into_iter().all(whole) && (0..81).all(kept)
}

/// When the network had solved this puzzle first, ms.
fn solved_at(puzzle: &str, seed: u64, longest: f64) -> Option<f64> {
    const WINDOW: f64 = 200.0;
    let clues: Vec<usize> = puzzle.chars().map(|c| c.to_digit(10).expect("a digit") as usize).collect();
    let lesson = Lesson::changed(longest, "sudoku", |network| {
        let mut project = network.project().clone();
        let node = project.nodes.iter_mut().find(|n| n.name == "Clues").expect("clues");
        node.params.insert("choices".into(), Value::List(clues.iter().map(|clue| *clue as f64).collect()));
        project.simulation.seed = seed;
        *network = Network::read(&write(&project)).expect("a network with other clues");
    });
    let spikes: Vec<Vec<f64>> = (0..729).map(|i| lesson.train("Spikes", "Digits", i)).collect();
    let windows = (1..).map(|i| f64::from(i) * 0.5 * WINDOW).take_while(|end| *end <= longest);
    windows.filter(|end| *end >= WINDOW).find(|end| is_solved(&digits(&spikes, end - WINDOW, *end), &clues))
}

/// By chance no board of 81 cells is ever right. Not every seed finds the solution soon, so these are chosen.
#[test]
fn neurons_that_inhibit_each_other_solve_sudokus() {
    for (puzzle, seed, longest) in [
        ("010000002870000504502000090050409001000732000900501040020000408406000013100000020", 1, 4600.0),
        ("001008073005600001700001000090810000530000046000065030000100004800009300940500700", 2, 3800.0),
        ("890200070000080000041030500258000006000000000600000147007010430000020000020007051", 2, 4400.0),
        ("100400000700500603000030420009000035000305000630000100026050000904006007000008002", 2, 3600.0),
    ] {
        assert!(solved_at(puzzle, seed, longest).is_some(), "{puzzle} with seed {seed}");
    }
}

/// What the network earned in each turn of a game, for so many ms.
fn rewards(lesson: &Lesson) -> Vec<f64> {
    lesson.trace("Score", "reward", "Game", 20)
}

/// Mean and standard error, by the means of twelve stretches, as turns that follow each other are alike.
fn mean_of(rewards: &[f64]) -> (f64, f64) {
    let stretches: Vec<f64> = rewards
        .chunks_exact(rewards.len() / 12)
        .take(12)
        .map(|part| part.iter().sum::<f64>() / part.len() as f64)
        .collect();
    let n = stretches.len() as f64;
    let mean = stretches.iter().sum::<f64>() / n;
    let variance = stretches.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// A winner by chance is one of 20 rows, of which one earns 1 and at most two each 0.7, 0.4 and 0.1: 0.17 a turn.
const CHANCE: f64 = 0.17;

/// The example with the rewards among what is recorded.
fn game_after(ms: f64, file: &str) -> Lesson {
    Lesson::changed(ms, file, |network| {
        let mut project = network.project().clone();
        let score = project.nodes.iter_mut().find(|n| n.name == "Score").expect("a score");
        score.params.insert("record_from".into(), Value::Names(vec!["reward".into()]));
        *network = Network::read(&write(&project)).expect("a game with other quantities");
    })
}

/// Of 500 turns the first 125 earn what chance earns, the last 125 far more.
#[test]
fn a_network_learns_pong_from_rewards() {
    let rewards = rewards(&game_after(100_000.0, "pong_r_stdp"));
    assert_eq!(rewards.len(), 500);
    let (before, error) = mean_of(&rewards[..125]);
    assert!((before - CHANCE).abs() < 4.0 * error, "{before} ± {error} at first");
    let (after, error) = mean_of(&rewards[375..]);
    assert!(after - CHANCE > 4.0 * error, "{after} ± {error} at last");
}

/// The reward of a turn is sent at the beginning of the next.
#[test]
fn dopamine_cells_fire_after_rewards() {
    let lesson = game_after(20_000.0, "pong_dopamine");
    let rewards = rewards(&lesson);
    let mut spikes: Vec<f64> = (0..8).flat_map(|i| lesson.train("Spikes", "Dopamine cells", i)).collect();
    spikes.sort_by(f64::total_cmp);
    let count = |from: f64, to: f64| spikes.partition_point(|t| *t <= to) - spikes.partition_point(|t| *t <= from);
    let mean = |wanted: &dyn Fn(f64) -> bool| {
        let turns: Vec<f64> = (1..rewards.len()).map(|turn| 200.0 * turn as f64).collect();
        // What is sampled at the end of a turn is what was sent at its beginning.
        let counts: Vec<f64> = turns
            .iter()
            .zip(&rewards[1..])
            .filter(|(_, reward)| wanted(**reward))
            .map(|(begin, _)| count(*begin, begin + 60.0) as f64)
            .collect();
        counts.iter().sum::<f64>() / counts.len() as f64
    };
    let (full, none) = (mean(&|reward| reward > 0.9), mean(&|reward| reward < 0.05));
    assert!(full > 2.0 * none, "{full} spikes after a reward, {none} without");
}
