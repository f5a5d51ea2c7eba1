//! A training on a thread of its own: orders go in, news come out. Neither side waits for the other.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, TrySendError, bounded};
use web_time::Instant;

use super::{Epoch, PatternAnswer, Refusal, Trainer, Watched, refused, watch};
use crate::project::Project;

/// Orders and news on their way.
const ORDERS: usize = 64;
const NEWS: usize = 64;
/// News are brought no more often than this.
const EVERY: Duration = Duration::from_millis(30);
/// The network is run with the best numbers so far no sooner than this after the last time, and so that it takes no more
/// than one part in so many of the time.
const LOOK_EVERY: Duration = Duration::from_millis(400);
const SHARE: u32 = 5;
/// Answers to no more patterns than this are told.
const MOST_ANSWERS: usize = 100;

/// What a training can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Rest after the epoch that goes on.
    Pause,
    Resume,
    /// Show what the network does with this pattern.
    Show(usize),
}

/// What is heard of a training.
pub enum News {
    /// What the network does with the numbers that training begins with.
    Before(Box<Seen>),
    /// What it does with the best numbers so far.
    Best(Box<Seen>),
    /// Epochs since the last news, in their order.
    Epochs(Vec<Epoch>),
    /// It rests, as it was told to.
    Paused,
    Ended(End),
}

/// Why a training is over.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// The loss is small enough.
    Enough,
    /// All epochs are done.
    Epochs,
    Stopped,
    /// It could not begin, or not go on.
    Refused(Refusal),
}

/// What a network does with some numbers.
pub struct Seen {
    /// A run over its duration, or why there is none.
    pub run: Result<Watched, Refusal>,
    /// What it answers to the first patterns, in their order.
    pub answers: Vec<PatternAnswer>,
    /// The pattern whose spikes were put in.
    pub pattern: usize,
    /// The epoch that the numbers are of; 0 before the first.
    pub epoch: usize,
    /// The network as the document may keep it: with these numbers, and with its own input.
    pub trained: Arc<Project>,
}

/// A training on a thread of its own. Dropping it ends the thread, soon.
pub struct Background {
    orders: Sender<Order>,
    news: Receiver<News>,
    stop: Arc<AtomicBool>,
}

impl Background {
    /// Begins to train. `wake` is called from the training's thread whenever there are news, some 30 times a second at most.
    /// Where the project leaves the number of threads to the program, one processor is left to others.
    pub fn start(project: Arc<Project>, pattern: usize, wake: Arc<dyn Fn() + Send + Sync>) -> Background {
        let (orders, inbox) = bounded(ORDERS);
        let (outbox, news) = bounded(NEWS);
        let stop = Arc::new(AtomicBool::new(false));
        let outbox = Outbox { waiting: VecDeque::new(), news: outbox, wake, brought: None };
        let worker = Worker { orders: inbox, outbox, stop: stop.clone(), pattern };
        let begun = std::thread::Builder::new().name("training".into()).spawn(move || worker.work(&project));
        if begun.is_err() {
            // Without a thread nothing comes; who asks hears that the other end is gone.
            stop.store(true, Ordering::Relaxed);
        }
        Background { orders, news, stop }
    }

    /// Tells it something; lost if it is over and gone.
    pub fn tell(&self, order: Order) {
        let _ = self.orders.try_send(order);
    }

    /// Ends training, soon; what is best so far stays.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        // It may be resting.
        self.tell(Order::Resume);
    }

    /// What has been heard since the last call.
    pub fn news(&self) -> impl Iterator<Item = News> + '_ {
        self.news.try_iter()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// News that wait until the other side takes them.
struct Outbox {
    waiting: VecDeque<News>,
    news: Sender<News>,
    wake: Arc<dyn Fn() + Send + Sync>,
    brought: Option<Instant>,
}

/// The other side is gone.
struct Gone;

