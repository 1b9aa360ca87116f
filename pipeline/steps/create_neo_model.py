"""CreateNeoModel: the compiled model in Neo's own image, between what makes features for it and what tells its scores.

Neo's image takes features and gives scores. The containers before and behind it are those of the candidate, whose
archive has programs for both; what they answer together is what the candidate alone answers.
"""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from config.neo_endpoint import family
from pipeline import candidate, names, placeholders
from pipeline.images import neo_image
from pipeline.placeholders import mark
from pipeline.request_step import RequestStep
from pipeline.site import Site
from pipeline.steps.compile_model import ARTIFACT

BEFORE, BEHIND = "preprocessing.py", "postprocessing.py"


def wanted(site: Site) -> bool:
    """Say whether the problem has its endpoint serve the compiled model."""
    return site.problem.compile is not None and site.problem.compile.endpoint


def build(site: Site) -> Any:
    """Return the step. It waits for the compilation, since it reads the artefact's address."""
    request = {
        "ExecutionRoleArn": mark(placeholders.ENDPOINT_ROLE_ARN),
        "Containers": [
            _candidate(site, "preprocess", BEFORE),
            {"ContainerHostname": "neo", "Image": neo_image(site.environment.region), "ModelDataUrl": _artefact(site)},
            _candidate(site, "postprocess", BEHIND),
        ],
        "InferenceExecutionConfig": {"Mode": "Serial"},
        "EnableNetworkIsolation": True,
        "VpcConfig": {"SecurityGroupIds": site.security_groups, "Subnets": site.subnets},
        "Tags": site.tags,
    }
    return RequestStep(
        names.CREATE_NEO_MODEL,
        StepTypeEnum.CREATE_MODEL,
        "DescribeModelOutput",
        request,
        display_name="Make a model to serve of what Neo compiled",
        description="Puts Neo's artefact and image between two containers of the registered archive.",
    )


def _candidate(site: Site, hostname: str, program: str) -> dict[str, Any]:
    """Return a container of AWS's image, whichever serves the archive alone: our own image runs no other programs."""
    return {
        "ContainerHostname": hostname,
        "Image": site.image,
        "ModelDataUrl": candidate.archive(site),
        "Environment": {**candidate.SERVING_ENVIRONMENT, "SAGEMAKER_PROGRAM": program},
    }


def _artefact(site: Site) -> Any:
    return site.steps[names.compile_step(family(site.environment.instances.inference))].output(ARTIFACT)
