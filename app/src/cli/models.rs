//! `spikeloom models`: the catalogue, or everything about one model.

use std::io::{self, Write};

use serde_json::{Value as Json, json};
use spikeloom_engine::description::number;
use spikeloom_engine::models::{self, CATALOGUE, DefaultValue, Family, Model, Parameter};

use super::{Failure, columns::in_columns};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Model to tell about; all of them if none is named
    name: Option<String>,
    /// Write JSON instead of text
    #[arg(long)]
    json: bool,
}

pub fn models(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let named = arguments.name.as_deref().map(find).transpose()?;
    match (named, arguments.json) {
        (None, false) => list(out)?,
        (None, true) => writeln!(out, "{:#}", CATALOGUE.iter().map(|m| as_json(m)).collect::<Json>())?,
        (Some(model), false) => describe(model, out)?,
        (Some(model), true) => writeln!(out, "{:#}", as_json(model))?,
    }
    Ok(())
}

fn find(name: &str) -> Result<&'static Model, Failure> {
    models::find(name).ok_or_else(|| {
        Failure::Usage(format!("{}; `spikeloom models` lists what there is", models::no_model("model", name, |_| true)))
    })
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for (i, family) in [Family::Neuron, Family::Generator, Family::Recorder, Family::Synapse].into_iter().enumerate() {
        let members = CATALOGUE.iter().filter(|m| m.family() == family);
        let rows = members.map(|m| vec![format!("  {}", m.name), m.doc.to_owned()]);
        writeln!(out, "{}{}", if i > 0 { "\n" } else { "" }, family.title())?;
        write!(out, "{}", in_columns(rows))?;
    }
    Ok(())
}

fn describe(model: &Model, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n\n{}", model.name, model.title, model.doc)?;
    section(out, "Equations", model.equations.lines().map(|line| vec![line.to_owned()]))?;
    for group in model.groups {
        let header = ["Name", "Default", "Unit", "Range", "Meaning"].map(String::from).to_vec();
        let rows = std::iter::once(header).chain(group.parameters.iter().map(parameter_row));
        section(out, group.title, rows)?;
    }
    let recordables = model.recordables.iter();
    section(out, "Recordables", recordables.map(|r| vec![r.title(), r.unit.to_owned(), r.doc.to_owned()]))?;
    let ports = model.ports.iter();
    section(
        out,
        "Ports",
        ports.map(|p| {
            vec![
                p.number.to_string(),
                p.name.to_owned(),
                p.takes.name().to_owned(),
                p.unit.to_owned(),
                p.doc.to_owned(),
            ]
        }),
    )?;
    section(out, "Sends", [vec![sends(model)]].into_iter())?;
    section(out, "Reference", model.reference.lines().map(|line| vec![line.to_owned()]))
}

/// A title with indented rows below; nothing if there are none.
fn section(out: &mut impl Write, title: &str, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    let indented = rows.map(|mut row| {
        if let Some(first) = row.first_mut() {
            first.insert_str(0, "  ");
        }
        row
    });
    write!(out, "{}", in_columns(indented))
}

fn parameter_row(parameter: &Parameter) -> Vec<String> {
    let (unit, mut doc) = (parameter.unit.to_owned(), parameter.doc.to_owned());
    if !parameter.aliases.is_empty() {
        doc += &format!(" (also called {})", parameter.aliases.join(", "));
    }
    vec![parameter.name.to_owned(), default_text(parameter.default), unit, parameter.range_text(), doc]
}

fn default_text(default: DefaultValue) -> String {
    match default {
        DefaultValue::Real(x) => number(x),
        DefaultValue::Integer(i) => i.to_string(),
        DefaultValue::Flag(on) => on.to_string(),
        DefaultValue::Reals(xs) => format!("[{}]", xs.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ")),
        DefaultValue::Integers(xs) => format!("{xs:?}"),
        DefaultValue::Names(names) => format!("{names:?}"),
        DefaultValue::Text(text) => format!("{text:?}"),
        DefaultValue::Table(_) => "[]".into(),
    }
}

/// What a model sends, in words.
fn sends(model: &Model) -> String {
    let names: Vec<&str> = model.sends().iter().map(|signal| signal.name()).collect();
    match names[..] {
        _ if model.is_meter() => "requests for samples".into(),
        [] => "nothing".into(),
        _ => names.join(", "),
    }
}

fn as_json(model: &Model) -> Json {
    let groups = model.groups.iter().flat_map(|g| g.parameters.iter().map(move |p| parameter_json(g.title, p)));
    let recordables = model.recordables.iter().map(|r| json!({"name": r.title(), "unit": r.unit, "doc": r.doc}));
    let ports = model.ports.iter();
    let ports = ports.map(|p| json!({"number": p.number, "kind": p.takes.name(), "unit": p.unit, "doc": p.doc}));
    json!({
        "name": model.name,
        "family": model.family().title().to_lowercase(),
        "title": model.title,
        "doc": model.doc,
        "equations": model.equations,
        "reference": model.reference,
        "parameters": groups.collect::<Vec<_>>(),
        "recordables": recordables.collect::<Vec<_>>(),
        "ports": ports.collect::<Vec<_>>(),
        "emits": sends(model),
    })
}

fn parameter_json(group: &str, parameter: &Parameter) -> Json {
    json!({
        "name": parameter.name,
        "group": group,
        "unit": parameter.unit,
        "default": default_json(parameter.default),
        "range": parameter.range_text(),
        "doc": parameter.doc,
        "aliases": parameter.aliases,
    })
}

/// JSON has no infinity; it is written as a word.
fn default_json(default: DefaultValue) -> Json {
    match default {
        DefaultValue::Real(x) if !x.is_finite() => json!(number(x)),
        DefaultValue::Real(x) => json!(x),
        DefaultValue::Integer(i) => json!(i),
        DefaultValue::Flag(on) => json!(on),
        DefaultValue::Reals(xs) => json!(xs),
        DefaultValue::Integers(xs) => json!(xs),
        DefaultValue::Names(names) => json!(names),
        DefaultValue::Text(text) => json!(text),
        DefaultValue::Table(_) => json!([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: Option<&str>, json: bool) -> Result<String, Failure> {
        let mut out = Vec::new();
        models(&Arguments { name: name.map(Into::into), json }, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_list_names_every_model_below_its_family() {
        let list = text(None, false).unwrap();
        assert!(CATALOGUE.iter().all(|m| list.contains(m.name)));
        assert!(list.find("Neurons").unwrap() < list.find("iaf_psc_alpha").unwrap());
        let json: Vec<Json> = serde_json::from_str(&text(None, true).unwrap()).unwrap();
        assert_eq!(json.len(), CATALOGUE.len());
    }

    #[test]
    fn one_model_is_told_with_all_its_parameters() {
        let page = text(Some("iaf_psc_exp"), false).unwrap();
        let model = models::find("iaf_psc_exp").unwrap();
        assert!(model.parameters().all(|p| page.contains(p.name) && page.contains(p.doc)));
        let json: Json = serde_json::from_str(&text(Some("iaf_psc_exp"), true).unwrap()).unwrap();
        assert_eq!(json["parameters"].as_array().unwrap().len(), model.parameters().count());
        assert_eq!(json["parameters"][1]["default"], 10.0);
    }

    #[test]
    fn an_unknown_name_brings_a_suggestion() {
        let Err(Failure::Usage(message)) = text(Some("iaf_psc_alfa"), false) else { panic!("must be refused") };
        assert!(message.starts_with("unknown model `iaf_psc_alfa`: did you mean `iaf_psc_alpha`?"), "{message}");
    }
}
