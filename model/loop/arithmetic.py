"""Exponential, logarithm and friends, written out so that every machine gives the same bits.

The C library's last bit differs between machines, and its calls keep loops from vectorising. These are branch-free
polynomials with explicit fused multiply-add, accurate to about one unit in the last place on the ranges used here.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from stackcraft.model.loop.compiled import compiled


@intrinsic
def _bits_of(typing_context, value):
    def build(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), build


@intrinsic
def _float_of(typing_context, value):
    def build(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), build


@intrinsic
def fused(typing_context, a, b, c):
    """a * b + c, rounded once."""

    def build(context, builder, signature, arguments):
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), build


LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
# ln((1 + s) / (1 - s)) = 2 s + s (LOG_1 s**2 + LOG_2 s**4 + ...) within 2**-58 for |s| < 0.1716: fdlibm's coefficients
# (e_log.c, Sun 1993).
LOG_1, LOG_2, LOG_3, LOG_4 = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
)
LOG_5, LOG_6, LOG_7 = 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01
ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits


@compiled
def exp(x):
    """e**x; x is clamped to [-708, 708]."""
    x = min(max(x, -708.0), 708.0)
    shifted = fused(x, LOG2_E, ROUND)
    n = shifted - ROUND
    r = fused(-n, LN2_LOW, fused(-n, LN2_HIGH, x))
    # 1 + r + r**2 q(r), Taylor to the 13th power: |r| <= ln(2)/2, so the remainder is below 5e-18. In pairs, which do
    # not wait for each other (Estrin's scheme).
    r2 = r * r
    r4 = r2 * r2
    low = fused(fused(r, 1.0 / 120.0, 1.0 / 24.0), r2, fused(r, 1.0 / 6.0, 0.5))
    middle = fused(fused(r, 1.0 / 362880.0, 1.0 / 40320.0), r2, fused(r, 1.0 / 5040.0, 1.0 / 720.0))
    high = fused(fused(r, 1.0 / 6227020800.0, 1.0 / 479001600.0), r2, fused(r, 1.0 / 39916800.0, 1.0 / 3628800.0))
    q = fused(fused(high, r4, middle), r4, low)
    p = 1.0 + fused(q, r2, r)
    return _float_of(_bits_of(p) + ((_bits_of(shifted) - _bits_of(ROUND)) << 52))


@compiled
def log(x):
    """Natural logarithm of a positive normal number."""
    bits = _bits_of(x)
    # Exponent such that the mantissa lies in [sqrt(1/2), sqrt(2)).
    e = (bits - 0x3FE6A09E667F3BCD) >> 52
    m = _float_of(bits - (e << 52))
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    low = fused(fused(z, LOG_7, LOG_6), z2, fused(z, LOG_5, LOG_4))
    p = fused(low, z2 * z, fused(fused(z, LOG_3, LOG_2), z, LOG_1))
    half_square = 0.5 * f * f
    k = float(e)
    return k * LN2_HIGH - ((half_square - (s * (half_square + z * p) + k * LN2_LOW)) - f)


@compiled
def sigmoid(x):
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def power(base, exponent):
    """base**exponent for a positive base."""
    return exp(exponent * log(base))


@compiled
def root(x):
    """Square root (correctly rounded on every machine)."""
    return np.sqrt(x)


@compiled
def normal(u):
    """The standard normal value below which a share `u` lies; u in (0, 1).

    Wichura (1988), Algorithm AS 241, PPND16: relative error about 1e-16.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (
            (
                (
                    (
                        ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        bottom = (
            (
                (
                    (
                        ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * top / bottom
    r = u if q < 0.0 else 1.0 - u
    r = np.sqrt(-log(r))
    if r <= 5.0:
        r -= 1.6
        top = (
            (
                (
                    (
                        ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        bottom = (
            (
                (
                    (
                        ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        top = (
            (
                (
                    (
                        ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        bottom = (
            (
                (
                    (
                        ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    value = top / bottom
    return -value if q < 0.0 else value
