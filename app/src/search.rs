//! How a typed text finds things by their names: one search for commands, nodes and models.
//!
//! Every word typed must occur, in any order and in upper or lower case; `_` and `-` part words as spaces do. What
//! matters first is where the text fits and how well ([`Fit`]), then how much of the name it is: "current" finds
//! "Constant current" before "Integrate-and-fire, alpha currents". Only if nothing has all the words are
//! names taken that hold the letters of each word in their order ("rcrd all" for "Record all populations"),
//! the closest first.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What a thing is found by, in lower case and with spaces between words.
#[derive(Clone)]
pub struct Texts {
    /// The names by which it is known: title, name of the model.
    names: Vec<String>,
    /// What else people call it.
    calls: Vec<String>,
    about: String,
    /// The names as they are written, of which letters are taken where no word fits.
    written: String,
}

/// How well a thing fits what was typed, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// One of its names is what was typed.
    Name,
    /// People call it so.
    Call,
    /// One of its names begins with what was typed.
    Start,
    /// Every word typed is a word of one of its names.
    Words,
    /// What people call it begins so.
    StartOfCall,
    /// Every word typed begins a word of one of its names.
    Beginnings,
    /// Every word typed begins a word of something that people call it.
    BeginningsOfCall,
    /// Every word stands somewhere in its names or in what people call it.
    Within,
    /// Some word stands only in what is said about it.
    About,
    /// Its names hold the letters of each word in their order.
    Letters,
}

impl Texts {
    /// A thing with these names.
    pub fn new<const N: usize>(names: [&str; N]) -> Self {
        let written = names.join(" ").to_lowercase();
        Texts { names: names.map(plain).into(), calls: Vec::new(), about: String::new(), written }
    }

    /// What else people call it.
    pub fn called<'a>(mut self, calls: impl IntoIterator<Item = &'a str>) -> Self {
        self.calls.extend(calls.into_iter().map(plain));
        self
    }

    /// Words about it that find it too, if nothing else does.
    pub fn about(mut self, text: &str) -> Self {
        self.about = plain(text);
        self
    }

    /// How well it fits, and the length of the name that does where what was typed stands somewhere in it.
    fn fit(&self, typed: &Typed) -> Option<(Fit, usize)> {
        let names = self.names.iter().filter_map(|name| Some((fit_of_name(typed, name)?, name.len())));
        let calls = self.calls.iter().filter_map(|call| Some((fit_of_call(typed, call)?, call.len())));
        let inside = |(fit, length)| (fit, if fit > Fit::Start { length } else { 0 });
        names
            .chain(calls)
            .map(inside)
            .min()
            .or_else(|| Some((self.loose_fit(typed)?, self.names.iter().map(String::len).sum())))
    }

    /// Words that stand in different names, or in what is said about it.
    fn loose_fit(&self, typed: &Typed) -> Option<Fit> {
        let named = |word: &String| self.names.iter().chain(&self.calls).any(|name| name.contains(word.as_str()));
        let fit = |word: &String| match named(word) {
            true => Some(Fit::Within),
            false => self.about.contains(word.as_str()).then_some(Fit::About),
        };
        typed.words.iter().map(fit).try_fold(Fit::Within, |worst, fit| Some(worst.max(fit?)))
    }
}

/// What was typed: as a whole, and its words. What is written with `_` or `-` between is one word of several parts.
struct Typed {
    whole: String,
    words: Vec<String>,
}

/// In lower case, words parted by one space.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || "_-,".contains(c)).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn fit_of_name(typed: &Typed, name: &str) -> Option<Fit> {
    Some(match fit_of_call(typed, name)? {
        Fit::Call => Fit::Name,
        Fit::StartOfCall => Fit::Start,
        _ if typed.words.iter().all(|word| format!(" {name} ").contains(&format!(" {word} "))) => Fit::Words,
        _ => Fit::Beginnings,
    })
}

