"""Register: the candidate becomes a version in the model registry, with its evaluation."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from config.metrics import kinds
from pipeline import candidate, names
from pipeline.model_card import model_card
from pipeline.site import Site

CONTENT_TYPES = ("text/csv", "application/json")
BASELINE = "baseline.json"


class RegisterStep(Step):  # type: ignore[misc] # the SDK has no types
    """A RegisterModel step with exactly the request it is given.

    The SDK's own way, ``ModelBuilder.register``, invents a model name at every build and adds settings of its own.
    """

    def __init__(self, name: str, request: dict[str, Any], display_name: str, description: str) -> None:
        super().__init__(name, display_name, description, StepTypeEnum.REGISTER_MODEL)
        self._request = request
        self._properties = Properties(step_name=name, step=self, shape_name="DescribeModelPackageOutput")

    @property
    def arguments(self) -> dict[str, Any]:
        """The ``CreateModelPackage`` request."""
        return self._request

    @property
    def properties(self) -> Properties:
        """What ``DescribeModelPackage`` answers, for steps that follow."""
        return self._properties


def build(site: Site) -> Any:
    """Return the step."""
    request = {
        # A version takes its group's tags: the service refuses tags of its own.
        "ModelPackageGroupName": site.pipeline_name,
        "ModelPackageDescription": " ".join(site.problem.goal.split()),
        "ModelApprovalStatus": site.parameters.model_approval_status,
        "InferenceSpecification": _inference(site),
        "ModelMetrics": _metrics(site),
        "ModelCard": model_card(site),
        "DriftCheckBaselines": {"ModelDataQuality": {"Statistics": _baseline(site)}},
        "CustomerMetadataProperties": {
            "problem": site.problem.name,
            "metric": site.problem.metric,
            # Tells FindChampion that this archive is none of ours.
            **({"model": site.problem.model} if site.automl else {}),
        },
    }
    return RegisterStep(
        names.REGISTER,
        request,
        display_name="Register the model",
        description="Adds the candidate to the model registry, with its evaluation, for a person to approve.",
    )


def _inference(site: Site) -> dict[str, Any]:
    # What else the containers of AutoML take is not documented.
    types = list(CONTENT_TYPES[:1] if site.automl else CONTENT_TYPES)
    return {
        "Containers": [candidate.container(site)],
        "SupportedContentTypes": types,
        "SupportedResponseMIMETypes": types,
        "SupportedRealtimeInferenceInstanceTypes": [site.environment.instances.inference],
        "SupportedTransformInstanceTypes": [site.environment.instances.inference],
    }


def _metrics(site: Site) -> dict[str, Any]:
    """Return where the measures lie; which of them Evaluate writes follows from the problem."""
    found = {"ModelQuality": {"Statistics": _evaluated(site, "evaluation.json")}}
    if site.problem.evaluation.slices and kinds(site.problem.kind, site.problem.metric) == ["binary"]:
        found["Bias"] = {"PostTrainingReport": _evaluated(site, "bias.json")}
    if not site.automl:
        found["Explainability"] = {"Report": _evaluated(site, "explainability.json")}
    return found


def _evaluated(site: Site, file: str) -> dict[str, Any]:
    folder = site.output(names.EVALUATE, names.EVALUATION)
    return {"ContentType": "application/json", "S3Uri": Join(on="/", values=[folder, file])}


def _baseline(site: Site) -> dict[str, Any]:
    """What the columns held in training, for the drift check to compare with."""
    return {"ContentType": "application/json", "S3Uri": Join(on="/", values=[site.prepared("profile"), BASELINE])}
