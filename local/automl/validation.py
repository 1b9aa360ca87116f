"""What in a CreateAutoMLJob request cannot run here, or never could."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.automl.families import FAMILIES
from local.automl.metrics import OBJECTIVES
from local.automl.plan import PARQUET, algorithms, known_families
from local.jobs.requests import is_open, items, member

_CSV = re.compile(r"text/csv(\s*;\s*header\s*=\s*present)?", re.IGNORECASE)


def validate(request: Mapping[str, Any]) -> list[str]:
    """Name everything that is wrong, each as a sentence without its subject."""
    return list(dict.fromkeys([*_data(request), *_search(request), *_mode(request)]))


def _data(request: Mapping[str, Any]) -> Iterator[str]:
    channels = items(request, "InputDataConfig")
    if not channels and not is_open(request.get("InputDataConfig")):
        yield "has no InputDataConfig; say where its rows are."
    targets = [entry.get("TargetAttributeName") for entry in channels]
    if any(targets.count(name) != len(targets) for name in targets):
        yield "has channels with different TargetAttributeName; name the same column in all of them."
    kinds = [entry.get("ChannelType") or "training" for entry in channels]
    if channels and "training" not in kinds:
        yield "has no channel of the ChannelType training."
    for entry in channels:
        yield from _channel(entry)


def _channel(entry: Mapping[str, Any]) -> Iterator[str]:
    kind = member(entry, "DataSource", "S3DataSource", "S3DataType")
    if kind not in (None, "S3Prefix"):
        yield f"reads a {kind}, which the laptop's AutoML does not; use the S3DataType S3Prefix."
    if entry.get("SampleWeightAttributeName") is not None:
        yield "weighs rows by SampleWeightAttributeName, which the laptop's AutoML does not."
    content = entry.get("ContentType")
    if content is None or is_open(content) or str(content).startswith(PARQUET) or _CSV.fullmatch(str(content).strip()):
        return
    yield f"reads {str(content)[:60]!r}; AutoML takes text/csv;header=present and {PARQUET}."


def _search(request: Mapping[str, Any]) -> Iterator[str]:
    problem, objective = request.get("ProblemType"), member(request, "AutoMLJobObjective", "MetricName")
    if (problem is None) != (request.get("AutoMLJobObjective") is None):
        yield "gives one of ProblemType and AutoMLJobObjective; give both, or neither."
    known = OBJECTIVES.get(problem) if isinstance(problem, str) else None
    if isinstance(objective, str):
        if objective not in {name for names in OBJECTIVES.values() for name in names}:
            yield f"has the objective {objective}, which is none of tabular problems."
        elif known is not None and objective not in known:
            yield f"has the objective {objective}, which is none of {problem}; choose of {', '.join(known)}."
    for name, limit in (member(request, "AutoMLJobConfig", "CompletionCriteria") or {}).items():
        # What a parameter gives is known only now: the definition's own numbers were looked at with its shapes.
        if isinstance(limit, int) and limit < 1:
            yield f"has a {name} of {limit}; give at least 1."
    named = algorithms(request)
    if named is not None and not known_families(named):
        yield (
            f"searches {', '.join(named) or 'no algorithm'} alone, which the laptop does not have; "
            f"it has {', '.join(FAMILIES)}."
        )
    if member(request, "AutoMLJobConfig", "CandidateGenerationConfig", "FeatureSpecificationS3Uri") is not None:
        yield "has a FeatureSpecificationS3Uri, which the laptop's AutoML does not read; leave columns out of the data."


def _mode(request: Mapping[str, Any]) -> Iterator[str]:
    if member(request, "AutoMLJobConfig", "Mode") != "ENSEMBLING" and not is_open(request.get("AutoMLJobConfig")):
        yield "is not in the mode ENSEMBLING, the one that AutoML steps take; set AutoMLJobConfig.Mode."
    for name in ("GenerateCandidateDefinitionsOnly", "ModelDeployConfig"):
        if request.get(name):
            yield f"has {name}, which AutoML steps do not take; leave it out."