fn fit_of_call(typed: &Typed, call: &str) -> Option<Fit> {
    let begins = |word: &String| format!(" {call}").contains(&format!(" {word}"));
    if call == typed.whole {
        Some(Fit::Call)
    } else if call.starts_with(&typed.whole) {
        Some(Fit::StartOfCall)
    } else {
        typed.words.iter().all(begins).then_some(Fit::BeginningsOfCall)
    }
}

/// The things that fit, the best first; things that fit equally keep their order.
pub fn find<T>(written: &str, things: impl IntoIterator<Item = T>, texts: impl Fn(&T) -> Texts) -> Vec<(Fit, T)> {
    let words: Vec<String> = written.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    let typed = Typed { whole: words.join(" "), words };
    if typed.words.is_empty() {
        return things.into_iter().map(|thing| (Fit::Start, thing)).collect();
    }
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for thing in things {
        let texts = texts(&thing);
        match texts.fit(&typed) {
            Some(fit) => found.push((fit, thing)),
            None => others.push((texts, thing)),
        }
    }
    if found.is_empty() {
        return by_letters(written.trim(), others);
    }
    found.sort_by_key(|(fit, _)| *fit);
    found.into_iter().map(|((fit, _), thing)| (fit, thing)).collect()
}

fn by_letters<T>(typed: &str, things: Vec<(Texts, T)>) -> Vec<(Fit, T)> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut buffer = Vec::new();
    let mut score = |texts: &Texts| pattern.score(Utf32Str::new(&texts.written, &mut buffer), &mut matcher);
    let mut scored: Vec<_> = things.into_iter().filter_map(|(texts, thing)| Some((score(&texts)?, thing))).collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, thing)| (Fit::Letters, thing)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<&'static str> {
        let things = [("Save as…", "Save to another file"), ("Save", "Keep the network"), ("Record all", "Connect")];
        let found = find(typed, things, |(name, about)| Texts::new([name]).about(about));
        found.into_iter().map(|(_, (name, _))| name).collect()
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
        assert_eq!(found("a"), ["Save as…", "Record all", "Save"]);
        assert_eq!(found("network"), ["Save"]);
    }

    #[test]
    fn each_way_to_fit_comes_before_the_next() {
        let things = [
            Texts::new(["Meter"]).about("takes a spike train"),
            Texts::new(["Mean", "respike"]),
            Texts::new(["Sine"]).called(["one spikelet"]),
            Texts::new(["Poisson spikes"]),
            Texts::new(["Listed"]).called(["spiked"]),
            Texts::new(["One spike"]),
            Texts::new(["Spike recorder"]),
            Texts::new(["Event"]).called(["spike"]),
            Texts::new(["spike"]),
        ];
        let found = find("spike", &things, |texts| Texts::clone(texts));
        let order: Vec<Fit> = found.into_iter().map(|(fit, _)| fit).collect();
        let all = [
            Fit::Name,
            Fit::Call,
            Fit::Start,
            Fit::Words,
            Fit::StartOfCall,
            Fit::Beginnings,
            Fit::BeginningsOfCall,
            Fit::Within,
            Fit::About,
        ];
        assert_eq!(order, all);
    }

    #[test]
    fn of_names_that_fit_alike_the_shorter_comes_first() {
        let things = ["Integrate-and-fire, current", "Constant current"];
        let found = find("current", things, |name| Texts::new([name]));
        assert_eq!(found.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["Constant current", things[0]]);
    }

    #[test]
    fn underscores_and_hyphens_part_words() {
        let found = |typed| find(typed, ["hh_psc_alpha", "Hodgkin-Huxley"], |name| Texts::new([name])).len();
        assert_eq!((found("psc"), found("hodgkin huxley"), found("hh_psc"), found("hh-psc")), (1, 1, 1, 1));
    }

    #[test]
    fn letters_in_their_order_do_where_no_word_fits() {
        assert_eq!(found("rcrd al"), ["Record all"]);
        assert!(found("drcr").is_empty());
    }
}
