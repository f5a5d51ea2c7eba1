//! Grammar: what is accepted, and what is said of the rest.

use super::*;

fn item(text: &str) -> Item {
    let (value, slips) = scan(text);
    assert_eq!(slips, vec![], "in {text}");
    value.expect("a value").item
}
fn real(text: &str) -> f64 {
    match item(text) {
        Item::Number(n) => n.real,
        other => panic!("{other:?}"),
    }
}
fn first_slip(text: &str) -> Slip {
    scan(text).1.into_iter().next().expect("a slip")
}

#[test]
fn numbers_in_all_their_forms() {
    assert_eq!(real("1_000.5"), 1000.5);
    assert_eq!(real("-1e-3"), -0.001);
    assert_eq!(real("+.5"), 0.5);
    assert_eq!(real("1E+3"), 1000.0);
    assert_eq!(real("-inf"), f64::NEG_INFINITY);
    assert_eq!(real("inf"), f64::INFINITY);
    assert_eq!(
        item("18446744073709551615"),
        Item::Number(Number { real: 18446744073709551615.0, whole: Some(u64::MAX as i128) })
    );
}

#[test]
fn numbers_that_cannot_be_are_noted_and_scanning_goes_on() {
    let (value, slips) = scan("[1e999, NaN, 1.2.3, 12ab, 4]");
    assert_eq!(slips.len(), 4, "{slips:?}");
    assert!(matches!(value.unwrap().item, Item::List(items) if items.len() == 5));
    assert!(slips[0].message.contains("too large"));
}

#[test]
fn texts_with_escapes_and_raw_texts() {
    assert_eq!(item(r#""a\"b\\\n\u{e9}\x41""#), Item::Text("a\"b\\\né\u{41}".into()));
    assert_eq!(item("r#\"say \"hi\" \\n\"#"), Item::Text("say \"hi\" \\n".into()));
    assert_eq!(item("\"a\r\nb\""), Item::Text("a\nb".into()));
    assert!(first_slip(r#""\q""#).message.contains("no escape"));
    assert!(first_slip(r#""\u{110000}""#).message.contains("no character"));
    assert!(first_slip("\"abc").message.contains("never closed"));
}

#[test]
fn comments_and_trailing_commas() {
    assert!(matches!(
        item("#![enable(implicit_some)]\n// one\n( /* two /* nested */ */ a: 1, b: [1, 2,],)"),
        Item::Struct { name: None, fields } if fields.len() == 2
    ));
}

#[test]
fn positions_count_characters() {
    let Item::Struct { fields, .. } = item("(\n  é: \"ü\", b: 2)") else { panic!() };
    assert_eq!(fields[1].position, (2, 11));
    assert_eq!(fields[1].value.position, (2, 14));
}

#[test]
fn named_groups_keep_their_names() {
    assert!(matches!(item("normal(mean: 1)"), Item::Struct { name: Some(n), .. } if n == "normal"));
    assert!(matches!(item("view(1)"), Item::Tuple { name: Some(n), items } if n == "view" && items.len() == 1));
    assert_eq!(item("all_to_all"), Item::Word("all_to_all".into()));
}

#[test]
fn missing_commas_do_not_stop_the_scan() {
    let (value, slips) = scan("(a: 1 b: 2\n c: 3)");
    assert_eq!(slips.iter().map(|s| s.position).collect::<Vec<_>>(), vec![(1, 7), (2, 2)]);
    assert!(matches!(value.unwrap().item, Item::Struct { fields, .. } if fields.len() == 3));
}

#[test]
fn unclosed_brackets_point_to_where_they_open() {
    assert_eq!(first_slip("(a: [1, 2").position, (1, 5));
}

#[test]
fn deep_nesting_is_refused_instead_of_overflowing() {
    assert!(first_slip(&"[".repeat(100_000)).message.contains("nested"));
    assert!(first_slip(&"a(".repeat(100_000)).message.contains("nested"));
}
