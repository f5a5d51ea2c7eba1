//! Every model of the catalogue in the window: placed through the search box, wired by keys with what fits it, run and
//! recorded. A new model is covered by being listed.

use std::time::Instant;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use spikeloom_engine::live::Phase;
use spikeloom_engine::models::{self, CATALOGUE, Family, Model, Service, Signal, Stored};
use spikeloom_engine::project::NodeId;
use spikeloom_engine::recordings::Rows;

use super::desk::{Desk, Seat};

/// What went wrong, in words.
type Outcome<T> = Result<T, String>;

/// A window with one network after the other.
struct Bench {
    desk: Desk,
    seat: Seat,
    /// A generator makes something happen in the network.
    driven: bool,
}

impl Bench {
    fn new() -> Self {
        let desk = Desk::new();
        let seat = desk.start();
        Bench { desk, seat, driven: false }
    }

    /// As few frames as a key needs to be seen, acted upon and shown: there are thousands of keys.
    fn settle(&mut self) {
        self.seat.run_steps(2);
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.seat.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn enter(&mut self, text: &str) {
        self.seat.event(Event::Text(text.into()));
        self.settle();
        self.key(Modifiers::NONE, Key::Enter);
    }

    /// Begins an empty network that runs for a moment.
    fn begin(&mut self) {
        let path = self.desk.file("empty.ron");
        std::fs::write(&path, "(simulation: (duration: 150, seed: 3), nodes: {})").unwrap();
        self.seat.state_mut().open_file(&path);
        self.settle();
        self.driven = false;
        assert!(self.seat.state().project().nodes.is_empty(), "{:?}", self.seat.state().messages());
    }

    /// Adds a node through the search box, which selects it.
    fn place(&mut self, model: &'static Model) -> Outcome<NodeId> {
        let before = self.seat.state().project().nodes.len();
        self.key(Modifiers::NONE, Key::N);
        self.enter(model.name);
        match &self.seat.state().project().nodes[before..] {
            [new] if new.model == model => {
                let (id, label) = (new.id, format!("{}, {}", new.name, model.name));
                let shown = self.seat.query_all_by_label(&label).next().is_some();
                if shown { Ok(id) } else { Err(format!("the canvas has no node called “{label}”")) }
            }
            others => {
                let found: Vec<&str> = others.iter().map(|n| n.model.name).collect();
                Err(format!("searched for {} and found {found:?}", model.name))
            }
        }
    }

    /// Wires two nodes by keys.
    fn wire(&mut self, from: NodeId, to: NodeId) -> Outcome<()> {
        let before = self.seat.state().project().projections.len();
        let name = |seat: &Seat, id| seat.state().project().node(id).map_or(String::new(), |n| n.name.clone());
        let first = name(&self.seat, from);
        if !self.seat.state().selection().nodes.iter().eq([&from]) {
            self.key(Modifiers::COMMAND, Key::F);
            self.enter(&first);
        }
        self.key(Modifiers::NONE, Key::W);
        let second = name(&self.seat, to);
        self.enter(&second);
        let made = self.seat.state().project().projections.get(before);
        let ends = made.map(|p| [p.from, p.to]);
        if ends == Some([from, to]) || ends == Some([to, from]) {
            return Ok(());
        }
        Err(format!("{first} was not wired to {second}: {ends:?}, {:?}", self.seat.state().messages()))
    }

    /// Adds a node and wires it to one that is there.
    fn place_and_wire(&mut self, model: &'static Model, other: NodeId) -> Outcome<NodeId> {
        let new = self.place(model)?;
        self.wire(new, other)?;
        Ok(new)
    }

    /// Gives a node the input that the catalogue has for it, if there is any.
    fn drive(&mut self, node: NodeId, model: &'static Model) -> Outcome<()> {
        let Some(driver) = driver_of(model) else { return Ok(()) };
        self.driven |= driver.is_generator();
        if driver == model { self.wire(node, node) } else { self.place_and_wire(driver, node).map(drop) }
    }

    /// Records all that can be recorded of a node.
    fn record(&mut self, node: NodeId, model: &'static Model) -> Outcome<()> {
        for recorder in recorders_of(model) {
            let new = self.place_and_wire(recorder, node)?;
            self.give_second_train(new, recorder, node)?;
        }
        Ok(())
    }

    /// Pairs need a second train, where there is a port for it.
    fn give_second_train(&mut self, recorder: NodeId, model: &Model, node: NodeId) -> Outcome<()> {
        if model.stores() == Some(Stored::Pairs) && model.ports.len() > 1 { self.wire(recorder, node) } else { Ok(()) }
    }

    /// Chooses an entry of a list of the inspector.
    fn choose(&mut self, list: &str, entry: &str) -> Outcome<()> {
        let lists = self.seat.query_all_by_role_and_label(Role::ComboBox, list).last();
        lists.ok_or(format!("the inspector has no list {list}"))?.scroll_to_me();
        self.seat.run_steps(20);
        self.seat.get_by_role_and_label(Role::ComboBox, list).click();
        self.settle();
        let entries = self.seat.query_all_by_label(entry).last();
        entries.ok_or(format!("{list} has no entry {entry}"))?.scroll_to_me();
        // A list scrolls over some frames.
        self.seat.run_steps(20);
        self.seat.query_all_by_label(entry).last().ok_or(format!("{entry} has gone"))?.click();
        self.settle();
        Ok(())
    }

    /// Waits for the portrait of the synapse in the inspector, which moves nothing below it when it comes.
    fn see_portrait(&mut self, below: &str) -> Outcome<()> {
        let top = |bench: &Bench| {
            let list = bench.seat.query_all_by_role_and_label(Role::ComboBox, below).last();
            list.map(|list| list.rect().top()).ok_or(format!("the inspector has no list {below}"))
        };
        let before = top(self)?;
        for _ in 0..100 {
            self.seat.step();
            let pictures = self.seat.query_all_by_role(Role::Image);
            let says = |label: String| label.starts_with("Learning window") || label.starts_with("A train of spikes");
            if pictures.filter_map(|picture| picture.accesskit_node().label()).any(says) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.seat.run_steps(2);
        let moved = top(self)? - before;
        if moved == 0.0 { Ok(()) } else { Err(format!("{below} has moved by {moved} when the portrait came")) }
    }

    /// Runs to the end and looks at all that was recorded.
    fn run(&mut self) -> Outcome<()> {
        let end = self.seat.state().project().simulation.duration;
        self.seat.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        self.seat.step();
        let begin = Instant::now();
        loop {
            let window = self.seat.state();
            let complaint = window.messages().into_iter().find(|m| m.contains("cannot run"));
            if let Some(complaint) = complaint {
                return Err(complaint.to_owned());
            }
            if window.status().phase == Phase::Paused && window.status().time >= end - 1e-6 {
                break;
            }
            if begin.elapsed().as_secs() > 30 {
                return Err(format!("it did not come to its end: {:?}", window.status()));
            }
            self.seat.step();
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        self.settle();
        self.look_at_recordings()
    }

    fn look_at_recordings(&self) -> Outcome<()> {
        let window = self.seat.state();
        let mut recorded = 0;
        for node in window.project().nodes.iter().filter(|n| n.model.stores().is_some()) {
            let name = &node.name;
            // Before anything is recorded nothing is known of the recorders.
            let nothing = Rows::default();
            let rows = window.recordings().recorder(node.id).map_or(&nothing, |(_, rows)| rows);
            if let Some(wrong) = rows.values.iter().find(|x| !x.is_finite()) {
                return Err(format!("{name} has recorded {wrong}"));
            }
            let wires = window.project().projections.iter().filter(|p| p.from == node.id || p.to == node.id);
            let other =
                wires.filter_map(|p| window.project().node(if p.from == node.id { p.to } else { p.from })).next();
            let from_neuron = other.is_some_and(|n| n.model.is_neuron());
            let moves = rows.values.iter().any(|x| *x != rows.values[0]);
            if node.model.is_meter() && from_neuron && self.driven && !moves {
                return Err(format!("what {name} samples stays at {:?}", rows.values.first()));
            }
            // Not every neuron fires at once; that it gets its input is seen in its samples.
            let may_be_silent = other.is_some_and(|n| n.model.is_neuron() && !relays(n.model))
                && matches!(node.model.stores(), Some(Stored::Spikes | Stored::States | Stored::Pairs));
            // What counts states makes nothing of single spikes.
            let of_states = node.model.ports.iter().any(|port| port.or_transitions);
            let unread = of_states && !other.is_some_and(|n| n.model.emits(Signal::Transitions));
            if rows.is_empty() && (may_be_silent || unread) {
                continue;
            }
            if rows.is_empty() {
                return Err(format!("{name} ({}) has recorded nothing", node.model.name));
            }
            let view = window.project().views.iter().find(|v| v.sources == [node.id]);
            let title = view.map(|v| v.title.as_str()).ok_or(format!("no plot shows {name}"))?;
            let figures: Vec<_> = self.seat.query_all_by_role(Role::Figure).collect();
            let shows = |label: Option<String>| label.is_some_and(|label| label.ends_with(&format!("of {title}")));
            let figure = figures.iter().find(|figure| shows(figure.accesskit_node().label()));
            let text = figure.and_then(|figure| figure.accesskit_node().value());
            let text = text.ok_or(format!("the plot of {title} is not on the screen"))?;
            if text.is_empty() || text.starts_with("Press play") || text.contains("recorded") {
                return Err(format!("the plot of {title} says “{text}”"));
            }
            recorded += 1;
        }
        if recorded == 0 { Err("nothing recorded anything".into()) } else { Ok(()) }
    }
}

/// Whether a wire between two nodes of these models is drawn from the first to the second.
fn leads(from: &Model, to: &Model) -> bool {
    models::wire(from, to).is_ok_and(|wiring| !wiring.reversed) && (from.sends_as_neurons() || !to.is_transmitter())
}

/// What gives neurons input: a generator where one fits, or other neurons, such as those of diffusion.
fn driver_of(model: &Model) -> Option<&'static Model> {
    let of = |family| CATALOGUE.iter().copied().find(|m| m.family() == family && leads(m, model));
    // A train of single spikes is no sensible code of what binary neurons do; those with chance begin by themselves.
    if model.emits(Signal::Transitions) {
        return models::find("ginzburg_neuron");
    }
    of(Family::Generator).or_else(|| of(Family::Neuron))
}

/// The recorders that can be wired to a node.
fn recorders_of(model: &Model) -> Vec<&'static Model> {
    let fits = |recorder: &Model| {
        recorder.is_recorder()
            && recorder.stores().is_some()
            && models::wire(model, recorder).is_ok()
            && recorder.samples().iter().all(|quantity| model.always_has(quantity))
            // States are told by binary neurons alone.
            && (recorder.stores() != Some(Stored::States) || model.emits(Signal::Transitions))
    };
    CATALOGUE.iter().copied().filter(|m| fits(m)).collect()
}

/// Does something with every model of a family, all of which must be right.
fn each(family: Family, mut test: impl FnMut(&mut Bench, &'static Model) -> Outcome<()>) {
    let mut bench = Bench::new();
    let mut wrong = Vec::new();
    for model in CATALOGUE.iter().copied().filter(|m| m.family() == family) {
        bench.begin();
        if let Err(reason) = test(&mut bench, model) {
            wrong.push(format!("{}: {reason}", model.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_neuron_is_placed_driven_and_recorded() {
    each(Family::Neuron, |bench, model| {
        let node = bench.place(model)?;
        bench.drive(node, model)?;
        bench.record(node, model)?;
        bench.run()
    });
}

#[test]
fn every_generator_drives_something_and_is_recorded() {
    each(Family::Generator, |bench, model| {
        let fits = |m: &&&Model| m.is_neuron() && leads(model, m);
        let target = CATALOGUE.iter().find(fits).ok_or("nothing takes what it sends")?;
        let generator = bench.place(model)?;
        if model.takes(Signal::Spikes) {
            bench.drive(generator, model)?;
        }
        bench.record(generator, model)?;
        let node = bench.place(target)?;
        bench.wire(generator, node)?;
        bench.driven = true;
        bench.record(node, target)?;
        bench.run()
    });
}

#[test]
fn every_recorder_records_what_it_fits() {
    each(Family::Recorder, |bench, model| {
        if model.serves().is_some() {
            // It works with the synapses of wires, and is added there.
            return every_service(bench, model);
        }
        // States are counted of neurons that have some.
        let of_states = model.ports.iter().any(|port| port.or_transitions);
        let fits = |m: &&&Model| {
            m.is_neuron() && recorders_of(m).contains(&model) && (!of_states || m.emits(Signal::Transitions))
        };
        let source = CATALOGUE.iter().find(fits).ok_or("nothing can be recorded with it")?;
        let node = bench.place(source)?;
        bench.drive(node, source)?;
        let recorder = bench.place_and_wire(model, node)?;
        bench.give_second_train(recorder, model, node)?;
        bench.run()
    });
}

fn every_service(bench: &mut Bench, device: &Model) -> Outcome<()> {
    let service = device.serves().ok_or("it serves no synapses")?;
    let fits = |m: &&&Model| m.family() == Family::Synapse && (service == Service::StoresWeights || m.needs(service));
    let synapse = CATALOGUE.iter().find(fits).ok_or("no synapse needs it")?;
    connect_with(bench, synapse)
}

#[test]
fn every_synapse_connects_and_transmits() {
    each(Family::Synapse, connect_with);
}

/// A network with a wire of these synapses, chosen and equipped in the inspector.
fn connect_with(bench: &mut Bench, synapse: &'static Model) -> Outcome<()> {
    let neurons = || CATALOGUE.iter().copied().filter(|m| m.is_neuron());
    let pairs = || neurons().flat_map(|from| neurons().map(move |to| (from, to)));
    let fits = |(from, to): &(&Model, &'static Model)| {
        let mut read = synapse.plastic().into_iter().flat_map(|plastic| plastic.needs.quantities());
        models::fitting_synapses(from, to).contains(&synapse) && read.all(|name| to.always_has(name))
    };
    // Neurons that only repeat what a generator sends are sure to fire.
    let sure = pairs().filter(fits).find(|(from, to)| relays(from) && !relays(to));
    let (from, to) = sure.or_else(|| pairs().find(fits)).ok_or("no two neurons can be connected with it")?;
    let target = bench.place(to)?;
    let source = bench.place(from)?;
    bench.drive(source, from)?;
    bench.wire(source, target)?;
    let wire = |bench: &Bench| {
        bench.seat.state().project().projections.iter().find(|p| [p.from, p.to] == [source, target]).cloned()
    };
    let chosen = wire(bench).ok_or("the wire has gone")?.synapse;
    if chosen != synapse {
        bench.choose("Synapse", synapse.title)?;
    }
    if synapse.plastic().is_some() && synapse.carries().is_none() {
        bench.see_portrait("Weights to")?;
    }
    for service in Service::ALL {
        let offered = service == Service::StoresWeights && synapse.carries().is_none();
        let Some(device) = CATALOGUE.iter().find(|m| m.serves() == Some(service)) else { continue };
        if !offered && !synapse.needs(service) {
            continue;
        }
        let title = match service {
            Service::StoresWeights => "Weights to",
            Service::ThirdFactor => "Third factor",
        };
        // A synapse model may have brought what it needs.
        if wire(bench).and_then(|p| p.device(service)).is_none() {
            bench.choose(title, &format!("New {}", device.title.to_lowercase()))?;
        }
        let new = wire(bench).and_then(|p| p.device(service)).ok_or(format!("{title} gave it no device"))?;
        if service == Service::ThirdFactor {
            bench.wire(source, new)?;
        }
    }
    let made = wire(bench).ok_or("the wire has gone")?;
    if made.synapse != synapse {
        return Err(format!("it has {} in its place", made.synapse.name));
    }
    bench.record(target, to)?;
    bench.run()
}

/// Whether it repeats what it gets.
fn relays(model: &Model) -> bool {
    model.recordables.is_empty() && model.emits(Signal::Spikes)
}
