//! Reads Markdown for what is drawn by the window itself: headings, bold words and blocks of code in its own letters.
//!
//! What is drawn by the window is lifted out of the text and leaves a mark behind, which looks like a formula to the
//! viewer and so comes back to the window in its place.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A longer text, in bytes, is shown as it is written.
const LONGEST: usize = 20_000;
/// So is one with more lists and quotes within each other.
const DEEPEST: usize = 12;
/// Between these, of no script, stands the number of a piece.
const MARK: (char, char) = ('\u{E000}', '\u{E001}');

/// A text whose pieces have been lifted out.
pub struct Prepared {
    pub text: String,
    pub pieces: Vec<Piece>,
}

/// What the window draws itself.
#[derive(Debug, PartialEq)]
pub enum Piece {
    /// A heading of a level from 1.
    Heading(u8, String),
    Bold(String),
    Code(String),
}

/// The piece that a formula stands for.
pub fn piece<'p>(pieces: &'p [Piece], math: &str) -> Option<&'p Piece> {
    let number = math.strip_prefix(MARK.0)?.strip_suffix(MARK.1)?;
    pieces.get(number.parse::<usize>().ok()?)
}

/// What the viewer takes for Markdown, and formulas.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
}

/// Lifts the pieces out; `None` of a text that is too long or too deep to be drawn.
pub fn prepare(text: &str) -> Option<Prepared> {
    if text.len() > LONGEST {
        return None;
    }
    let events: Vec<(Event<'_>, Range<usize>)> = Parser::new_ext(text, options()).into_offset_iter().collect();
    let mut changes = Changes { text, done: 0, prepared: Prepared { text: String::new(), pieces: Vec::new() } };
    let mut depth = 0;
    let mut links = 0;
    let mut at = 0;
    while let Some((event, range)) = events.get(at) {
        if let Event::Start(tag) = event
            && let Some(inside) = changes.lift(tag, range, &events[at + 1..], depth, links > 0)
        {
            at += inside + 2;
            continue;
        }
        match event {
            Event::Start(tag) => {
                depth += usize::from(is_container(tag));
                links += usize::from(matches!(tag, Tag::Link { .. }));
            }
            Event::End(tag) => {
                depth -= usize::from(ends_container(tag));
                links -= usize::from(matches!(tag, TagEnd::Link));
            }
            Event::Text(_) => changes.dollars(range),
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
        at += 1;
    }
    Some(changes.finish())
}

/// The events up to the end of what has just begun.
fn inside<'e, 't>(events: &'e [(Event<'t>, Range<usize>)]) -> &'e [(Event<'t>, Range<usize>)] {
    let mut open = 1;
    for (i, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &events[..i];
        }
    }
    events
}

fn is_container(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListDefinition
            | Tag::Table(_)
    )
}

fn ends_container(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
    )
}

