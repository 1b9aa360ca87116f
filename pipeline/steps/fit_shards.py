"""FitShards: every host reads its share of the table's files, and says what their columns hold."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.processing import Program, processing_step
from pipeline.site import Site
from pipeline.steps.prepare import arguments

PARTS = "parts"


def build(site: Site) -> Any:
    """Return the step."""
    program = Program(
        "processing_scripts.fit_shard",
        arguments=arguments(site, "data"),
        inputs={"data": site.parameters.input_data_uri},
        outputs=[PARTS],
        hosts=site.problem.processing.shards,
        sharded=["data"],
    )
    return processing_step(
        site,
        names.FIT_SHARDS,
        program,
        display_name="Read the data in shards",
        description="Reads the table's files, each host its share, and sums up what their columns hold.",
    )
