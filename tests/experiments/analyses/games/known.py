"""Games with known answers: payoffs of the row side and of the column side."""

import numpy as np

PRISONERS = (np.array([[3.0, 0.0], [5.0, 1.0]]), np.array([[3.0, 5.0], [0.0, 1.0]]))  # cooperate, defect
PENNIES = (np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([[-1.0, 1.0], [1.0, -1.0]]))
SEXES = (np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [0.0, 3.0]]))
ROCK = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
ROCK_PAPER_SCISSORS = (ROCK, -ROCK)
# Unique and mixed: with paper's win over rock worth 2, the weights are those that make all three worth nothing, (1, 1,
# 2) / 4.
LOADED = np.array([[0.0, -2.0, 1.0], [2.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
LOADED_ROCK = (LOADED, -LOADED)
# Iterated dominance: the right column falls to the middle one, then the lower row, then the left column.
STAIRS = (np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]), np.array([[0.0, 2.0, 1.0], [3.0, 1.0, 0.0]]))
# The middle row falls only to a mix of the other two.
BEATEN_BY_A_MIX = (np.array([[3.0, 0.0], [1.0, 1.0], [0.0, 3.0]]), np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]))
# Degenerate (von Stengel's textbook example): to the first row two columns are best replies.
TIED = (np.array([[3.0, 3.0], [2.0, 5.0], [0.0, 6.0]]), np.array([[3.0, 3.0], [2.0, 6.0], [3.0, 1.0]]))
