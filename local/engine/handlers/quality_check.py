"""QualityCheck steps: statistics and constraints of data, or of a model's predictions."""

from __future__ import annotations

from local.engine.handlers.checking import Check, CheckHandler

_FILES = ("constraints.json", "statistics.json")

HANDLER = CheckHandler(
    "QualityCheck",
    {
        "DATA_QUALITY": Check(*_FILES, ("ModelDataQuality", "Constraints", "Statistics"), "DATA_QUALITY"),
        "MODEL_QUALITY": Check(*_FILES, ("ModelQuality", "Constraints", "Statistics"), "MODEL_QUALITY"),
    },
)
