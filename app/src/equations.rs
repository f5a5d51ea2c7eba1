//! The equations of models, set as mathematics: what is written `tau_m dV/dt = -(V - E_L)` in a declaration and on the
//! command line becomes a formula. Words among them stay words.

use egui::Ui;

use crate::markdown::formula;

/// Shows equations, one a line; long lines are broken between terms.
pub fn show(ui: &mut Ui, equations: &str) {
    for line in equations.lines() {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            rows(ui, &parts(line)).iter().for_each(|row| formula::show(ui, row, true));
        });
    }
}

/// The parts of a line put together into rows as wide as the room.
fn rows(ui: &Ui, parts: &[String]) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for part in parts {
        match rows.last_mut() {
            Some(row) if formula::fits(ui, &format!("{row}{part}")) => row.push_str(part),
            Some(_) => rows.push(format!("\\quad {}", part.trim_start_matches("\\ "))),
            None => rows.push(part.clone()),
        }
    }
    rows
}

/// What stands in an equation.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A letter, a name with indices, a word.
    Name(String),
    Number(String),
    /// An operator, parenthesis, or another sign.
    Sign(String),
    Space,
}

/// Signs of more than one character, the longer ones first.
const SIGNS: [&str; 3] = ["+=", "-=", "−="];
const FUNCTIONS: [&str; 12] = ["exp", "ln", "log", "sin", "cos", "tanh", "cosh", "max", "min", "erf", "erfc", "round"];
const GREEK: [&str; 24] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "rho",
    "sigma", "tau", "phi", "chi", "psi", "omega", "Delta", "Gamma", "Sigma", "Omega",
];

/// TeX of letters and signs that are no ASCII.
fn of_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '−' | '-' => "-",
        '·' => "\\cdot ",
        '←' => "\\leftarrow ",
        '≤' => "\\le ",
        '≥' => "\\ge ",
        '≈' => "\\approx ",
        '~' => "\\sim ",
        '∫' => "\\int ",
        '½' => "\\tfrac{1}{2}",
        '∞' => "\\infty ",
        'π' => "\\pi ",
        'α' => "\\alpha ",
        'β' => "\\beta ",
        'Δ' => "\\Delta ",
        'δ' => "\\delta ",
        'η' => "\\eta ",
        'λ' => "\\lambda ",
        'μ' => "\\mu ",
        'ξ' => "\\xi ",
        'φ' => "\\varphi ",
        'ū' => "\\bar{u}",
        _ => return None,
    })
}

/// What is raised or lowered, in plain characters.
fn shifted(c: char) -> Option<(char, char)> {
    let place = |all: &str| all.chars().position(|other| other == c).and_then(|i| "0123456789+-".chars().nth(i));
    place("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻").map(|c| ('^', c)).or_else(|| place("₀₁₂₃₄₅₆₇₈₉₊₋").map(|c| ('_', c)))
}

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let in_name = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_' || c == '∞';
        let length = |keep: &dyn Fn(char) -> bool| rest.find(|c| !keep(c)).unwrap_or(rest.len());
        let taken = if c.is_alphabetic() {
            let length = length(&in_name);
            tokens.push(Token::Name(rest[..length].to_owned()));
            length
        } else if c.is_ascii_digit() {
            let length = length(&|c| c.is_ascii_digit() || c == '.');
            tokens.push(Token::Number(rest[..length].to_owned()));
            length
        } else if c == ' ' {
            tokens.push(Token::Space);
            1
        } else if let Some((place, _)) = shifted(c) {
            let length = length(&|c| shifted(c).is_some_and(|(other, _)| other == place));
            tokens.push(Token::Sign(rest[..length].to_owned()));
            length
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign)).unwrap_or(&rest[..c.len_utf8()]);
            tokens.push(Token::Sign(sign.to_owned()));
            sign.len()
        };
        rest = &rest[taken..];
    }
    tokens
}

/// Whether a name is said and not computed with.
fn is_word(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphabetic());
    plain && name.len() > 1 && !GREEK.contains(&name) && !FUNCTIONS.contains(&name) && name != "dt"
}

/// Whether a word stands at a place. A derivative (`dV/dt`) and a differential (`dW`) are none.
fn is_word_at(tokens: &[Token], i: usize) -> bool {
    let Some(Token::Name(written)) = tokens.get(i) else { return false };
    let differential = written.starts_with('d') && (written.len() == 2 || is_over_time(tokens, i));
    is_word(written) && !differential
}

/// Whether `/dt` comes next.
fn is_over_time(tokens: &[Token], i: usize) -> bool {
    tokens.get(i + 1) == Some(&Token::Sign("/".into())) && tokens.get(i + 2) == Some(&Token::Name("dt".into()))
}

