"""QualityCheck steps: statistics and constraints of data, or of a model's predictions."""

from __future__ import annotations

from local.engine.handlers.checking import Check, CheckHandler

HANDLER = CheckHandler(
    "QualityCheck",
    {
        "DATA_QUALITY": Check("constraints.json", "statistics.json", ("ModelDataQuality", "Constraints", "Statistics")),
        "MODEL_QUALITY": Check("constraints.json", "statistics.json", ("ModelQuality", "Constraints", "Statistics")),
    },
    {},
)
