//! The exact step of linear differential equations: the exponential of their matrix.

/// e^(a h), by scaling, a Taylor series and squaring; the same on every platform, for it is made of sums and products.
pub fn exponential<const N: usize>(a: &[[f64; N]; N], h: f64) -> [[f64; N]; N] {
    let row = |row: &[f64; N]| row.iter().map(|x| (x * h).abs()).sum::<f64>();
    let norm = a.iter().map(row).fold(0.0, f64::max);
    // So many halvings that the norm is at most ¼; then 14 terms are enough. The first of them lead to a norm of 1.
    let (mut halvings, mut large) = (0, 0);
    let mut size = h;
    while norm.is_finite() && norm * size / h > 0.25 && halvings < 1000 {
        large += usize::from(norm * size / h > 1.0);
        size *= 0.5;
        halvings += 1;
    }
    let mut one = [[0.0; N]; N];
    (0..N).for_each(|i| one[i][i] = 1.0);
    // What is kept is e^x − 1, so that small numbers keep their digits; from a norm of 1 on e^x, for that of what has
    // decayed.
    let mut sum = [[0.0; N]; N];
    let mut term = one;
    for n in 1..=14 {
        term = product(&term, a, size / n as f64);
        sum = added(&sum, &term);
    }
    for _ in large..halvings {
        sum = added(&added(&sum, &sum), &product(&sum, &sum, 1.0));
    }
    let mut whole = added(&sum, &one);
    for _ in 0..large {
        whole = product(&whole, &whole, 1.0);
    }
    whole
}

fn product<const N: usize>(a: &[[f64; N]; N], b: &[[f64; N]; N], factor: f64) -> [[f64; N]; N] {
    let mut c = [[0.0; N]; N];
    for (i, row) in c.iter_mut().enumerate() {
        for (j, x) in row.iter_mut().enumerate() {
            *x = factor * (0..N).map(|k| a[i][k] * b[k][j]).sum::<f64>();
        }
    }
    c
}

fn added<const N: usize>(a: &[[f64; N]; N], b: &[[f64; N]; N]) -> [[f64; N]; N] {
    let mut c = *a;
    for (row, others) in c.iter_mut().zip(b) {
        row.iter_mut().zip(others).for_each(|(x, y)| *x += y);
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driven_decay_is_solved_exactly() {
        // x' = -x/2, y' = x - y/5.
        for h in [1e-6, 0.1, 1.0, 30.0] {
            let step = exponential(&[[-0.5, 0.0], [1.0, -0.2]], h);
            let (fast, slow): (f64, f64) = ((-0.5 * h).exp(), (-0.2 * h).exp());
            assert!((step[0][0] / fast - 1.0).abs() < 1e-12, "{h}");
            assert!((step[1][1] / slow - 1.0).abs() < 1e-12, "{h}");
            assert!((step[1][0] / ((slow - fast) / 0.3) - 1.0).abs() < 1e-9, "{h}");
            assert_eq!(step[0][1], 0.0);
        }
    }
}
