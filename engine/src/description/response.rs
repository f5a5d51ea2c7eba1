//! What one spike does to a membrane, as far as that follows from a formula.

/// The course in time of the current or conductance that one spike makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCourse {
    /// At its highest at once, then decaying: `exp(−t/τ)`.
    Exponential,
    /// Rising to its highest at `t = τ`: `t/τ exp(1 − t/τ)`.
    Alpha,
}

impl TimeCourse {
    /// The area below it, in units of its time constant where it reaches 1.
    pub const fn area(self) -> f64 {
        match self {
            TimeCourse::Exponential => 1.0,
            TimeCourse::Alpha => std::f64::consts::E,
        }
    }
}

/// How a neuron at rest answers one spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// There is no formula.
    Unknown,
    /// The potential jumps by the weight, mV.
    Jump,
    /// The weight is the height of a current into a leaky membrane, pA. The membrane has the time constant `tau_m`, or
    /// `C_m` and `g_L`, the current `tau_syn_ex` or `tau_syn_in` by its sign, or the port's entry of `tau_syn`.
    Leaky(TimeCourse),
    /// The weight is the height of a current of this course, into a membrane with currents of its own.
    Active(TimeCourse),
}

impl Response {
    /// The course of the current, where there is one.
    pub const fn course(self) -> Option<TimeCourse> {
        match self {
            Response::Leaky(course) | Response::Active(course) => Some(course),
            Response::Unknown | Response::Jump => None,
        }
    }
}
