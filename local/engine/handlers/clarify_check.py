"""ClarifyCheck steps: bias in the data, bias of a model, and what its predictions come from."""

from __future__ import annotations

from local.engine.handlers.checking import Check, CheckHandler
from local.jobs.checks import CLARIFY

_ANALYSIS = "analysis.json"

HANDLER = CheckHandler(
    "ClarifyCheck",
    {
        "DATA_BIAS": Check(_ANALYSIS, None, ("Bias", "PreTrainingConstraints", None), CLARIFY),
        "MODEL_BIAS": Check(_ANALYSIS, None, ("Bias", "PostTrainingConstraints", None), CLARIFY),
        "MODEL_EXPLAINABILITY": Check(_ANALYSIS, None, ("Explainability", "Constraints", None), CLARIFY),
    },
)
