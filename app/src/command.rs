//! The commands of the program as panels know them: names, texts, keys and places in the menus.
//!
//! Everything about a command stands in its row, in `command/rows.rs`.

mod rows;

use egui::{Key, KeyboardShortcut, Modifiers};

pub(crate) use rows::commands;

/// What a row says to everybody.
pub struct CommandText {
    /// The name in menus, on buttons and in the command list.
    pub text: &'static str,
    pub tip: &'static str,
    /// What else people call it, with commas between: the command list finds it by these.
    pub words: &'static str,
    /// Its keys; the first is the one shown.
    pub keys: &'static [KeyboardShortcut],
    /// The menus that hold it, with the group within each.
    pub menus: &'static [MenuPlace],
}

/// A menu of the menu bar, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MenuTitle {
    File,
    Edit,
    Network,
    View,
    Run,
    Help,
}

/// A menu and a group of entries in it.
pub type MenuPlace = (MenuTitle, u8);

/// Reads the rows into the enum and its texts.
macro_rules! declare {
    ($(
        $command:ident: $text:literal, $tip:literal,
        search $words:literal, keys [$($held:ident $key:ident),*], menu [$($menu:ident $group:literal),*],
        when $when:expr, does $does:expr $(, now $now:expr)?;
    )*) => {
        /// Something the user can do, whatever button or key asks for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $(#[doc = $tip] $command,)*
        }

        impl Command {
            /// All commands, in the order of the menus.
            pub const ALL: &'static [Command] = &[$(Command::$command),*];

            fn row(self) -> &'static CommandText {
                match self {
                    $(Command::$command => const { &CommandText {
                        text: $text,
                        tip: $tip,
                        words: $words,
                        keys: &[$(KeyboardShortcut { modifiers: $held, logical_key: Key::$key }),*],
                        menus: &[$((MenuTitle::$menu, $group)),*],
                    } },)*
                }
            }
        }
    };
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

commands!(declare);

impl Command {
    /// Name and tooltip.
    pub fn text(self) -> (&'static str, &'static str) {
        (self.row().text, self.row().tip)
    }

    /// What else people call it: the command list finds it by these.
    pub fn called(self) -> impl Iterator<Item = &'static str> {
        self.row().words.split(',').filter(|words| !words.is_empty())
    }

    /// Shortcuts, the first is the one shown.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        self.row().keys
    }

    /// The menus that hold it, with the group within each.
    pub fn menus(self) -> &'static [MenuPlace] {
        self.row().menus
    }
}

impl MenuTitle {
    pub const ALL: [MenuTitle; 6] =
        [MenuTitle::File, MenuTitle::Edit, MenuTitle::Network, MenuTitle::View, MenuTitle::Run, MenuTitle::Help];
}

/// A shortcut as people say it: "Ctrl+S", ".".
pub fn keys_text(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(shortcut);
    let signs = [(Key::Period, "."), (Key::Plus, "+"), (Key::Minus, "−"), (Key::Equals, "="), (Key::Questionmark, "?")];
    match signs.iter().find(|(key, _)| *key == shortcut.logical_key) {
        Some((key, sign)) => {
            text.strip_suffix(key.name()).map_or(text.clone(), |modifiers| format!("{modifiers}{sign}"))
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_are_named_by_what_is_printed_on_them() {
        let ctx = egui::Context::default();
        let first = |command: Command| keys_text(&ctx, &command.shortcuts()[0]);
        assert_eq!(first(Command::FitSelection), ".");
        assert_eq!(first(Command::Mute), "M");
        assert!(first(Command::ZoomTextIn).ends_with("+"));
    }

    #[test]
    fn no_key_and_no_name_stands_for_two_commands() {
        let (mut keys, mut names) = (HashSet::new(), HashSet::new());
        for &command in Command::ALL {
            assert!(names.insert(command.text().0), "{command:?}");
            for shortcut in command.shortcuts() {
                assert!(keys.insert(format!("{shortcut:?}")), "{command:?}: {shortcut:?}");
            }
        }
    }
}
