"""An AutoML job's request as the job works with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.automl.families import FAMILIES
from local.automl.metrics import MINIMIZED
from local.jobs.requests import items, member

SEED = 7
"""AutoML requests have no seed: the split and all candidates use this one, so that a job's result is repeatable."""
MOST_BY_DEFAULT = 10
"""So many trials the service runs in the mode ENSEMBLING where a request does not say."""
VALIDATION_FRACTION = 0.2
PARQUET = "x-application/vnd.amazon+parquet"


@dataclass(frozen=True)
class Channel:
    """Where rows come from, and how their files are written."""

    name: str
    uri: str
    parquet: bool
    packed: bool


@dataclass(frozen=True)
class Plan:
    """What is searched, on which data, and within which budget; seconds are None without a limit."""

    target: str
    channels: tuple[Channel, ...]
    output: str
    problem_type: str | None
    metric: str | None
    families: tuple[str, ...]
    most: int
    most_given: bool
    seconds: float | None
    seconds_per_candidate: float | None
    fraction: float


def read_plan(request: Mapping[str, Any]) -> Plan:
    """Read a resolved request."""
    criteria = member(request, "AutoMLJobConfig", "CompletionCriteria") or {}
    seconds, each = (criteria.get(name) for name in ("MaxAutoMLJobRuntimeInSeconds", _EACH))
    return Plan(
        target=request["InputDataConfig"][0]["TargetAttributeName"],
        channels=tuple(_channel(entry) for entry in request["InputDataConfig"]),
        output=str(request["OutputDataConfig"]["S3OutputPath"]).rstrip("/"),
        problem_type=request.get("ProblemType"),
        metric=member(request, "AutoMLJobObjective", "MetricName"),
        families=known_families(algorithms(request)),
        most=int(criteria.get("MaxCandidates") or MOST_BY_DEFAULT),
        most_given="MaxCandidates" in criteria,
        seconds=None if seconds is None else float(seconds),
        seconds_per_candidate=None if each is None else float(each),
        fraction=float(member(request, "AutoMLJobConfig", "DataSplitConfig", "ValidationFraction") or 0.0)
        or VALIDATION_FRACTION,
    )


_EACH = "MaxRuntimePerTrainingJobInSeconds"


def algorithms(request: Mapping[str, Any]) -> list[str] | None:
    """Return the algorithms that a request names; None where it leaves the choice to the service."""
    configs = items(request, "AutoMLJobConfig", "CandidateGenerationConfig", "AlgorithmsConfig")
    return [str(name) for config in configs for name in config.get("AutoMLAlgorithms", ())] if configs else None


def known_families(named: list[str] | None) -> tuple[str, ...]:
    """Return the families of the laptop among those named, in the order in which they are tried."""
    return tuple(name for name in FAMILIES if named is None or name in named)


def minimized(metric: str) -> bool:
    """Say whether less of a metric is better."""
    return metric in MINIMIZED


def _channel(entry: Mapping[str, Any]) -> Channel:
    return Channel(
        name=str(entry.get("ChannelType") or "training"),
        uri=entry["DataSource"]["S3DataSource"]["S3Uri"],
        parquet=str(entry.get("ContentType") or "").startswith(PARQUET),
        packed=entry.get("CompressionType") == "Gzip",
    )
