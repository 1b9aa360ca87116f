"""How a problem's data is prepared: how rows are split, what becomes of columns, and what the scripts are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from config.errors import Mistake
from config.fields import Settings, Text

LEAST_SHARE, MOST_SHARE = 0.01, 0.4
_CHARACTERS = 240
_OPTION = "--settings="

GROUPS = ("split", "features")
"""The settings of a problem that the scripts are told as they stand."""

By = Literal["random", "time", "group", "column"]


class Split(Settings):
    """Which rows train, validate and test."""

    by: By = Field(
        default="random",
        description="How rows are dealt out: at `random`, alike in every class or range of the target; by `time`, the "
        "latest ones to test; by `group`, all rows of one to the same part; or as a `column` says.",
    )
    column: Text | None = Field(
        default=None,
        description="The column of the times, of the groups, or of the words `train`, `validation` and `test`.",
    )
    validation: float = Field(
        default=0.1, ge=LEAST_SHARE, le=MOST_SHARE, description="The share of rows to validate on."
    )
    test: float = Field(default=0.1, ge=LEAST_SHARE, le=MOST_SHARE, description="The share of rows to test on.")
    duplicates: Literal["together", "apart"] = Field(
        default="together",
        description="Whether rows that are the same in every column that is learned from stay in one part; where they "
        "may come `apart`, a model is tested on rows that it has seen.",
    )


class Features(Settings):
    """How columns become features."""

    encoding: Literal["auto", "one_hot", "frequency", "target"] = Field(
        default="auto",
        description="What stands for a category of more than 50 levels: its share of each class or mean of the "
        "`target` in the training rows (`auto` is that, and `frequency` with more than ten classes), its `frequency`, "
        "or a column for each of the 50 most frequent levels (`one_hot`). Fewer levels always have columns of their "
        "own.",
    )
    smoothing: float = Field(
        default=20.0,
        ge=0.1,
        le=10_000,
        description="How many rows of the overall mean are added to each level's own where the target encodes it.",
    )
    day_first: bool | None = Field(
        default=None,
        description="Whether 3/4/2024 is the third of April, for columns in which no date decides it; those are left "
        "out otherwise.",
    )


def preparation_mistakes(values: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong between the settings of preparing the data; those not in `values` are unknown."""
    yield from _split_mistakes(_settings(values.get("split"), Split), values)


def _settings(given: Any, model: type[Any]) -> Any:
    return model.model_validate(given) if isinstance(given, Mapping) else given


def _split_mistakes(split: Split | None, values: Mapping[str, Any]) -> Iterator[Mistake]:
    if split is None:
        return
    if split.by == "random" and split.column is not None:
        message = f"rows are dealt out at random, whatever `{split.column}` says."
        yield Mistake("split.column", message, "Write `by: time`, `group` or `column`, or remove it.")
    if split.by != "random" and split.column is None:
        fix = f"Add `column:` with the name of the column that says the {split.by if split.by != 'column' else 'part'}."
        yield Mistake("split.by", f"rows cannot be split by {split.by} without a column.", fix)
    if split.column is not None and split.column == values.get("target"):
        message = f"`{split.column}` is the target, which cannot say where a row goes."
        yield Mistake("split.column", message, "Name another column.")


def told(problem: Any) -> dict[str, Any]:
    """Return what the scripts are told of a problem's settings: those that differ from what they take by themselves."""
    found = {name: getattr(problem, name).model_dump(mode="json", exclude_defaults=True) for name in GROUPS}
    return {name: value for name, value in found.items() if value}


def settings_arguments(problem: Any) -> list[str]:
    """Return `told` as arguments of a job, in pieces that SageMaker takes."""
    found = told(problem)
    if not found:
        return []
    text = json.dumps(found, separators=(",", ":"))
    return [_OPTION + text[start : start + _CHARACTERS] for start in range(0, len(text), _CHARACTERS)]
