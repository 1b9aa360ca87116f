"""BatchTransform: rows at an address, scored by the registered model."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.site import Site
from pipeline.steps.prepare_batch import ROWS
from pipeline.transform import transform_step


def build(site: Site) -> Any:
    """Return the step.

    Our own models take objects as they are, which are not split by line: their first line names the columns, and would
    be one of many. Those of AutoML know no such line, and take what PrepareBatch has made of the objects.
    """
    return transform_step(
        site,
        names.BATCH_TRANSFORM,
        site.output(names.PREPARE_BATCH, ROWS) if site.automl else site.parameters.batch_input_uri,
        by_line=site.automl,
        display_name="Score rows in batch",
        description="Scores the rows at BatchInputUri with the registered model.",
    )
