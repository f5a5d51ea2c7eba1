//! The portrait of a neuron, of synapses or of a generator: what they do by themselves, simulated in the background with their present
//! parameters and drawn small.

mod generator_picture;
mod picture;
mod synapse_picture;

pub use generator_picture::show as draw_generator;
pub use picture::show as draw;
pub use synapse_picture::show as draw_synapse;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Context, RichText, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::Model;
use spikeloom_engine::network::Error;
use spikeloom_engine::portrait::{Asked, AskedGenerator, AskedSynapse, GeneratorPortrait, Portrait, SynapsePortrait};

/// Portraits asked for and not begun; of these only the last one is drawn.
const WAITING: usize = 32;

/// Portraits are numbered; those of another model begin at the next multiple of this.
const OF_A_MODEL: u64 = 1 << 32;
/// One of the same model that is no longer wanted is drawn to its end all the same if that does not take longer: who drags a slider sees it follow.
const PATIENCE: Duration = Duration::from_millis(100);
/// Beside a network that runs portraits take no more than one part in so many of the time of a core.
const SHARE: u32 = 20;

/// Draws portraits on a thread of its own, one after the other. Who asks for another one gives up the one before, unless
/// that is there soon.
#[derive(Default)]
pub struct Portraits {
    worker: Option<Worker>,
    /// A network runs, which must not be slowed.
    beside_a_run: bool,
    /// What was asked for last, and its number.
    asked: Option<(Subject, u64)>,
    /// What was drawn last: of what, and the portrait or why there is none.
    drawn: Option<(Subject, Result<Drawn, String>)>,
}

/// Whose portrait is drawn, with all that it depends on.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Neuron(Asked),
    Synapse(AskedSynapse),
    Generator(AskedGenerator),
}

/// A portrait.
enum Drawn {
    Neuron(Box<Portrait>),
    Synapse(SynapsePortrait),
    Generator(GeneratorPortrait),
}

impl Subject {
    fn model(&self) -> &'static Model {
        match self {
            Subject::Neuron(asked) => asked.model,
            Subject::Synapse(asked) => asked.model,
            Subject::Generator(asked) => asked.model,
        }
    }

    /// `None` where it was given up.
    fn draw(&self, go_on: &dyn Fn() -> bool) -> Result<Option<Drawn>, Error> {
        Ok(match self {
            Subject::Neuron(asked) => Portrait::try_of(asked, go_on)?.map(|portrait| Drawn::Neuron(Box::new(portrait))),
            Subject::Synapse(asked) => SynapsePortrait::try_of(asked, go_on)?.map(Drawn::Synapse),
            Subject::Generator(asked) => GeneratorPortrait::try_of(asked, go_on)?.map(Drawn::Generator),
        })
    }
}

struct Worker {
    jobs: Sender<Job>,
    done: Receiver<Done>,
    /// The number of the portrait that is wanted now.
    wanted: Arc<AtomicU64>,
}

struct Job {
    number: u64,
    subject: Subject,
    context: Context,
    beside_a_run: bool,
}

struct Done {
    number: u64,
    subject: Subject,
    portrait: Result<Drawn, String>,
}

impl Worker {
    fn start() -> Option<Worker> {
        let (jobs, waiting) = bounded::<Job>(WAITING);
        let (finished, done) = bounded(WAITING);
        let wanted = Arc::new(AtomicU64::new(u64::MAX));
        let worker = Worker { jobs, done, wanted: wanted.clone() };
        let work = move || {
            let mut rests_until = Instant::now();
            for Job { number, subject, context, beside_a_run } in waiting {
                let is_wanted = || wanted.load(Ordering::Relaxed) == number;
                if beside_a_run && is_wanted() {
                    std::thread::sleep(rests_until.saturating_duration_since(Instant::now()));
                }
                if !is_wanted() {
                    continue;
                }
                let began = Instant::now();
                let go_on = || {
                    let now = wanted.load(Ordering::Relaxed);
                    now == number || now / OF_A_MODEL == number / OF_A_MODEL && began.elapsed() < PATIENCE
                };
                let drawn = subject.draw(&go_on);
                let took = began.elapsed();
                rests_until = began + SHARE * took;
                let portrait = match drawn {
                    Ok(None) => continue,
                    Ok(Some(portrait)) => Ok(portrait),
                    Err(e) => Err(e.to_string()),
                };
                if finished.try_send(Done { number, subject, portrait }).is_ok() {
                    context.request_repaint();
                }
            }
        };
        std::thread::Builder::new().name("portrait".into()).spawn(work).ok()?;
        Some(worker)
    }
}

