//! What neurons of a few fixed compartments have in common: each compartment has a group of parameters of its own.

/// Parameters of one compartment, `soma.g_L` and so on; in files they stand together: `soma: (g_L: 10)`.
macro_rules! compartment {
    ($name:literal, $title:literal, C_m: $c_m:literal, g_L: $g_l:literal,
     E_ex: $e_ex:literal, E_in: $e_in:literal, tau_syn: ($tau_ex:literal, $tau_in:literal)) => {
        compartment!(
            $name, $title, C_m: $c_m, g_L: $g_l, E_ex: $e_ex, E_in: $e_in, tau_syn: ($tau_ex, $tau_in),
            current: Acts::Always, reversals: Acts::Always
        )
    };
    // Where the current or the reversal potentials of synapses do not enter the equations.
    ($name:literal, $title:literal, C_m: $c_m:literal, g_L: $g_l:literal,
     E_ex: $e_ex:literal, E_in: $e_in:literal, tau_syn: ($tau_ex:literal, $tau_in:literal),
     current: $current:expr, reversals: $reversals:expr) => {
        Group {
            title: $title,
            parameters: &[
                real(concat!($name, ".I_e"), "pA", 0.0)
                    .slider(-500.0, 1000.0)
                    .acts($current)
                    .doc("Constant input current"),
                real(concat!($name, ".g_L"), "nS", $g_l).slider(1.0, 50.0).doc("Leak conductance"),
                real(concat!($name, ".C_m"), "pF", $c_m).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real(concat!($name, ".E_L"), "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real(concat!($name, ".E_ex"), "mV", $e_ex)
                    .slider(-60.0, 40.0)
                    .acts($reversals)
                    .doc("Excitatory reversal potential"),
                real(concat!($name, ".E_in"), "mV", $e_in)
                    .slider(-100.0, 0.0)
                    .acts($reversals)
                    .doc("Inhibitory reversal potential"),
                real(concat!($name, ".tau_syn_ex"), "ms", $tau_ex)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Time constant of excitatory input"),
                real(concat!($name, ".tau_syn_in"), "ms", $tau_in)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Time constant of inhibitory input"),
                state(concat!($name, ".V_m"), "mV", -70.0).slider(-90.0, -40.0).doc("Potential at the beginning"),
            ],
        }
    };
}
pub(super) use compartment;