/// A letter, a Greek letter, or an upright name.
fn letter(name: &str) -> String {
    if GREEK.contains(&name) {
        return format!("\\{name} ");
    }
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => of_sign(c).map_or_else(|| c.to_string(), str::to_owned),
        // A Greek letter with more behind it, as in `Δt`.
        (Some(c), Some(_)) if !c.is_ascii() => {
            format!("{}{}", of_sign(c).unwrap_or_default(), letter(chars_after(name)))
        }
        _ => format!("\\mathrm{{{name}}}"),
    }
}

fn chars_after(name: &str) -> &str {
    name.char_indices().nth(1).map_or("", |(i, _)| &name[i..])
}

/// A name with its indices: `tau_syn_ex` is a τ with the index "syn ex", `I1` an I with the index 1.
fn name(name: &str) -> String {
    let (base, indices) = name.split_once('_').unwrap_or((name, ""));
    let (base, limit) = base.strip_suffix('∞').filter(|base| !base.is_empty()).map_or((base, ""), |base| (base, "∞"));
    let digits = base.trim_end_matches(|c: char| c.is_ascii_digit());
    let (base, number) = if digits.chars().count() == 1 { (digits, &base[digits.len()..]) } else { (base, "") };
    let index = |part: &str| match part.chars().count() {
        1 => part.chars().next().and_then(of_sign).map_or_else(|| part.to_owned(), str::to_owned),
        _ if GREEK.contains(&part) => format!("\\{part} "),
        _ => format!("\\mathrm{{{part}}}"),
    };
    let all: Vec<String> =
        [number, limit].into_iter().chain(indices.split('_')).filter(|p| !p.is_empty()).map(index).collect();
    let base = match base {
        "sum" if !all.is_empty() => "\\sum".to_owned(),
        other => letter(other),
    };
    if all.is_empty() { base } else { format!("{}_{{{}}}", base.trim_end(), all.join("\\,")) }
}