impl Portraits {
    /// Says whether a network runs beside.
    pub fn beside_a_run(&mut self, runs: bool) {
        self.beside_a_run = runs;
    }

    /// Asks for a portrait, unless it is there or on its way, and returns the last one of this model.
    fn ask(&mut self, context: &Context, subject: Subject) -> Option<&Result<Drawn, String>> {
        let model = subject.model();
        if self.worker.is_none() {
            self.worker = Worker::start();
        }
        let worker = self.worker.as_ref()?;
        for done in worker.done.try_iter() {
            // One that was asked for earlier is nearer to what is wanted than the one before it.
            let of_the_same = |(asked, number): &(Subject, u64)| {
                *number == done.number || asked.model() == done.subject.model() && done.portrait.is_ok()
            };
            if self.asked.as_ref().is_some_and(of_the_same) {
                self.drawn = Some((done.subject, done.portrait));
            }
        }
        if self.asked.as_ref().is_none_or(|(known, _)| *known != subject) {
            let number = self.asked.as_ref().map_or(0, |(before, number)| match before.model() == model {
                true => number + 1,
                false => (number / OF_A_MODEL + 1) * OF_A_MODEL,
            });
            worker.wanted.store(number, Ordering::Relaxed);
            let job =
                Job { number, subject: subject.clone(), context: context.clone(), beside_a_run: self.beside_a_run };
            if worker.jobs.try_send(job).is_ok() {
                self.asked = Some((subject, number));
            }
        }
        self.drawn.as_ref().filter(|(drawn, _)| drawn.model() == model).map(|(_, portrait)| portrait)
    }

    /// Draws the portrait of a neuron: the last one of its model until the one with these parameters is there.
    pub fn show(&mut self, ui: &mut Ui, model: &'static Model, params: &BTreeMap<String, Value>, resolution: f64) {
        let asked = Asked { model, params: params.clone(), resolution };
        match self.ask(ui.ctx(), Subject::Neuron(asked)) {
            Some(Ok(Drawn::Neuron(portrait))) => picture::show(ui, portrait),
            Some(Err(reason)) => refused(ui, reason),
            // Room is kept, so that nothing jumps when the portrait comes.
            _ => picture::empty(ui, model),
        }
    }

    /// Draws what a generator sends: as it was until what these parameters make of it is there.
    pub fn show_generator(&mut self, ui: &mut Ui, asked: AskedGenerator) {
        let model = asked.model;
        match self.ask(ui.ctx(), Subject::Generator(asked)) {
            Some(Ok(Drawn::Generator(portrait))) => generator_picture::show(ui, portrait),
            Some(Err(reason)) => refused(ui, reason),
            _ => generator_picture::empty(ui, model),
        }
    }

    /// Draws the portrait of synapses with a state, in a place that is kept for it: nothing moves when it comes. Below it
    /// everything keeps its identity, too: a menu stays open, and a press becomes a click.
    pub fn show_synapse(&mut self, ui: &mut Ui, asked: AskedSynapse, unit: &str) {
        ui.scope(|ui| self.show_synapse_in(ui, asked, unit));
    }

    fn show_synapse_in(&mut self, ui: &mut Ui, asked: AskedSynapse, unit: &str) {
        let (model, weight) = (asked.model, asked.weight);
        match self.ask(ui.ctx(), Subject::Synapse(asked)) {
            Some(Ok(Drawn::Synapse(portrait))) if !portrait.is_empty() => {
                synapse_picture::show(ui, portrait, weight, unit)
            }
            Some(Ok(_)) => _ = synapse_picture::nothing(ui, "Neither a pair of spikes nor a train changes it"),
            Some(Err(reason)) => {
                let reason = reason.clone();
                synapse_picture::nothing(ui, "It shows nothing between two neurons alone").on_hover_text(reason);
            }
            None => synapse_picture::empty(ui, model),
        }
    }
}

/// What is wrong stands among the problems, too.
fn refused(ui: &mut Ui, reason: &str) {
    let why = "Cannot be drawn: a value is not allowed";
    ui.label(RichText::new(why).small().weak()).on_hover_text(reason);
}
