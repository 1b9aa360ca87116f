"""The service's own step cache: it compares attributes of the request, never what lies at the addresses in it.

Source: SageMaker Developer Guide, 'Caching pipeline steps' and 'Default cache key attributes by pipeline step type'.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MEMBER = "CacheSemantics"
"""Where an execution's record says which cache it uses: `content` or `service`."""
CONTENT, SERVICE = "content", "service"

# None stands for the whole attribute, a tuple for the only members of it that count.
_ATTRIBUTES: dict[str, dict[str, tuple[str, ...] | None]] = {
    "AutoML": {
        "AutoMLJobConfig": ("CompletionCriteria", "CandidateGenerationConfig", "DataSplitConfig", "Mode"),
        "AutoMLJobObjective": None,
        "InputDataConfig": None,
        "ProblemType": None,
    },
    "ClarifyCheck": dict.fromkeys(
        (
            "AppSpecification",
            "Environment",
            "ModelPackageGroupName",
            "ProcessingInputs",
            "ProcessingResources",
            "RegisterNewBaseline",
            "SkipCheck",
            "SuppliedBaselineConstraints",
        )
    ),
    "Processing": dict.fromkeys(("AppSpecification", "Environment", "ProcessingInputs")),
    "Training": dict.fromkeys(
        (
            "AlgorithmSpecification",
            "CheckpointConfig",
            "DebugHookConfig",
            "DebugRuleConfigurations",
            "Environment",
            "HyperParameters",
            "InputDataConfig",
        )
    ),
    "Transform": dict.fromkeys(("DataProcessing", "Environment", "ModelName", "TransformInput")),
    "Tuning": {
        "HyperParameterTuningJobConfig": None,
        "TrainingJobDefinition": (
            "AlgorithmSpecification",
            "HyperParameterRanges",
            "InputDataConfig",
            "StaticHyperParameters",
            "TuningObjective",
        ),
        "TrainingJobDefinitions": None,
    },
}
_ATTRIBUTES["QualityCheck"] = {**_ATTRIBUTES["ClarifyCheck"], "SuppliedBaselineStatistics": None}


def request(step_type: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the attributes that the service compares; None for types that it does not cache."""
    wanted = _ATTRIBUTES.get(step_type)
    if wanted is None:
        return None
    found: dict[str, Any] = {}
    for name, members in wanted.items():
        value = arguments.get(name)
        if value is not None and members is not None and isinstance(value, Mapping):
            value = {member: value[member] for member in members if member in value}
        if value is not None:
            found[name] = value
    return found


def key(pipeline: str, step: str, step_type: str, attributes: Mapping[str, Any]) -> str:
    """Return the key of a step's result by the service's rules: results of other pipelines are none of it."""
    text = json.dumps([SERVICE, pipeline, step, step_type, attributes], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
