//! What the desktop does for the window, behind a trait so that tests can answer: dialogs for files, links.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

/// Receives the chosen file, or `None` if the dialog was closed or could not be shown.
pub type Reply = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// A kind of file, named for the dialog's filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    pub name: &'static str,
    pub extension: &'static str,
}

/// A network.
pub const PROJECT: FileKind = FileKind { name: "Spikeloom network", extension: "ron" };
/// A picture of a plot.
pub const PICTURE: FileKind = FileKind { name: "PNG picture", extension: "png" };
/// Recorded data.
pub const TABLE: FileKind = FileKind { name: "CSV table", extension: "csv" };

/// Asks the user for files. Never waits: the reply comes later, from any thread.
pub trait Dialogs {
    fn open(&mut self, kind: FileKind, folder: Option<&Path>, reply: Reply);
    /// `name` is suggested, with its extension.
    fn save(&mut self, kind: FileKind, folder: Option<&Path>, name: &str, reply: Reply);
    /// Shows a web page, or begins a letter.
    ///
    /// # Errors
    /// Why the desktop cannot.
    fn browse(&mut self, url: &str) -> Result<(), String>;
}

/// The dialogs of the desktop.
pub struct DesktopDialogs;

impl Dialogs for DesktopDialogs {
    fn open(&mut self, kind: FileKind, folder: Option<&Path>, reply: Reply) {
        answer(dialog(kind, folder).pick_file(), reply);
    }
    fn save(&mut self, kind: FileKind, folder: Option<&Path>, name: &str, reply: Reply) {
        answer(dialog(kind, folder).set_file_name(name).save_file(), reply);
    }
    fn browse(&mut self, url: &str) -> Result<(), String> {
        open::that_detached(url).map_err(|e| e.to_string())
    }
}

fn dialog(kind: FileKind, folder: Option<&Path>) -> rfd::AsyncFileDialog {
    let dialog = rfd::AsyncFileDialog::new().add_filter(kind.name, &[kind.extension]);
    match folder {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

/// Waits for the dialog on a thread of its own. The dialog itself was made by the caller's
/// thread, as some systems demand.
fn answer(file: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static, reply: Reply) {
    let wait = move || reply(wait_for(file).map(|file| file.path().to_owned()));
    // Without a thread there is no dialog: the reply is dropped, which the window takes as "closed".
    let _ = std::thread::Builder::new().name("file dialog".into()).spawn(wait);
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}
