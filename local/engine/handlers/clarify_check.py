"""ClarifyCheck steps: bias in the data. What needs predictions of a served model is named as unsupported."""

from __future__ import annotations

from local.engine.handlers.checking import Check, CheckHandler

_SERVED = "has the CheckType {}, for which Clarify serves the model and asks it; the laptop computes DATA_BIAS."

HANDLER = CheckHandler(
    "ClarifyCheck",
    {"DATA_BIAS": Check("analysis.json", None, ("Bias", "PreTrainingConstraints", None))},
    {kind: _SERVED.format(kind) for kind in ("MODEL_BIAS", "MODEL_EXPLAINABILITY")},
)