impl Outbox {
    /// Adds to what waits: epochs to those that wait, and what the network does in the place of what it did.
    fn add(&mut self, news: News) {
        match (self.waiting.back_mut(), news) {
            (Some(News::Epochs(waiting)), News::Epochs(more)) => waiting.extend(more),
            (Some(News::Best(waiting)), News::Best(newer)) => *waiting = newer,
            (_, news) => self.waiting.push_back(news),
        }
    }

    /// Hands over what fits.
    fn bring(&mut self) -> Result<(), Gone> {
        let mut any = false;
        while let Some(news) = self.waiting.pop_front() {
            match self.news.try_send(news) {
                Ok(()) => any = true,
                Err(TrySendError::Full(news)) => {
                    self.waiting.push_front(news);
                    break;
                }
                Err(TrySendError::Disconnected(_)) => return Err(Gone),
            }
        }
        if any {
            self.brought = Some(Instant::now());
            (self.wake)();
        }
        Ok(())
    }

    /// Hands over what fits, if the last time is long enough ago.
    fn bring_in_time(&mut self) -> Result<(), Gone> {
        match self.brought {
            Some(at) if at.elapsed() < EVERY => Ok(()),
            _ => self.bring(),
        }
    }
}

struct Worker {
    orders: Receiver<Order>,
    outbox: Outbox,
    stop: Arc<AtomicBool>,
    pattern: usize,
}

impl Worker {
    fn work(mut self, project: &Arc<Project>) {
        // A defect of a model must not leave the window waiting.
        let done = catch_unwind(AssertUnwindSafe(|| self.train(project)));
        if done.is_err() {
            let refusal = refused("an error of the program has ended it; please report it with the file").into();
            self.outbox.add(News::Ended(End::Refused(refusal)));
            let _ = self.outbox.bring();
        }
    }

    fn train(&mut self, project: &Arc<Project>) -> Result<(), Gone> {
        let mut used = Project::clone(project);
        if used.simulation.threads == 0 {
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            used.simulation.threads = processors.saturating_sub(1).max(1);
        }
        let mut trainer = match Trainer::new(&used) {
            Ok(trainer) => trainer,
            Err(refusal) => {
                self.outbox.add(News::Ended(End::Refused(refusal)));
                return self.rest(None);
            }
        };
        trainer.stop_by(self.stop.clone());
        let before = Numbers { trained: Arc::new(with_threads_of(project, trainer.present())), epoch: 0 };
        let answers = trainer.answers(MOST_ANSWERS);
        let seen = self.see(&before, answers.clone());
        self.outbox.add(News::Before(Box::new(seen)));
        let mut looks = Looks { before, answers, best: None };
        let (mut seen_at, mut took) = (Instant::now(), Duration::ZERO);
        // The best numbers that have not been shown yet are of this epoch.
        let mut unseen = None;
        let mut best = f64::INFINITY;
        let end = loop {
            self.obey(project, &mut trainer, &mut looks, &mut unseen)?;
            if self.stop.load(Ordering::Relaxed) {
                break End::Stopped;
            }
            if trainer.is_done() {
                break if trainer.best_loss() <= enough(project) { End::Enough } else { End::Epochs };
            }
            match trainer.advance() {
                Ok(epoch) => {
                    self.outbox.add(News::Epochs(vec![epoch]));
                    if trainer.best_loss() < best {
                        (best, unseen) = (trainer.best_loss(), Some(epoch.number));
                    }
                }
                Err(_) if self.stop.load(Ordering::Relaxed) => break End::Stopped,
                Err(refusal) => break End::Refused(refusal),
            }
            if unseen.is_some() && seen_at.elapsed() >= LOOK_EVERY.max(SHARE * took) {
                let began = Instant::now();
                self.look(project, &mut trainer, &mut looks, &mut unseen);
                (seen_at, took) = (Instant::now(), began.elapsed());
            }
            self.outbox.bring_in_time()?;
        };
        if matches!(self.orders.try_recv(), Err(TryRecvError::Disconnected)) {
            return Err(Gone);
        }
        // Stopping is over: what is best is to be seen.
        self.stop.store(false, Ordering::Relaxed);
        self.look(project, &mut trainer, &mut looks, &mut unseen);
        self.outbox.add(News::Ended(end));
        self.rest(Some(looks))
    }

