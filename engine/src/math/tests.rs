//! The bits of values that were computed with 120 digits and rounded once.

use super::*;

const EXP: [(f64, u64); 20] = [
    (1.0, 0x4005bf0a8b145769),
    (-0.1, 0x3fecf46d99d52b3a),
    (-0.01, 0x3fefae7cfd2b9cfe),
    (-0.3333333333333333, 0x3fe6edd3122f2ea5),
    (0.5, 0x3ffa61298e1e069c),
    (-20.0, 0x3e21b48655f37267),
    (700.0, 0x7f0d945df4f8ec8e),
    (-708.3, 0x00119e98b83de7a3),
    (1e-09, 0x3ff000000044b830),
    (-9.094947017729282e-13, 0x3fefffffffffe000),
    (-1.5722122374486518, 0x3fca9228ee418430),
    (0.26537535177571137, 0x3ff4dcdb8bbcfa93),
    (-0.7802690007115247, 0x3fdd548107c1cad8),
    (0.6235202315771669, 0x3ffdd90527547edb),
    (0.7543218246483239, 0x40010264f478bed4),
    (-2.6068268445611213, 0x3fb2e279e118207d),
    (-2.920992050670755, 0x3fab962fce16b9bc),
    (2.02481449257876, 0x401e4c7fa3517226),
    (-1.4438759140319541, 0x3fce359da529bc42),
    (-1.5940142337198218, 0x3fc9ff76d349e417),
];

const EXP_M1: [(f64, u64); 20] = [
    (1.0, 0x3ffb7e151628aed3),
    (-0.1, 0xbfb85c933156a62c),
    (-0.01, 0xbf8460c0b518c09f),
    (0.3333333333333333, 0x3fd951b6c6e8b44c),
    (-0.0625, 0xbfaf0540438fd5c3),
    (-50.0, 0xbff0000000000000),
    (50.0, 0x44719103e4080b45),
    (1e-09, 0x3e112e0be84bbb51),
    (-30.5, 0xbfeffffffffffe01),
    (0.05, 0x3faa403484548655),
    (2.9738690130627763, 0x403291466150eb1a),
    (-0.17841895486531234, 0xbfc4ea8edd8e5322),
    (2.0187687076463323, 0x401a1dbef58a6ba2),
    (-0.1418807478039903, 0xbfc0ee6566ce27f7),
    (0.8344088432649714, 0x3ff4daf06d1e91f7),
    (-2.0963014558588564, 0xbfec111eacfe6f97),
    (0.8091639497111309, 0x3ff3efbc88508086),
    (2.20827184285978, 0x402033302242d497),
    (0.13908726229980806, 0x3fc319c8d30dc130),
    (1.4475111372089415, 0x400a0527d7d551be),
];

const LN: [(f64, u64); 20] = [
    (2.0, 0x3fe62e42fefa39ef),
    (10.0, 0x40026bb1bbb55516),
    (0.1, 0xc0026bb1bbb55515),
    (1.0000000000009095, 0x3d6ffffffffff000),
    (0.9999999990686774, 0xbe10000000200000),
    (1e+300, 0x4085963447f87fb5),
    (5e-324, 0xc0874385446d71c3),
    (0.7, 0xbfd6d3c324e13f50),
    (1.41, 0x3fd5fd5fabe64084),
    (1.42, 0x3fd6712984ec8f15),
    (2.0142344261087777, 0x3fe6685c024af1e7),
    (0.19209431468099192, 0xbffa6573f9895f46),
    (2.274690738860452, 0x3fea4c8c01be5f66),
    (1.7732987487939527, 0x3fe254b7b8f1ba7e),
    (0.903802978547137, 0xbfb9e490d46650bf),
    (0.09303525440924998, 0xc002ff8af7a635a8),
    (2.596581710936837, 0x3fee88c5be11f738),
    (1.4182472659964005, 0x3fd65ced359845ea),
    (2.1564717721974094, 0x3fe89755a08b5398),
    (2.636438400766445, 0x3fef058fca16f287),
];

const LN_1P: [(f64, u64); 20] = [
    (1.0, 0x3fe62e42fefa39ef),
    (-0.5, 0xbfe62e42fefa39ef),
    (1e-10, 0x3ddb7cdfd9d1d693),
    (-1e-05, 0xbee4f8bc681e6006),
    (100000.0, 0x4027069f7a2d94f6),
    (1e+20, 0x4047069e2aa2aa5b),
    (0.005, 0x3f746dd0fad67274),
    (-0.99999, 0xc027069e2aa2b45d),
    (0.01, 0x3f8460d6ccca3677),
    (-0.009, 0xbf8283f434e65529),
    (2.1423884508336077, 0x3ff251d9ddb6de76),
    (2.7632960027516233, 0x3ff53468b543b9d4),
    (1.1848902120022318, 0x3fe90295d24ae34e),
    (2.402726312955685, 0x3ff397de048f365b),
    (1.333863168152282, 0x3feb1eec8d96efb0),
    (2.8067601651135634, 0x3ff56371d40ce1bf),
    (2.636599981014125, 0x3ff4a8232dbc83a6),
    (0.2923629291926316, 0x3fd06a0aabebaebd),
    (0.4079065806020067, 0x3fd5e507c898714d),
    (0.650960823699412, 0x3fe00b1ebfcf34ae),
];

#[test]
fn values_are_the_nearest_numbers() {
    for (name, f, table) in
        [("exp", exp as fn(f64) -> f64, &EXP), ("exp_m1", exp_m1, &EXP_M1), ("ln", ln, &LN), ("ln_1p", ln_1p, &LN_1P)]
    {
        for (x, bits) in table {
            assert_eq!(f(*x).to_bits(), *bits, "{name}({x}) is {}", f(*x));
        }
    }
}

#[test]
fn ends_of_the_range() {
    let (most, least) = (f64::MAX, f64::MIN_POSITIVE);
    assert_eq!(
        [exp(0.0), exp(-0.0), exp(709.8), exp(-746.0), exp(f64::NEG_INFINITY)],
        [1.0, 1.0, f64::INFINITY, 0.0, 0.0]
    );
    assert!(exp(709.7) < most && exp(-745.0) == 5e-324 && exp(f64::INFINITY) == f64::INFINITY);
    assert_eq!(
        [exp_m1(-1e300), exp_m1(f64::NEG_INFINITY), exp_m1(f64::INFINITY), exp_m1(1e300)],
        [-1.0, -1.0, f64::INFINITY, f64::INFINITY]
    );
    assert!(exp_m1(-0.0).is_sign_negative() && exp_m1(least) == least);
    assert_eq!([ln(1.0), ln(0.0), ln(f64::INFINITY)], [0.0, f64::NEG_INFINITY, f64::INFINITY]);
    assert_eq!([ln_1p(-1.0), ln_1p(f64::INFINITY), ln_1p(least)], [f64::NEG_INFINITY, f64::INFINITY, least]);
    assert!(ln_1p(-0.0).is_sign_negative());
    for f in [exp, exp_m1, ln, ln_1p, sin, cos, tanh, erfc] {
        assert!(f(f64::NAN).is_nan());
    }
    assert!(ln(-1.0).is_nan() && ln_1p(-1.1).is_nan());
}

#[test]
fn an_exponential_undoes_a_logarithm() {
    let mut x = 1e-300;
    while x < 1e300 {
        assert!((exp(ln(x)) / x - 1.0).abs() < 2e-13, "{x}");
        assert!((ln_1p(exp_m1(1.0 / (1.0 + x))) * (1.0 + x) - 1.0).abs() < 1e-15, "{x}");
        x *= 1.37;
    }
}
