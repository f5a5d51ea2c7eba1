//! `spikeloom train`: changes the numbers of a project until it does what its section `training` wants.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use spikeloom_engine::project::{self, Project};
use spikeloom_engine::training::{Epoch, Refusal, Trainer};

use super::{Failure, open_project, problem_line, tell};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Project file
    file: PathBuf,
    /// Number of epochs, or of generations, instead of the project's
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    epochs: Option<usize>,
    /// File for the trained project; `<name of the project file>-trained.ron` beside it if none is named
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(n) => Ok(n),
        Err(_) => Err("not a whole number".into()),
    }
}

/// While training goes on, what is best so far is written no more often than this.
const EVERY: Duration = Duration::from_secs(2);

pub fn train(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let project = open_project(&arguments.file)?;
    let to = arguments.out.clone().unwrap_or_else(|| beside(&arguments.file));
    if is_same(&arguments.file, &to) {
        return Err(Failure::Usage(format!("{} is the project itself: name another file for --out", to.display())));
    }
    let refused = |refusal: Refusal| {
        refusal.problems.iter().for_each(|p| tell(format_args!("{}", problem_line(&arguments.file, p))));
        Failure::Told
    };
    let mut trainer = Trainer::new(&project).map_err(refused)?;
    if let Some(epochs) = arguments.epochs {
        trainer.epochs(epochs);
    }
    let (mut best, mut of, mut saved) = (f64::INFINITY, 0, None::<Instant>);
    let mut stopped = None;
    while !trainer.is_done() {
        match trainer.advance() {
            Ok(epoch) => {
                writeln!(out, "{}", line(&epoch))?;
                out.flush()?;
                if trainer.best_loss() < best {
                    (best, of) = (trainer.best_loss(), epoch.number);
                    // Whoever ends the program finds the best so far in the file.
                    if saved.is_none_or(|at| at.elapsed() >= EVERY) {
                        save(&to, &trainer.best())?;
                        saved = Some(Instant::now());
                    }
                }
            }
            Err(refusal) => {
                stopped = Some(refusal);
                break;
            }
        }
    }
    if of > 0 {
        save(&to, &trainer.best())?;
        writeln!(out, "\nBest loss  {best:.6}, of epoch {of}\nWritten    {}", to.display())?;
    }
    stopped.map_or(Ok(()), |refusal| Err(refused(refusal)))
}

fn line(epoch: &Epoch) -> String {
    let accuracy = epoch.accuracy.map_or(String::new(), |share| format!("  accuracy {:5.1} %", 100.0 * share));
    format!("epoch {:4}  loss {:.6}{accuracy}", epoch.number, epoch.loss)
}

fn save(to: &Path, project: &Project) -> Result<(), Failure> {
    project::save(to, &project::write(project))
        .map_err(|error| Failure::Input(format!("{}: cannot be written: {error}", to.display())))
}

/// `<name of the file>-trained.ron` in its folder.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().map_or("project".into(), |stem| stem.to_string_lossy());
    file.with_file_name(format!("{stem}-trained.ron"))
}

/// Whether both name one file.
fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"(
        simulation: (resolution: 0.5, duration: 100),
        nodes: { "cell": (model: "iaf_psc_exp"), "spikes": (model: "spike_recorder") },
        projections: [(from: "cell", to: "spikes")],
        training: (
            method: cma_es, train: [parameter(of: "cell", name: "I_e", range: (0, 2000))],
            goals: [rate(of: "spikes", target: 50, scale: 10)], epochs: 3,
        ),
    )"#;

    #[test]
    fn the_trained_project_stands_beside_and_the_original_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("cell.ron");
        std::fs::write(&file, TEXT).expect("a file");
        let arguments = |out: Option<PathBuf>| Arguments { file: file.clone(), epochs: Some(2), out };
        let mut told = Vec::new();
        train(&arguments(None), &mut told).expect("it is trained");
        let told = String::from_utf8(told).expect("text");
        assert!(told.starts_with("epoch    1  loss ") && told.contains("epoch    2") && !told.contains("epoch    3"));
        let trained = std::fs::read_to_string(folder.path().join("cell-trained.ron")).expect("the trained project");
        assert!(trained.contains("I_e: "), "{trained}");
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), TEXT);
        let onto_itself = train(&arguments(Some(file.clone())), &mut Vec::new());
        assert!(matches!(onto_itself, Err(Failure::Usage(_))));
        std::fs::write(&file, TEXT.replace("training:", "training_:")).expect("a file");
        assert!(train(&arguments(None), &mut Vec::new()).is_err());
    }
}
