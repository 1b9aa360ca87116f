"""ExportForNeo: the candidate as the model file of XGBoost 1.3, the newest that SageMaker Neo reads."""

from __future__ import annotations

from typing import Any

from pipeline import candidate, names
from pipeline.images import NEO_VERSION, xgboost_image
from pipeline.processing import INPUT, OUTPUT, Program, processing_step
from pipeline.site import Site

NEO = "neo"
ARCHIVE = "model.tar.gz"


def build(site: Site) -> Any:
    """Return the step. It runs where XGBoost 1.3 is, which reads the file and predicts with it before Neo gets it."""
    program = Program(
        "processing_scripts.export_for_neo",
        arguments=["--input", INPUT, "--output", OUTPUT],
        inputs={"candidate": candidate.archive(site)},
        outputs=[NEO],
        old_image=xgboost_image(site.environment.region, NEO_VERSION),
    )
    return processing_step(
        site,
        names.EXPORT_FOR_NEO,
        program,
        display_name="Export the model for Neo",
        description="Writes the trees as the model file of XGBoost 1.3, the newest that SageMaker Neo reads.",
        depends_on=[site.steps[names.REGISTER]],
    )
