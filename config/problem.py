"""A problem: what to predict from which data, and how good is good enough."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config import metrics
from config.automl import AutoML, Model
from config.compilation import Compile
from config.contract import Contract
from config.cross_checks import MOST_DROPPED, cross_mistakes
from config.errors import one_of, suggestion
from config.evaluation import Costs, Evaluation
from config.fields import Name, Settings, Text, Texts, mistake, nothing_as_none_given
from config.hyperparameters import HYPERPARAMETERS
from config.metrics import Kind, Metric
from config.own_image import OWN_REPOSITORY, check_own_image
from config.preparation import Features, Selection, Split
from config.tuning import Tuning

__all__ = ["BUILTIN", "BUILTIN_DATA", "MOST_DROPPED", "Deploy", "Problem", "TableFormat", "Training"]

BUILTIN = "builtin://"
BUILTIN_DATA = ("breast_cancer", "diabetes", "digits")
LONGEST_GOAL = 1_000
MOST_SHARDS = 20
LONGEST_RUNTIME = 7_200

# An archive is a file's path or an address; a version of a registered model is NAME/VERSION or an ARN.
_ARCHIVE = ".tar.gz"
_VERSION = re.compile(r"([A-Za-z0-9][\w-]*/[1-9]\d*|arn:[\w-]+:sagemaker:[\w:-]*:model-package/[\w./-]+)", re.ASCII)

_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"


def _check_data(data: str) -> str:
    scheme, found, rest = data.partition("://")
    if not data.strip() or "\0" in data:
        raise mistake("it is empty.", "Write the path of the data.")
    if not found:
        return data
    if scheme == "builtin":
        if rest not in BUILTIN_DATA:
            raise mistake(f"`{rest}` is no data set that comes with Sageline.", suggestion(rest, BUILTIN_DATA))
        return data
    if scheme != "s3":
        raise mistake(
            f"`{scheme}://` is no place that data is read from.",
            "Write a path, `s3://bucket/key`, or `builtin://` and the name of a bundled data set.",
        )
    if not re.fullmatch(rf"{_BUCKET}(/.*)?", rest):
        raise mistake(f"`{data}` is no address in S3.", "Write `s3://`, the bucket's name, `/` and the key.")
    return data


def _check_continue_from(earlier: str) -> str:
    if _VERSION.fullmatch(earlier):
        return earlier
    scheme, found, rest = earlier.partition("://")
    fits = re.fullmatch(rf"{_BUCKET}/.+", rest) is not None and scheme == "s3" if found else "\0" not in earlier
    if not earlier.endswith(_ARCHIVE) or not fits:
        raise mistake(
            f"`{earlier}` is neither a registered model nor a model archive.",
            f"Write NAME/VERSION as `sageline models` lists them, or the path or S3 address of a model{_ARCHIVE}.",
        )
    return earlier


def _check_goal(goal: str) -> str:
    if not goal.strip():
        raise mistake("it is empty.", "Say in a sentence what the model is for.")
    if len(goal) > LONGEST_GOAL:
        raise mistake(f"it has {len(goal):,} characters.", f"Say it in at most {LONGEST_GOAL:,}.")
    return goal


def _check_delimiter(delimiter: str) -> str:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        raise mistake(f"{delimiter!r} cannot separate cells.", 'Write one character: ";", or "\\t" for a tab.')
    return delimiter


def _check_threshold(threshold: float) -> float:
    if not math.isfinite(threshold):
        raise mistake("it is no finite number.", "Write a number such as 0.9.")
    return threshold


def is_registered(earlier: str) -> bool:
    """Say whether `training.continue_from` names a registered model rather than an archive."""
    return _VERSION.fullmatch(earlier) is not None


class TableFormat(Settings):
    """How a CSV file is written, for when that is found out wrongly."""

    header: bool | None = Field(default=None, description="Whether the first row holds the names of the columns.")
    delimiter: Annotated[str, AfterValidator(_check_delimiter)] | None = Field(
        default=None, description="The character between cells."
    )


class Training(Settings):
    """How the model is trained."""

    hyperparameters: Annotated[dict[str, int | float | str], BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=dict,
        description="XGBoost's hyperparameters by name, such as `max_depth: 4`; those left out have sensible values. "
        f"There are {', '.join(sorted(HYPERPARAMETERS))}.",
    )
    max_runtime_minutes: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_RUNTIME,
        description="How long one training job may take; the environment's limit when left out.",
    )
    spot: bool = Field(
        default=False,
        description="Whether XGBoost trains on spot instances, which cost less and may be taken away: training then "
        "goes on from its last checkpoint on another one.",
    )
    continue_from: Annotated[str, AfterValidator(_check_continue_from)] | None = Field(
        default=None,
        description="An earlier model to add trees to: a registered one (`NAME/VERSION` or its ARN), or the path "
        "(relative to the problem file) or S3 address of a `model.tar.gz`. The data is prepared as that model's was.",
    )


class Processing(Settings):
    """How the data is prepared."""

    shards: int = Field(
        default=1,
        ge=1,
        le=MOST_SHARDS,
        description="How many hosts prepare the data, each its share of the files; more than one are worth it for "
        "tables of many files.",
    )


class Deploy(Settings):
    """What is done with a registered model."""

    endpoint: bool = Field(
        default=False,
        description="Whether a run deploys the model it registers to the endpoint `sageline-NAME`, unless the "
        "parameter DeployEndpoint says otherwise.",
    )
    batch: bool = Field(
        default=False,
        description="Whether a run also scores the rows at BatchInputUri (CSV with commas and a header) in batch.",
    )
    container: Annotated[str, AfterValidator(check_own_image)] | None = Field(
        default=None,
        description=f"Sageline's own image, `{OWN_REPOSITORY}:TAG` in the environment's registry: it then serves the "
        "model in place of AWS's XGBoost image.",
    )


class Problem(Settings):
    """What to predict from which data, and how good is good enough."""

    name: Name = Field(description="Names the pipeline and the model group; the file's name when left out.")
    goal: Annotated[str, AfterValidator(_check_goal)] = Field(
        description="What the model is for, in a sentence. It stands beside every registered model."
    )
    data: Annotated[str, AfterValidator(_check_data)] = Field(
        description=(
            "The table: a file or folder (CSV, Parquet, JSON Lines, Ground Truth manifest) relative to the problem "
            "file, `s3://bucket/key`, or `builtin://` and one of "
            f"{one_of(BUILTIN_DATA)}."
        )
    )
    target: Text = Field(description="The column to predict.")
    kind: Kind = Field(description="What the target is; `auto` finds it out from the data.")
    positive: Text | None = Field(
        default=None,
        description="The class that a binary problem looks for; the rarer one when left out.",
    )
    metric: Metric = Field(
        description="What the model is measured by on the test rows. "
        + "; ".join(f"{kind}: {', '.join(names)}" for kind, names in metrics.METRICS.items())
        + "."
    )
    threshold: Annotated[float, AfterValidator(_check_threshold)] = Field(
        description=(
            "The value that the metric must reach for the model to be registered: at least so much, or at most for "
            f"{', '.join(sorted(metrics.LOWER_IS_BETTER))}."
        )
    )
    costs: Costs | None = Field(
        default=None,
        description="What each kind of error costs; a binary problem's rows are then called positive where that is "
        "least costly.",
    )
    evaluation: Annotated[Evaluation, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Evaluation, description="How a model is judged."
    )
    drop: Texts = Field(default=(), description="Columns that nothing may be learned from.")
    missing: Texts = Field(
        default=(), description="Texts that mean a missing cell, besides the empty cell, `?`, `NA` and the like."
    )
    personal: Texts = Field(
        default=(),
        description="Columns whose values may be personal: they are learned from, and masked in profiles, reports, "
        "sample rows, rejected rows, and in what a model carries.",
    )
    seed: int = Field(default=7, ge=0, le=2**31 - 1, description="Makes the split and the training repeatable.")
    format: TableFormat | None = Field(default=None, description="How a CSV file is written, when detection is wrong.")
    processing: Processing = Field(default_factory=Processing, description="How the data is prepared.")
    split: Annotated[Split, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Split, description="Which rows train, validate and test."
    )
    features: Annotated[Features, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Features, description="How columns become features."
    )
    selection: Annotated[Selection, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Selection, description="Which columns are learned from."
    )
    contract: Annotated[Contract, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Contract, description="What the data must be like."
    )
    model: Model = Field(
        default="xgboost",
        description="What is trained: `xgboost`, or with `auto` the best of several kinds of models that SageMaker "
        "Autopilot tries.",
    )
    automl: AutoML | None = Field(default=None, description="What `model: auto` may spend.")
    training: Training = Field(default_factory=Training, description="How the model is trained.")
    tuning: Tuning | None = Field(
        default=None, description="How its hyperparameters are searched; without it, one model is trained."
    )

    deploy: Annotated[Deploy, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Deploy, description="What is done with a registered model."
    )
    compile: Compile | None = Field(default=None, description="What the model is compiled for; without it, nothing is.")

    @model_validator(mode="after")
    def _fits_together(self) -> Problem:
        found = cross_mistakes({name: getattr(self, name) for name in type(self).model_fields})
        if found:
            raise mistake(" ".join(f"{each.path}: {each.message} {each.fix}" for each in found), "")
        return self
