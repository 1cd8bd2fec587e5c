"""Published cases that the kernels are held against: facts, with where they were printed."""

import numpy as np

# Yearly sales of consumer durables in the United States, thousands: Bass (1969); Srinivasan and Mason (1986).
ROOM_AIR_CONDITIONERS = np.array([96, 195, 238, 380, 1045, 1230, 1267, 1828, 1586, 1673, 1800, 1580, 1500], float)
COLOUR_TELEVISIONS = np.array([747, 1480, 2646, 5118, 5777, 5982, 5962, 4631], float)
CLOTHES_DRYERS = np.array([106, 319, 492, 635, 737, 890, 1397, 1523, 1294, 1240, 1425, 1260, 1236], float)
VIDEO_RECORDERS = np.array([840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890], float)

# (p, q, market in thousands). The first three are least-squares fits of yearly increments of the Bass curve; the last
# is the printed fit of R's nls to the density at years 1-10, with its standard errors.
INTERVAL_FITS = {
    "room air conditioners": (ROOM_AIR_CONDITIONERS, (0.00944, 0.37476, 18712.7)),
    "colour televisions": (COLOUR_TELEVISIONS, (0.01847, 0.61586, 39658.6)),
    "clothes dryers": (CLOTHES_DRYERS, (0.0136, 0.3267, 16497.0)),
}
DENSITY_FIT = (VIDEO_RECORDERS, (0.00659, 0.638, 68000.0), (0.00143, 0.0414, 3130.0))

# Beta reputation (Josang and Ismail 2002): seven good and one bad on a uniform prior.
REPUTATION = {"prior": (1.0, 1.0), "good": 7, "bad": 1, "posterior": (8.0, 2.0), "expected": 0.8}
# Consensus (DeGroot 1974): weights, opinions, what everybody ends up with.
CONSENSUS = {
    "weights": np.array([[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]]),
    "opinions": np.array([1.0, 0.0, 0.0]),
    "limit": 0.25,
}

# Finance into price, nominal rates halved per half-year: (rate, years, years of grace) -> value at 8, 12, 16 % a year.
COSTS_OF_CAPITAL = (0.08, 0.12, 0.16)
PRESENT_VALUES = {
    "China Exim concessional": ((0.0285, 16, 5), (0.64, 0.47, 0.35)),
    "Chinese average": ((0.042, 10, 2), (0.82, 0.68, 0.56)),
    "export credit": ((0.05, 10, 1), (0.87, 0.73, 0.62)),
}
GUARANTEE = (0.93, 0.81, 0.71)  # 85 % of the loan at 5 % and a fee of 1 %, ten years, one of grace

# Electricity of all data centres outside the United States and China, TWh a year: the IEA's base case (Energy and AI,
# 2025), 415 less 183 less 102 in 2024, 945 less 426 less 277 in 2030. A site's mean draw over its power lies between
# the load factors, which are judged: about a half over all data centres, about three quarters where sites are full.
IEA_OUTSIDE_BOTH_HOMES_TWH = {2024: 130.0, 2030: 242.0}
LOAD_FACTORS = (0.5, 0.75)
