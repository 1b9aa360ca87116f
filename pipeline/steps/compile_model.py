"""Compile: the model compiled for a target. Neo has no step type: a queue's functions submit, follow and answer."""

from __future__ import annotations

import json
from typing import Any

from sagemaker.core.workflow.functions import Join

from config.compilation import Compile, read_target
from pipeline import names, placeholders
from pipeline.callback_step import CallbackStep
from pipeline.site import Site
from pipeline.steps.export_for_neo import ARCHIVE, NEO

ARTIFACT = "ModelArtifacts"
OUTPUTS = (ARTIFACT, "CompilationJobName", "CompilationTarget")


def build(site: Site, target: str) -> Any:
    """Return the step. Its artefact is for devices, and nothing waits for it but an endpoint on Neo's own image."""
    compiled = site.problem.compile
    assert compiled is not None  # noqa: S101 - the graph has this step for problems that ask for it
    return CallbackStep(
        names.compile_step(target),
        placeholders.COMPILE_QUEUE_URL,
        _arguments(site, compiled, target),
        OUTPUTS,
        display_name=f"Compile for {target}",
        description=f"Has SageMaker Neo compile the model for {target}, and waits for the artefact.",
        depends_on=[site.steps[names.REGISTER]] if compiled.model is not None else None,
    )


def _arguments(site: Site, compiled: Compile, target: str) -> dict[str, Any]:
    """Return what the job's request needs of the pipeline; its role, key and network are the function's to know."""
    request = read_target(target).request()
    optional = {
        "TargetPlatform": json.dumps(request["TargetPlatform"], sort_keys=True)
        if "TargetPlatform" in request
        else None,
        "TargetDevice": request.get("TargetDevice"),
        "CompilerOptions": compiled.compiler_options(target),
        "DataInputConfig": compiled.data_input_config(),
        "FrameworkVersion": compiled.framework_version,
    }
    return {
        "Problem": site.problem.name,
        "Target": target,
        "S3Uri": compiled.model or _exported(site),
        "S3OutputLocation": site.destination(names.compile_step(target)),
        "Framework": compiled.framework.upper(),
        "MaxRuntimeInSeconds": str(60 * compiled.max_runtime_minutes),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _exported(site: Site) -> Join:
    return Join(on="/", values=[site.output(names.EXPORT_FOR_NEO, NEO), ARCHIVE])
