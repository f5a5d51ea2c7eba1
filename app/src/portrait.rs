//! The portrait of a neuron: what it does by itself, simulated in the background with its present parameters and drawn
//! small.

mod picture;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Context, RichText, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::Model;
use spikeloom_engine::portrait::{Asked, Portrait};

/// Portraits asked for and not begun; of these only the last one is drawn.
const WAITING: usize = 32;

/// Draws portraits on a thread of its own, one after the other. Who asks for another one gives up the one before.
#[derive(Default)]
pub struct Portraits {
    worker: Option<Worker>,
    /// What was asked for last, and its number.
    asked: Option<(Key, u64)>,
    /// What was drawn last: for whom, and the portrait or why there is none.
    drawn: Option<(Key, Result<Portrait, String>)>,
}

/// What a portrait depends on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    model: &'static str,
    params: BTreeMap<String, Value>,
    resolution: f64,
}

struct Worker {
    jobs: Sender<Job>,
    done: Receiver<Done>,
    /// The number of the portrait that is wanted now.
    wanted: Arc<AtomicU64>,
}

struct Job {
    number: u64,
    asked: Asked,
    context: Context,
}

struct Done {
    number: u64,
    portrait: Result<Portrait, String>,
}

impl Worker {
    fn start() -> Option<Worker> {
        let (jobs, waiting) = bounded::<Job>(WAITING);
        let (finished, done) = bounded(WAITING);
        let wanted = Arc::new(AtomicU64::new(0));
        let worker = Worker { jobs, done, wanted: wanted.clone() };
        let work = move || {
            for job in waiting {
                let go_on = || wanted.load(Ordering::Relaxed) == job.number;
                let portrait = match Portrait::try_of(&job.asked, &go_on) {
                    Ok(None) => continue,
                    Ok(Some(portrait)) => Ok(portrait),
                    Err(e) => Err(e.to_string()),
                };
                if finished.try_send(Done { number: job.number, portrait }).is_ok() {
                    job.context.request_repaint();
                }
            }
        };
        std::thread::Builder::new().name("portrait".into()).spawn(work).ok()?;
        Some(worker)
    }
}

impl Portraits {
    /// Asks for a portrait, unless it is there or on its way.
    fn ask(&mut self, context: &Context, asked: Asked) {
        let key = Key { model: asked.model.name, params: asked.params.clone(), resolution: asked.resolution };
        if self.worker.is_none() {
            self.worker = Worker::start();
        }
        let Some(worker) = &self.worker else { return };
        for done in worker.done.try_iter() {
            if let Some((key, number)) = &self.asked
                && *number == done.number
            {
                self.drawn = Some((key.clone(), done.portrait));
            }
        }
        if self.asked.as_ref().is_some_and(|(known, _)| *known == key) {
            return;
        }
        let number = self.asked.as_ref().map_or(1, |(_, number)| number + 1);
        worker.wanted.store(number, Ordering::Relaxed);
        if worker.jobs.try_send(Job { number, asked, context: context.clone() }).is_ok() {
            self.asked = Some((key, number));
        }
    }

    /// Draws the portrait of a neuron: the last one of its model until the one with these parameters is there.
    pub fn show(&mut self, ui: &mut Ui, model: &'static Model, params: &BTreeMap<String, Value>, resolution: f64) {
        self.ask(ui.ctx(), Asked { model, params: params.clone(), resolution });
        match &self.drawn {
            Some((key, Ok(portrait))) if key.model == model.name => picture::show(ui, portrait),
            Some((key, Err(reason))) if key.model == model.name => {
                // What is wrong stands among the problems, too.
                let why = "Cannot be drawn: a value is not allowed";
                ui.label(RichText::new(why).small().weak()).on_hover_text(reason);
            }
            // Room is kept, so that nothing jumps when the portrait comes.
            _ => picture::empty(ui, model),
        }
    }
}
