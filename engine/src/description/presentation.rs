//! How a model presents itself where networks are drawn: palette, canvas and new nodes ask its declaration.

/// Where the palette lists a neuron model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    IntegrateAndFireCurrents,
    IntegrateAndFireConductances,
    Adaptive,
    EscapeNoise,
    HodgkinHuxley,
    /// What belongs to none of the others, too.
    Simple,
    PreciseTimes,
    Compartments,
    Binary,
    Rates,
    Glia,
    /// Stepped as BrainPy steps its neurons, in its units.
    BrainPy,
}

impl Section {
    /// All sections, in the order of the palette.
    pub const ALL: [Section; 12] = [
        Section::IntegrateAndFireCurrents,
        Section::IntegrateAndFireConductances,
        Section::Adaptive,
        Section::EscapeNoise,
        Section::HodgkinHuxley,
        Section::Simple,
        Section::PreciseTimes,
        Section::Compartments,
        Section::Binary,
        Section::Rates,
        Section::Glia,
        Section::BrainPy,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Section::IntegrateAndFireCurrents => "Integrate and fire, currents",
            Section::IntegrateAndFireConductances => "Integrate and fire, conductances",
            Section::Adaptive => "Adaptive",
            Section::EscapeNoise => "Escape noise",
            Section::HodgkinHuxley => "Hodgkin and Huxley",
            Section::Simple => "Simple and phenomenological",
            Section::PreciseTimes => "Precise spike times",
            Section::Compartments => "Compartments",
            Section::Binary => "Binary",
            Section::Rates => "Rates",
            Section::Glia => "Glia",
            Section::BrainPy => "BrainPy style",
        }
    }
}

/// A line of what stands within the shape of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The value of a parameter with its unit: `400 pA`.
    Value(&'static str),
    /// The same of what spreads around a mean: `± 400 pA`.
    Spread(&'static str),
    /// How many entries a list has, and what one of them is called: `3 spikes`.
    Count(&'static str, &'static str),
    /// A word: `matrix`.
    Word(&'static str),
    /// What there is of each pair of so many: `3 × 3`.
    Square(&'static str),
}

impl Line {
    /// The parameter that it tells of, if it does.
    pub const fn parameter(self) -> Option<&'static str> {
        match self {
            Line::Value(name) | Line::Spread(name) | Line::Count(name, _) | Line::Square(name) => Some(name),
            Line::Word(_) => None,
        }
    }
}
