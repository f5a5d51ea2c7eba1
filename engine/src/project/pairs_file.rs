//! Pairs that stand in a file beside the project: `rule: pairs(csv: "connections.csv")`.
//!
//! A line a synapse: source, target, and perhaps weight and delay, separated by commas. A first line may name the
//! columns, in any order. Lines that are empty or begin with `#` are passed over. The file must lie in the folder of the
//! project or below it.

use std::fmt::Display;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::description::Value;

/// A file of pairs, and what it holds beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairsFile {
    /// As it stands in the project: relative to its folder.
    pub name: String,
    /// Its columns `weight` and `delay`, where it has them.
    pub weights: Option<Value>,
    pub delays: Option<Value>,
    /// Why its pairs are not there.
    pub problem: Option<String>,
}

/// Larger files are refused, bytes.
const LARGEST: u64 = 256 << 20;

/// What columns may be called.
const COLUMNS: [&str; 4] = ["source", "target", "weight", "delay"];

impl PairsFile {
    /// Reads a file in the folder of a project, with its pairs. Where that fails, there are none, and it says why.
    pub fn read(folder: Option<&Path>, name: &str) -> (PairsFile, Vec<(u32, u32)>) {
        let named = PairsFile { name: name.to_owned(), ..PairsFile::default() };
        let table = place(folder, name).and_then(|path| text(&path, name)).and_then(|text| table(&text, name));
        match table {
            Ok(Table { pairs, weights, delays }) => {
                let list = |values: Option<Vec<f64>>| values.map(Value::List);
                (PairsFile { weights: list(weights), delays: list(delays), ..named }, pairs)
            }
            Err(problem) => (PairsFile { problem: Some(problem), ..named }, Vec::new()),
        }
    }
}

/// Where the file lies: never outside the folder of the project.
fn place(folder: Option<&Path>, name: &str) -> Result<PathBuf, String> {
    let relative = Path::new(name);
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || !inside {
        return Err(format!("\"{name}\" must name a file in the folder of the project or below it, without `..`"));
    }
    let Some(folder) = folder else {
        return Err(format!(
            "\"{name}\" lies beside the project, but this network has no folder yet; save it beside that file and open it again"
        ));
    };
    // An empty folder is that in which the program runs.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file \"{name}\" beside the project; put it there"),
        _ => format!("\"{name}\" cannot be read: {e}"),
    };
    let path = folder.join(relative).canonicalize().map_err(unreadable)?;
    let folder = folder.canonicalize().map_err(unreadable)?;
    if !path.starts_with(&folder) {
        return Err(format!("\"{name}\" leads out of the folder of the project; put a copy of it there"));
    }
    Ok(path)
}

fn text(path: &Path, name: &str) -> Result<String, String> {
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::InvalidData => format!("\"{name}\" is not a text file; save it as CSV in UTF-8"),
        _ => format!("\"{name}\" cannot be read: {e}"),
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(format!("\"{name}\" is not a file"));
    }
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LARGEST {
        return Err(format!("\"{name}\" is larger than {} MB; use a rule, or several files", LARGEST >> 20));
    }
    Ok(text)
}

struct Table {
    pairs: Vec<(u32, u32)>,
    weights: Option<Vec<f64>>,
    delays: Option<Vec<f64>>,
}

/// The columns of a text, by the names of [`COLUMNS`].
fn table(text: &str, name: &str) -> Result<Table, String> {
    let mut columns: Option<Vec<usize>> = None;
    let (mut pairs, mut weights, mut delays) = (Vec::new(), Vec::new(), Vec::new());
    for (row, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let wrong = |column: usize, message: &dyn Display| format!("{name}:{}:{column}: {message}", row + 1);
        let names_columns = columns.is_none() && starts_with_a_word(line);
        let fields = fields(line);
        let order = match &columns {
            _ if names_columns => {
                columns = Some(header(&fields).map_err(|(column, message)| wrong(column, &message))?);
                continue;
            }
            Some(order) => order,
            None if fields.len() < 2 || fields.len() > COLUMNS.len() => {
                let message = "a line has source, target and perhaps weight and delay, separated by commas";
                return Err(wrong(1, &message));
            }
            None => &*columns.insert((0..fields.len()).collect()),
        };
        if fields.len() != order.len() {
            let message = format!("must have {} numbers, has {}", order.len(), fields.len());
            return Err(wrong(1, &message));
        }
        let mut pair = (0, 0);
        for ((column, field), kind) in fields.iter().zip(order.iter()) {
            let number = || match field.parse::<f64>() {
                Ok(x) if x.is_finite() => Ok(x),
                _ => Err(wrong(*column, &format!("{} must be a number, is `{field}`", COLUMNS[*kind]))),
            };
            let cell = || {
                let message = || format!("{} must be the number of a cell, from 0, is `{field}`", COLUMNS[*kind]);
                field.parse::<u32>().map_err(|_| wrong(*column, &message()))
            };
            match kind {
                0 => pair.0 = cell()?,
                1 => pair.1 = cell()?,
                2 => weights.push(number()?),
                _ => delays.push(number()?),
            }
        }
        pairs.push(pair);
    }
    let has = |kind| columns.as_ref().is_some_and(|order| order.contains(&kind));
    let (weights, delays) = (has(2).then_some(weights), has(3).then_some(delays));
    Ok(Table { pairs, weights, delays })
}

