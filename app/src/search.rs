//! How a typed text finds things by their names: one search for commands, nodes and models.
//!
//! Every word typed must occur, in any order and in upper or lower case. Only if nothing has them all are
//! names taken that hold the letters of each word in their order ("rcrd all" for "Record all populations"),
//! the closest first.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What a thing is found by, in lower case.
pub struct Texts {
    /// The first one is the name by which it is known.
    names: Vec<String>,
    about: String,
}

/// How well a thing fits what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Its name is what was typed.
    Name,
    /// Every word begins one of its names.
    Start,
    /// Every word stands in its names.
    Within,
    /// Some word stands only in what is said about it.
    About,
    /// Its names hold the letters of each word in their order.
    Letters,
}

impl Texts {
    /// A thing with these names, and words about it that find it too.
    pub fn new<const N: usize>(names: [&str; N], about: &str) -> Self {
        Texts { names: names.map(str::to_lowercase).into(), about: about.to_lowercase() }
    }

    fn fit(&self, typed: &str) -> Option<Fit> {
        if self.names.iter().any(|name| name == typed) {
            return Some(Fit::Name);
        }
        typed
            .split_whitespace()
            .map(|word| self.fit_of_word(word))
            .try_fold(Fit::Start, |worst, fit| Some(worst.max(fit?)))
    }

    fn fit_of_word(&self, word: &str) -> Option<Fit> {
        if self.names.iter().any(|name| name.starts_with(word)) {
            Some(Fit::Start)
        } else if self.names.iter().any(|name| name.contains(word)) {
            Some(Fit::Within)
        } else {
            self.about.contains(word).then_some(Fit::About)
        }
    }
}

/// The things that fit, the best first; things that fit equally keep their order.
pub fn find<T>(typed: &str, things: impl IntoIterator<Item = T>, texts: impl Fn(&T) -> Texts) -> Vec<(Fit, T)> {
    let typed = typed.trim().to_lowercase();
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for thing in things {
        let texts = texts(&thing);
        match texts.fit(&typed) {
            Some(fit) => found.push((fit, thing)),
            None => others.push((texts, thing)),
        }
    }
    if found.is_empty() {
        return by_letters(&typed, others);
    }
    found.sort_by_key(|(fit, _)| *fit);
    found
}

fn by_letters<T>(typed: &str, things: Vec<(Texts, T)>) -> Vec<(Fit, T)> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut buffer = Vec::new();
    let mut score = |texts: &Texts| pattern.score(Utf32Str::new(&texts.names.join(" "), &mut buffer), &mut matcher);
    let mut scored: Vec<_> = things.into_iter().filter_map(|(texts, thing)| Some((score(&texts)?, thing))).collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, thing)| (Fit::Letters, thing)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<&'static str> {
        let things = [("Save as…", "Save to another file"), ("Save", "Keep the network"), ("Record all", "Connect")];
        find(typed, things, |(name, about)| Texts::new([name], about)).into_iter().map(|(_, (name, _))| name).collect()
    }

    #[test]
    fn all_words_must_occur_in_any_order() {
        assert_eq!(found(""), ["Save as…", "Save", "Record all"]);
        assert_eq!(found("as sav"), ["Save as…"]);
        assert_eq!(found("file SAVE"), ["Save as…"]);
        assert!(found("save xyz").is_empty());
    }

    #[test]
    fn the_very_name_comes_first_and_what_is_said_about_things_last() {
        assert_eq!(found("save"), ["Save", "Save as…"]);
        assert_eq!(found("a"), ["Save as…", "Save", "Record all"]);
        assert_eq!(found("network"), ["Save"]);
    }

    #[test]
    fn letters_in_their_order_do_where_no_word_fits() {
        assert_eq!(found("rcrd al"), ["Record all"]);
        assert!(found("drcr").is_empty());
    }
}
