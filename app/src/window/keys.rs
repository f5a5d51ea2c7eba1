//! From keys to commands.

use egui::{Context, Event, Key, KeyboardShortcut, Modifiers, Popup};

use super::Window;
use crate::action::Action;
use crate::command::Command;
use crate::focus::takes_delete;

/// What has to be remembered between frames about keys.
#[derive(Default)]
pub struct KeyState {
    /// Space is down and has not been used to pan.
    space: bool,
    /// Revision of the document that engine and crash hook know.
    pub followed: Option<u64>,
}

impl Window {
    /// Turns keys into commands, unless someone is typing.
    pub(super) fn read_keys(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        self.read_space(ctx, actions);
        if ctx.text_edit_focused() || self.overlay.is_some() || Popup::is_any_open(ctx) {
            return;
        }
        self.read_clipboard_events(ctx, actions);
        let focused = ctx.memory(|m| m.focused().is_some());
        let hovers = ctx.input(|i| i.pointer.hover_pos().is_some());
        for &command in Command::ALL {
            for &shortcut in command.shortcuts() {
                if command == Command::PlayPause || is_clipboard(command) {
                    continue;
                }
                // Keys that move the focus or work the focused widget stay with it.
                let belongs_to_focus = match shortcut.logical_key {
                    Key::Tab => focused || !hovers,
                    Key::Enter | Key::Escape => focused && shortcut.modifiers.is_none(),
                    Key::Delete | Key::Backspace => takes_delete(ctx),
                    _ => false,
                };
                if !belongs_to_focus && pressed(ctx, shortcut) {
                    actions.push(Action::Command(command));
                }
            }
        }
    }

    /// Space runs or pauses when it is let go, so that Space and a drag can pan the canvas.
    fn read_space(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let busy = ctx.egui_wants_keyboard_input() || self.overlay.is_some() || Popup::is_any_open(ctx);
        let (down, up, dragged, alone) = ctx.input(|i| {
            let is = |e: &Event, wanted: bool| {
                matches!(e, Event::Key { key: Key::Space, pressed, repeat: false, .. } if *pressed == wanted)
            };
            let down = i.events.iter().any(|e| is(e, true));
            let up = i.events.iter().any(|e| is(e, false));
            (down, up, i.pointer.any_down(), i.modifiers.is_none())
        });
        if down {
            self.keys.space = !busy && alone;
        }
        if dragged || busy {
            self.keys.space = false;
        }
        if up && std::mem::take(&mut self.keys.space) {
            actions.push(Action::Command(Command::PlayPause));
        }
    }

    /// The desktop's copy, cut and paste come as events of their own.
    fn read_clipboard_events(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let pasted = ctx.input_mut(|i| {
            let mut pasted = None;
            i.events.retain(|event| match event {
                Event::Copy => {
                    actions.push(Action::Command(Command::Copy));
                    false
                }
                Event::Cut => {
                    actions.push(Action::Command(Command::Cut));
                    false
                }
                Event::Paste(text) => {
                    pasted = Some(text.clone());
                    false
                }
                _ => true,
            });
            pasted
        });
        if let Some(text) = pasted {
            self.paste(ctx, &text);
        }
        let with_wires = Command::PasteWithWires.shortcuts().iter().any(|&s| pressed(ctx, s));
        if with_wires {
            actions.push(Action::Command(Command::PasteWithWires));
        }
    }
}

/// Commands whose keys the desktop turns into events, or that are read apart.
fn is_clipboard(command: Command) -> bool {
    matches!(command, Command::Copy | Command::Cut | Command::Paste | Command::PasteWithWires)
}

/// Whether exactly this shortcut was pressed; takes it from the events.
fn pressed(ctx: &Context, shortcut: KeyboardShortcut) -> bool {
    // On many keyboards these need Shift.
    let shift_is_free = matches!(shortcut.logical_key, Key::Questionmark | Key::Plus | Key::Equals);
    let fits = |held: Modifiers| {
        let held = if shift_is_free { Modifiers { shift: shortcut.modifiers.shift, ..held } } else { held };
        held.matches_exact(shortcut.modifiers)
    };
    ctx.input_mut(|i| {
        let before = i.events.len();
        i.events.retain(|event| {
            !matches!(event, Event::Key { key, pressed: true, modifiers, .. }
                if *key == shortcut.logical_key && fits(*modifiers))
        });
        i.events.len() < before
    })
}
