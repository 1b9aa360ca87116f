"""One candidate of an AutoML job, as a value: what it trained, how it ended, and how the service lists it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.automl.families import Proposal
from local.automl.metrics import MINIMIZED

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
"""The image whose script mode serves the archives; Autopilot has an image of its own, for archives of its own."""
_ONLY_STANDARD = ("LogLoss",)


@dataclass(frozen=True)
class Candidate:
    """A candidate that runs or has ended; `metrics` by data set and name."""

    name: str
    proposal: Proposal
    created: float
    status: str = "InProgress"
    reason: str | None = None
    ended: float | None = None
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def objective(self, metric: str) -> float | None:
        """Return what the candidate is ranked by, where it has it."""
        return self.metrics.get("Validation", {}).get(metric) if self.status == "Completed" else None


@dataclass(frozen=True)
class Places:
    """Where a job's results are kept."""

    output: str
    job: str

    def model(self, candidate: Candidate) -> str:
        """The address of a candidate's archive."""
        return f"{self.output}/{self.job}/sagemaker-automl-candidates/{candidate.name}/model.tar.gz"

    def insights(self, candidate: Candidate) -> str:
        """The folder of its model-quality report, statistics.json."""
        return f"{self.output}/{self.job}/documentation/model_monitor/output/{candidate.name}"

    def explanation(self, candidate: Candidate) -> str:
        """The folder of its explanation, analysis.json."""
        return f"{self.output}/{self.job}/documentation/explainability/output/{candidate.name}"


def candidate_name(job: str, number: int) -> str:
    """Return a candidate's name as the service makes them, the same for the same number."""
    digest = hashlib.sha256(f"{job}/{number}".encode()).hexdigest()
    return f"{job}-trial-{number:03d}-{digest[:6]}"


def ranked(candidates: Iterable[Candidate], metric: str) -> list[Candidate]:
    """Return the candidates that can be chosen, the best first; of equals the earlier one."""
    sign = 1.0 if metric in MINIMIZED else -1.0
    found = [(sign * value, each) for each in candidates if (value := each.objective(metric)) is not None]
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].proposal.number))]


def describe(candidate: Candidate, metric: str, labels: bool, places: Places | None) -> dict[str, Any]:
    """Return an AutoMLCandidate; without places, as long as nothing is in them yet."""
    value = candidate.objective(metric)
    found: dict[str, Any] = {
        "CandidateName": candidate.name,
        "ObjectiveStatus": "Succeeded" if value is not None else "Pending" if candidate.ended is None else "Failed",
        # Candidates are programs here, and no training jobs that could be described.
        "CandidateSteps": [],
        "CandidateStatus": candidate.status,
        "CreationTime": candidate.created,
        "LastModifiedTime": candidate.ended or candidate.created,
        "CandidateProperties": {"CandidateMetrics": _metrics(candidate)},
    }
    if candidate.ended is not None:
        found["EndTime"] = candidate.ended
    if candidate.reason is not None:
        found["FailureReason"] = candidate.reason[:1024]
    if value is not None:
        found["FinalAutoMLJobObjectiveMetric"] = {
            "Type": "Minimize" if metric in MINIMIZED else "Maximize",
            "MetricName": metric,
            "StandardMetricName": metric,
            "Value": value,
        }
    if value is not None and places is not None:
        found["InferenceContainers"] = [
            {"Image": IMAGE, "ModelDataUrl": places.model(candidate), "Environment": _environment(candidate, labels)}
        ]
        found["CandidateProperties"]["CandidateArtifactLocations"] = {
            "Explainability": places.explanation(candidate),
            "ModelInsights": places.insights(candidate),
        }
    return found


def _metrics(candidate: Candidate) -> list[dict[str, Any]]:
    return [
        {
            "Set": data_set,
            "StandardMetricName": name,
            "Value": value,
            **({} if name in _ONLY_STANDARD else {"MetricName": name}),
        }
        for data_set, values in sorted(candidate.metrics.items())
        for name, value in values.items()
    ]


def _environment(candidate: Candidate, labels: bool) -> dict[str, str]:
    """The variables that the SDK's `get_best_auto_ml_model` reads, and those that script mode needs off the net."""
    shown = {"SAGEMAKER_INFERENCE_SUPPORTED": "predicted_label,probability,probabilities,labels"} if labels else {}
    return {
        "MODEL_NAME": candidate.proposal.family,
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_INDEX": "1",
        "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": "text/csv",
        "SAGEMAKER_INFERENCE_OUTPUT": "predicted_label",
        "SAGEMAKER_INFERENCE_SUPPORTED": "predicted_label",
        "SAGEMAKER_PROGRAM": "serving.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
        **shown,
    }
