//! The plots as the user meets them.

use egui::{Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Layout, ViewId};

use super::sample::Sample;
use super::{PlotsState, show};
use crate::action::{Action, ExportKind};
use crate::command::Command;

/// A network with its plots; edits are applied at once, other actions are kept.
struct Desk {
    sample: Sample,
    plots: PlotsState,
    labels: Vec<String>,
    others: Vec<Action>,
}

fn desk(sample: Sample) -> Desk {
    Desk { sample, plots: PlotsState::default(), labels: vec![], others: vec![] }
}

impl Desk {
    fn draw(&mut self, ui: &mut egui::Ui) {
        let mut actions = Vec::new();
        show(ui, &mut self.plots, &self.sample.data(), &mut actions);
        for action in actions {
            match action {
                Action::Edit(edit) => {
                    (edit.change)(&mut self.sample.project);
                    self.labels.push(edit.label);
                }
                other => self.others.push(other),
            }
        }
    }
}

fn harness(sample: Sample, size: Vec2, dark: bool) -> Harness<'static, Desk> {
    let theme = if dark { egui::Theme::Dark } else { egui::Theme::Light };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .build_ui_state(|ui, desk: &mut Desk| desk.draw(ui), desk(sample));
    harness.run();
    harness
}

/// The cells that the plot of potentials is set to.
fn chosen_cells(harness: &Harness<'_, Desk>) -> Vec<u32> {
    let view = &harness.state().sample.project.views[1];
    (super::kinds::find(&view.kind).expect("a known kind").cells)(view)
}

fn value(harness: &Harness<'_, Desk>, name: &str) -> String {
    harness.get_by_label(name).value().unwrap_or_default()
}

#[test]
fn plots_say_what_they_show() {
    let harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    let spikes = harness.state().sample.recordings.rows[0].times.len();
    assert_eq!(value(&harness, "Raster of Spikes"), format!("{} spikes", super::axis::thousands(spikes)));
    assert_eq!(value(&harness, "Traces of Potentials"), "V_m of 5 cells");
    assert!(value(&harness, "Rate of Spikes").ends_with("spikes/s per neuron"));
}

#[test]
fn a_picture_holds_the_whole_number_at_the_top_of_the_axis() {
    let harness = harness(Sample::two_populations(), vec2(1100.0, 120.0), true);
    let plot = harness.get_by_label("Rate of Spikes").rect();
    let picture = harness.state().plots.pane_rect(ViewId(2)).expect("it is shown");
    assert!(plot.top() - picture.top() >= 5.0, "half of a number of 11 points");
    let label_below = 14.0;
    assert!(picture.bottom() - plot.bottom() >= label_below, "{picture:?} {plot:?}");
}

#[test]
fn empty_plots_say_why() {
    let harness = harness(Sample::before_the_run().without_projection(2), vec2(1100.0, 300.0), false);
    assert_eq!(value(&harness, "Raster of Spikes"), "Press play to see spikes");
    assert!(harness.query_by_label("Press play to see spikes").is_some());
    assert_eq!(value(&harness, "Traces of Potentials"), "The recorder is not connected");
}

#[test]
fn without_plots_there_are_buttons_to_add_some() {
    let mut sample = Sample::two_populations();
    sample.project.views.clear();
    let mut harness = harness(sample, vec2(600.0, 200.0), true);
    assert!(harness.query_by_label("Add weights").is_none(), "nothing here records weights");
    harness.get_by_label("Add traces").click();
    harness.run();
    assert!(matches!(harness.state().others[..], [Action::AddPlot("traces")]));
}

#[test]
fn without_recorders_it_offers_to_record() {
    let mut sample = Sample::two_populations();
    sample.project.views.clear();
    sample.project.nodes.retain(|n| !n.model.is_recorder());
    let mut harness = harness(sample, vec2(600.0, 200.0), true);
    harness.get_by_label("Record all populations").click();
    harness.run();
    assert!(matches!(harness.state().others[..], [Action::Command(Command::AddRecorders)]));
}

#[test]
fn the_plus_menu_adds_a_plot() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    harness.get_by_label("+ Add plot").click();
    harness.run();
    harness.get_by_label("Add weights").click();
    harness.run();
    assert!(harness.state().others.is_empty(), "there is no weight recorder");
    harness.get_by_label("+ Add plot").click();
    harness.run();
    harness.get_by_label("Add rate").click();
    harness.run();
    assert!(harness.state().others.iter().any(|a| matches!(a, Action::AddPlot("rate"))));
}

