//! What is trained, by which method, and what is wanted: the section `training` in ordinary fields.

use egui::{CollapsingHeader, ComboBox, Label, RichText, ScrollArea, Ui};
use spikeloom_engine::project::{
    Adjusted, Goal, Lesson, Loss, Method, NodeId, Pattern, Penalty, Population, Read, Statistic, Surrogate, Task,
    Trained, Training, Wanted,
};

use super::begin;
use super::form::{Form, Row};
use super::pattern_picture;
use crate::number;
use crate::theme::{Icon, icon_button};

/// A column of fields is at least so wide, points.
const COLUMN: f32 = 215.0;
/// Problems that are told at once.
const MOST_PROBLEMS: usize = 4;

/// Draws all fields, in as many columns as there is room for. `pattern` is the pattern that is shown.
pub fn show(ui: &mut Ui, form: &mut Form<'_, '_>, problems: &[String], pattern: &mut usize) {
    refusals(ui, form, problems);
    ScrollArea::vertical().id_salt("training setup").auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 6.0);
        let columns = ((ui.available_width() / COLUMN) as usize).clamp(1, 3);
        ui.columns(columns, |columns| {
            let of = |part: usize, columns: usize| [0, part.min(1), part][columns.min(3) - 1];
            let n = columns.len();
            method(&mut columns[of(0, n)], form);
            trained(&mut columns[of(1, n)], form);
            let third = &mut columns[of(2, n)];
            match &form.training.task {
                Task::Goals(all) => goals(third, form, all),
                Task::Patterns(lesson) => {
                    answers(third, form, lesson);
                    patterns(third, form, lesson, pattern);
                }
            }
            // The longest part of it stands below the shortest.
            if let Task::Patterns(lesson) = &form.training.task {
                surrogate(&mut columns[of(0, n)], form, lesson);
                penalties(&mut columns[of(1, n)], form, lesson);
            }
        });
    });
}

/// Input that was refused, and what is wrong with the training, above the fields.
fn refusals(ui: &mut Ui, form: &Form<'_, '_>, problems: &[String]) {
    form.fields.show_refusals(ui);
    for problem in problems.iter().take(MOST_PROBLEMS) {
        ui.add(Label::new(RichText::new(format!("Warning: {problem}")).color(ui.visuals().warn_fg_color)).wrap());
    }
    if problems.len() > MOST_PROBLEMS {
        ui.weak(format!("and {} more", problems.len() - MOST_PROBLEMS));
    }
}

/// The methods for a task, with their names.
fn methods(now: &Method) -> Vec<(String, Method)> {
    let (beta_1, beta_2) = Method::BETAS;
    let population = match *now {
        Method::SeparableNes(population) | Method::CmaEs(population) => population,
        _ => Population::default(),
    };
    let learning_rate = match *now {
        Method::Sgd { learning_rate } | Method::Momentum { learning_rate, .. } | Method::Adam { learning_rate, .. } => {
            learning_rate
        }
        _ => 0.01,
    };
    let all = if now.is_gradient() {
        vec![
            ("Adam", Method::Adam { learning_rate, beta_1, beta_2 }),
            ("Momentum", Method::Momentum { learning_rate, momentum: 0.9 }),
            ("Gradient descent", Method::Sgd { learning_rate }),
        ]
    } else {
        vec![("CMA-ES", Method::CmaEs(population)), ("Separable NES", Method::SeparableNes(population))]
    };
    // The present one as it is.
    let as_now = |method: Method| if method.name() == now.name() { *now } else { method };
    all.into_iter().map(|(name, method)| (name.to_owned(), as_now(method))).collect()
}

