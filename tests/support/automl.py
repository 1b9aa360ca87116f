"""AutoML steps, and tables for them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.pipelines import ROLE

DATA = "s3://work/rows/"


def table(dataset: Any, target: str = "y", rows: int = 300) -> str:
    """A data set of scikit-learn's as CSV with a header, its target last; classes by name."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*dataset.feature_names, target])
    names = getattr(dataset, "target_names", None)
    for row, label in list(zip(dataset.data, dataset.target, strict=True))[:rows]:
        writer.writerow([*row, label if names is None else names[int(label)]])
    return buffer.getvalue()


def automl(
    *,
    uri: Any = DATA,
    most: int | None = 2,
    families: Sequence[str] | None = ("xgboost", "linear-learner"),
    criteria: Mapping[str, Any] | None = None,
    channel: Mapping[str, Any] | None = None,
    config: Mapping[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """A step as the SDK's AutoMLStep emits it."""
    limits = {**({} if most is None else {"MaxCandidates": most}), **(criteria or {})}
    generation = {} if families is None else {"AlgorithmsConfig": [{"AutoMLAlgorithms": list(families)}]}
    request: dict[str, Any] = {
        "InputDataConfig": [
            {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
                "TargetAttributeName": "y",
                **(channel or {}),
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://work/automl"},
        "AutoMLJobConfig": {
            "CompletionCriteria": limits,
            "SecurityConfig": {"EnableInterContainerTrafficEncryption": False},
            "CandidateGenerationConfig": generation,
            "Mode": "ENSEMBLING",
            **(config or {}),
        },
        "RoleArn": ROLE,
        **members.pop("request", {}),
    }
    return {"Name": "Auto", "Type": "AutoML", "Arguments": request, **members}
