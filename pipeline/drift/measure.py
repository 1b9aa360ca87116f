"""MeasureDrift: captured rows against the training rows of the approved model."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.properties import PropertyFile

from pipeline import names
from pipeline.drift.find_captured import MANIFEST
from pipeline.drift.parameters import DriftParameters
from pipeline.processing import INPUT, OUTPUT, Program, processing_step
from pipeline.site import Site
from pipeline.steps.find_champion import BASELINE

#: What the gate and the message read.
REPORT = PropertyFile(name="Drift", output_name="drift", path="drift.json")


def measured(field: str) -> JsonGet:
    """Return a value of what was measured."""
    return JsonGet(step_name=names.MEASURE_DRIFT, property_file=REPORT, json_path=field)


def build(site: Site, given: DriftParameters) -> Any:
    """Return the step."""
    program = Program(
        "processing_scripts.drift",
        arguments=[
            *("--input", INPUT, "--output", OUTPUT, "--least-rows", given.least_rows.to_string()),
            *("--psi", given.psi.to_string(), "--ks", given.ks.to_string()),
            *("--missing", given.missing.to_string(), "--unseen", given.unseen.to_string()),
        ],
        inputs={
            "baseline": site.steps[names.FIND_CHAMPION].output(BASELINE),
            "captured": site.steps[names.FIND_CAPTURED].output(MANIFEST),
        },
        outputs=["drift"],
        manifests=["captured"],
    )
    return processing_step(
        site,
        names.MEASURE_DRIFT,
        program,
        display_name="Measure drift",
        description="Compares captured rows with the rows that the approved model was trained on, column by column.",
        property_files=[REPORT],
    )
