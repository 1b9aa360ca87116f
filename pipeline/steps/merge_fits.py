"""MergeFits: one host decides the split, and fits the features on the training rows of all shards."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.processing import Program, processing_step
from pipeline.site import Site
from pipeline.steps.fit_shards import PARTS
from pipeline.steps.prepare import arguments, earlier, like


def build(site: Site) -> Any:
    """Return the step."""
    program = Program(
        "processing_scripts.merge_fits",
        arguments=[*arguments(site, PARTS), *like(site)],
        inputs={PARTS: site.output(names.FIT_SHARDS, PARTS), **earlier(site)},
        outputs=site.outputs_of(names.MERGE_FITS),
    )
    return processing_step(
        site,
        names.MERGE_FITS,
        program,
        display_name="Fit the features",
        description="Splits the rows 80/10/10, fits the features on the training rows alone, and profiles the data.",
    )
