"""Evaluate: the candidate, the baseline and the champion on the untouched test rows, through the serving code."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.properties import PropertyFile

from pipeline import candidate, names
from pipeline.arguments import options
from pipeline.processing import INPUT, OUTPUT, Program, processing_step
from pipeline.site import Site
from pipeline.steps.find_champion import MODEL_DATA

#: What the quality gate reads.
GATE = PropertyFile(name=names.GATE_FILE, output_name=names.EVALUATION, path="gate.json")


def build(site: Site) -> Any:
    """Return the step. Of AutoML's candidate it reads predictions: that archive is for a container of its own."""
    program = Program(
        "processing_scripts.evaluate",
        arguments=["--input", INPUT, "--output", OUTPUT, "--metric", site.problem.metric, *_judged(site)],
        inputs={
            **_candidate(site),
            "baseline": site.model_archive(names.TRAIN_BASELINE),
            # The approved model's archive, or a file that is none.
            "champion": site.steps[names.FIND_CHAMPION].output(MODEL_DATA),
            "test": site.prepared("test"),
        },
        outputs=[names.EVALUATION],
    )
    return processing_step(
        site,
        names.EVALUATE,
        program,
        display_name="Evaluate on the test rows",
        description="Measures candidate, baseline and champion on rows unseen in training, as the endpoint would.",
        property_files=[GATE],
    )


def _judged(site: Site) -> list[str]:
    """Return what the problem says about how a model is judged."""
    candidate = ["--candidate", "predictions"] if site.automl else []
    return [*candidate, *options("--slice", site.problem.evaluation.slices)]


def _candidate(site: Site) -> dict[str, Any]:
    if not site.automl:
        return {"candidate": candidate.archive(site)}
    predicted = site.steps[names.PREDICT_TEST].properties.TransformOutput.S3OutputPath
    return {"predictions": predicted, "raw_test": site.prepared("raw_test")}
