//! Every command of the program: its text, tooltip and shortcut in one place,
//! shared by menus, buttons, the command list, shortcuts and tests.

use egui::{Key, KeyboardShortcut, Modifiers};

/// Something the user can do, whatever button or key asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    New,
    Open,
    Save,
    SaveAs,
    Quit,
    StartPage,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    /// Paste with the wires that came into the copied nodes.
    PasteWithWires,
    Duplicate,
    Delete,
    SelectAll,
    SelectNone,
    Rename,
    Mute,
    AddNode,
    FindNode,
    CommandList,
    /// Play or pause.
    PlayPause,
    StepOnce,
    Reset,
    /// Keep the state of the running network.
    Keep,
    /// Back to the state kept.
    GoBack,
    RunToEnd,
    FitAll,
    FitSelection,
    ZoomTextIn,
    ZoomTextOut,
    ZoomTextReset,
    ToggleTheme,
    TogglePalette,
    ToggleInspector,
    TogglePlots,
    AddRaster,
    AddTraces,
    AddRate,
    AddWeights,
    AddCorrelogram,
    AddStates,
    /// Connect a recorder to every population that has none.
    AddRecorders,
    Help,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Command {
    pub const ALL: &'static [Command] = &[
        Command::New,
        Command::Open,
        Command::Save,
        Command::SaveAs,
        Command::Quit,
        Command::StartPage,
        Command::Undo,
        Command::Redo,
        Command::Cut,
        Command::Copy,
        Command::Paste,
        Command::PasteWithWires,
        Command::Duplicate,
        Command::Delete,
        Command::SelectAll,
        Command::SelectNone,
        Command::Rename,
        Command::Mute,
        Command::AddNode,
        Command::FindNode,
        Command::CommandList,
        Command::PlayPause,
        Command::StepOnce,
        Command::Reset,
        Command::Keep,
        Command::GoBack,
        Command::RunToEnd,
        Command::FitAll,
        Command::FitSelection,
        Command::ZoomTextIn,
        Command::ZoomTextOut,
        Command::ZoomTextReset,
        Command::ToggleTheme,
        Command::TogglePalette,
        Command::ToggleInspector,
        Command::TogglePlots,
        Command::AddRaster,
        Command::AddTraces,
        Command::AddRate,
        Command::AddWeights,
        Command::AddCorrelogram,
        Command::AddStates,
        Command::AddRecorders,
        Command::Help,
    ];

    /// Name and tooltip.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Command::New => ("New", "Start an empty network"),
            Command::Open => ("Open…", "Open a network from a file"),
            Command::Save => ("Save", "Save the network to its file"),
            Command::SaveAs => ("Save as…", "Save the network to another file"),
            Command::Quit => ("Quit", "Close the program"),
            Command::StartPage => ("Examples", "Show the example gallery and recent files"),
            Command::Undo => ("Undo", "Take the last change back"),
            Command::Redo => ("Redo", "Make the change again that was taken back"),
            Command::Cut => ("Cut", "Copy the selection and delete it"),
            Command::Copy => ("Copy", "Copy the selection as text"),
            Command::Paste => ("Paste", "Insert what was copied"),
            Command::PasteWithWires => ("Paste with wires", "Insert what was copied, with the wires that came into it"),
            Command::Duplicate => ("Duplicate", "Make a copy of the selection beside it"),
            Command::Delete => ("Delete", "Delete the selection and its wires"),
            Command::SelectAll => ("Select all", "Select every node and projection"),
            Command::SelectNone => ("Select nothing", "Clear the selection"),
            Command::Rename => ("Rename", "Give the selected node another name"),
            Command::Mute => ("Mute", "Silence the selection, or let it speak again"),
            Command::AddNode => ("Add node…", "Search the models and add one to the canvas"),
            Command::FindNode => ("Find node…", "Search the nodes of this network"),
            Command::CommandList => ("Command list…", "Search everything the program can do"),
            Command::PlayPause => ("Play or pause", "Run the network, or let it rest"),
            Command::StepOnce => ("Step", "Advance by one time step"),
            Command::Reset => ("Reset", "Back to time zero"),
            Command::Keep => ("Keep this moment", "Remember the network as it stands, to come back to it"),
            Command::GoBack => ("Go back", "Back to the moment kept; what was recorded since goes"),
            Command::RunToEnd => ("Run to the end", "Run until the duration set for this network"),
            Command::FitAll => ("Show all", "Fit the whole network into the canvas"),
            Command::FitSelection => ("Show selection", "Fit the selection into the canvas"),
            Command::ZoomTextIn => ("Larger text", "Make everything larger"),
            Command::ZoomTextOut => ("Smaller text", "Make everything smaller"),
            Command::ZoomTextReset => ("Normal text", "Text at its normal size"),
            Command::ToggleTheme => ("Light or dark", "Switch between light and dark colours"),
            Command::TogglePalette => ("Palette", "Show or hide the list of models"),
            Command::ToggleInspector => ("Inspector", "Show or hide the parameters"),
            Command::TogglePlots => ("Plots", "Show or hide the plots"),
            Command::AddRaster => ("Add raster", "Plot spikes by time and neuron"),
            Command::AddTraces => ("Add traces", "Plot recorded quantities over time"),
            Command::AddRate => ("Add rate", "Plot the mean firing rate of populations"),
            Command::AddWeights => ("Add weights", "Plot the weights that spikes were transmitted with"),
            Command::AddCorrelogram => ("Add correlogram", "Plot how often spikes follow each other at each lag"),
            Command::AddStates => ("Add states", "Plot the states of binary neurons over time"),
            Command::AddRecorders => ("Record all populations", "Connect a recorder to every population that has none"),
            Command::Help => ("Keys", "Show the list of keys and gestures"),
        }
    }

    /// Shortcuts, the first is the one shown.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        macro_rules! keys {
            ($($modifiers:expr, $key:ident);+) => {
                const { &[$(KeyboardShortcut { modifiers: $modifiers, logical_key: Key::$key }),+] }
            };
        }
        const NONE: Modifiers = Modifiers::NONE;
        match self {
            Command::New => keys!(CTRL, N),
            Command::Open => keys!(CTRL, O),
            Command::Save => keys!(CTRL, S),
            Command::SaveAs => keys!(CTRL_SHIFT, S),
            Command::Quit => keys!(CTRL, Q),
            Command::Undo => keys!(CTRL, Z),
            Command::Redo => keys!(CTRL, Y; CTRL_SHIFT, Z),
            Command::Cut => keys!(CTRL, X),
            Command::Copy => keys!(CTRL, C),
            Command::Paste => keys!(CTRL, V),
            Command::PasteWithWires => keys!(CTRL_SHIFT, V),
            Command::Duplicate => keys!(CTRL, D),
            Command::Delete => keys!(NONE, Delete; NONE, Backspace),
            Command::SelectAll => keys!(CTRL, A),
            Command::SelectNone => keys!(NONE, Escape),
            Command::Rename => keys!(NONE, F2),
            Command::Mute => keys!(NONE, M),
            Command::AddNode => keys!(NONE, N; NONE, Tab),
            Command::FindNode => keys!(CTRL, F),
            Command::CommandList => keys!(CTRL, K; CTRL_SHIFT, P),
            Command::PlayPause => keys!(NONE, Space),
            Command::StepOnce => keys!(NONE, S),
            Command::Reset => keys!(CTRL, R),
            Command::Keep => keys!(NONE, K),
            Command::GoBack => keys!(NONE, B),
            Command::RunToEnd => keys!(CTRL, Enter),
            Command::FitAll => keys!(NONE, Home),
            Command::FitSelection => keys!(NONE, Period),
            Command::ZoomTextIn => keys!(CTRL, Plus; CTRL, Equals),
            Command::ZoomTextOut => keys!(CTRL, Minus),
            Command::ZoomTextReset => keys!(CTRL, Num0),
            Command::Help => keys!(NONE, F1; NONE, Questionmark),
            _ => &[],
        }
    }
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
    use super::*;

    #[test]
    fn keys_are_named_by_what_is_printed_on_them() {
        let ctx = egui::Context::default();
        let first = |command: Command| keys_text(&ctx, &command.shortcuts()[0]);
        assert_eq!(first(Command::FitSelection), ".");
        assert_eq!(first(Command::Mute), "M");
        assert!(first(Command::ZoomTextIn).ends_with("+"));
    }
}