    /// Does what it was told meanwhile; rests if it was told to.
    fn obey(
        &mut self,
        project: &Arc<Project>,
        trainer: &mut Trainer,
        looks: &mut Looks,
        unseen: &mut Option<usize>,
    ) -> Result<(), Gone> {
        let mut rests = false;
        loop {
            let order = match (rests, self.orders.try_recv()) {
                (_, Ok(order)) => order,
                (false, Err(TryRecvError::Empty)) => return Ok(()),
                (_, Err(TryRecvError::Disconnected)) => return Err(Gone),
                (true, Err(TryRecvError::Empty)) => self.wait()?,
            };
            match order {
                Order::Pause if !rests => {
                    rests = true;
                    self.look(project, trainer, looks, unseen);
                    self.outbox.add(News::Paused);
                }
                Order::Pause => {}
                Order::Resume => return Ok(()),
                Order::Show(pattern) => self.show(pattern, looks),
            }
        }
    }

    /// After training: goes on to show what is asked for, until nobody asks any more.
    fn rest(&mut self, looks: Option<Looks>) -> Result<(), Gone> {
        loop {
            if let (Order::Show(pattern), Some(looks)) = (self.wait()?, &looks) {
                self.stop.store(false, Ordering::Relaxed);
                self.show(pattern, looks);
            }
        }
    }

    /// Waits for an order, and hands over what waits meanwhile.
    fn wait(&mut self) -> Result<Order, Gone> {
        loop {
            self.outbox.bring()?;
            let timeout = if self.outbox.waiting.is_empty() { Duration::from_secs(3600) } else { EVERY };
            match self.orders.recv_timeout(timeout) {
                Ok(order) => return Ok(order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Gone),
            }
        }
    }

    /// Runs the network with the best numbers, if they have not been seen yet.
    fn look(&mut self, project: &Project, trainer: &mut Trainer, looks: &mut Looks, unseen: &mut Option<usize>) {
        let Some(epoch) = unseen.take() else { return };
        let run = Numbers { trained: Arc::new(with_threads_of(project, trainer.best())), epoch };
        let answers = trainer.answers(MOST_ANSWERS);
        let seen = self.see(&run, answers.clone());
        self.outbox.add(News::Best(Box::new(seen)));
        looks.best = Some((run, answers));
    }

    /// Shows another pattern, before and after.
    fn show(&mut self, pattern: usize, looks: &Looks) {
        self.pattern = pattern;
        let before = self.see(&looks.before, looks.answers.clone());
        self.outbox.add(News::Before(Box::new(before)));
        if let Some((run, answers)) = &looks.best {
            let best = self.see(run, answers.clone());
            self.outbox.add(News::Best(Box::new(best)));
        }
    }

    fn see(&self, numbers: &Numbers, answers: Vec<PatternAnswer>) -> Seen {
        let run = watch(&numbers.trained, self.pattern, &self.stop).map_err(Refusal::from);
        let (pattern, epoch, trained) = (self.pattern, numbers.epoch, numbers.trained.clone());
        Seen { run, answers, pattern, epoch, trained }
    }
}

/// A network with some numbers, and the epoch that they are of.
struct Numbers {
    trained: Arc<Project>,
    epoch: usize,
}

/// What is compared.
struct Looks {
    before: Numbers,
    answers: Vec<PatternAnswer>,
    best: Option<(Numbers, Vec<PatternAnswer>)>,
}

fn enough(project: &Project) -> f64 {
    project.training.as_ref().map_or(0.0, |training| training.enough)
}

