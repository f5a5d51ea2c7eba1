//! What the program has to know of a model beside its parameters, and asks its declaration for.

use super::presentation::{Line, Section};
use super::resolution::Resolution;
use super::response::Response;
use super::value::Value;

/// The values of a node's parameters as the user gave them.
pub trait Given {
    /// The user's value, or the default.
    fn value(&self, name: &str) -> Option<Value>;
    /// Whether the user gave a value to a parameter whose name begins like this.
    fn is_given(&self, beginning: &str) -> bool;
    /// Number of neurons or devices.
    fn n(&self) -> usize;
}

impl dyn Given + '_ {
    /// A number that is the same for all.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.as_real()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.value(name) == Some(Value::Flag(true))
    }
}

/// What hangs on a node, for what it needs of memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Expected number of connections to its targets.
    pub connections: f64,
    /// The longest delay on the way to or from it, in steps.
    pub delay: f64,
}

/// A parameter and what is wrong with it.
pub type Wrong = (&'static str, String);

/// What a declaration says beside its parameters: names in use, what holds of all parameters of a node together, and how
/// a node is shown; nothing by default.
/// A declaration that starts from another takes its facts, too, unless it has its own.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What people call the model who do not know its name: "electrode", "Poisson noise". Searches find it by these.
    pub also_called: &'static [&'static str],
    /// What must hold, where relations between two numbers cannot say it. Each parameter is right by itself.
    pub check: fn(&dyn Given, Resolution) -> Result<(), Wrong>,
    /// What can run, but probably not as meant.
    pub advise: fn(&dyn Given) -> Result<(), Wrong>,
    /// Bytes that a node needs beside what every node of its kind does.
    pub bytes: fn(&dyn Given, Resolution, Load) -> f64,
    /// Of generators of steady currents: the largest current, pA, that reaches a target through this weight.
    pub largest_current: fn(&dyn Given, f64) -> Option<f64>,
    /// Of generators: the list of times, ms, at which something happens; after the last of them nothing does.
    pub happens_at: Option<&'static str>,
    /// Of generators: the lists that unfold over time, and so can be drawn.
    pub schedule: Schedule,
    /// Of generators: the list that chooses, 0 for nothing, and the number of options that each entry chooses among.
    pub choices: Option<(&'static str, &'static str)>,
    /// Of generators: the game that it plays with a network.
    pub played: Option<Played>,
    /// Of generators: how long it takes, ms, to show all that it does, where its schedule does not say so and one stretch of
    /// time is not like any other.
    pub unfolds: fn(&dyn Given) -> Option<f64>,
    /// Of neurons: what their potential does at a spike; `None` where there are no spikes, or none that a threshold decides.
    pub spike: Option<SpikeShape>,
    /// Of neurons: how one at rest answers one spike.
    pub response: Response,
    /// Of neurons: where the palette lists the model.
    pub section: Section,
    /// Whose names, units and rounding it has.
    pub convention: Convention,
    /// A word for its first node, where its title has no better one; empty for none.
    pub short: &'static str,
    /// Of generators: what is written on a node, two lines at most; without any the first main parameter.
    pub caption: &'static [Line],
}

/// A game of ball and paddles: the recordables that show it, and the parameters by which a person plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// Place of the ball.
    pub x: &'static str,
    pub y: &'static str,
    /// Middle of the network's paddle on the right, and of the opponent's on the left.
    pub paddle: &'static str,
    pub opponent: &'static str,
    /// What is counted: balls returned and missed by the network, and points of the network.
    pub counts: &'static [&'static str; 3],
    /// The mean reward.
    pub mean: &'static str,
    /// The parameters: length of paddles, where the opponent goes, and the switch by which it follows the ball instead.
    pub length: &'static str,
    pub aim: &'static str,
    pub follows: &'static str,
}

/// The lists of a generator that unfold over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// Nothing is listed.
    Nothing,
    /// Something happens at each of these times.
    Events {
        times: &'static str,
        /// Lists that are empty or have an entry for each time, and what a new entry is.
        alongside: &'static [(&'static str, f64)],
    },
    /// Values, each from its time on until the next.
    Steps { times: &'static str, values: &'static str },
}

/// The simulator from which a model has its names, units and rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    Nest,
    BrainPy,
}

