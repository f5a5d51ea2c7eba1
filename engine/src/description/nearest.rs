//! The name that was meant.

/// The name among `names` that is most like `given`, if any is like it at all.
///
/// Counts slips of the finger, and half of what was added or left out where all letters of one
/// name stand in the other in order: `V_tresh` is more like `V_th` than like `V_reset`.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_lowercase();
    names
        .filter_map(|name| {
            let other = name.to_lowercase();
            let shortened = is_within(&lower, &other) || is_within(&other, &lower);
            let slips = strsim::damerau_levenshtein(&lower, &other);
            let half_slips = if shortened { slips } else { 2 * slips };
            (half_slips <= 2 + 2 * (name.len().min(given.len()) / 4)).then_some(((half_slips, !shortened), name))
        })
        .min_by_key(|(unlikeness, _)| *unlikeness)
        .map(|(_, name)| name)
}

/// Whether all characters of `short` (three at least, beginning with the first) stand in `long` in order.
fn is_within(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() >= 3
        && short.chars().next() == long.chars().next()
        && short.chars().all(|c| rest.any(|d| d == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAKY: [&str; 10] =
        ["I_e", "tau_m", "V_th", "t_ref", "C_m", "E_L", "V_reset", "tau_syn_ex", "tau_syn_in", "tau_minus"];
    const QUADRATIC: [&str; 7] = ["V_m", "U_m", "V_th", "I_e", "a", "b", "c"];

    #[test]
    fn nearest_finds_what_was_meant() {
        let near = |given| nearest(given, LEAKY.into_iter());
        assert_eq!(near("V_tresh"), Some("V_th"));
        assert_eq!(near("v_th"), Some("V_th"));
        assert_eq!(near("V_rset"), Some("V_reset"));
        assert_eq!(near("tau_ex"), Some("tau_syn_ex"));
        assert_eq!(near("tau_minsu"), Some("tau_minus"));
        assert_eq!(near("colour"), None);
        assert_eq!(nearest("E_L", QUADRATIC.into_iter()), None);
    }
}
