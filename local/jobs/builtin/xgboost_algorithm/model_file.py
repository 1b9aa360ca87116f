"""Writes `xgboost-model` in the format of the image's version.

Up to 1.2 the image pickled the model, and scripts of that time unpickle it; from 1.3 on it had XGBoost save it. What
1.3 to 2.1 wrote (a binary format of their own), today's XGBoost can no longer write: they get UBJSON, as from 3.0 on.
Every XGBoost since 1.6 loads that with `Booster.load_model`.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

PICKLED_BEFORE = (1, 3)
_PROTOCOL = 4


def write(booster: Any, target: Path, version: tuple[int, int]) -> None:
    """Write the model of a job whose image has that version."""
    if version < PICKLED_BEFORE:
        target.write_bytes(pickle.dumps(booster, protocol=_PROTOCOL))
    else:
        target.write_bytes(booster.save_raw("ubj"))
