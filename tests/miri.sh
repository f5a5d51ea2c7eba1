#!/bin/sh
# Runs the tests of all parts with `unsafe` under Miri, as far as it knows their instructions: structs of numbers seen as slices,
# rings and planes of input, and the team of threads. Takes some minutes, and needs a nightly toolchain with `miri` and `rust-src`:
#     rustup toolchain install nightly --component miri,rust-src
cd "$(dirname "$0")/.." || exit 1
export RUSTFLAGS="--cfg spikeloom_scalar"
exec cargo +nightly miri test -p spikeloom-engine --lib -- mechanisms::fields runtime::input runtime::clock::team "$@"