#[test]
fn closing_a_plot_is_an_edit_that_also_leaves_the_layout() {
    let mut sample = Sample::two_populations();
    let parts = [0, 1, 2].map(|id| (0.333, Layout::View(ViewId(id))));
    sample.project.layout = Some(Layout::Row(parts.into()));
    let mut harness = harness(sample, vec2(1100.0, 300.0), true);
    harness.get_by_label("Close Traces of Potentials").click();
    harness.run();
    let project = &harness.state().sample.project;
    assert_eq!(harness.state().labels, ["Close Traces of Potentials"]);
    assert_eq!(project.views.iter().map(|v| v.id.0).collect::<Vec<_>>(), [0, 2]);
    let rest = [0, 2].map(|id| (0.333, Layout::View(ViewId(id))));
    assert_eq!(project.layout, Some(Layout::Row(rest.into())));
    assert!(harness.query_by_label("Traces of Potentials").is_none());
}

#[test]
fn dragging_a_border_is_one_merged_edit_of_the_layout() {
    let mut harness = harness(Sample::two_populations(), vec2(900.0, 300.0), true);
    let left = harness.get_by_label("Raster of Spikes").rect();
    let right = harness.get_by_label("Traces of Potentials").rect();
    assert!(left.right() < right.left());
    let border = harness.state().plots.pane_rect(ViewId(0)).map(|r| r.right() + 1.5).unwrap_or_default();
    let from = egui::pos2(border, 150.0);
    harness.hover_at(from);
    harness.run();
    harness.drag_at(from);
    harness.run();
    for x in [10.0, 40.0, 90.0] {
        harness.hover_at(from + vec2(x, 0.0));
        harness.run();
    }
    harness.drop_at(from + vec2(90.0, 0.0));
    harness.run();
    let state = harness.state();
    assert!(!state.labels.is_empty() && state.labels.iter().all(|l| l == "Arrange plots"), "{:?}", state.labels);
    let Some(Layout::Row(parts)) = &state.sample.project.layout else { panic!("a row of plots") };
    assert!(parts[0].0 > 0.40 && parts[1].0 < 0.27, "{parts:?}");
    assert_eq!(state.others.iter().filter(|a| matches!(a, Action::EndGesture)).count(), 1);
    assert!(harness.get_by_label("Raster of Spikes").rect().width() > left.width() + 60.0);
}

#[test]
fn a_plot_dragged_onto_another_goes_behind_it_as_a_tab() {
    let mut harness = harness(Sample::two_populations(), vec2(900.0, 300.0), true);
    let from = harness.get_by_label("Move Rate of Spikes").rect().center();
    let to = harness.get_by_label("Raster of Spikes").rect().center();
    harness.drag_at(from);
    harness.run_steps(2);
    for share in [0.1, 0.5, 0.9, 1.0] {
        harness.hover_at(from + (to - from) * share);
        harness.run_steps(2);
    }
    harness.drop_at(to);
    harness.run_steps(3);
    let state = harness.state();
    assert!(state.labels.iter().all(|l| l == "Arrange plots") && !state.labels.is_empty(), "{:?}", state.labels);
    let Some(Layout::Row(parts)) = &state.sample.project.layout else { panic!("a row of plots") };
    let tabs = Layout::Tabs(vec![Layout::View(ViewId(0)), Layout::View(ViewId(2))]);
    assert_eq!(parts.iter().map(|(_, part)| part).collect::<Vec<_>>(), [&tabs, &Layout::View(ViewId(1))]);
    assert!(harness.query_by_label("Spikes (raster)").is_some());
}

#[test]
fn brushing_a_raster_with_alt_picks_the_cells_of_the_traces() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 400.0), true);
    let area = harness.get_by_label("Raster of Spikes").rect();
    // The excitatory band takes the upper four fifths, its first neurons lie at its bottom.
    let bottom = egui::pos2(area.center().x, area.top() + 0.799 * area.height());
    let alt = egui::Modifiers::ALT;
    let steps = [bottom, bottom - vec2(-20.0, 10.0), bottom - vec2(-40.0, 20.0)];
    harness.hover_at(steps[0]);
    harness.run();
    let press = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: alt,
    };
    harness.event_modifiers(press(steps[0], true), alt);
    harness.run();
    for step in steps {
        harness.event_modifiers(egui::Event::PointerMoved(step), alt);
        harness.run();
    }
    harness.event_modifiers(press(steps[2], false), alt);
    harness.run();
    assert_eq!(harness.state().labels, ["Show cells of Excitatory"]);
    let cells = chosen_cells(&harness);
    assert!(!cells.is_empty() && cells.iter().all(|c| *c < 8), "only sampled cells: {cells:?}");
    assert!(harness.state().plots.axis.is_following(), "the brush does not pan");
}

