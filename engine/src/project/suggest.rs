//! Messages about names that do not exist.

use crate::description::nearest;

/// More names than this do not help whoever reads the message.
const FEW: usize = 10;

/// "unknown parameter `V_tresh` of iaf_psc_alpha: did you mean `V_th`?", or what there is if
/// nothing is like it and there is not much. `owner` may be empty.
pub fn unknown(kind: &str, given: &str, owner: &str, known: &[&str]) -> String {
    let of = if owner.is_empty() { String::new() } else { format!(" of {owner}") };
    let what = format!("unknown {kind} `{given}`{of}");
    if let Some(name) = nearest(given, known.iter().copied()) {
        return format!("{what}: did you mean `{name}`?");
    }
    match known {
        [] => what,
        [only] => format!("{what}; there is only `{only}`"),
        [..] if known.len() <= FEW => {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("{what}; there are {}", names.join(", "))
        }
        _ => what,
    }
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn suggests_or_lists() {
        assert_eq!(
            unknown("parameter", "rat", "x", &["rate", "start"]),
            "unknown parameter `rat` of x: did you mean `rate`?"
        );
        assert_eq!(
            unknown("parameter", "weight", "x", &["rate", "stop"]),
            "unknown parameter `weight` of x; there are `rate`, `stop`"
        );
        assert_eq!(unknown("node", "E", "", &[]), "unknown node `E`");
    }
}
