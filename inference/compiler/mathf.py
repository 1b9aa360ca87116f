"""The system's 32-bit mathematics, which numpy's own differs from in the last bit."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np


def log(value: np.float32) -> np.float32:
    """`logf` of the C library that Python runs on."""
    return np.float32(_logf()(float(value)))


@cache
def _logf() -> Any:
    function = ctypes.CDLL(None).logf  # Python itself is linked with the mathematics library.
    function.argtypes, function.restype = [ctypes.c_float], ctypes.c_float
    return function
