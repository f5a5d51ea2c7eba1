//! What the synapses of a connection are like.

use super::{NodeId, Value};

/// What synapses are like: their model, weight, delay, receptor, parameters, and the devices that work with them; NEST's
/// `syn_spec`. What is not said of them is as their model has it, or as the [`Connection`](super::Connection) says.
///
/// ```
/// use spikeloom_engine::network::{Synapse, normal};
///
/// let plastic = Synapse::new("stdp_synapse").weight(normal(50.0, 5.0)).delay(1.5).set("Wmax", 100.0);
/// let excitatory = Synapse::from(20.0); // static synapses of this weight
/// # let _ = (plastic, excitatory);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Synapse {
    pub(super) model: Option<String>,
    pub(super) weight: Option<Value>,
    pub(super) delay: Option<Value>,
    pub(super) receptor: Option<u32>,
    pub(super) params: Vec<(String, Value)>,
    pub(super) weight_recorder: Option<NodeId>,
    pub(super) volume_transmitter: Option<NodeId>,
}

impl Synapse {
    /// Synapses of a model of the catalogue.
    pub fn new(model: &str) -> Synapse {
        Synapse { model: Some(model.to_owned()), ..Synapse::default() }
    }
    /// Weight, in the unit of the port: pA, nS or mV.
    pub fn weight(mut self, weight: impl Into<Value>) -> Self {
        self.weight = Some(weight.into());
        self
    }
    /// Delay, ms.
    pub fn delay(mut self, delay: impl Into<Value>) -> Self {
        self.delay = Some(delay.into());
        self
    }
    /// NEST's `receptor_type`.
    pub fn receptor(mut self, number: u32) -> Self {
        self.receptor = Some(number);
        self
    }
    /// A parameter or the initial state of the synapses beside weight and delay.
    pub fn set(mut self, parameter: &str, value: impl Into<Value>) -> Self {
        self.params.push((parameter.to_owned(), value.into()));
        self
    }
    /// The weight recorder that stores every weight that is transmitted.
    pub fn weight_recorder(mut self, recorder: NodeId) -> Self {
        self.weight_recorder = Some(recorder);
        self
    }
    /// The volume transmitter whose spikes are the third factor of the synapses.
    pub fn volume_transmitter(mut self, transmitter: NodeId) -> Self {
        self.volume_transmitter = Some(transmitter);
        self
    }
}

/// Static synapses of this weight.
impl From<f64> for Synapse {
    fn from(weight: f64) -> Synapse {
        Synapse::default().weight(weight)
    }
}

/// Synapses of this model.
impl From<&str> for Synapse {
    fn from(model: &str) -> Synapse {
        Synapse::new(model)
    }
}