fn method(ui: &mut Ui, form: &mut Form<'_, '_>) {
    form.section(ui, "Method");
    let now = form.training.method;
    let doc = match now {
        Method::CmaEs(_) => "Evolution strategy that adapts the covariance of its candidates (Hansen 2016)",
        Method::SeparableNes(_) => "Separable natural evolution strategy (Wierstra et al. 2014)",
        Method::Adam { .. } => "Down a mean of gradients, scaled by that of their squares (Kingma & Ba 2015)",
        Method::Momentum { .. } => "Down a mean of gradients that fades from step to step",
        Method::Sgd { .. } => "Down the gradient",
    };
    if let Some(method) = form.choice(ui, ("Method", doc), &now, &methods(&now)) {
        form.set("Set method of training", move |t| t.method = method);
    }
    let share = |label, doc| Row { limits: (0.0, 1.0), allowed: "from 0 to below 1", ..Row::any(label, doc) };
    match now {
        Method::SeparableNes(population) | Method::CmaEs(population) => {
            let row = Row {
                whole: true,
                limits: (0.0, Training::MOST_CANDIDATES as f64),
                allowed: "0 (automatic) or from 2 to 10,000",
                zero: "automatic",
                ..Row::any("Population", "Candidates of a generation")
            };
            form.number(ui, row, population.size as f64, |t, x| of_population(t, |p| p.size = x as usize));
            let doc = "Standard deviation of the candidates at first, as a share of each range";
            let row = Row { limits: (1e-3, 1.0), allowed: "above 0 and at most 1", ..Row::any("Spread", doc) };
            form.number(ui, row, population.spread, |t, x| of_population(t, |p| p.spread = x));
        }
        Method::Sgd { learning_rate } | Method::Momentum { learning_rate, .. } | Method::Adam { learning_rate, .. } => {
            let doc = "How far each step goes; a loss that leaps about asks for a smaller one";
            let row = Row { limits: (1e-9, 1e6), allowed: "above 0", ..Row::any("Learning rate", doc) };
            form.number(ui, row, learning_rate, |t, x| match &mut t.method {
                Method::Sgd { learning_rate }
                | Method::Momentum { learning_rate, .. }
                | Method::Adam { learning_rate, .. } => *learning_rate = x,
                _ => {}
            });
        }
    }
    if let Method::Momentum { momentum, .. } = now {
        form.number(ui, share("Momentum", "What a mean gradient keeps from step to step"), momentum, |t, x| {
            if let Method::Momentum { momentum, .. } = &mut t.method {
                *momentum = x;
            }
        });
    }
    if let Method::Adam { beta_1, beta_2, .. } = now {
        form.number(ui, share("Beta 1", "What the mean gradient keeps from step to step"), beta_1, |t, x| {
            if let Method::Adam { beta_1, .. } = &mut t.method {
                *beta_1 = x;
            }
        });
        form.number(ui, share("Beta 2", "What the mean square of gradients keeps"), beta_2, |t, x| {
            if let Method::Adam { beta_2, .. } = &mut t.method {
                *beta_2 = x;
            }
        });
    }
    let (label, doc) = match now.is_gradient() {
        true => ("Epochs", "Training ends after so many; in each all patterns come once"),
        false => ("Generations", "Training ends after so many"),
    };
    let row = Row {
        whole: true,
        limits: (1.0, Training::MOST_EPOCHS as f64),
        allowed: "a whole number from 1 to 1,000,000",
        ..Row::any(label, doc)
    };
    form.number(ui, row, form.training.epochs as f64, |t, x| t.epochs = x as usize);
    let row =
        Row { limits: (0.0, 1e12), allowed: "0 or more", ..Row::any("Enough", "The loss at which training ends") };
    form.number(ui, row, form.training.enough, |t, x| t.enough = x);
    if let Task::Patterns(lesson) = &form.training.task {
        let doc = "Patterns after which the weights are changed";
        let row = Row {
            whole: true,
            limits: (0.0, 1e9),
            allowed: "a whole number, 0 for all",
            zero: "all patterns",
            ..Row::any("Batch", doc)
        };
        form.number(ui, row, lesson.batch as f64, |t, x| of_lesson(t, |lesson| lesson.batch = x as usize));
    }
    ui.add_space(6.0);
}

fn of_population(training: &mut Training, act: impl FnOnce(&mut Population)) {
    if let Method::SeparableNes(population) | Method::CmaEs(population) = &mut training.method {
        act(population);
    }
}

fn of_lesson(training: &mut Training, act: impl FnOnce(&mut Lesson)) {
    if let Task::Patterns(lesson) = &mut training.task {
        act(lesson);
    }
}