#[test]
fn scrolling_zooms_the_time_of_all_plots_and_follow_returns() {
    let mut sample = Sample::two_populations();
    sample.project.simulation.duration = 1000.0;
    let mut harness = harness(sample, vec2(1100.0, 300.0), true);
    let before = value(&harness, "Raster of Spikes");
    let middle = harness.get_by_label("Traces of Potentials").rect().center();
    harness.hover_at(middle);
    harness.event(egui::Event::MouseWheel {
        source: egui::MouseWheelSource::Wheel,
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 200.0),
        phase: egui::TouchPhase::Move,
        modifiers: egui::Modifiers::NONE,
    });
    // A turn of the wheel is spread over several frames.
    harness.run_steps(12);
    harness.run();
    assert_ne!(value(&harness, "Raster of Spikes"), before, "fewer spikes in view");
    assert!(!harness.state().plots.axis.is_following());
    harness.get_by_label("Show all").click();
    harness.run();
    assert_eq!(value(&harness, "Raster of Spikes"), before);
    harness.get_by_label("Follow").click();
    harness.run();
    assert!(harness.state().plots.axis.is_following());
}

#[test]
fn a_focused_plot_is_panned_and_zoomed_by_arrows() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    let clock = super::panel::Clock::of(&harness.state().sample.data());
    harness.get_by_label("Rate of Spikes").focus();
    harness.run();
    harness.key_press(egui::Key::ArrowLeft);
    harness.run();
    assert_eq!(harness.state().plots.axis.range(clock), (-100.0, 900.0));
    harness.key_press(egui::Key::ArrowUp);
    harness.run();
    assert_eq!(harness.state().plots.axis.range(clock), (0.0, 800.0));
}

#[test]
fn dragging_with_the_right_button_shows_what_lies_in_the_box() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    let area = harness.get_by_label("Rate of Spikes").rect();
    let at = |x: f32, y: f32| area.min + vec2(x * area.width(), y * area.height());
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Secondary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    harness.hover_at(at(0.2, 0.5));
    harness.run();
    harness.event(button(at(0.2, 0.5), true));
    harness.run();
    for x in [0.3, 0.5, 0.7] {
        harness.hover_at(at(x, 0.9));
        harness.run();
    }
    harness.event(button(at(0.7, 0.9), false));
    harness.run();
    let (start, end) = harness.state().plots.axis.range(super::panel::Clock::of(&harness.state().sample.data()));
    assert!((start - 200.0).abs() < 10.0 && (end - 700.0).abs() < 10.0, "{start} to {end}");
    assert!(harness.state().plots.panes[&ViewId(2)].y.is_some());
    assert!(harness.state().plots.panes[&ViewId(0)].y.is_none(), "only the time is shared");
}

#[test]
fn a_new_run_drops_what_was_cached_and_follows() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    harness.state_mut().plots.axis.show(0.0, 5.0);
    let fresh = Sample { generation: 2, ..Sample::before_the_run() };
    harness.state_mut().sample = fresh;
    harness.run();
    assert_eq!(value(&harness, "Raster of Spikes"), "Press play to see spikes");
    assert!(harness.state().plots.axis.is_following());
}

#[test]
fn settings_change_the_view_by_edits() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 400.0), true);
    harness.get_by_label("Settings of Traces of Potentials").click();
    harness.run();
    harness.get_by_label("All up to 50").click();
    harness.run();
    assert_eq!(chosen_cells(&harness), (0..50).collect::<Vec<u32>>());
    assert_eq!(value(&harness, "Traces of Potentials"), "V_m of 8 cells");
    harness.get_by_label("Above each other").click();
    harness.run();
    let view = &harness.state().sample.project.views[1];
    assert!(view.settings.contains(&("stacked".into(), Value::Flag(true))));
    assert_eq!(harness.state().labels, ["Choose cells", "Stack traces"]);
}

#[test]
fn exports_are_asked_for() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 400.0), true);
    harness.get_by_label("Export Rate of Spikes").click();
    harness.run();
    harness.get_by_label("Export data (CSV)…").click();
    harness.run();
    let wanted = |a: &Action| matches!(a, Action::Export { view: ViewId(2), kind: ExportKind::Csv });
    assert!(harness.state().others.iter().any(wanted));
    assert!(harness.state().plots.pane_rect(ViewId(2)).is_some());
}

#[test]
fn the_read_out_follows_the_pointer_without_harm() {
    let mut harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), true);
    for name in ["Raster of Spikes", "Traces of Potentials", "Rate of Spikes"] {
        let rect = harness.get_by_label(name).rect();
        for at in [rect.center(), rect.left_top(), rect.right_bottom() - vec2(1.0, 1.0)] {
            harness.hover_at(at);
            harness.run();
        }
    }
    assert!(harness.get_by_label("Raster of Spikes").accesskit_node().label().is_some());
}

