//! How many cases property tests try: a few that are the same in every run, or as many others as `.ci/explore` asks for.

use proptest::test_runner::{Config, RngSeed};

/// This many cases, from this seed, unless the environment asks for others (`PROPTEST_CASES`, `PROPTEST_RNG_SEED`).
pub fn config(cases: u32, seed: u64) -> Config {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => Config::default(),
        None => Config { cases, rng_seed: RngSeed::Fixed(seed), ..Config::default() },
    }
}