/// The number of threads is the program's matter, not training's.
fn with_threads_of(project: &Project, mut trained: Project) -> Project {
    trained.simulation.threads = project.simulation.threads;
    trained
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::read;

    const TEXT: &str = r#"(
        simulation: (resolution: 1, duration: 30),
        nodes: {
            "in": (model: "spike_generator", n: 2, params: (spike_times: [[5, 9], [20]])),
            "out": (model: "LIF", n: 2, params: (receptors: [(synapse: "Expon CUBA", tau: 5)], tau: 10)),
            "spikes": (model: "spike_recorder"),
        },
        projections: [(from: "in", to: "out", weight: normal(mean: 3, std: 1), receptor: 1), (from: "out", to: "spikes")],
        training: (
            method: adam(learning_rate: 0.05),
            train: [weights(from: "in")],
            epochs: 1000000,
            loss: cross_entropy(of: "out", read: max),
            patterns: [(input: {"in": [[5, 9], []]}, label: 0), (input: {"in": [[], [6, 8]]}, label: 1)],
        ),
    )"#;

    /// Hears of it until something comes.
    fn wait<T>(training: &Background, mut of: impl FnMut(News) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = training.news().find_map(&mut of) {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "nothing came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn start(text: &str) -> Background {
        let (project, _) = read(text).unwrap_or_else(|e| panic!("{e}"));
        Background::start(Arc::new(project), 1, Arc::new(|| {}))
    }

    #[test]
    fn it_trains_rests_goes_on_and_stops_as_it_is_told() {
        let training = start(TEXT);
        let before = wait(&training, |news| if let News::Before(seen) = news { Some(seen) } else { None });
        assert!(before.run.is_ok());
        assert_eq!((before.pattern, before.epoch, before.answers.len()), (1, 0, 2));
        let mut epochs = 0;
        wait(&training, |news| match news {
            News::Epochs(new) => {
                assert_eq!(new[0].number, epochs + 1);
                epochs += new.len();
                (epochs > 3).then_some(())
            }
            _ => None,
        });
        training.tell(Order::Pause);
        wait(&training, |news| {
            if let News::Epochs(new) = &news {
                epochs += new.len();
            }
            matches!(news, News::Paused).then_some(())
        });
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(training.news().count(), 0, "it rests");
        training.tell(Order::Show(0));
        let before = wait(&training, |news| if let News::Before(seen) = news { Some(seen) } else { None });
        assert_eq!(before.pattern, 0);
        training.tell(Order::Resume);
        wait(&training, |news| matches!(news, News::Epochs(_)).then_some(()));
        training.stop();
        let end = wait(&training, |news| if let News::Ended(end) = news { Some(end) } else { None });
        assert_eq!(end, End::Stopped);
        // It still shows what is asked for.
        training.tell(Order::Show(1));
        let best = wait(&training, |news| if let News::Best(seen) = news { Some(seen) } else { None });
        assert!(best.run.is_ok() && best.pattern == 1 && best.epoch > 0);
    }

    #[test]
    fn what_cannot_be_trained_is_told_and_the_thread_ends_with_its_handle() {
        let training = start(
            &TEXT
                .replace("\"LIF\"", "\"iaf_psc_exp\"")
                .replace("params: (receptors: [(synapse: \"Expon CUBA\", tau: 5)], tau: 10)", "params: ()")
                .replace(", receptor: 1", ""),
        );
        let end = wait(&training, |news| if let News::Ended(end) = news { Some(end) } else { None });
        let End::Refused(refusal) = end else { panic!("{end:?}") };
        assert!(refusal.to_string().contains("cma_es trains any model"), "{refusal}");

        let awake = Arc::new(());
        let held = awake.clone();
        let (project, _) = read(TEXT).unwrap_or_else(|e| panic!("{e}"));
        let training = Background::start(Arc::new(project), 0, Arc::new(move || drop(held.clone())));
        wait(&training, |news| matches!(news, News::Epochs(_)).then_some(()));
        drop(training);
        let began = Instant::now();
        while Arc::strong_count(&awake) > 1 {
            assert!(began.elapsed() < Duration::from_secs(30), "the thread goes on");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
