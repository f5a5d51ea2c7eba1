//! The words of the menus: what the engine's messages call by the names of files is called here as the window shows it.

use spikeloom_engine::models::{CATALOGUE, Family};
use spikeloom_engine::project::Rule;

/// The title of a rule in menus, and what it does.
pub fn rule_title(rule: &Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::AllToAll => ("All to all", "Every source to every target"),
        Rule::OneToOne => ("One to one", "Each source to the target of the same number; both need the same size"),
        Rule::FixedIndegree { .. } => ("Fixed in-degree", "Each target gets this many sources, drawn at random"),
        Rule::FixedOutdegree { .. } => ("Fixed out-degree", "Each source gets this many targets, drawn at random"),
        Rule::FixedTotalNumber { .. } => ("Fixed total number", "This many pairs, drawn at random"),
        Rule::PairwiseBernoulli { .. } => ("Pairwise Bernoulli", "Each pair is connected with probability p"),
        Rule::PairwisePoisson { .. } => {
            ("Pairwise Poisson", "Each pair is connected a random number of times of mean λ")
        }
        Rule::Pairs => ("Listed pairs", "The pairs that the file lists"),
        Rule::ThirdFactor { .. } => {
            ("Third factor", "Beside each synapse of another projection, with probability p, a neuron of a pool")
        }
        Rule::SymmetricPairwiseBernoulli { .. } => {
            ("Symmetric Bernoulli", "Each pair is connected with probability p, and always both ways")
        }
    }
}

/// What a word of the file format is called in the menus.
fn in_menus(word: &str) -> Option<&'static str> {
    let rule = Rule::ALL.iter().find(|rule| rule.name() == word).map(|rule| rule_title(rule).0);
    let synapse = CATALOGUE.iter().find(|m| m.family() == Family::Synapse && m.name == word).map(|m| m.title);
    rule.or(synapse).or(match word {
        "symmetric" => Some("Both ways"),
        "autapses" => Some("Autapses"),
        "multapses" => Some("Multapses"),
        _ => None,
    })
}

/// A message of the engine in the words of the menus: `one_to_one` is “One to one”.
pub fn menu_words(message: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        // Words of plain English are meant as such unless they are marked as names.
        let marked = before.ends_with('`') && after.starts_with('`');
        let title = in_menus(word).filter(|_| marked || word.contains('_'));
        let (before, after) = match title {
            Some(_) if marked => (&before[..before.len() - 1], &after[1..]),
            _ => (before, after),
        };
        text += before;
        match title {
            Some(title) => {
                text.push('“');
                text += title;
                text.push('”');
            }
            None => text += word,
        }
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_become_titles_of_menus() {
        let told = menu_words("use symmetric_pairwise_bernoulli, or one_to_one with `symmetric`; gap_junction is odd");
        assert_eq!(told, "use “Symmetric Bernoulli”, or “One to one” with “Both ways”; “Gap junction” is odd");
        assert_eq!(menu_words("autapses are off, `V_th` stays"), "autapses are off, `V_th` stays");
        assert_eq!(menu_words(""), "");
    }

    #[test]
    fn no_name_of_a_rule_is_left() {
        for rule in Rule::ALL {
            let told = menu_words(&format!("{} cannot be", rule.name()));
            assert!(told.starts_with('“') && !told.contains('_'), "{told}");
        }
    }
}
