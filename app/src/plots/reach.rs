//! Where the partners of a neuron stand, as mask and kernel of a projection say.

use spikeloom_engine::description::space::{Kernel, Mask, Point};

/// How likely a partner is that stands so far away, or how many there are of it on the average.
pub fn value(mask: Option<&Mask>, kernel: Option<&Kernel>, way: Point) -> f64 {
    if mask.is_some_and(|mask| !mask.contains(way)) {
        return 0.0;
    }
    kernel.map_or(1.0, |kernel| kernel.value(way)).max(0.0)
}

/// Half the side of a square around the neuron, in the units of the space, that holds all of the mask and where the kernel is more
/// than a few percent.
pub fn half_width(mask: Option<&Mask>, kernel: Option<&Kernel>) -> f64 {
    let of_mask = mask.map(|mask| {
        let (low, high) = mask.bounds();
        (0..2).map(|axis| low[axis].abs().max(high[axis].abs())).fold(0.0, f64::max)
    });
    let of_kernel = kernel.map(|kernel| {
        let most = kernel.most(0.0, f64::INFINITY);
        let reach = if most.is_finite() { kernel.reach(0.03 * most) } else { f64::INFINITY };
        if reach.is_finite() { reach } else { 1.0 }
    });
    let half = match (of_mask, of_kernel) {
        (Some(mask), Some(kernel)) => mask.min(kernel),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => 1.0,
    };
    1.1 * half.clamp(1e-9, 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::description::space::{KernelShape, MaskKind};

    #[test]
    fn the_picture_holds_the_mask_and_most_of_the_kernel() {
        let disc = Mask::Form(MaskKind::Circular.around(0.5));
        assert!((half_width(Some(&disc), None) - 0.55).abs() < 1e-9);
        let wide = Kernel::new(KernelShape::Gaussian).with("std", 0.1);
        // exp(−r²/(2·0.01)) = 0.03 at 0.265.
        assert!((half_width(Some(&disc), Some(&wide)) - 0.2914).abs() < 0.002);
        assert!(half_width(None, Some(&Kernel::new(KernelShape::Linear))).is_finite());
    }
}
