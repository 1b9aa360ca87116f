"""PrepareBatch: rows to score as an AutoML model takes them, whatever table they come in."""

from __future__ import annotations

from typing import Any

from pipeline import names
from pipeline.processing import INPUT, OUTPUT, Program, processing_step
from pipeline.site import Site
from pipeline.steps.prepare import table_format

ROWS = "rows"


def build(site: Site) -> Any:
    """Return the step. It waits for Register: nothing is served that is not registered."""
    program = Program(
        "processing_scripts.prepare_batch",
        arguments=["--input", f"{INPUT}/data", "--output", OUTPUT, *table_format(site)],
        inputs={"data": site.parameters.batch_input_uri, "features": site.prepared("features")},
        outputs=[ROWS],
    )
    return processing_step(
        site,
        names.PREPARE_BATCH,
        program,
        display_name="Prepare rows for batch",
        description="Writes the rows at BatchInputUri in the columns and the order that the model was trained on.",
        depends_on=[site.steps[names.REGISTER]],
    )
