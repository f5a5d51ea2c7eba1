//! Numbers as the window shows them: a real minus sign, no trailing noise.

/// A quantity in at most six significant digits: `−55`, `0.1`, `1.5e−7`, `∞`.
pub fn plain(x: f64) -> String {
    if x.is_nan() {
        return "not a number".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "∞".into() } else { "−∞".into() };
    }
    if x == 0.0 {
        return "0".into();
    }
    let exponent = x.abs().log10().floor() as i32;
    let text = if (-4..15).contains(&exponent) {
        let decimals = (5 - exponent).max(0) as usize;
        let text = format!("{x:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        let text = format!("{x:.5e}");
        match text.split_once('e') {
            Some((digits, power)) if digits.contains('.') => {
                format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'))
            }
            _ => text,
        }
    };
    text.replace('-', "−")
}

/// A quantity with its unit behind it: `250 pF`; the bare number if there is no unit.
pub fn with_unit(x: f64, unit: &str) -> String {
    if unit.is_empty() { plain(x) } else { format!("{} {unit}", plain(x)) }
}

/// A count with thousands separators: `64,000`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 neuron`, `64,000 neurons`. `one` is the thing in the singular.
pub fn counted(n: u64, one: &str) -> String {
    format!("{} {}", count(n), plural(n, one))
}

/// The word for that many things.
pub fn plural(n: u64, one: &str) -> String {
    match n {
        1 => one.to_owned(),
        _ => format!("{one}s"),
    }
}

/// Reads a number as people type it: `-55`, `−55`, `1e-3`, `inf`, `∞`, `never`; spaces do not count.
pub fn parse(text: &str) -> Result<f64, String> {
    let cleaned: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let cleaned = cleaned.replace('−', "-").to_lowercase();
    match cleaned.as_str() {
        "inf" | "+inf" | "∞" | "+∞" | "never" | "infinity" => return Ok(f64::INFINITY),
        "-inf" | "-∞" | "-infinity" => return Ok(f64::NEG_INFINITY),
        "" => return Err("Type a number".into()),
        _ => {}
    }
    if cleaned.contains(',') {
        return Err(format!("“{}” is not a number; write decimals with a point", text.trim()));
    }
    match cleaned.parse::<f64>() {
        Ok(x) if !x.is_nan() => Ok(x),
        _ => Err(format!("“{}” is not a number", text.trim())),
    }
}

/// An amount of memory.
pub fn bytes(n: u64) -> String {
    let n = n as f64;
    match n {
        n if n >= 1e9 => format!("{:.1} GB", n * 1e-9),
        n if n >= 1e6 => format!("{:.1} MB", n * 1e-6),
        n => format!("{:.0} kB", n * 1e-3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_singular() {
        assert_eq!(
            [counted(1, "neuron"), counted(0, "neuron"), counted(64_000, "neuron")],
            ["1 neuron", "0 neurons", "64,000 neurons"]
        );
    }

    /// Numbers of things are written by [`counted`], so that nothing says "1 neurons".
    #[test]
    fn no_text_of_the_window_counts_by_itself() {
        fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => sources(&path, found),
                    path if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                    _ => {}
                }
            }
        }
        let mut files = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspector"), &mut files);
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/window"), &mut files);
        let things = ["neuron", "synapse", "node", "projection", "problem", "error", "warning", "thread"];
        let mut wrong = Vec::new();
        for file in files.iter().filter(|f| !f.ends_with("tests.rs")) {
            let text = std::fs::read_to_string(file).unwrap();
            for (line, code) in text.lines().enumerate() {
                let counts = |thing: &&str| code.contains(&format!("}} {thing}s")) && code.contains("format!(");
                // Several of them are always more than one.
                if let Some(thing) = things.iter().find(|t| counts(t)).filter(|_| !code.contains("many.len()")) {
                    wrong.push(format!("{}:{}: {thing}", file.display(), line + 1));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn numbers_are_short_and_have_a_real_minus_sign() {
        assert_eq!(plain(-55.0), "−55");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(0.05293248525724958), "0.0529325");
        assert_eq!(plain(12000.0), "12000");
        assert_eq!(plain(123456789.0), "123456789");
        assert_eq!(plain(1.5e-7), "1.5e−7");
        assert_eq!(plain(f64::NEG_INFINITY), "−∞");
        assert_eq!(with_unit(250.0, "pF"), "250 pF");
        assert_eq!(with_unit(0.2, ""), "0.2");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(64000), "64,000");
        assert_eq!(count(1234567), "1,234,567");
    }

    #[test]
    fn typed_numbers_are_read_generously_and_refused_with_a_reason() {
        assert_eq!(parse(" −55 "), Ok(-55.0));
        assert_eq!(parse("20 000"), Ok(20000.0));
        assert_eq!(parse("never"), Ok(f64::INFINITY));
        assert!(parse("0,5").is_err_and(|e| e.contains("point")));
        assert!(parse("abc").is_err_and(|e| e.contains("abc")));
        assert!(parse("nan").is_err());
    }
}
