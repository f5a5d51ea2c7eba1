use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::formula;
use super::prepare::{Piece, prepare};
use super::*;

/// A text as it is drawn, 300 points wide.
fn drawn(text: &str) -> Harness<'static> {
    let text = text.to_owned();
    let mut harness = Harness::builder().with_size([300.0, 600.0]).build_ui(move |ui| {
        if ui.fonts(|fonts| !fonts.definitions().families.contains_key(&semibold())) {
            crate::theme::install(ui.ctx());
        }
        show(ui, &text);
    });
    harness.run_steps(3);
    harness
}

fn lifted(text: &str) -> (String, Vec<Piece>) {
    let prepared = prepare(text).expect("a short text");
    (prepared.text.replace(['\u{E000}', '\u{E001}'], "^"), prepared.pieces)
}

#[test]
fn headings_bold_words_and_code_are_lifted_out_and_leave_a_mark() {
    let (text, pieces) = lifted("# A *title*\nWords **in `bold`** here.\n\n```\nx = 1\n\ny\n```\nEnd");
    assert_eq!(text, "\n$^0^$\n\nWords $^1^$ here.\n\n\n$^2^$\n\n\nEnd");
    let bold = Piece::Bold("in bold".into());
    assert_eq!(pieces, [Piece::Heading(1, "A title".into()), bold, Piece::Code("x = 1\n\ny".into())]);
    let (text, pieces) = lifted("* one\n\n      indented\n* two");
    assert_eq!(pieces, [Piece::Code("indented".into())]);
    assert_eq!(text, "* one\n\n$^0^$\n* two");
    let (text, pieces) = lifted("    alone\n\nafter");
    assert_eq!((text.as_str(), pieces.len()), ("\n$^0^$\n\n\nafter", 1));
    let (text, _) = lifted("**[a link](https://a.org)**");
    assert_eq!(text, "**[a link](https://a.org)**", "what holds more than words is left to the viewer");
}

#[test]
fn a_lone_dollar_begins_no_formula_and_pictures_become_links() {
    let (text, _) = lifted("costs 5$ and **more**, $x$ and \\$");
    assert_eq!(text, "costs 5\\$ and $^0^$, $x$ and \\$");
    assert_eq!(lifted("![a cat](cat.png)").0, "[a cat](<cat.png>)");
    assert_eq!(lifted("![](https://a.org/c.png)").0, "[picture](<https://a.org/c.png>)");
    assert_eq!(lifted("[![a cat](cat.png)](https://a.org)").0, "[a cat](https://a.org)");
}

#[test]
fn a_text_is_drawn_by_its_parts_with_names() {
    let text = "# Brunel\n\nInhibition **dominates** if $g > 4$.\n\n- see [the paper](https://a.org)\n- [x] read it\n\n\
                ```\nspikeloom run\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$$\\tau_m \\frac{dV}{dt} = -V$$\n\n\
                > quoted";
    let harness = drawn(text);
    for word in ["Brunel", "dominates", "spikeloom run", "1", "quoted"] {
        harness.get_by_role_and_label(Role::Label, word);
    }
    harness.get_by_role_and_label(Role::Link, "the paper");
    harness.get_by_role_and_label(Role::Math, "g > 4");
    let line = harness.get_by_role_and_label(Role::Math, "\\tau_m \\frac{dV}{dt} = -V").rect();
    assert!(line.left() >= 0.0 && line.right() <= 300.0 && line.height() > 25.0, "{line:?}");
    let heading = harness.get_by_label("Brunel").rect();
    let bold = harness.get_by_label("dominates").rect();
    assert!(heading.height() > bold.height(), "{heading:?} {bold:?}");
}

#[test]
fn the_baseline_of_a_formula_is_that_of_the_words() {
    let harness = drawn("x $x$");
    let (word, formula) =
        (harness.get_by_role_and_label(Role::Label, "x ").rect(), harness.get_by_role(Role::Math).rect());
    assert!((word.bottom() - formula.bottom()).abs() < 0.6, "{word:?} {formula:?}");
}

#[test]
fn a_formula_that_begins_a_line_stands_on_the_baseline_of_the_words_after_it() {
    let mut found = 0;
    for words in 8..40 {
        let harness = drawn(&format!("{}$a + b + c$ end", "mn ".repeat(words)));
        let formula = harness.get_by_role(Role::Math).rect();
        let word = harness.get_by_role_and_label(Role::Label, " end").rect();
        if formula.left() < 12.0 && formula.top() > 5.0 {
            found += 1;
            assert!((word.bottom() - formula.bottom()).abs() < 0.6, "{words}: {word:?} {formula:?}");
        }
    }
    assert!(found > 0, "no line began with the formula");
}

#[test]
fn formulas_are_drawn_and_what_cannot_be_is_shown_as_written() {
    for (tex, holes) in [("\\sqrt{x+1}", 1), ("\\left( \\frac{a}{b} \\right)", 2), ("\\sum_{i=1}^{N} w_i", 0)] {
        let set = formula::set(tex, false).unwrap();
        let image = formula::draw(&set, 40.0).unwrap();
        let inked = image.pixels.iter().filter(|p| p.a() > 128).count();
        let share = inked as f64 / image.pixels.len() as f64;
        assert!((0.03..0.5).contains(&share), "{tex}: {share} of the picture is inked");
        assert!(image.width() > 40 * (1 + holes) / 2, "{tex}: {} pixels wide", image.width());
    }
    let harness = drawn("before $\\nonsense{x}$ after");
    harness.get_by_label("$\\nonsense{x}$");
}

#[test]
fn no_text_stops_the_window() {
    let parts = [
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "$",
        "$$",
        "\\",
        "\\frac",
        "\\sqrt",
        "{",
        "}",
        "\\left(",
        "^",
        "_",
        "&",
        "\\\\",
        "#",
        "# ",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\n",
        "\n\n",
        "[",
        "](",
        ")",
        "![",
        "<b>",
        "|",
        "---",
        "[^1]",
        "[^1]: ",
        "x",
        "é",
        "日",
        "\u{E000}0\u{E001}",
        "\\begin{matrix}",
        "\\end{matrix}",
        "\\def\\a{\\a}\\a",
        "\\kern1000em",
        "- [ ] ",
        ": ",
    ];
    let mut state = 12345_u64;
    let mut next = move |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    let ctx = egui::Context::default();
    crate::theme::install(&ctx);
    for _ in 0..1500 {
        let text: String = (0..1 + next(14)).map(|_| parts[next(parts.len())]).collect();
        let (line, words) = (headline(&text), plain(&text));
        assert!(words.starts_with(&line), "{text:?}");
        let out = ctx.run_ui(egui::RawInput::default(), |ui| show(ui, &text));
        out.drop_without_applying_deltas();
    }
    for part in [">", "* ", "- ", "[", "**a ", "$", "{", "# ", "| "] {
        let out = ctx.run_ui(egui::RawInput::default(), |ui| show(ui, &part.repeat(9000)));
        out.drop_without_applying_deltas();
        let deep = format!("${}$", part.repeat(600));
        let out = ctx.run_ui(egui::RawInput::default(), |ui| show(ui, &deep));
        out.drop_without_applying_deltas();
    }
}

#[test]
fn plain_words_are_those_of_the_text() {
    let text = "## The *title*\n\nWords with `code`,\na [link](https://a.org) and $x^2$.\n\n* one\n* two";
    assert_eq!(headline(text), "The title");
    assert_eq!(plain(text), "The title Words with code, a link and x^2. one two");
    assert_eq!(headline("\n\n"), "");
}
