"""What AutoML jobs have beyond other jobs: their candidates, and a description in the form of version 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.api import paging
from local.api.call import Call, Handler, Response
from local.api.sagemaker import members
from local.api.sagemaker.job_kinds import AUTO_ML
from local.api.sagemaker.jobs import get

_MOST_CANDIDATES = 300


def list_candidates(call: Call) -> Response:
    """Return the candidates that a job has tried."""
    job = get(call, AUTO_ML)
    status, name = (call.params.get(each) for each in ("StatusEquals", "CandidateNameEquals"))
    found = [
        each
        for each in job.body.get("Candidates", ())
        if status in (None, each["CandidateStatus"]) and name in (None, each["CandidateName"])
    ]
    order = call.params.get("SortBy") or "Status"
    if order == "FinalObjectiveMetricValue":
        found = [each for each in found if _objective(each) is not None]

    def key(each: Mapping[str, Any]) -> paging.Key:
        values = {"CreationTime": each["CreationTime"], "FinalObjectiveMetricValue": _objective(each)}
        return values.get(order, each["CandidateStatus"]), each["CandidateName"]

    chosen, token = paging.page(found, call.params, key, descending=False, limit=_MOST_CANDIDATES)
    return paging.answer("Candidates", chosen, token)


def describe_v2(call: Call) -> Response:
    """Return a job, which was made by version 1 of the interface, as version 2 describes it."""
    body = get(call, AUTO_ML).body
    channels, config = body.get("InputDataConfig", ()), body.get("AutoMLJobConfig", {})
    tabular: dict[str, Any] = {
        **members.pick(config, ("CandidateGenerationConfig", "CompletionCriteria", "Mode")),
        **members.pick(body, ("ProblemType",)),
        "TargetAttributeName": channels[0]["TargetAttributeName"],
    }
    generation = tabular.get("CandidateGenerationConfig", {})
    if not generation.get("AlgorithmsConfig"):
        tabular.pop("CandidateGenerationConfig", None)
    resolved = body.get("ResolvedAttributes", {})
    described = {
        **body,
        **members.pick(config, ("DataSplitConfig", "SecurityConfig")),
        "AutoMLJobInputDataConfig": [members.pick(each, _CHANNEL) for each in channels],
        "AutoMLProblemTypeConfig": {"TabularJobConfig": tabular},
        "AutoMLProblemTypeConfigName": "Tabular",
    }
    if resolved:
        described["ResolvedAttributes"] = {
            **members.pick(resolved, ("AutoMLJobObjective", "CompletionCriteria")),
            "AutoMLProblemTypeResolvedAttributes": {
                "TabularResolvedAttributes": members.pick(resolved, ("ProblemType",)),
            },
        }
    return members.respond("DescribeAutoMLJobV2", described)


_CHANNEL = ("ChannelType", "ContentType", "CompressionType", "DataSource")


def _objective(candidate: Mapping[str, Any]) -> float | None:
    value = candidate.get("FinalAutoMLJobObjectiveMetric", {}).get("Value")
    return None if value is None else float(value)


OPERATIONS: dict[str, Handler] = {
    "ListCandidatesForAutoMLJob": list_candidates,
    "DescribeAutoMLJobV2": describe_v2,
}
