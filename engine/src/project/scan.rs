//! Scans RON text into values that know where they stand.
//!
//! The `ron` crate stops at the first error, drops the names of variants when it does not know
//! the type, and gives no positions; this scanner keeps all three. Comments, trailing commas,
//! escapes, raw strings, exponents and underscores are as in RON. Missing commas and numbers
//! that cannot be are noted and scanning goes on; other slips of grammar end it.

/// Line and column in characters, both from 1.
pub type Position = (usize, usize);

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned {
    pub position: Position,
    pub item: Item,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Number(Number),
    Flag(bool),
    Text(String),
    /// A bare word, such as `all_to_all`.
    Word(String),
    List(Vec<Spanned>),
    Map(Vec<(Spanned, Spanned)>),
    /// `(a: 1)` or `name(a: 1)`; also `()`.
    Struct {
        name: Option<String>,
        fields: Vec<Field>,
    },
    /// `(1, 2)` or `name(1, 2)`.
    Tuple {
        name: Option<String>,
        items: Vec<Spanned>,
    },
    /// Something that has been complained about already.
    Invalid,
}

/// A number; whole numbers are also kept exactly, because a seed can have 64 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub real: f64,
    pub whole: Option<i128>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub position: Position,
    pub value: Spanned,
}

/// What is wrong with the text, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    pub position: Position,
    pub message: String,
}

/// Deep enough for any project, shallow enough for any stack.
const DEPTH: usize = 120;
/// What to tell whoever writes decimals with a comma.
const POINT: &str = "write decimals with a point, as in 0.1";
/// After this many slips the text is not RON, and more messages help nobody.
const SLIPS: usize = 50;

/// The value that `text` holds, if its grammar can be followed to the end, and everything wrong with it.
pub fn scan(text: &str) -> (Option<Spanned>, Vec<Slip>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut scanner = Scanner { rest: text, line: 1, column: 1, depth: 0, slips: Vec::new() };
    match scanner.document() {
        Ok(value) => (Some(value), scanner.slips),
        Err(slip) => {
            scanner.slips.push(slip);
            (None, scanner.slips)
        }
    }
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
    depth: usize,
    slips: Vec<Slip>,
}

