"""The tables of `inference/compiler/reader.c` as they lie in memory."""

from __future__ import annotations

import ctypes

import numpy as np

VERSION = 2
NONE = 0xFFFFFFFF
"""No table; or, as the count of an action: Python is asked."""

IGNORED, NUMBER, TEXT = range(3)

LARGEST, OTHER, LABEL, END = -1, -2, -3, -4
"""What may follow a text in an answer besides the output of a number: the largest of all outputs, what the only one
leaves to 1, the label, and nothing."""

ACTION = np.dtype([("place", "u4"), ("value", "u4"), ("count", "u4")], align=True)
COLUMN = np.dtype(
    [
        *((name, "f8") for name in ("low", "high", "mean", "deviation")),
        *((name, "u4") for name in ("kind", "feature", "table", "boolean")),
        ("gap", ACTION),
        ("other", ACTION),
    ],
    align=True,
)
TABLE = np.dtype([("first", "u4"), ("mask", "u4")], align=True)
KNOWN = np.dtype([("start", "u4"), ("length", "u4"), ("table", "u4"), ("action", ACTION)], align=True)


class Reader(ctypes.Structure):
    """What the reader is given: how rows are read."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("version", "width", "features", "texts", "missing")),
        *((name, ctypes.c_uint32) for name in ("tokens", "names", "early")),
        *((name, ctypes.c_void_p) for name in ("columns", "tables", "text", "slots", "bytes", "values")),
        ("missing_numbers", ctypes.c_void_p),
    )


class Piece(ctypes.Structure):
    """A text in an answer, and what follows it."""

    _fields_ = (("text", ctypes.c_char_p), ("length", ctypes.c_uint32), ("next", ctypes.c_int32))


class Form(ctypes.Structure):
    """How a row is answered."""

    _fields_ = (
        ("reader", ctypes.c_void_p),
        ("pieces", ctypes.POINTER(Piece)),
        ("labels", ctypes.POINTER(Piece)),
        ("threshold", ctypes.c_float),
        ("out", ctypes.c_void_p),
    )
    kept: object = None
    """What it points to."""