/// What is trained, as it stands at the beginning of a line; parameters are written as they are.
fn title(form: &Form<'_, '_>, what: &Adjusted) -> String {
    let called = what.called(form.project);
    if matches!(what, Adjusted::Parameter { .. }) {
        return called;
    }
    let mut letters = called.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn trained(ui: &mut Ui, form: &mut Form<'_, '_>) {
    form.section(ui, "What is trained");
    let gradients = form.training.method.is_gradient();
    for (i, trained) in form.training.train.iter().enumerate() {
        let called = trained.what.called(form.project);
        ui.push_id(("trained", i), |ui| {
            entry(ui, &title(form, &trained.what), &format!("Do not train {called}"), || {
                form.set(format!("Do not train {called}"), move |t| {
                    if i < t.train.len() {
                        t.train.remove(i);
                    }
                });
            });
            range(ui, form, i, trained, &called, gradients);
        });
    }
    ui.menu_button("Add what is trained", |ui| {
        let what: Vec<Adjusted> = begin::trainable(form.project, gradients);
        offers(ui, form, &what, gradients);
    });
    ui.add_space(6.0);
}

/// A name with a button at the right that takes it away.
fn entry(ui: &mut Ui, text: &str, removes: &str, remove: impl FnOnce()) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, Icon::Close, removes, true).on_hover_text(removes).clicked() {
                remove();
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(Label::new(text).truncate());
            });
        });
    });
}

/// The range within which something is trained.
fn range(ui: &mut Ui, form: &mut Form<'_, '_>, i: usize, trained: &Trained, called: &str, gradients: bool) {
    let now = form.training.range_of(form.project, trained);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if gradients {
            let mut bounded = now.is_some();
            let name = format!("Keep {called} within a range");
            if ui.checkbox(&mut bounded, "within a range").on_hover_text(&name).accessible_name(&name).changed() {
                let range = bounded.then_some((-10.0, 10.0));
                form.set(format!("Set range of {called}"), move |t| {
                    if let Some(trained) = t.train.get_mut(i) {
                        trained.range = range;
                    }
                });
            }
        } else {
            ui.add_space(8.0);
            ui.weak("from");
        }
        let Some((low, high)) = now else { return };
        let (least, most) = (format!("Least {called}"), format!("Most {called}"));
        let doc = "The range within which it is sought";
        let unit = match &trained.what {
            Adjusted::Parameter { of, name } => {
                let node = form.project.node(*of);
                node.and_then(|node| node.model.parameter(name)).map_or("", |parameter| parameter.unit)
            }
            Adjusted::Delays { .. } => "ms",
            Adjusted::Weights { .. } | Adjusted::Knob(_) => "",
        };
        let row = |name| Row { name, unit, ..Row::any("", doc) };
        form.field(ui, row(&least), low, 68.0, move |t, x| set_range(t, i, (x, high)));
        ui.weak("to");
        form.field(ui, row(&most), high, 68.0, move |t, x| set_range(t, i, (low, x)));
    });
}

fn set_range(training: &mut Training, i: usize, range: (f64, f64)) {
    if let Some(trained) = training.train.get_mut(i) {
        trained.range = Some(range);
    }
}

/// All that could be trained in addition: by node, as there may be many.
fn offers(ui: &mut Ui, form: &mut Form<'_, '_>, what: &[Adjusted], gradients: bool) {
    let project = form.project;
    let known = |what: &Adjusted| form.training.train.iter().any(|trained| trained.what == *what);
    let mut chosen = None;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        let mut offer = |ui: &mut Ui, what: &Adjusted| {
            if !known(what) && ui.button(title(form, what)).clicked() {
                chosen = Some(what.clone());
                ui.close();
            }
        };
        let of_node = |what: &Adjusted| match what {
            Adjusted::Parameter { of, .. } => Some(*of),
            _ => None,
        };
        what.iter().filter(|what| of_node(what).is_none()).for_each(|what| offer(ui, what));
        for node in &project.nodes {
            let own: Vec<&Adjusted> = what.iter().filter(|what| of_node(what) == Some(node.id)).collect();
            if !own.is_empty() {
                let title = format!("Numbers of {}", node.name);
                CollapsingHeader::new(title).id_salt(node.id).show(ui, |ui| {
                    own.into_iter().for_each(|what| offer(ui, what));
                });
            }
        }
    });
    if let Some(what) = chosen {
        let label = format!("Train {}", what.called(project));
        let trained = begin::trained(project, what, gradients);
        form.set(label, move |t| t.train.push(trained));
    }
}

