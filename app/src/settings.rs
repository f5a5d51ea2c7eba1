//! What the program remembers between starts: theme, text size, panels, recent files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use egui::Theme;
use serde::{Deserialize, Serialize};
use spikeloom_engine::project;

use crate::favourites::Favourites;

/// Files that are remembered.
const RECENT: usize = 12;

/// Remembered settings. Every field has a default, so that files of other versions can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark by choice; `None` follows the system.
    pub dark: Option<bool>,
    /// Size of everything, 1 for normal.
    pub zoom: f32,
    /// Names of the panels that are not shown.
    pub hidden_panels: BTreeSet<String>,
    /// The canvas shows an overview when not all of the network is in view.
    pub overview: bool,
    /// Files opened or saved, the latest first.
    pub recent: Vec<PathBuf>,
    /// The renderer that brought the window up last time.
    pub renderer: Option<String>,
    /// Memory for recordings, MiB.
    pub recordings_mib: usize,
    /// Models that the user reaches for.
    pub models: Favourites,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            dark: None,
            zoom: 1.0,
            hidden_panels: BTreeSet::new(),
            overview: true,
            recent: Vec::new(),
            renderer: None,
            recordings_mib: 1024,
            models: Favourites::default(),
        }
    }
}

impl Settings {
    /// The settings in `folder`; defaults, and a sentence why, if they cannot be read.
    pub fn load(folder: &Path) -> (Self, Option<String>) {
        let path = Self::path(folder);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return (Self::default(), None),
            Err(e) => {
                return (Self::default(), Some(format!("The settings in {} cannot be read: {e}", path.display())));
            }
        };
        match ron::from_str::<Settings>(&text) {
            Ok(settings) => (settings.within_bounds(), None),
            Err(e) => (Self::default(), Some(format!("The settings in {} are damaged: {e}", path.display()))),
        }
    }

    /// Writes the settings to `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// A sentence that names the file and what went wrong.
    pub fn save(&self, folder: &Path) -> Result<(), String> {
        let path = Self::path(folder);
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default()).map_err(|e| e.to_string())?;
        std::fs::create_dir_all(folder)
            .and_then(|()| project::save(&path, &text))
            .map_err(|e| format!("The settings cannot be written to {}: {e}", path.display()))
    }

    fn path(folder: &Path) -> PathBuf {
        folder.join("settings.ron")
    }

    fn within_bounds(mut self) -> Self {
        self.zoom = if self.zoom.is_finite() { self.zoom.clamp(0.5, 3.0) } else { 1.0 };
        self.recordings_mib = self.recordings_mib.clamp(16, 1 << 20);
        self.recent.truncate(RECENT);
        self
    }

    /// The theme chosen by the user.
    pub fn theme(&self) -> Option<Theme> {
        self.dark.map(|dark| if dark { Theme::Dark } else { Theme::Light })
    }

    pub fn shows_panel(&self, name: &str) -> bool {
        !self.hidden_panels.contains(name)
    }

    pub fn set_panel(&mut self, name: &str, shown: bool) {
        if shown {
            self.hidden_panels.remove(name);
        } else if self.shows_panel(name) {
            self.hidden_panels.insert(name.to_owned());
        }
    }

    pub fn toggle_panel(&mut self, name: &str) {
        self.set_panel(name, !self.shows_panel(name));
    }

    /// Puts a file in front of the recent ones.
    pub fn remember(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}

/// The folder of the program's own data (settings, autosaves, reports) on this system;
/// `None` if the system names no home.
pub fn data_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if cfg!(target_os = "windows") {
        variable("APPDATA").map(|p| p.join("Spikeloom"))
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|p| p.join("Library/Application Support/Spikeloom"))
    } else {
        variable("XDG_DATA_HOME")
            .or_else(|| variable("HOME").map(|p| p.join(".local/share")))
            .map(|p| p.join("spikeloom"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_files_are_unique_and_the_latest_comes_first() {
        let mut settings = Settings::default();
        for name in ["/a", "/b", "/a"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("/a"), PathBuf::from("/b")]);
        for i in 0..40 {
            settings.remember(Path::new(&format!("/{i}")));
        }
        assert_eq!(settings.recent.len(), RECENT);
    }

    #[test]
    fn damaged_settings_give_defaults_and_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(folder.path()), (Settings::default(), None));
        std::fs::write(folder.path().join("settings.ron"), "(zoom: no").unwrap();
        let (settings, reason) = Settings::load(folder.path());
        assert_eq!(settings, Settings::default());
        assert!(reason.unwrap().contains("damaged"));
        std::fs::write(folder.path().join("settings.ron"), "(zoom: 99.0, dark: Some(true))").unwrap();
        let (settings, reason) = Settings::load(folder.path());
        assert_eq!((settings.zoom, settings.dark, reason), (3.0, Some(true), None));
    }
}