/// The parts of a line as TeX, between which it can be broken.
fn parts(line: &str) -> Vec<String> {
    let tokens = tokens(line);
    let mut parts = vec![String::new()];
    let mut depth = 0;
    let mut i = 0;
    while i < tokens.len() {
        let (tex, next) = one(&tokens, i);
        match &tokens[i] {
            Token::Sign(sign) if matches!(sign.as_str(), "(" | "[") => depth += 1,
            Token::Sign(sign) if matches!(sign.as_str(), ")" | "]") => depth -= 1,
            _ => {}
        }
        // A row may begin with a sign between two terms, and after a comma or a word.
        let begins_term = i > 0
            && tokens[i - 1] == Token::Space
            && matches!(&tokens[i], Token::Sign(s) if matches!(s.as_str(), "+" | "-" | "−" | "="))
            && tokens.get(i + 1) == Some(&Token::Space);
        let after_break = i > 1
            && tokens[i - 1] == Token::Space
            && (is_word_at(&tokens, i - 2)
                || matches!(&tokens[i - 2], Token::Sign(s) if matches!(s.as_str(), "," | ";" | ":")));
        if depth == 0 && (begins_term || after_break) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(&tex);
        }
        i = next;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What stands at a place, as TeX, and the place after it.
fn one(tokens: &[Token], i: usize) -> (String, usize) {
    match &tokens[i] {
        Token::Space => (space(tokens, i), i + 1),
        Token::Number(number) => (number.clone(), i + 1),
        Token::Name(written) => {
            let derivative = written.strip_prefix('d').filter(|rest| !rest.is_empty());
            match derivative {
                Some(rest) if is_over_time(tokens, i) => (format!("\\frac{{d{}}}{{dt}}", name(rest)), i + 3),
                // A differential: dt, dW, du.
                Some(rest) if rest.chars().count() == 1 => (format!("d{}", letter(rest)), i + 1),
                _ if written == "sqrt" => root(tokens, i + 1),
                _ if FUNCTIONS.contains(&written.as_str()) => (format!("\\operatorname{{{written}}}"), i + 1),
                _ if is_word(written) => (format!("\\text{{{written}}}"), i + 1),
                _ => (name(written), i + 1),
            }
        }
        Token::Sign(sign) => match sign.as_str() {
            "√" => root(tokens, i + 1),
            "^" => {
                let (power, next) = operand(tokens, i + 1);
                (format!("^{{{power}}}"), next)
            }
            "+=" => ("\\mathrel{+}=".into(), i + 1),
            "-=" | "−=" => ("\\mathrel{-}=".into(), i + 1),
            // A colon of an index or a word ends it; one alone would be set as a ratio.
            ":" => ("\\text{:}".into(), i + 1),
            other => (signs(other), i + 1),
        },
    }
}

/// Signs side by side; what is raised or lowered, together.
fn signs(written: &str) -> String {
    let moved: Option<Vec<(char, char)>> = written.chars().map(shifted).collect();
    match moved.as_deref() {
        Some([(place, _), ..]) => {
            let plain: String = written.chars().filter_map(shifted).map(|(_, c)| c).collect();
            format!("{place}{{{plain}}}")
        }
        _ => written.chars().map(|c| of_sign(c).map_or_else(|| c.to_string(), str::to_owned)).collect(),
    }
}

/// Wide beside words, narrow between factors, none beside operators, which bring their own.
fn space(tokens: &[Token], i: usize) -> String {
    let (before, after) = (i.checked_sub(1), i + 1);
    let is_said = |place: usize| {
        let mark = |sign: &str| matches!(sign, ":" | ";" | ",");
        is_word_at(tokens, place) || matches!(tokens.get(place), Some(Token::Sign(sign)) if mark(sign))
    };
    let is_factor = |place: usize, bracket: &str| match tokens.get(place) {
        Some(Token::Sign(sign)) => {
            sign == bracket || sign == "|" || sign == "]" || sign.chars().all(|c| shifted(c).is_some())
        }
        Some(Token::Name(_) | Token::Number(_)) => true,
        _ => false,
    };
    if before.is_some_and(is_said) || is_said(after) {
        "\\ ".into()
    } else if before.is_some_and(|before| is_factor(before, ")")) && is_factor(after, "(") {
        "\\,".into()
    } else {
        String::new()
    }
}

/// A root of what comes next.
fn root(tokens: &[Token], i: usize) -> (String, usize) {
    let (under, next) = operand(tokens, i);
    (format!("\\sqrt{{{under}}}"), next)
}

/// A name or number, or what stands in parentheses, without these.
fn operand(tokens: &[Token], i: usize) -> (String, usize) {
    if tokens.get(i) != Some(&Token::Sign("(".into())) {
        return match tokens.get(i) {
            Some(_) => {
                let (tex, next) = one(tokens, i);
                match tokens.get(next) {
                    Some(Token::Sign(sign)) if sign.chars().all(|c| shifted(c).is_some()) => {
                        (format!("{tex}{}", signs(sign)), next + 1)
                    }
                    _ => (tex, next),
                }
            }
            None => (String::new(), i),
        };
    }
    let (mut tex, mut depth, mut place) = (String::new(), 1, i + 1);
    while place < tokens.len() {
        match &tokens[place] {
            Token::Sign(sign) if sign == "(" => depth += 1,
            Token::Sign(sign) if sign == ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (tex, place + 1);
        }
        let (part, next) = one(tokens, place);
        tex.push_str(&part);
        place = next;
    }
    (tex, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::CATALOGUE;

    fn tex(line: &str) -> String {
        parts(line).concat()
    }

    #[test]
    fn names_derivatives_words_and_signs_are_set() {
        for (line, set) in [
            ("tau_m dV/dt = -(V - E_L)", "\\tau_{m}\\,\\frac{dV}{dt}=-(V-E_{L})"),
            ("V ≥ V_th: spike", "V\\ge V_{\\mathrm{th}}\\text{:}\\ \\text{spike}"),
            ("I_syn += w", "I_{\\mathrm{syn}}\\mathrel{+}=w"),
            ("sum_i I_i", "\\sum_{i}\\,I_{i}"),
            ("n⁴ (V - E_K)", "n^{4}\\,(V-E_{K})"),
            ("√(h/ms) x", "\\sqrt{h/\\text{ms}}\\,x"),
            ("m_T^N_T", "m_{T}^{N_{T}}"),
            ("K₃₋ x⁻", "K_{3-}\\,x^{-}"),
            ("W∞(V) dW", "W_{\\infty }(V)\\,dW"),
            ("e^(μ₊ w)", "e^{\\mu _{+}\\,w}"),
            ("exp(-t / tau_syn)", "\\operatorname{exp}(-t/\\tau_{\\mathrm{syn}})"),
        ] {
            assert_eq!(tex(line), set, "{line}");
        }
    }

    #[test]
    fn long_lines_are_broken_between_terms_only() {
        let parts = parts("C_m dV/dt = -g_L (V - E_L) + g_ex (V - E_ex), spike: g += w");
        assert_eq!(parts.len(), 5, "{parts:?}");
        assert!(parts[1].starts_with("=-g_{L}"), "{parts:?}");
    }

    #[test]
    fn every_equation_of_the_catalogue_can_be_set() {
        for model in CATALOGUE {
            for line in model.equations.lines() {
                let tex = tex(line);
                let set = formula::set(&tex, true);
                assert!(set.is_ok(), "{}: {line}\n{tex}\n{set:?}", model.name);
            }
        }
    }
}