fn goals(ui: &mut Ui, form: &mut Form<'_, '_>, all: &[Goal]) {
    form.section(ui, "Goals");
    for (i, goal) in all.iter().enumerate() {
        ui.push_id(("goal", i), |ui| {
            let called = begin::called(form.project, goal);
            entry(ui, &called, &format!("Remove goal {called}"), || {
                form.set(format!("Remove goal {called}"), move |t| {
                    if let Task::Goals(goals) = &mut t.task
                        && i < goals.len()
                    {
                        goals.remove(i);
                    }
                });
            });
            let unit = unit_of(&goal.what);
            if let Statistic::Trace { samples, .. } = &goal.what {
                ui.weak(format!("{} in the file", number::counted(samples.len() as u64, "sample")));
            } else {
                let name = format!("Target of {called}");
                let row = Row { name: &name, unit, ..Row::any("Target", "Where the statistic is to come") };
                form.number(ui, row, goal.target, move |t, x| of_goal(t, i, |goal| goal.target = x));
            }
            let name = format!("Scale of {called}");
            let doc = "A distance that counts 1 in the loss: ((statistic − target) / scale)²";
            let row = Row { name: &name, unit, limits: (1e-9, 1e12), allowed: "above 0", ..Row::any("Scale", doc) };
            form.number(ui, row, goal.scale, move |t, x| of_goal(t, i, |goal| goal.scale = x));
            if let Statistic::Correlation { bin } = goal.what {
                let name = format!("Bin of {called}");
                let doc = "Spikes are counted in bins of this width";
                let row =
                    Row { name: &name, unit: "ms", limits: (1e-3, 1e6), allowed: "above 0 ms", ..Row::any("Bin", doc) };
                form.number(ui, row, bin, move |t, x| {
                    of_goal(t, i, |goal| goal.what = Statistic::Correlation { bin: x });
                });
            }
        });
    }
    ui.menu_button("Add goal", |ui| {
        let offered: Vec<Goal> = begin::goals(form.project);
        let known = |goal: &Goal| all.iter().any(|other| other.of == goal.of && other.what.name() == goal.what.name());
        if offered.iter().all(known) {
            ui.weak("A goal is a statistic of what is recorded: connect another recorder");
        }
        for goal in offered.iter().filter(|goal| !known(goal)) {
            let called = begin::called(form.project, goal);
            if ui.button(&called).clicked() {
                let goal = goal.clone();
                form.set(format!("Add goal {called}"), move |t| {
                    if let Task::Goals(goals) = &mut t.task {
                        goals.push(goal);
                    }
                });
                ui.close();
            }
        }
    });
}

/// The unit of a statistic, where it is known.
pub fn unit_of(what: &Statistic) -> &'static str {
    match what {
        Statistic::Rate => "spikes/s",
        Statistic::Mean { variable } | Statistic::Trace { variable, .. } if variable.starts_with("V_m") => "mV",
        _ => "",
    }
}

fn of_goal(training: &mut Training, i: usize, act: impl FnOnce(&mut Goal)) {
    if let Task::Goals(goals) = &mut training.task
        && let Some(goal) = goals.get_mut(i)
    {
        act(goal);
    }
}

/// Populations of neurons, by name.
fn populations(form: &Form<'_, '_>) -> Vec<(String, NodeId)> {
    let neurons = form.project.nodes.iter().filter(|node| node.model.is_neuron());
    neurons.map(|node| (node.name.clone(), node.id)).collect()
}

