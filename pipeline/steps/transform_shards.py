"""TransformShards: every host makes features of its share of the files, by what was fitted on all."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.processing import Program, processing_step
from pipeline.site import Site
from pipeline.steps.prepare import arguments


def build(site: Site) -> Any:
    """Return the step."""
    fitted = {name: site.output(names.MERGE_FITS, name) for name in ("features", "plan")}
    program = Program(
        "processing_scripts.transform_shard",
        arguments=arguments(site, "data"),  # The plan is found beside the data.
        inputs={"data": site.parameters.input_data_uri, **fitted},
        outputs=site.outputs_of(names.TRANSFORM_SHARDS),
        hosts=site.problem.processing.shards,
        sharded=["data"],
    )
    return processing_step(
        site,
        names.TRANSFORM_SHARDS,
        program,
        display_name="Make the features in shards",
        description="Turns the table's files into features for training, validation and test, each host its share.",
    )