#[test]
fn plots_keep_to_a_room_that_is_too_small_for_them() {
    let size = vec2(140.0, 180.0);
    let mut harness = Harness::builder().with_size(vec2(600.0, 400.0)).build_ui_state(
        |ui, (desk, used): &mut (Desk, Vec2)| {
            let room = egui::Rect::from_min_size(ui.max_rect().min, size);
            let inner = ui.scope_builder(egui::UiBuilder::new().max_rect(room), |ui| {
                desk.draw(ui);
                ui.min_rect().size()
            });
            *used = inner.inner;
        },
        (desk(Sample::two_populations()), Vec2::ZERO),
    );
    harness.run();
    let used = harness.state().1;
    assert!(used.x <= size.x + 0.5 && used.y <= size.y + 0.5, "{used:?}");
    let room = egui::Rect::from_min_size(harness.ctx.content_rect().min, size).expand(12.0);
    for clipped in &harness.output().shapes {
        let painted = clipped.shape.visual_bounding_rect().intersect(clipped.clip_rect);
        assert!(!painted.is_positive() || room.contains_rect(painted), "painted outside: {painted:?}");
    }
    for name in ["Raster of Spikes", "Rate of Spikes"] {
        assert!(harness.get_by_label(name).rect().width() >= 60.0, "what does not fit is scrolled to, not squeezed");
    }
}

#[test]
fn the_legend_and_the_meaning_of_the_axis_stand_outside_the_data() {
    let harness = harness(Sample::two_populations(), vec2(1100.0, 300.0), false);
    let head = harness.get_by_label("Move Traces of Potentials").rect();
    let [data, other] = ["Traces of Potentials", "Raster of Spikes"].map(|name| harness.get_by_label(name).rect());
    assert!(data.top() >= head.bottom() + 12.0, "room for a line above: {data:?} {head:?}");
    assert!(other.top() < data.top(), "a raster names its bands beside them");
}

#[test]
fn trials_that_are_over_are_drawn_behind_the_present_one_and_count_for_the_range() {
    let mut sample = Sample::two_populations();
    let mut past = sample.recordings.clone();
    past.rows[1].values.iter_mut().for_each(|value| *value += 40.0);
    sample.past = vec![past];
    sample.recordings = spikeloom_engine::recordings::Recordings::new(sample.recordings.plan.clone());
    sample.status.time = 0.0;
    let harness = harness(sample, vec2(1100.0, 300.0), false);
    assert_eq!(value(&harness, "Traces of Potentials"), "V_m of 5 cells", "no excuse: there are trials to be seen");
    assert!(harness.query_by_label_contains("trial 2, seed 1").is_some());
    let pane = &harness.state().plots.panes[&ViewId(1)];
    assert_eq!(pane.trials.len(), 1);
}

#[test]
fn tiny_and_unusual_panes_do_not_panic() {
    for size in [vec2(40.0, 30.0), vec2(300.0, 180.0), vec2(3000.0, 60.0)] {
        let mut harness = harness(Sample::two_populations(), size, false);
        harness.run();
    }
}

/// Two populations of many neurons with volleys of spikes, `spikes` of them in a second.
fn crowd(neurons: u32, spikes: usize) -> Sample {
    let mut sample = Sample::two_populations();
    let (excitatory, inhibitory) = (neurons / 5 * 4, neurons / 5);
    for (place, n) in [excitatory, inhibitory].into_iter().enumerate() {
        sample.project.nodes[place].n = n as usize;
        sample.recordings.plan.members[place].n = n;
    }
    sample.recordings.plan.members[1].first = excitatory;
    sample.recordings.plan.members[2].first = neurons;
    sample.recordings.plan.members[3].first = neurons + 1;
    let rows = &mut sample.recordings.rows[0];
    rows.clear();
    let mut seed = 1u64;
    for i in 0..spikes {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let t = i as f64 / spikes as f64;
        rows.times.push((t + 0.003 * (t * 60.0).sin()).clamp(0.0, 1.0) * 1000.0);
        rows.senders.push(((seed >> 33) % u64::from(neurons)) as u32);
    }
    rows.times.sort_by(f64::total_cmp);
    sample
}

#[test]
fn a_crowd_of_neurons_is_drawn_and_counted() {
    let harness = harness(crowd(10_000, 50_000), vec2(900.0, 300.0), true);
    assert_eq!(value(&harness, "Raster of Spikes"), "50,000 spikes");
}
