//! What can go wrong with a network in code.

use std::fmt;

use crate::description::Problem;

/// What went wrong, and the cure.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The catalogue has no model of this name.
    UnknownModel {
        name: String,
        /// The name that is most like it.
        meant: Option<String>,
    },
    /// A model has no parameter of this name.
    UnknownParameter {
        model: &'static str,
        name: String,
        /// The name that is most like it.
        meant: Option<String>,
    },
    /// A node of another network.
    NoSuchNode,
    /// A view has not so many neurons.
    OutOfRange {
        /// How many it has.
        len: usize,
        /// The place that was asked for, counted from 0.
        asked: usize,
    },
    /// A view shows neurons of several nodes, or none, where one is needed.
    SeveralNodes,
    /// Nodes and connections cannot be added to a network that has begun to run.
    Begun,
    /// This node has recorded nothing of the kind asked for.
    NotRecorded,
    /// The network, or a change of it, cannot be: every problem, with what is allowed.
    Refused(Vec<Problem>),
    /// The run cannot go on, and why.
    Stopped(Problem),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let did_you_mean = |meant: &Option<String>| {
            meant.as_ref().map_or_else(String::new, |meant| format!(": did you mean `{meant}`?"))
        };
        match self {
            Error::UnknownModel { name, meant } => write!(f, "there is no model `{name}`{}", did_you_mean(meant)),
            Error::UnknownParameter { model, name, meant } => {
                write!(f, "{model} has no parameter `{name}`{}", did_you_mean(meant))
            }
            Error::NoSuchNode => write!(f, "the network has no such node; it belongs to another one"),
            Error::OutOfRange { len, asked } => {
                write!(f, "the view has {len} neurons, counted from 0; there is none at {asked}, nor a step of 0")
            }
            Error::SeveralNodes => write!(f, "this asks for neurons of one node; take a slice of the view"),
            Error::Begun => {
                write!(
                    f,
                    "the network has begun to run, and nothing can be added to it; `reset` brings it to the beginning"
                )
            }
            Error::NotRecorded => write!(f, "nothing of this kind is recorded there; connect a recorder that does"),
            Error::Refused(problems) => {
                let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
                write!(f, "{}", lines.join("\n"))
            }
            Error::Stopped(problem) => write!(f, "{problem}"),
        }
    }
}

impl std::error::Error for Error {}