/// What a recorded potential does at a spike: what has to be known to draw it rightly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpikeShape {
    /// The recordable that shows it.
    pub potential: &'static str,
    /// The parameter at which the potential is reset: samples never show the spike itself.
    pub reset_at: Option<&'static str>,
    /// About so many ms pass from where the model's own upstroke takes off to its peak: samples that are further apart
    /// miss the peak.
    pub upstroke: Option<f64>,
}

impl SpikeShape {
    /// The potential is reset when it comes to this parameter.
    pub const fn reset_at(parameter: &'static str) -> SpikeShape {
        SpikeShape { potential: "V_m", reset_at: Some(parameter), upstroke: None }
    }
    /// The model has an upstroke of its own, which takes about so many ms.
    pub const fn upstroke(ms: f64) -> SpikeShape {
        SpikeShape { potential: "V_m", reset_at: None, upstroke: Some(ms) }
    }
    /// … after which the potential is reset when it comes to this parameter.
    pub const fn and_reset_at(mut self, parameter: &'static str) -> SpikeShape {
        self.reset_at = Some(parameter);
        self
    }
    /// Another recordable than `V_m` shows it.
    pub const fn shown_by(mut self, recordable: &'static str) -> SpikeShape {
        self.potential = recordable;
        self
    }
}

impl Facts {
    pub const NONE: Facts = Facts {
        also_called: &[],
        check: |_, _| Ok(()),
        advise: |_| Ok(()),
        bytes: |_, _, _| 0.0,
        largest_current: |_, _| None,
        happens_at: None,
        schedule: Schedule::Nothing,
        choices: None,
        played: None,
        unfolds: |_| None,
        spike: None,
        response: Response::Unknown,
        section: Section::Simple,
        convention: Convention::Nest,
        short: "",
        caption: &[],
    };

    pub const fn also_called(mut self, words: &'static [&'static str]) -> Facts {
        self.also_called = words;
        self
    }

    pub const fn check(mut self, check: fn(&dyn Given, Resolution) -> Result<(), Wrong>) -> Facts {
        self.check = check;
        self
    }
    pub const fn advise(mut self, advise: fn(&dyn Given) -> Result<(), Wrong>) -> Facts {
        self.advise = advise;
        self
    }
    pub const fn bytes(mut self, bytes: fn(&dyn Given, Resolution, Load) -> f64) -> Facts {
        self.bytes = bytes;
        self
    }
    pub const fn largest_current(mut self, largest: fn(&dyn Given, f64) -> Option<f64>) -> Facts {
        self.largest_current = largest;
        self
    }
    pub const fn happens_at(mut self, times: &'static str) -> Facts {
        self.happens_at = Some(times);
        self
    }
    /// Something happens at each of these times; the further lists are empty or have an entry for each, at first this one.
    pub const fn events(mut self, times: &'static str, alongside: &'static [(&'static str, f64)]) -> Facts {
        self.schedule = Schedule::Events { times, alongside };
        self.happens_at(times)
    }
    /// Values, each from its time on until the next.
    pub const fn steps(mut self, times: &'static str, values: &'static str) -> Facts {
        self.schedule = Schedule::Steps { times, values };
        self
    }
    /// The entries of this list each choose among so many options, as the other parameter tells.
    pub const fn choices(mut self, choices: &'static str, options: &'static str) -> Facts {
        self.choices = Some((choices, options));
        self
    }
    /// A game that can be watched and played.
    pub const fn played(mut self, game: Played) -> Facts {
        self.played = Some(game);
        self
    }
    pub const fn unfolds(mut self, unfolds: fn(&dyn Given) -> Option<f64>) -> Facts {
        self.unfolds = unfolds;
        self
    }
    pub const fn spike(mut self, shape: SpikeShape) -> Facts {
        self.spike = Some(shape);
        self
    }
    pub const fn response(mut self, response: Response) -> Facts {
        self.response = response;
        self
    }
    pub const fn section(mut self, section: Section) -> Facts {
        self.section = section;
        self
    }
    pub const fn convention(mut self, convention: Convention) -> Facts {
        self.convention = convention;
        self
    }
    pub const fn short(mut self, short: &'static str) -> Facts {
        self.short = short;
        self
    }
    pub const fn caption(mut self, caption: &'static [Line]) -> Facts {
        self.caption = caption;
        self
    }
}