type Scan<T> = Result<T, Slip>;

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Scan<Spanned> {
        self.extensions()?;
        let value = self.value()?;
        self.blank()?;
        match self.peek() {
            None => Ok(value),
            Some(c) => Err(self.slip(format!("nothing may follow the closing bracket, but here is `{c}`"))),
        }
    }

    /// RON files may begin with `#![enable(...)]`; it changes nothing here.
    fn extensions(&mut self) -> Scan<()> {
        self.blank()?;
        while self.rest.starts_with("#![") {
            while !self.eat("]") {
                if self.bump().is_none() {
                    return Err(self.slip("`#![` is never closed by `]`"));
                }
            }
            self.blank()?;
        }
        Ok(())
    }

    fn value(&mut self) -> Scan<Spanned> {
        self.blank()?;
        let position = self.position();
        let item = match self.peek() {
            None => return Err(self.slip("the text ends where a value is expected")),
            Some('"') => Item::Text(self.string()?),
            Some('[') => self.nested(Self::list)?,
            Some('{') => self.nested(Self::map)?,
            Some('(') => self.nested(|s| s.group(None))?,
            Some('r') if self.rest.starts_with("r\"") || self.rest.starts_with("r#") => Item::Text(self.raw_string()?),
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(position)?,
            Some(c) if starts_word(c) => self.word_or_group(position)?,
            Some(c) => return Err(self.slip(format!("a value is expected here, not `{c}`"))),
        };
        Ok(Spanned { position, item })
    }

    fn nested(&mut self, scan: impl FnOnce(&mut Self) -> Scan<Item>) -> Scan<Item> {
        if self.depth >= DEPTH {
            return Err(self.slip(format!("brackets are nested more than {DEPTH} deep")));
        }
        self.depth += 1;
        let item = scan(self);
        self.depth -= 1;
        item
    }

    fn list(&mut self) -> Scan<Item> {
        let mut items = Vec::new();
        self.until("[", ']', |s| {
            items.push(s.value()?);
            Ok(())
        })?;
        Ok(Item::List(items))
    }

    fn map(&mut self) -> Scan<Item> {
        let mut entries = Vec::new();
        self.until("{", '}', |s| {
            let key = s.value()?;
            s.colon()?;
            entries.push((key, s.value()?));
            Ok(())
        })?;
        Ok(Item::Map(entries))
    }

    /// What follows an optional name in round brackets: named fields or plain items.
    fn group(&mut self, name: Option<String>) -> Scan<Item> {
        let (mut fields, mut items) = (Vec::new(), Vec::new());
        self.until("(", ')', |s| {
            let position = s.position();
            match s.field_name()? {
                Some(name) => fields.push(Field { name, position, value: s.value()? }),
                None => items.push(s.value()?),
            }
            if fields.is_empty() || items.is_empty() {
                return Ok(());
            }
            let is_number = |value: Option<&Spanned>| value.is_some_and(|v| matches!(v.item, Item::Number(_)));
            if is_number(fields.last().map(|field: &Field| &field.value)) && is_number(items.last()) {
                items.clear();
                return s.note(Slip { position, message: POINT.into() });
            }
            Err(Slip { position, message: "named fields and plain values cannot be mixed in one bracket".into() })
        })?;
        Ok(if items.is_empty() { Item::Struct { name, fields } } else { Item::Tuple { name, items } })
    }

    /// Scans entries separated by commas from `open` to `close`.
    fn until(&mut self, open: &str, close: char, mut entry: impl FnMut(&mut Self) -> Scan<()>) -> Scan<()> {
        let opened = self.position();
        self.eat(open);
        loop {
            self.blank()?;
            match self.peek() {
                None => {
                    let message = format!("`{open}` is never closed by `{close}`");
                    return Err(Slip { position: opened, message });
                }
                Some(c) if c == close => {
                    self.bump();
                    return Ok(());
                }
                Some(_) => entry(self)?,
            }
            self.blank()?;
            if self.eat(",") || self.peek() == Some(close) || self.peek().is_none() {
                continue;
            }
            self.missing_comma(close)?;
        }
    }

    /// Goes on after a missing comma if a further entry seems to begin.
    fn missing_comma(&mut self, close: char) -> Scan<()> {
        if self.peek() == Some(';') {
            let slip = self.slip(format!("entries are separated by commas, not by `;`; {POINT}"));
            self.bump();
            return self.note(slip);
        }
        let slip = self.slip(format!("a comma or `{close}` is missing here"));
        match self.peek() {
            Some(c) if starts_word(c) || c.is_ascii_digit() || matches!(c, '"' | '(' | '[' | '{' | '-') => {
                self.note(slip)
            }
            _ => Err(slip),
        }
    }

    fn colon(&mut self) -> Scan<()> {
        self.blank()?;
        if self.eat(":") { Ok(()) } else { Err(self.slip("`:` is expected here")) }
    }

    /// A word followed by a colon; if there is none, nothing is consumed.
    fn field_name(&mut self) -> Scan<Option<String>> {
        if !self.peek().is_some_and(starts_word) {
            return Ok(None);
        }
        let (rest, line, column) = (self.rest, self.line, self.column);
        let word = self.word();
        self.blank()?;
        if self.eat(":") {
            return Ok(Some(word));
        }
        (self.rest, self.line, self.column) = (rest, line, column);
        Ok(None)
    }

    fn word_or_group(&mut self, position: Position) -> Scan<Item> {
        let word = self.word();
        match word.as_str() {
            "true" => return Ok(Item::Flag(true)),
            "false" => return Ok(Item::Flag(false)),
            "inf" => return Ok(Item::Number(Number { real: f64::INFINITY, whole: None })),
            "NaN" | "nan" => {
                self.note(Slip { position, message: "NaN is not a number that can be used".into() })?;
                return Ok(Item::Invalid);
            }
            _ => {}
        }
        self.blank()?;
        if self.peek() == Some('(') { self.nested(|s| s.group(Some(word))) } else { Ok(Item::Word(word)) }
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c: char| !continues_word(c)).unwrap_or(self.rest.len());
        self.take(end).to_owned()
    }

    fn number(&mut self, position: Position) -> Scan<Item> {
        if let Some(infinite) = [("-inf", f64::NEG_INFINITY), ("+inf", f64::INFINITY)].into_iter().find_map(|(s, x)| {
            let follows = self.rest.strip_prefix(s)?;
            (!follows.starts_with(continues_word)).then_some(x)
        }) {
            self.take(4);
            return Ok(Item::Number(Number { real: infinite, whole: None }));
        }
        let text = self.take(number_length(self.rest));
        match parse_number(text) {
            Ok(number) => Ok(Item::Number(number)),
            Err(message) => {
                self.note(Slip { position, message })?;
                Ok(Item::Invalid)
            }
        }
    }

    fn string(&mut self) -> Scan<String> {
        let opened = self.position();
        self.eat("\"");
        let mut text = String::new();
        loop {
            let position = self.position();
            match self.bump() {
                None => return Err(Slip { position: opened, message: "this text is never closed by `\"`".into() }),
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape(position)?),
                // A line break counts the same whichever way an editor or a transfer wrote it.
                Some('\r') if self.peek() == Some('\n') => {}
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self, position: Position) -> Scan<char> {
        let slip = |message: String| Slip { position, message };
        match self.bump() {
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('0') => Ok('\0'),
            Some(c @ ('"' | '\\' | '\'' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('x') => {
                let end = self.rest.char_indices().take(2).map(|(i, c)| i + c.len_utf8()).last().unwrap_or(0);
                let digits = self.take(end);
                from_hex(digits).ok_or_else(|| slip(format!("`\\x{digits}` is no character")))
            }
            Some('u') if self.eat("{") => {
                let end = self.rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(self.rest.len());
                let digits = self.take(end);
                let closed = self.eat("}");
                from_hex(digits).filter(|_| closed).ok_or_else(|| slip(format!("`\\u{{{digits}}}` is no character")))
            }
            Some(c) => Err(slip(format!("`\\{c}` is no escape; write `\\\\` for a backslash"))),
            None => Err(slip("the text ends within an escape".into())),
        }
    }

    fn raw_string(&mut self) -> Scan<String> {
        let opened = self.position();
        self.eat("r");
        let hashes = self.rest.len() - self.rest.trim_start_matches('#').len();
        self.take(hashes);
        if !self.eat("\"") {
            return Err(self.slip("`\"` is expected here, to begin a raw text"));
        }
        let close = format!("\"{}", "#".repeat(hashes));
        let Some(end) = self.rest.find(&close) else {
            return Err(Slip { position: opened, message: format!("this raw text is never closed by `{close}`") });
        };
        let text = self.take(end).replace("\r\n", "\n");
        self.take(close.len());
        Ok(text)
    }

    /// Skips white space and comments.
    fn blank(&mut self) -> Scan<()> {
        loop {
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(end);
            } else if self.rest.starts_with("/*") {
                self.block_comment()?;
            } else if self.peek().is_some_and(char::is_whitespace) {
                self.bump();
            } else {
                return Ok(());
            }
        }
    }

    /// Block comments nest, as in RON.
    fn block_comment(&mut self) -> Scan<()> {
        let opened = self.position();
        let mut depth = 0usize;
        loop {
            if self.eat("/*") {
                depth += 1;
            } else if self.eat("*/") {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            } else if self.bump().is_none() {
                return Err(Slip { position: opened, message: "this comment is never closed by `*/`".into() });
            }
        }
    }

    /// Notes a slip after which scanning can go on.
    fn note(&mut self, slip: Slip) -> Scan<()> {
        if self.slips.len() >= SLIPS {
            return Err(slip);
        }
        self.slips.push(slip);
        Ok(())
    }

    fn slip(&self, message: impl Into<String>) -> Slip {
        Slip { position: self.position(), message: message.into() }
    }
    fn position(&self) -> Position {
        (self.line, self.column)
    }
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }
    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }
    /// Consumes the next `bytes`, which must end at a character.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        for c in taken.chars() {
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        taken
    }
    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest.starts_with(token);
        if found {
            self.take(token.len());
        }
        found
    }
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Bytes that belong to a number: digits, letters, points, and signs at the beginning or after an exponent.
fn number_length(text: &str) -> usize {
    let mut before = None;
    for (i, c) in text.char_indices() {
        let sign = matches!(c, '-' | '+') && (i == 0 || matches!(before, Some('e' | 'E')));
        if !(sign || c == '.' || continues_word(c)) {
            return i;
        }
        before = Some(c);
    }
    text.len()
}

fn parse_number(text: &str) -> Result<Number, String> {
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    let plausible = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
    let real = digits.parse::<f64>().ok().filter(|_| plausible).ok_or_else(|| format!("`{text}` is no number"))?;
    if real.is_infinite() {
        return Err(format!("{text} is too large; write `inf` for infinity"));
    }
    Ok(Number { real, whole: digits.parse::<i128>().ok() })
}

fn from_hex(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests;
