"""Names for the arrays that numerics pass around."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Numbers = FloatArray | Sequence[float]
"""What a caller may hand in where one vector is wanted."""


def vector(numbers: Numbers, *, length: int, name: str) -> FloatArray:
    """Check and copy one vector of finite numbers.

    Args:
        numbers: What the caller handed in.
        length: How many numbers there must be.
        name: What to call it in the error.

    Raises:
        ValueError: If the shape is another one or a number is not finite.
    """
    array = np.array(numbers, dtype=np.float64)
    if array.shape != (length,):
        raise ValueError(f"{name} needs {length} numbers, not an array of shape {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite: {array.tolist()}.")
    return array
