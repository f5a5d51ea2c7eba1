//! Results must be the same on every platform, so the engine's source may not call what a platform's C library computes.

use std::path::{Path, PathBuf};

/// Functions of `f64` whose last bits a platform decides; `mul_add` rounds once where a processor has it.
const FUNCTIONS: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "powf", "powi", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot", "mul_add",
];
/// Crates that call them, and who may use the crate.
const CRATES: &[(&str, &[&str])] = &[
    ("libm", &["math/mod.rs"]),
    // Student's t decides whether a comparison with reference values passes; it touches no result.
    ("statrs", &["verify/statistics.rs"]),
    ("rand_distr", &[]),
];

#[test]
fn the_engine_calls_no_functions_of_the_platform() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    assert!(files.len() > 100, "only {} files of the engine were found", files.len());
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&source).expect("below the source").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&file).expect("a readable file");
        for (number, line) in code(&text) {
            for call in calls(line) {
                found.push(format!("{name}:{number}: {call} in `{}`", line.trim()));
            }
            for (krate, allowed) in CRATES {
                if has_word(line, &format!("{krate}::")) && !allowed.contains(&name.as_str()) {
                    found.push(format!("{name}:{number}: the crate {krate}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "use spikeloom_engine::math, or `R::exp(x)` in lanes, instead of\n{}", found.join("\n"));
}

#[test]
fn calls_are_seen_in_every_form() {
    let text = "let a = x.exp();\nlet b = (1.0 / y)\n    .powf(2.0);\nv.map(f64::ln)\nf64::mul_add(a, b, c)\n";
    assert_eq!(code(text).flat_map(|(_, line)| calls(line)).count(), 4);
    let text = "let a = math::exp(x) + R::exp(y) + x.expect(z); // x.exp()\n#[cfg(test)]\nmod tests {\n x.exp()\n}\n";
    assert_eq!(code(text).flat_map(|(_, line)| calls(line)).count(), 0);
}

/// The lines of a file, numbered from 1, without comments and without its tests, which stand last.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().map(|line| line.split("//").next().unwrap_or_default()).enumerate().map(|(i, l)| (i + 1, l))
}

fn calls(line: &str) -> Vec<String> {
    let forms = FUNCTIONS.iter().flat_map(|f| [format!(".{f}("), format!("f64::{f}"), format!("f32::{f}")]);
    forms.filter(|form| has_word(line, form)).collect()
}

/// Whether the words stand in the line and do not go on in either direction.
fn has_word(line: &str, words: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(words).any(|(at, _)| {
        let before = !words.starts_with('.') && line[..at].ends_with(goes_on);
        let after = words.ends_with(goes_on) && line[at + words.len()..].starts_with(goes_on);
        !before && !after
    })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|n| n != "tests.rs") {
            files.push(path);
        }
    }
}