/// The fields of a line with the columns, from 1, in which they begin.
fn fields(line: &str) -> Vec<(usize, &str)> {
    let mut column = 1;
    let each = line.split(',').map(|field| {
        let begins = column + field.chars().take_while(|c| c.is_whitespace()).count();
        column += field.chars().count() + 1;
        (begins, field.trim().trim_matches('"'))
    });
    each.collect()
}

fn starts_with_a_word(line: &str) -> bool {
    line.trim_start_matches(['"', ' ', '\t']).starts_with(|c: char| c.is_alphabetic())
}

/// Which column stands where.
fn header(fields: &[(usize, &str)]) -> Result<Vec<usize>, (usize, String)> {
    let mut order = Vec::new();
    for (column, field) in fields {
        let known = COLUMNS.iter().position(|name| name.eq_ignore_ascii_case(field));
        match known {
            Some(kind) if order.contains(&kind) => return Err((*column, format!("there are two columns `{field}`"))),
            Some(kind) => order.push(kind),
            None => {
                let message = format!("unknown column `{field}`; columns are source, target, weight and delay");
                return Err((*column, message));
            }
        }
    }
    match COLUMNS[..2].iter().enumerate().find(|(kind, _)| !order.contains(kind)) {
        Some((_, missing)) => Err((1, format!("the column `{missing}` is missing"))),
        None => Ok(order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Project, Severity, read_draft, read_draft_in, validate, write};

    /// A folder of its own for a test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str, csv: &str) -> Folder {
            let folder = std::env::temp_dir().join(format!("spikeloom pairs {name} {}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("connections.csv"), csv).expect("a file");
            Folder(folder)
        }

        fn project(&self, rest: &str) -> (Project, Vec<String>) {
            let (project, found) = read_draft_in(&text(rest), Some(&self.0), validate).expect("a document");
            (project, found.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect())
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn text(rest: &str) -> String {
        let nodes = r#""A": (model: "parrot_neuron", n: 3), "B": (model: "iaf_psc_exp", n: 4)"#;
        format!(
            "(nodes: {{{nodes}}}, projections: [(from: \"A\", to: \"B\", rule: pairs(csv: \"connections.csv\"){rest})])"
        )
    }

    #[test]
    fn pairs_weights_and_delays_are_read_and_the_file_stays_named() {
        let folder = Folder::new("whole", "target, source ,delay,weight\n# a remark\n3,0,1.5,20\n\n1,2,2,-10\n");
        let (project, errors) = folder.project("");
        assert_eq!(errors, Vec::<String>::new());
        let wire = &project.projections[0];
        assert_eq!(wire.pairs[..], [(0, 3), (2, 1)]);
        assert_eq!((&wire.weight, &wire.delay), (&Value::List(vec![20.0, -10.0]), &Value::List(vec![1.5, 2.0])));
        let written = write(&project);
        assert!(written.contains(r#"rule: pairs(csv: "connections.csv"))"#), "{written}");
        let (again, _) = read_draft_in(&written, Some(&folder.0), validate).unwrap();
        assert_eq!(again, project);
        let (given, errors) = folder.project(", weight: 5");
        assert_eq!((&given.projections[0].weight, errors.len()), (&Value::Real(5.0), 0));
        assert!(write(&given).contains("weight: 5") && !write(&given).contains("delay"));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        for (csv, why) in [
            ("0,1\n0,x\n", "connections.csv:2:3: target must be the number of a cell, from 0, is `x`"),
            ("0, 1, a\n", "connections.csv:1:7: weight must be a number, is `a`"),
            ("0,1\n0,1,2\n", "connections.csv:2:1: must have 2 numbers, has 3"),
            ("source,goal\n", "connections.csv:1:8: unknown column `goal`"),
            ("source,weight\n0,1\n", "connections.csv:1:1: the column `target` is missing"),
            ("0;1\n", "separated by commas"),
            ("0,-1\n", "connections.csv:1:3: target must be the number of a cell"),
            ("0,1\n2,4\n", "pair 2 is (2, 4), but B has 4, counted from 0"),
        ] {
            let (_, errors) = Folder::new("wrong", csv).project("");
            assert!(errors.len() == 1 && errors[0].contains(why), "{csv:?}: {errors:?}");
            assert!(errors[0].starts_with("line 1, column "), "{errors:?}");
        }
    }

    #[test]
    fn nothing_is_read_outside_the_folder() {
        let (project, found) = read_draft(&text("")).unwrap();
        assert!(found.iter().any(|p| p.to_string().contains("has no folder yet; save it beside that file")));
        assert!(write(&project).contains(r#"pairs(csv: "connections.csv")"#), "the name is kept");
        let folder = Folder::new("outside", "0,1\n");
        let outside = folder.0.join("connections.csv");
        for name in ["../connections.csv", &outside.display().to_string().replace('\\', "/"), ""] {
            let (file, pairs) = PairsFile::read(Some(&folder.0), name);
            assert!(file.problem.is_some_and(|why| why.contains("in the folder of the project")) && pairs.is_empty());
        }
        let (file, _) = PairsFile::read(Some(&folder.0), "other.csv");
        assert_eq!(file.problem.as_deref(), Some("there is no file \"other.csv\" beside the project; put it there"));
    }
}
