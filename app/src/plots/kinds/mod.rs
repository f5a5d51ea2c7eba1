//! The list of all kinds of plots. A kind is a file in this folder and an entry in [`KINDS`].

mod board;
mod correlogram;
mod intervals;
mod map;
mod pong;
mod raster;
mod rate;
mod states;
mod traces;
mod weights;

use super::kind::Kind;

/// All kinds, in the order of the menu. The first that takes what a recorder stores is the plot that opens with it.
pub static KINDS: [Kind; 10] = [
    Kind::of::<raster::Raster>(),
    Kind::of::<traces::Traces>(),
    Kind::of::<rate::Rate>(),
    Kind::of::<intervals::IntervalHistogram>(),
    Kind::of::<weights::Weights>(),
    Kind::of::<correlogram::Correlogram>(),
    Kind::of::<states::States>(),
    Kind::of::<map::Map>(),
    Kind::of::<board::Board>(),
    Kind::of::<pong::Pong>(),
];

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.facts.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;
    use spikeloom_engine::models::CATALOGUE;
    use spikeloom_engine::project::{self, View, ViewId};

    #[test]
    fn names_tell_kinds_apart_and_stand_in_files() {
        for kind in &KINDS {
            let name = kind.facts.name;
            assert_eq!(KINDS.iter().filter(|other| other.facts.name == name).count(), 1, "{name}");
            assert_eq!(KINDS.iter().filter(|other| other.facts.add.0 == kind.facts.add.0).count(), 1, "{name}");
            let mut sample = Sample::two_populations();
            sample.project.views = vec![View::new(ViewId(1), name)];
            let (again, _) = project::read_draft(&project::write(&sample.project)).expect("it can be read again");
            assert_eq!(again.views, sample.project.views);
        }
    }

    #[test]
    fn every_kind_has_its_recorders_and_every_recorder_that_stores_something_its_plot() {
        for kind in &KINDS {
            assert!(CATALOGUE.iter().any(|model| kind.takes(model)), "{}", kind.facts.name);
        }
        for model in CATALOGUE.iter().filter(|model| model.stores().is_some()) {
            assert!(KINDS.iter().any(|kind| kind.takes(model)), "{}", model.name);
        }
        assert_eq!(find("traces").map(Kind::needs).as_deref(), Some("a voltmeter or multimeter"));
    }
}