/// Who answers, and how wrong an answer is.
fn answers(ui: &mut Ui, form: &mut Form<'_, '_>, lesson: &Lesson) {
    form.section(ui, "Answers");
    let of = lesson.loss.of();
    if let Some(of) = form.choice(ui, ("Answered by", "The neurons that answer"), &of, &populations(form)) {
        form.set_lesson("Set who answers", move |lesson| match &mut lesson.loss {
            Loss::CrossEntropy { of: now, .. } | Loss::Rate { of: now } | Loss::SpikeTimes { of: now, .. } => *now = of,
        });
    }
    let read = if let Loss::CrossEntropy { read, .. } = lesson.loss { read } else { Read::Mean };
    let tau = if let Loss::SpikeTimes { tau, .. } = lesson.loss { tau } else { 10.0 };
    let kinds = [
        ("Cross entropy", Loss::CrossEntropy { of, read }),
        ("Rates", Loss::Rate { of }),
        ("Spike times", Loss::SpikeTimes { of, tau }),
    ];
    let kinds = kinds.map(|(name, loss)| (name.to_owned(), loss));
    let doc = match lesson.loss {
        Loss::CrossEntropy { .. } => "Cross entropy of the label and what is read of each neuron",
        Loss::Rate { .. } => "Squared distance of the rates from those wanted, (spikes/s)²",
        Loss::SpikeTimes { .. } => "Van Rossum's distance of the spikes from those wanted",
    };
    if let Some(loss) = form.choice(ui, ("Loss", doc), &lesson.loss, &kinds) {
        form.set_lesson("Set loss", move |lesson| lesson.loss = loss);
    }
    match lesson.loss {
        Loss::CrossEntropy { read, .. } => {
            let words = [
                ("largest value", Read::Max),
                ("mean value", Read::Mean),
                ("last value", Read::Last),
                ("number of spikes", Read::Count),
            ];
            let words = words.map(|(word, read)| (word.to_owned(), read));
            let doc = "What is read of each neuron: its potential or value, or its spikes";
            if let Some(new) = form.choice(ui, ("Read", doc), &read, &words) {
                form.set_lesson("Set what is read", move |lesson| {
                    if let Loss::CrossEntropy { read, .. } = &mut lesson.loss {
                        *read = new;
                    }
                });
            }
        }
        Loss::Rate { .. } => {}
        Loss::SpikeTimes { tau, .. } => {
            let doc = "How far apart two spikes may lie to be almost the same";
            let row = Row { unit: "ms", limits: (1e-3, 1e6), allowed: "above 0 ms", ..Row::any("Time constant", doc) };
            form.number(ui, row, tau, |t, x| {
                of_lesson(t, |lesson| {
                    if let Loss::SpikeTimes { tau, .. } = &mut lesson.loss {
                        *tau = x;
                    }
                });
            });
        }
    }
    ui.add_space(6.0);
}

fn surrogate(ui: &mut Ui, form: &mut Form<'_, '_>, lesson: &Lesson) {
    form.section(ui, "Surrogate");
    let now = lesson.surrogate;
    let all: Vec<(String, Surrogate)> = Surrogate::ALL
        .iter()
        .map(|(name, _, usual)| ((*name).to_owned(), if *name == now.name() { now } else { *usual }))
        .collect();
    let doc = "What stands for the slope of a spike when gradients are worked out";
    if let Some(surrogate) = form.choice(ui, ("Slope of a spike", doc), &now, &all) {
        form.set_lesson("Set surrogate", move |lesson| lesson.surrogate = surrogate);
    }
    let names = Surrogate::ALL.iter().find(|(name, ..)| *name == now.name()).map_or(&[][..], |(_, names, _)| names);
    for name in names.iter().copied() {
        let Some(x) = now.value(name) else { continue };
        let called = format!("{name} of {}", now.name());
        let row = Row { name: &called, ..Row::any(name, "A parameter of the surrogate") };
        form.number(ui, row, x, move |t, x| {
            of_lesson(t, |lesson| {
                let mut given = lesson.surrogate.given();
                given.retain(|(other, _)| *other != name);
                given.push((name, x));
                lesson.surrogate = Surrogate::named(lesson.surrogate.name(), &given).unwrap_or(lesson.surrogate);
            });
        });
    }
    ui.add_space(6.0);
}

