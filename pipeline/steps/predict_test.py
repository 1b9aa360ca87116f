"""PredictTest: the test rows, predicted by the candidate in the container that serves it."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.site import Site
from pipeline.transform import transform_step


def build(site: Site) -> Any:
    """Return the step."""
    return transform_step(
        site,
        names.PREDICT_TEST,
        site.prepared("raw_test"),
        by_line=True,
        display_name="Predict the test rows",
        description="Sends the raw test rows to the candidate in its own container, for Evaluate to measure.",
    )