/// Whether there is nothing but words.
fn is_simple(events: &[(Event<'_>, Range<usize>)]) -> bool {
    events.iter().all(|(event, _)| match event {
        Event::Text(_) | Event::Code(_) | Event::SoftBreak => true,
        Event::Start(tag) => matches!(tag, Tag::Strong | Tag::Emphasis),
        Event::End(tag) => matches!(tag, TagEnd::Strong | TagEnd::Emphasis),
        _ => false,
    })
}

/// The words of events.
fn words(events: &[(Event<'_>, Range<usize>)], line_break: &str) -> String {
    let mut words = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak => words.push_str(line_break),
            _ => {}
        }
    }
    words
}

/// The text as it is rewritten from beginning to end.
struct Changes<'a> {
    text: &'a str,
    /// All before it has been written.
    done: usize,
    prepared: Prepared,
}

impl Changes<'_> {
    /// Lifts out what begins with this tag, if the window draws it. Says how many events stood inside.
    fn lift(
        &mut self,
        tag: &Tag<'_>,
        range: &Range<usize>,
        next: &[(Event<'_>, Range<usize>)],
        depth: usize,
        in_link: bool,
    ) -> Option<usize> {
        match tag {
            Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Strong | Tag::Image { .. } => {}
            _ => return None,
        }
        let inside = inside(next);
        match tag {
            Tag::CodeBlock(kind) => self.code(kind, range, &words(inside, "\n"), depth == 0),
            Tag::Heading { level, .. } if depth == 0 && is_simple(inside) => {
                self.piece(range.clone(), Piece::Heading(*level as u8, words(inside, " ")), "\n", "\n\n");
            }
            Tag::Strong if !in_link && is_simple(inside) => {
                self.piece(range.clone(), Piece::Bold(words(inside, " ")), "", "");
            }
            Tag::Image { dest_url, .. } => self.picture(range, dest_url, &words(inside, " "), in_link),
            _ => return None,
        }
        Some(inside.len())
    }

    /// Writes what stands before a place that is not copied.
    fn copy_until(&mut self, start: usize) {
        self.prepared.text.push_str(self.text.get(self.done..start).unwrap_or(""));
        self.done = self.done.max(start);
    }

    fn piece(&mut self, range: Range<usize>, piece: Piece, before: &str, after: &str) {
        self.copy_until(range.start);
        let number = self.prepared.pieces.len();
        let _ = write!(self.prepared.text, "{before}${}{number}{}${after}", MARK.0, MARK.1);
        self.prepared.pieces.push(piece);
        self.done = self.done.max(range.end);
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>, code: &str, alone: bool) {
        let code = Piece::Code(code.trim_end_matches('\n').to_owned());
        let mut range = range.clone();
        if matches!(kind, CodeBlockKind::Indented) {
            // What indents the first line would indent the mark.
            let before = &self.text[self.done.min(range.start)..range.start];
            range.start -= before.len() - before.trim_end_matches([' ', '\t']).len();
        }
        if alone {
            // A paragraph of its own.
            self.piece(range, code, "\n", "\n\n");
        } else {
            let tail = self.text[range.clone()].trim_end_matches(['\n', '\r']).len();
            self.piece(range.start..range.start + tail, code, "", "");
        }
    }

    /// A picture becomes a link to it; within a link only what it is called remains.
    fn picture(&mut self, range: &Range<usize>, url: &str, called: &str, in_link: bool) {
        self.copy_until(range.start);
        let called = if called.trim().is_empty() { "picture" } else { called.trim() };
        let escaped = called.replace(['[', ']', '\\', '\n', '$', '*', '_', '`', '<', '!'], " ");
        if in_link || url.contains(['<', '>', '\n', '\\']) {
            self.prepared.text.push_str(&escaped);
        } else {
            let _ = write!(self.prepared.text, "[{escaped}](<{url}>)");
        }
        self.done = self.done.max(range.end);
    }

    /// A dollar that begins no formula must not begin one with a mark.
    fn dollars(&mut self, range: &Range<usize>) {
        for (i, _) in self.text[range.clone()].match_indices('$') {
            let at = range.start + i;
            if at >= self.done && !self.text[..at].ends_with('\\') {
                self.copy_until(at);
                self.prepared.text.push('\\');
            }
        }
    }

    fn finish(mut self) -> Prepared {
        self.copy_until(self.text.len());
        self.prepared
    }
}

/// Markdown without its marks, in a line.
pub fn plain(text: &str) -> String {
    paragraphs(text).collect::<Vec<_>>().join(" ")
}

/// The first paragraph or heading, without marks.
pub fn headline(text: &str) -> String {
    paragraphs(text).next().unwrap_or_default()
}

/// The paragraphs that say something, without marks and line breaks.
fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let mut events = Parser::new_ext(text, options());
    std::iter::from_fn(move || {
        let mut words = String::new();
        loop {
            match events.next() {
                None => return (!words.trim().is_empty()).then(|| words.trim().to_owned()),
                Some(Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text)) => {
                    words.push_str(&text.replace('\n', " "));
                }
                Some(Event::InlineMath(tex) | Event::DisplayMath(tex)) => words.push_str(&tex),
                Some(Event::SoftBreak | Event::HardBreak) => words.push(' '),
                Some(Event::End(end)) if is_block(&end) && !words.trim().is_empty() => {
                    return Some(words.trim().to_owned());
                }
                Some(_) => {}
            }
        }
    })
}

fn is_block(end: &TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}