fn penalties(ui: &mut Ui, form: &mut Form<'_, '_>, lesson: &Lesson) {
    form.section(ui, "Penalties on spikes");
    for (i, penalty) in lesson.penalties.iter().enumerate() {
        ui.push_id(("penalty", i), |ui| {
            let name = form.project.node(penalty.of).map_or("?", |node| node.name.as_str()).to_owned();
            entry(ui, &name, &format!("Remove penalty of {name}"), || {
                form.set_lesson(format!("Remove penalty of {name}"), move |lesson| {
                    if i < lesson.penalties.len() {
                        lesson.penalties.remove(i);
                    }
                });
            });
            let row = |label, called, doc| Row {
                name: called,
                limits: (0.0, 1e12),
                allowed: "0 or more",
                ..Row::any(label, doc)
            };
            let called = format!("l1 of {name}");
            form.number(ui, row("l1", &called, "What each spike costs"), penalty.l1, move |t, x| {
                of_lesson(t, |lesson| lesson.penalties.get_mut(i).into_iter().for_each(|penalty| penalty.l1 = x));
            });
            let called = format!("l2 of {name}");
            let doc = "What the square of the number of spikes of a neuron costs";
            form.number(ui, row("l2", &called, doc), penalty.l2, move |t, x| {
                of_lesson(t, |lesson| lesson.penalties.get_mut(i).into_iter().for_each(|penalty| penalty.l2 = x));
            });
        });
    }
    let others: Vec<(String, NodeId)> = populations(form)
        .into_iter()
        .filter(|(_, id)| lesson.penalties.iter().all(|penalty| penalty.of != *id))
        .collect();
    if others.is_empty() {
        return;
    }
    ui.menu_button("Add penalty", |ui| {
        for (name, of) in others {
            if ui.button(&name).clicked() {
                form.set_lesson(format!("Add penalty of {name}"), move |lesson| {
                    lesson.penalties.push(Penalty { of, l1: 0.001, l2: 0.0 });
                });
                ui.close();
            }
        }
    });
    ui.add_space(6.0);
}

/// The patterns: how many, one of them as a picture, and what is wanted of it.
fn patterns(ui: &mut Ui, form: &mut Form<'_, '_>, lesson: &Lesson, shown: &mut usize) {
    let n = lesson.patterns.len();
    form.section(ui, "Patterns");
    *shown = (*shown).min(n.saturating_sub(1));
    let at = *shown;
    if let Some(pattern) = lesson.patterns.get(at) {
        ui.horizontal(|ui| {
            let label = ui.label("Pattern");
            let combo = ComboBox::from_id_salt("pattern").selected_text(format!("{} of {n}", at + 1)).width(90.0);
            let combo = combo.show_ui(ui, |ui| {
                for i in 0..n {
                    ui.selectable_value(shown, i, format!("{}: {}", i + 1, wanted_words(&lesson.patterns[i].wanted)));
                }
            });
            combo.response.labelled_by(label.id);
            if icon_button(ui, Icon::Close, "Remove pattern", n > 1).on_hover_text("Remove this pattern").clicked() {
                form.set_lesson("Remove pattern", move |lesson| {
                    if at < lesson.patterns.len() {
                        lesson.patterns.remove(at);
                    }
                });
            }
        });
        pattern_picture::show(ui, form.project, &pattern.input, "Input of the pattern");
        match &pattern.wanted {
            Wanted::Label(label) => {
                let doc = "The number of the neuron that is to answer, from 0";
                let row = Row {
                    whole: true,
                    limits: (0.0, 1e9),
                    allowed: "a whole number below that of the neurons that answer",
                    ..Row::any("Wanted label", doc)
                };
                form.number(ui, row, *label as f64, move |t, x| {
                    of_lesson(t, |lesson| {
                        let pattern = lesson.patterns.get_mut(at);
                        pattern.into_iter().for_each(|pattern| pattern.wanted = Wanted::Label(x as usize));
                    });
                });
            }
            other => {
                ui.add(Label::new(format!("Wanted: {}", wanted_words(other))).truncate());
            }
        }
    } else {
        ui.weak("No pattern yet");
    }
    let doc = "The spikes that the generators send as they stand become a further pattern";
    if ui.button("Add present input").on_hover_text(doc).clicked() {
        let (input, wanted) = (begin::present_input(form.project), begin::wanted(form.project, &lesson.loss));
        form.set_lesson("Add pattern", move |lesson| lesson.patterns.push(Pattern { input, wanted }));
        *shown = n;
    }
    ui.weak("Spike times of patterns are edited in the file").on_hover_text("Section `training`, `patterns`");
}

/// What is wanted of a pattern, in words.
pub fn wanted_words(wanted: &Wanted) -> String {
    let list = |times: &[f64]| times.iter().map(|t| number::plain(*t)).collect::<Vec<_>>().join(", ");
    match wanted {
        Wanted::Label(label) => format!("label {label}"),
        Wanted::Rates(rates) => format!("{} spikes/s", list(rates)),
        Wanted::Times(times) => match &times[..] {
            [one] if one.len() < 8 => format!("spikes at {} ms", list(one)),
            _ => number::counted(times.iter().map(|train| train.len() as u64).sum(), "spike"),
        },
    }
}
