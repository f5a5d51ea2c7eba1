//! Links of descriptions and notes: opened by the desktop when they are clicked, if they lead to the web.

use egui::{Context, OutputCommand};

use super::Window;
use crate::messages;

/// A file comes from anyone: its links may lead to pages and letters, not to programs or files.
const ALLOWED: [&str; 3] = ["https://", "http://", "mailto:"];

impl Window {
    /// Opens the links that were clicked in this frame.
    pub(super) fn follow_links(&mut self, ctx: &Context) {
        let mut links = Vec::new();
        ctx.output_mut(|output| {
            output.commands.retain(|command| match command {
                OutputCommand::OpenUrl(link) => {
                    links.push(link.url.clone());
                    false
                }
                _ => true,
            });
        });
        for link in links {
            if !is_allowed(&link) {
                let text = format!("“{link}” is not opened: a link must begin with https://, http:// or mailto:");
                self.messages.say(messages::warning(text));
            } else if let Err(reason) = self.services.dialogs.browse(&link) {
                self.messages.say(messages::error(format!("“{link}” could not be opened: {reason}")));
            }
        }
    }
}

fn is_allowed(link: &str) -> bool {
    let start: String = link.chars().take(8).collect::<String>().to_ascii_lowercase();
    ALLOWED.iter().any(|scheme| start.starts_with(scheme))
}
