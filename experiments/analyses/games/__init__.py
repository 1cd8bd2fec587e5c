"""Games between two sides, as arrays.

`first` and `second` are the payoffs of the side that chooses the row and of the side that chooses the column, each of
shape (..., rows, columns): `first[..., i, j]` is what the row side gets where it plays row i against column j.
"""
