"""The confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def confusion(truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> list[list[int]]:
    """Counts, (classes, classes): a row per true class, a column per predicted one."""
    counts: list[list[int]] = (
        np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes).tolist()
    )
    return counts
